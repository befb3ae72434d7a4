/**
 * The wire form of frames: empty lists of a delta's tables are left out, because most changes touch five tables with
 * one of three lists each. `whole` restores exactly what `lean` was given.
 */
import type { Delta, Frame } from '../model/delta';

type Lists = Readonly<Partial<Record<'put' | 'patch' | 'drop', readonly unknown[]>>>;

const KEYS = ['put', 'patch', 'drop'] as const;

const mapTables = (tables: Readonly<Record<string, Lists>>, change: (lists: Lists) => Lists): Delta['tables'] =>
  Object.fromEntries(Object.entries(tables).map(([table, lists]) => [table, change(lists)]));

const mapFrame = (frame: Frame, change: (lists: Lists) => Lists): Frame =>
  frame.kind === 'delta'
    ? { ...frame, delta: { ...frame.delta, tables: mapTables(frame.delta.tables, change) } }
    : frame;

const leanLists = (lists: Lists): Lists =>
  Object.fromEntries(KEYS.flatMap((key) => ((lists[key]?.length ?? 0) === 0 ? [] : [[key, lists[key]]])));

/** The tables of a delta without their empty lists. The result is for serialising only; a reader restores it with `wholeTables`. */
export const leanTables = (tables: Delta['tables']): object => mapTables(tables, leanLists);

/** The frame without empty lists. The result is for serialising only; a reader restores it with `whole`. */
export const lean = (frame: Frame): object => mapFrame(frame, leanLists);

const wholeLists = (lists: Lists): Lists =>
  Object.fromEntries(KEYS.map((key) => [key, Array.isArray(lists[key]) ? lists[key] : []]));

/** Restores the output of `lean`; a list of the wrong type reads as empty. */
export const whole = (frame: Frame): Frame => mapFrame(frame, wholeLists);
