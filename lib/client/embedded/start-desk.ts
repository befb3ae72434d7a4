/** The worker that reads files, from the page's own file. */
import { workerOf } from './workers';

export const startDesk = (): Worker => workerOf('desk');
