/**
 * Describes the changes of one record, for comparing two files and for a page that follows a cluster. The page does not
 * hold every record; for others, a change is described from the delta alone, without the state before.
 */
import type { RecordPatch } from '../../model/delta';
import { harmless } from '../../model/harmless';
import type { PodRecord, RecordByTable, Table } from '../../model/records';
import { perTable } from '../../model/schema/tables';
import { labelWords, idWords, slotName, slotStates, CHANGE_WORDINGS } from './words';
import type { States, ChangeWording } from './words';
import type { ChangeKind } from '../../model/vocabulary';

/** A named state of a record, before and after, in words. */
export interface FieldChange {
  readonly field: string;
  /** Null: not known, because the record was not held. */
  readonly before: string | null;
  readonly after: string;
}

export interface TopologyChange {
  readonly kind: ChangeKind;
  readonly table: Table;
  readonly id: string;
  /** For a move: the places before and after. For a change: the states that differ. */
  readonly fields: readonly FieldChange[];
  readonly sentence: string;
}

/** A record of any table. */
export interface AnyRecord {
  readonly id: string;
}

type CompleteWording = ChangeWording<AnyRecord> & Required<Pick<ChangeWording<AnyRecord>, 'place' | 'partOf'>>;

/** The cast is safe: table and wording belong together, which the compiler cannot infer for a variable table. */
const COMPLETE_WORDINGS = perTable<CompleteWording>((table) => ({
  place: () => null,
  partOf: () => [],
  ...(CHANGE_WORDINGS[table] as unknown as ChangeWording<AnyRecord>),
}));

/** How changes of a table's records are described. */
export const wordingOf = (table: Table): CompleteWording => COMPLETE_WORDINGS[table];

const NONE = 'none';

const sentenceOf = (text: string): string => harmless(text.charAt(0).toUpperCase() + text.slice(1));

/**
 * The change for a record that appeared or disappeared. `record`: its current or last state, or only its id if nothing
 * else is known.
 */
export function appearedOrWent(kind: 'appeared' | 'went', table: Table, record: AnyRecord): TopologyChange {
  const wording = wordingOf(table);
  const place = wording.place(record);
  const where = place === null ? '' : `${kind === 'appeared' ? ' on ' : ' from '}${place}`;
  return { kind, table, id: record.id, fields: [], sentence: sentenceOf(`${wording.name(record)} ${kind}${where}.`) };
}

/** The change for a record that disappeared and was not held. */
export const wentById = (table: Table, id: string): TopologyChange => ({
  kind: 'went',
  table,
  id,
  fields: [],
  sentence: sentenceOf(`${nameOfId(table, id)} went.`),
});

const nameOfId = (table: Table, id: string): string => (table === 'enis' ? `ENI ${id}` : idWords(id));

/** The changes between two states of a record; empty if none of the described states differs. */
export function compareRecord<T extends Table>(
  table: T,
  was: RecordByTable[T] | AnyRecord,
  is: RecordByTable[T] | AnyRecord,
): readonly TopologyChange[] {
  const wording = wordingOf(table);
  const [from, to] = [wording.place(was), wording.place(is)];
  const states = [
    ...differences(statesOf(wording, was), statesOf(wording, is)),
    ...differencesOfParts(wording.several?.(was), wording.several?.(is)),
  ];
  if (wording.placeName !== undefined && from !== to && (from === null || to === null)) {
    const settled: FieldChange = { field: wording.placeName, before: from ?? NONE, after: to ?? NONE };
    return changesOf(table, is.id, wording.name(is), null, [settled, ...states]);
  }
  const place: FieldChange | null =
    from === to ? null : { field: 'place', before: from ?? 'nowhere', after: to ?? 'nowhere' };
  return changesOf(table, is.id, wording.name(is), place, states);
}

