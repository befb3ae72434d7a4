/**
 * The rows of the Changes view: newest first, and within one moment the most important first. Bursts are single rows
 * that expand. A span is summarised again only if something was added to it.
 */
import { TABLES, type Table } from '../../model/records';
import { CHANGE_KINDS, type ChangeKind } from '../../model/vocabulary';
import { keptFor } from '../../model/remembered';
import { SPAN_MS, type Gap, type Span } from './log';
import { isSlot, type DescribedChange } from './described-change';
import { burstSentence } from './words';

export interface ChangeRow {
  readonly id: string;
  /** Epoch ms of its newest change; null if changes have no time, as between two files. */
  readonly at: number | null;
  /** Null for a gap. */
  readonly kind: ChangeKind | null;
  readonly sentence: string;
  /** The record to open; null for a burst and a gap. */
  readonly subject: string | null;
  /** Number of changes that the row represents. */
  readonly count: number;
  /** Whether a burst is expanded; null for rows that do not expand. */
  readonly open: boolean | null;
  /** Whether the row belongs to the expanded burst above it. */
  readonly inner: boolean;
}

/** Which changes to show. */
export interface ChangeQuery {
  /** Epoch ms; null: from the start of the log. */
  readonly since: number | null;
  /** Empty: all. */
  readonly kinds: ReadonlySet<ChangeKind>;
  readonly tables: ReadonlySet<Table>;
  /** Whether a change matches the page's filter; null without a filter. */
  readonly isLeft: ((change: DescribedChange) => boolean) | null;
  /** Ids of expanded bursts. */
  readonly unfolded: ReadonlySet<string>;
}

export interface ChangeView {
  readonly rows: readonly ChangeRow[];
  /** Number of changes by kind and by table, after selection by time and filter. */
  readonly kinds: Readonly<Record<ChangeKind, number>>;
  readonly tables: Readonly<Partial<Record<Table, number>>>;
  /** The changes that the rows represent. */
  readonly shown: readonly DescribedChange[];
  /** Number of changes that the filter hides. */
  readonly hidden: number;
}

/** The order within one moment: findings, then large records; slots and signals last. */
const ORDER: readonly Table[] = [
  'findings',
  'nodes',
  'sources',
  'networkCards',
  'enis',
  'hostNics',
  'networks',
  'subnets',
  'pods',
  'interfaces',
  'attachments',
  'ipPools',
  'signals',
];
const SLOTS_PLACE = ORDER.indexOf('attachments') + 0.5;

function placeOf({ table, kind, fields }: DescribedChange): number {
  if (table === 'enis' && kind === 'changed' && fields.every(({ field }) => isSlot(field))) return SLOTS_PLACE;
  return ORDER.indexOf(table);
}

interface Bundle {
  readonly id: string;
  readonly place: number;
  readonly changes: readonly DescribedChange[];
  /** Consequences, shown with the burst: a new pod starts, then gets its interfaces and their addresses. */
  readonly followed: readonly DescribedChange[];
  readonly sentence: string;
}

/** The selected changes of a span, regardless of kinds and tables. */
interface SpanSummary {
  readonly revision: number;
  readonly isLeft: ChangeQuery['isLeft'];
  readonly since: number | null;
  readonly isFolded: boolean;
  readonly bundles: readonly Bundle[];
  readonly hidden: number;
}

/** Consequences are folded only if all kinds and tables are shown; otherwise they are rows of their own. */
const isFolding = ({ kinds, tables }: ChangeQuery): boolean => kinds.size + tables.size === 0;

/** The pod that a change is about; null for other changes. */
function podOf({ table, id }: DescribedChange): string | null {
  if (table === 'pods') return id;
  return table === 'interfaces' ? `pod:${id.slice('if:'.length).split('/').slice(0, 2).join('/')}` : null;
}

/**
 * For each pod that appeared or disappeared in the span, the burst that reports it. If it did both, the burst of its
 * removal.
 */
function reportingBursts(bursts: readonly { readonly key: string; readonly changes: readonly DescribedChange[] }[]) {
  const found = new Map<string, string>();
  for (const wanted of ['appeared', 'went'] as const)
    for (const { key, changes } of bursts)
      for (const { table, kind, id } of changes) if (table === 'pods' && kind === wanted) found.set(id, key);
  return found;
}

function summarise(span: Span, query: ChangeQuery): SpanSummary {
  const { since, isLeft } = query;
  let hidden = 0;
  const bursts = [...span.bursts.values()].map(({ key, changes }) => {
    const recent = since === null ? changes : changes.filter(({ at }) => at >= since);
    const left = isLeft === null ? [...recent] : recent.filter(isLeft);
    hidden += recent.length - left.length;
    return { key, changes: left };
  });
  const reporters = isFolding(query) ? reportingBursts(bursts) : new Map<string, string>();
  const followed = new Map<string, DescribedChange[]>();
  const bundles: Bundle[] = [];
  for (const { key, changes } of bursts) {
    const reported = changes.filter((change) => {
      const by = reporters.get(podOf(change) ?? '');
      if (by === undefined || by === key || (change.table === 'pods' && change.kind !== 'changed')) return true;
      keptFor(followed, by, () => []).push(change);
      return false;
    });
    const [first] = reported;
    if (first === undefined) continue;
    bundles.push({
      id: `${span.from}|${key}`,
      place: placeOf(first),
      changes: reported,
      followed: keptFor(followed, key, () => []),
      sentence: burstSentence(reported),
    });
  }
  bundles.sort((a, b) => a.place - b.place || kindPlace(a) - kindPlace(b) || (a.id < b.id ? -1 : 1));
  const { revision } = span;
  return { revision, isLeft, since: cutOf(span, since), isFolded: isFolding(query), bundles, hidden };
}

