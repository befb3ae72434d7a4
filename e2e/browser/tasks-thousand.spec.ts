/** What people come for, on the demo with 1,000 nodes. */
import { defineTasks } from './tasks';
import { test } from './world';

test.use({ scene: 'demo', nodes: 1000 });

// All of them take minutes: `IFSCOPE_FULL=1`, see CONTRIBUTING.
defineTasks(
  process.env['IFSCOPE_FULL'] === undefined
    ? { ways: ['keyboard'], only: /owner|least room|last minute|matters first/ }
    : {},
);
