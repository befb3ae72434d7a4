/** What people come for, on the demo. */
import { defineTasks } from './tasks';
import { test } from './world';

test.use({ scene: 'demo' });

defineTasks();
