/** The twelve tasks in the same cluster, with a thousand nodes. */
import { defineTasks } from './tasks';
import { test } from './world';

test.use({ scene: 'demo', nodes: 1000 });

defineTasks();
