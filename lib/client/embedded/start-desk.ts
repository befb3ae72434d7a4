/** The worker that reads files, from the page's own file. */
import { workerOf } from './workers';

/** The page that is a file has no empty one beside it. */
export const emptyPageAddress = (): null => null;

export const startDesk = (): Worker => workerOf('desk');