/** The changes of a record that is not held, from a patch alone. */
export function patchChanges<T extends Table>(table: T, patch: RecordPatch<T>): readonly TopologyChange[] {
  const wording = wordingOf(table);
  const { set } = patch as { readonly set: object };
  const { placeField } = wording;
  const whole = withNulls({ id: patch.id, ...set });
  const place: FieldChange | null =
    placeField === undefined || !(placeField in set)
      ? null
      : {
          field: wording.placeName ?? 'place',
          before: null,
          after: wording.place(whole) ?? (wording.placeName === undefined ? 'nowhere' : NONE),
        };
  const fields = Object.entries(wording.states).flatMap(([field, say]): FieldChange[] => {
    const after = patchWords(set, say);
    return after === null ? [] : [{ field, before: null, after }];
  });
  // Whether this is a move or a first place is not known.
  const settled = wording.placeName === undefined || place === null ? [] : [place];
  const move = settled.length === 0 ? place : null;
  const all = [...settled, ...fields, ...labelsOfPatch(set), ...slotsOfPatch(table, patch)];
  return changesOf(table, patch.id, nameOfId(table, patch.id), move, all);
}

function changesOf(
  table: Table,
  id: string,
  name: string,
  place: FieldChange | null,
  fields: readonly FieldChange[],
): readonly TopologyChange[] {
  const result: TopologyChange[] = [];
  if (place !== null) {
    const from = place.before === null ? '' : ` from ${place.before}`;
    const sentence = sentenceOf(`${name} moved${from} to ${place.after}.`);
    result.push({ kind: 'moved', table, id, fields: [place], sentence });
  }
  if (fields.length > 0) {
    const sentence = sentenceOf(`${name} changed: ${fields.map(fieldWords).join('; ')}.`);
    result.push({ kind: 'changed', table, id, fields, sentence });
  }
  return result;
}

/** `FIELD from BEFORE to AFTER`, or `FIELD is now AFTER` when the state before is not known. */
export const fieldWords = ({ field, before, after }: FieldChange): string =>
  before === null ? `${field} is now ${after}` : `${field} from ${before} to ${after}`;

const statesOf = (wording: ChangeWording<AnyRecord>, record: AnyRecord): States =>
  Object.fromEntries(Object.entries(wording.states).map(([name, say]) => [name, say(record)]));

const differencesOfParts = (before: States | null = {}, after: States | null = {}): readonly FieldChange[] =>
  before === null || after === null ? [] : differences(before, after);

function differences(before: States, after: States): readonly FieldChange[] {
  return [...new Set([...Object.keys(after), ...Object.keys(before)])].flatMap((field) => {
    const [was, is] = [before[field] ?? NONE, after[field] ?? NONE];
    return was === is ? [] : [{ field, before: was, after: is }];
  });
}

/** A record made from a patch; missing fields are null. */
const withNulls = (given: AnyRecord): AnyRecord =>
  new Proxy(given, { get: (fields, name) => (Reflect.get(fields, name) as unknown) ?? null });

class NotInPatch extends Error {}

/** The current state; null if it depends on a field that the patch lacks. */
function patchWords(set: object, say: (record: AnyRecord) => string): string | null {
  const only = new Proxy(set, {
    get: (fields, name) => {
      if (!(name in fields)) throw new NotInPatch();
      return Reflect.get(fields, name) as unknown;
    },
  });
  try {
    return say(only as AnyRecord);
  } catch (error) {
    if (error instanceof NotInPatch) return null;
    throw error;
  }
}

/** Of the records that are not held, only pods have labels in their patches. */
function labelsOfPatch(set: Partial<Pick<PodRecord, 'labels'>>): readonly FieldChange[] {
  const { labels = null } = set;
  return labels === null ? [] : [{ field: 'labels', before: null, after: labelWords(labels) }];
}

function slotsOfPatch<T extends Table>(table: T, patch: RecordPatch<T>): readonly FieldChange[] {
  const addresses = table === 'enis' ? patch.addresses : undefined;
  if (addresses === undefined) return [];
  const now = slotStates(addresses.put);
  return [
    ...Object.entries(now).map(([field, after]) => ({ field, before: null, after })),
    ...addresses.drop.map((ip) => ({ field: slotName(ip), before: null, after: NONE })),
  ];
}
