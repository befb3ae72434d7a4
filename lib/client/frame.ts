/** Reads one SSE message of `/api/stream` as a frame. Foreign until read: a message that is none gives null, never a throw. */
import type { Frame } from '../model/delta';
import { whole } from '../records/wire';
import { harmlessJson } from './harmless-json';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Only the envelope is checked: what is inside was made by our own encoder for this very version. */
export function readFrame(data: string): Frame | null {
  let value: unknown;
  try {
    value = JSON.parse(harmlessJson(data));
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
    (value.kind === 'heartbeat' && at(value, 'version', 'at') && isRecord(value.ages));
  return sound ? whole(value as unknown as Frame) : null;
}
