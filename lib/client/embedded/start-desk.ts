/** The worker that reads files, from the page's own file. */
import { workerOf } from './workers';

/** The page that is a file has no empty one beside it. */
export const emptyPageAddress = (): null => null;

/** Starts the desk from the script in the file. */
export const startDesk = (): Worker => workerOf('desk');