const kindPlace = ({ changes }: Bundle): number => CHANGE_KINDS.indexOf(changes[0]?.kind ?? 'changed');

/** The time at which a span is cut; null when all of it is selected. */
const cutOf = ({ from }: Span, since: number | null): number | null => (since === null || since <= from ? null : since);

/** Creates a function that caches the summary of each span. */
export function createChangeView(): (spans: readonly Span[], gaps: readonly Gap[], query: ChangeQuery) => ChangeView {
  let summaries = new Map<Span, SpanSummary>();
  return (spans, gaps, query) => {
    const next = new Map<Span, SpanSummary>();
    const summarised = [...spans].reverse().flatMap((span): (readonly [Span, SpanSummary])[] => {
      if (query.since !== null && span.from + SPAN_MS <= query.since) return [];
      const before = summaries.get(span);
      const isSame =
        before?.revision === span.revision &&
        before.isLeft === query.isLeft &&
        before.isFolded === isFolding(query) &&
        before.since === cutOf(span, query.since);
      const summary = isSame ? before : summarise(span, query);
      next.set(span, summary);
      return [[span, summary]];
    });
    summaries = next;
    return viewOf(summarised, gaps, query);
  };
}

function viewOf(
  summarised: readonly (readonly [Span, SpanSummary])[],
  gaps: readonly Gap[],
  query: ChangeQuery,
): ChangeView {
  const kinds = Object.fromEntries(CHANGE_KINDS.map((kind) => [kind, 0])) as Record<ChangeKind, number>;
  const tables: Partial<Record<Table, number>> = {};
  const groups: (readonly ChangeRow[])[] = [];
  const shown: DescribedChange[] = [];
  let hidden = 0;
  for (const [, part] of summarised) {
    hidden += part.hidden;
    for (const bundle of part.bundles) {
      const [first] = bundle.changes;
      if (first === undefined) continue;
      const { kind, table } = first;
      const inKinds = query.kinds.size === 0 || query.kinds.has(kind);
      const inTables = query.tables.size === 0 || query.tables.has(table);
      if (inTables) kinds[kind] += bundle.changes.length;
      if (inKinds) tables[table] = (tables[table] ?? 0) + bundle.changes.length;
      if (!inKinds || !inTables) continue;
      for (const change of bundle.changes) shown.push(change);
      for (const change of bundle.followed) {
        shown.push(change);
        kinds[change.kind]++;
        tables[change.table] = (tables[change.table] ?? 0) + 1;
      }
      groups.push(rowsOfBundle(bundle, first, query.unfolded));
    }
  }
  for (const gap of gaps) if (query.since === null || gap.until > query.since) groups.push([gapRow(gap)]);
  // A burst is sorted by its newest change, which may be a consequence long after the first one.
  groups.sort(([a], [b]) => (b?.at ?? 0) - (a?.at ?? 0));
  return { rows: groups.flat(), kinds, tables: inOrder(tables), shown, hidden };
}

const inOrder = (counts: Partial<Record<Table, number>>): Partial<Record<Table, number>> =>
  Object.fromEntries(TABLES.flatMap((table) => (counts[table] === undefined ? [] : [[table, counts[table]]])));

/** Maximum rows of an expanded burst; the burst's own row counts the rest. */
const MAX_INNER = 1_000;

function rowsOfBundle(
  { id, changes: reported, followed, sentence }: Bundle,
  first: DescribedChange,
  unfolded: ReadonlySet<string>,
): readonly ChangeRow[] {
  const changes = followed.length === 0 ? reported : [...reported, ...followed].sort((a, b) => a.at - b.at);
  const newest = changes.reduce((latest, { at }) => Math.max(latest, at), 0);
  if (changes.length === 1) return [rowOfChange(first, id, false)];
  const open = unfolded.has(id);
  const row: ChangeRow = {
    id,
    at: newest,
    kind: first.kind,
    sentence,
    subject: null,
    count: changes.length,
    open,
    inner: false,
  };
  if (!open) return [row];
  const inner = changes.slice(-MAX_INNER).reverse();
  return [row, ...inner.map((change, index) => rowOfChange(change, `${id}|${changes.length - index}`, true))];
}

const rowOfChange = (change: DescribedChange, id: string, inner: boolean): ChangeRow => ({
  id,
  at: change.at,
  kind: change.kind,
  sentence: change.sentence,
  subject: change.id,
  count: 1,
  open: null,
  inner,
});

const time = (at: number): string => new Date(at).toISOString().slice(11, 19);

const gapRow = ({ from, until }: Gap): ChangeRow => ({
  id: `gap ${from}`,
  at: until,
  kind: null,
  sentence: `What changed from ${time(from)} to ${time(until)} UTC is not known: the page did not follow the cluster.`,
  subject: null,
  count: 0,
  open: null,
  inner: false,
});
