/** The worker that reads chunks, from the page's own file. */
import { workerOf } from './workers';

export const startReader = (): Worker => workerOf('reader');
