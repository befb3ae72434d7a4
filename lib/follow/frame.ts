/** Reads one SSE message of `/api/stream`. A message that is not a frame gives null; nothing throws. */
import type { Frame } from '../model/delta';
import { whole } from '../records/wire';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Checks the envelope only; the content comes from our own encoder. `parse` reads JSON and throws on anything else. */
export function readFrame(data: string, parse: (text: string) => unknown): Frame | null {
  let value: unknown;
  try {
    value = parse(data);
  } catch {
    return null;
  }
  if (!isRecord(value)) return null;
  const at = (part: unknown, ...numbers: string[]): boolean =>
    isRecord(part) && typeof part.epoch === 'string' && numbers.every((key) => Number.isFinite(part[key]));
  const sound =
    (value.kind === 'delta' &&
      at(value.delta, 'from', 'to', 'at') &&
      isRecord(value.delta) &&
      isRecord(value.delta.tables)) ||
    (value.kind === 'reset' && at(value, 'version')) ||
    (value.kind === 'heartbeat' && at(value, 'version', 'at') && isRecord(value.ages) && isRecord(value.lags));
  return sound ? whole(value as unknown as Frame) : null;
}
