/** The worker that reads chunks, from the page's own file. */
import { workerOf } from './workers';

/** Starts the reader of chunks from the script in the file. */
export const startReader = (): Worker => workerOf('reader');
