/** What people come for, on the demo with 1,000 nodes: minutes, so only where they are asked for (CONTRIBUTING). */
import { defineTasks } from './tasks';
import { test } from './world';

test.use({ scene: 'demo', nodes: 1000 });

if (process.env['IFSCOPE_FULL'] !== undefined) defineTasks();
