/**
 * A position in the history of the record set, written `EPOCH.VERSION` in the SSE `id`, in `?since=` and in the ETag.
 * The epoch is new with every server start, so a position of an earlier server never matches by accident.
 */

/** A version of an epoch. */
export interface Position {
  readonly epoch: string;
  readonly version: number;
}

/** `EPOCH.VERSION` */
export const formatPosition = ({ epoch, version }: Position): string => `${epoch}.${version}`;

/** Parses `EPOCH.VERSION`; null for anything else. An epoch consists of letters, digits, `-` and `_`. */
export function parsePosition(text: string): Position | null {
  const match = /^([A-Za-z0-9_-]{1,64})\.(\d{1,15})$/.exec(text);
  return match?.[1] === undefined ? null : { epoch: match[1], version: Number(match[2]) };
}
