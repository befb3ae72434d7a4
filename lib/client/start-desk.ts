/** The worker that reads opened files, as the server has it. A page in one file starts its own (`client/embedded`). */
import { basePath } from './base-path';

/** Starts the desk from the script that the server has. */
export const startDesk = (): Worker =>
  new Worker(`${basePath()}${process.env.NEXT_PUBLIC_DESK ?? ''}`, { type: 'module' });
