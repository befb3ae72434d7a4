/** Parses one SSE message of `/api/stream`. A message that is not a frame gives null; nothing throws. */
import { isObject } from '../model/is-object';
import type { Frame } from '../model/delta';
import { whole } from '../records/wire';

/**
 * Checks the envelope only; the content comes from our own encoder. `parse` parses JSON and throws on anything else.
 */
export function readFrame(data: string, parse: (text: string) => unknown): Frame | null {
  let value: unknown;
  try {
    value = parse(data);
  } catch {
    return null;
  }
  if (!isObject(value)) return null;
  const at = (part: unknown, ...numbers: string[]): boolean =>
    isObject(part) && typeof part.epoch === 'string' && numbers.every((key) => Number.isFinite(part[key]));
  const sound =
    (value.kind === 'delta' &&
      at(value.delta, 'from', 'to', 'at') &&
      isObject(value.delta) &&
      isObject(value.delta.tables)) ||
    (value.kind === 'reset' && at(value, 'version')) ||
    (value.kind === 'heartbeat' && at(value, 'version', 'at') && isObject(value.ages) && isObject(value.lags));
  return sound ? whole(value as unknown as Frame) : null;
}
