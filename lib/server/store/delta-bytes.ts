/**
 * Estimates a delta's size as JSON without encoding it. Large tables are sampled, so a relist of 150,000 pods costs as
 * much as a few hundred.
 */
import type { Delta } from '../../model/delta';

const SAMPLE = 32;

function valueBytes(value: unknown): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 6;
  let sum = 2;
  if (Array.isArray(value)) for (const item of value) sum += valueBytes(item) + 1;
  else for (const [key, item] of Object.entries(value)) sum += key.length + 4 + valueBytes(item);
  return sum;
}

function listBytes(list: readonly unknown[]): number {
  const step = Math.max(1, Math.ceil(list.length / SAMPLE));
  let sum = 0;
  let taken = 0;
  for (let i = 0; i < list.length; i += step, taken++) sum += valueBytes(list[i]) + 1;
  return taken === 0 ? 2 : Math.round((sum / taken) * list.length) + 2;
}

/** The size in bytes, within about 10 % for tables of similar rows. */
export function estimateBytes(delta: Delta): number {
  let sum = 120;
  for (const table of Object.values(delta.tables))
    sum += listBytes(table.put) + listBytes(table.patch) + listBytes(table.drop) + 60;
  return sum;
}
