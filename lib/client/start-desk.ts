/** The worker that reads opened files, as the server has it. A page in one file starts its own (`client/embedded`). */
import { basePath } from './base-path';

/** Where the server has the page in one file, without a snapshot in it (`lib/cli/page/offline.ts`); null: nowhere. */
export function emptyPageAddress(): string | null {
  const desk = process.env.NEXT_PUBLIC_DESK;
  return desk === undefined ? null : `${basePath()}${desk.replace(/js$/, 'html')}`;
}

/** Starts the desk from the script that the server has. */
export const startDesk = (): Worker =>
  new Worker(`${basePath()}${process.env.NEXT_PUBLIC_DESK ?? ''}`, { type: 'module' });
