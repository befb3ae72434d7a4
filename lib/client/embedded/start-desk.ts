/** The worker that reads files, from the page's own file. */
import { workerOf } from './workers';

/** A page in one file has no empty page beside it. */
export const emptyPageAddress = (): null => null;

/** Starts the file worker from the script in the page's file. */
export const startDesk = (): Worker => workerOf('desk');
