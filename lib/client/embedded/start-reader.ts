/** The worker that reads chunks, from the page's own file. */
import { workerOf } from './workers';

/** Starts the chunk reader from the script in the page's file. */
export const startReader = (): Worker => workerOf('reader');
