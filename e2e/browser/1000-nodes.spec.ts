/** What people come for, on the demo with 1,000 nodes. Of all files the one that takes longest: named so as to start first. */
import { defineTasks } from './tasks';
import { test } from './world';

test.use({ scene: 'demo', nodes: 1000 });
// Two snapshots of them are written, read and compared: most of the usual 90 s on a busy machine.
test.describe.configure({ timeout: 240_000 });

defineTasks();
