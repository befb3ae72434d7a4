/** The worker that reads files, from the page's own file. */
import { workerOf } from './workers';

/** Starts the desk from the script in the file. */
export const startDesk = (): Worker => workerOf('desk');
