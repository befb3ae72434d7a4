/** Requests data that the page does not have, from its server or from the opened file. */
import { basePath } from './base-path';

/** The response to a query. */
export interface Answered {
  readonly status: number;
  readonly text: string;
}

/** Answers a query; rejects without an answer. */
export type Answerer = (path: string, signal: AbortSignal) => Promise<Answered>;

const askServer: Answerer = async (path, signal) => {
  const response = await fetch(`${basePath()}${path}`, { signal });
  return { status: response.status, text: await response.text() };
};

let answerer: Answerer = askServer;

/** Sets who answers future queries; null: the server. */
export const answerWith = (other: Answerer | null): void => void (answerer = other ?? askServer);

/** Sends a query. `path` is relative to the base path, for example `/api/lookup?q=`. */
export const ask: Answerer = (path, signal) => answerer(path, signal);
