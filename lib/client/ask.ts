/** Where the page asks what it does not hold: its server, or the file that is open. */
import { basePath } from './base-path';

export interface Answered {
  readonly status: number;
  readonly text: string;
}

export type Answerer = (path: string, signal: AbortSignal) => Promise<Answered>;

const askServer: Answerer = async (path, signal) => {
  const response = await fetch(`${basePath()}${path}`, { signal });
  return { status: response.status, text: await response.text() };
};

let answerer: Answerer = askServer;

/** Null: the server again. */
export const answerWith = (other: Answerer | null): void => void (answerer = other ?? askServer);

/** `path`: below the page's own, as `/api/lookup?q=`. */
export const ask: Answerer = (path, signal) => answerer(path, signal);
