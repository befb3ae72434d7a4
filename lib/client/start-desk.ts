/**
 * Starts the worker that reads opened files, from the server. A page in one file starts its own (`client/embedded`).
 */
import { basePath } from './base-path';

/** The server's URL of the page in one file without a snapshot (`lib/cli/page/offline.ts`); null: none. */
export function emptyPageAddress(): string | null {
  const desk = process.env.NEXT_PUBLIC_DESK;
  return desk === undefined ? null : `${basePath()}${desk.replace(/js$/, 'html')}`;
}

/** Starts the worker from the server's script. */
export const startDesk = (): Worker =>
  new Worker(`${basePath()}${process.env.NEXT_PUBLIC_DESK ?? ''}`, { type: 'module' });
