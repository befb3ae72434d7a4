/**
 * Events in human-readable output: the table of `kubectl get events`, and the end of `kubectl describe`. Posts often contain
 * no others. Ages stay ages here (`printed`, in seconds), because the time of the capture is known only later.
 */

/** How long before the output an Event was first and last seen, in seconds; null if not printed. */
export interface PrintedAge {
  readonly first: number | null;
  readonly last: number | null;
}

/** An Event as an API object, with the printed ages. */
export interface PrintedEvent {
  readonly [field: string]: unknown;
  readonly printed: PrintedAge;
}

/** Kinds whose Events matter here, as kubectl writes them before a name. */
const KINDS: Readonly<Record<string, string>> = {
  cninode: 'CNINode',
  cronjob: 'CronJob',
  daemonset: 'DaemonSet',
  job: 'Job',
  node: 'Node',
  nodeclaim: 'NodeClaim',
  pod: 'Pod',
  replicaset: 'ReplicaSet',
  replicationcontroller: 'ReplicationController',
  statefulset: 'StatefulSet',
  virtualmachineinstance: 'VirtualMachineInstance',
};

/** A longer table is not from a post. */
const MAX_ROWS = 5_000;

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** `3m20s` → 200; null for `<unknown>`. */
function seconds(age: string): number | null {
  const parts = [...age.matchAll(/(\d+)([smhd])/g)];
  return parts.length === 0
    ? null
    : parts.reduce((sum, [, count = '0', unit = 's']) => sum + Number(count) * (SECONDS[unit] ?? 0), 0);
}

/** `46s (x16 over 3m)` */
function agesOf(text: string): PrintedAge & { readonly count: number } {
  const [, last = '', count = '1', first = last] = /^(\S+)(?: \(x(\d+) over (\S+)\))?/.exec(text) ?? [];
  return { last: seconds(last), first: seconds(first), count: Number(count) };
}

/** The cells of a row by column title. The last column extends to the end of the line. */
function cutter(header: string): (row: string) => (title: string) => string {
  const columns = [...header.matchAll(/\S+(?: \S+)*/g)].map(({ 0: title, index }) => ({ title, from: index }));
  return (row) => (title) => {
    const at = columns.findIndex((column) => column.title === title);
    const column = columns[at];
    return column === undefined ? '' : row.slice(column.from, columns[at + 1]?.from).trim();
  };
}

interface Involved {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

interface Row {
  readonly type: string;
  readonly reason: string;
  readonly age: string;
  readonly from: string;
  readonly message: string;
}

interface Cells extends Row {
  readonly involved: Involved;
}

/** `row`: its number, which gives the order of Events with the same age. */
function eventOf({ involved, type, reason, age, from, message }: Cells, row: number): PrintedEvent {
  const { count, ...printed } = agesOf(age);
  const { namespace, name } = involved;
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { namespace: namespace === '' ? 'default' : namespace, name: `${name}.${String(row).padStart(5, '0')}` },
    involvedObject: involved,
    type,
    reason,
    message,
    count,
    ...(from === '' ? {} : { source: { component: from.split(',')[0] } }),
    printed,
  };
}

const CLUSTER_SCOPED = new Set(['Node', 'NodeClaim', 'CNINode']);

/** The namespace in a command line: `-n shop`, `--namespace=shop`. */
const OPTION = /(?:^|\s)(?:-n|--namespace)[ =]?([a-z0-9][a-z0-9-]*)/;

const TABLE = /^(?:NAMESPACE +)?LAST SEEN +.*\bREASON\b/;

function ofTable(text: string, command: string): readonly PrintedEvent[] {
  const [header = '', ...rows] = text.split('\n');
  if (!TABLE.test(header)) return [];
  const cut = cutter(header);
  const chosen = OPTION.exec(command)?.[1] ?? 'default';
  return rows.slice(0, MAX_ROWS).flatMap((row, at) => {
    const cell = cut(row);
    const [written = '', name = ''] = cell('OBJECT').split('/');
    const kind = KINDS[written];
    if (kind === undefined || name === '' || cell('REASON') === '') return [];
    const namespace = CLUSTER_SCOPED.has(kind) ? '' : cell('NAMESPACE') || chosen;
    return eventOf(
      {
        involved: { kind, namespace, name },
        type: cell('TYPE'),
        reason: cell('REASON'),
        age: cell('LAST SEEN'),
        from: cell('SOURCE'),
        message: cell('MESSAGE'),
      },
      at,
    );
  });
}

/** The kind that is described, by a line that no other kind has. */
const DESCRIBED: readonly (readonly [line: RegExp, kind: string])[] = [
  [/^Roles: /m, 'Node'],
  [/^IPs?: |^Node: /m, 'Pod'],
  [/^Desired Number of Nodes Scheduled: /m, 'DaemonSet'],
  [/^Parallelism: /m, 'Job'],
  [/^Volume Claims: |^Update Strategy: /m, 'StatefulSet'],
  [/^Replicas: +\d+ current/m, 'ReplicaSet'],
];

const LISTED = /^Events:[ \t]*\n([ \t]+Type +Reason +Age +.*)\n[ \t]+-[- ]*\n/m;

function ofDescription(text: string): readonly PrintedEvent[] {
  const kind = DESCRIBED.find(([line]) => line.test(text))?.[1];
  const name = /^Name: +(\S+)/m.exec(text)?.[1];
  if (kind === undefined || name === undefined) return [];
  const namespace = CLUSTER_SCOPED.has(kind) ? '' : (/^Namespace: +(\S+)/m.exec(text)?.[1] ?? 'default');
  return listed(text, LISTED, () => ({ kind, namespace, name }));
}

/** Only such a list, possibly without its heading, as in most posts. */
const ALONE = /^(?:Events:[ \t]*\n)?([ \t]*Type {2,}Reason {2,}Age {2,}From {2,}Message[ \t]*)\n[ \t]*-[- ]*\n/m;

/** The object of a `kubectl describe` command. */
const ASKED = /\bdescribe +(pods?|po|nodes?|no)[ /]+([a-z0-9][a-z0-9.-]*)/;
const SCHEDULED = /^Successfully assigned ([a-z0-9-]+)\/([a-z0-9.-]+) to /;

/** The object of a list on its own, from the command or the scheduler's Event; null if neither names it. */
function ofList(events: readonly Row[], command: string): Involved | null {
  const [, asked = '', name = ''] = ASKED.exec(command) ?? [];
  if (name !== '')
    return asked.startsWith('n')
      ? { kind: 'Node', namespace: '', name }
      : { kind: 'Pod', namespace: OPTION.exec(command)?.[1] ?? 'default', name };
  for (const { reason, message } of events) {
    const [, namespace = '', pod = ''] = (reason === 'Scheduled' ? SCHEDULED.exec(message) : null) ?? [];
    if (pod !== '') return { kind: 'Pod', namespace, name: pod };
  }
  return null;
}

/** The Events of the list that `heading` finds in a text. */
function listed(
  text: string,
  heading: RegExp,
  involvedIn: (events: readonly Row[]) => Involved | null,
): readonly PrintedEvent[] {
  const found = heading.exec(text);
  const [whole, header] = found ?? [];
  if (found === null || whole === undefined || header === undefined) return [];
  const isIndented = /^\s/.test(header);
  const cut = cutter(header);
  const cells: Row[] = [];
  for (const row of text
    .slice(found.index + whole.length)
    .split('\n')
    .slice(0, MAX_ROWS)) {
    if (isIndented && /^\S/.test(row)) break;
    const cell = cut(row);
    const [type, reason, age] = [cell('Type'), cell('Reason'), cell('Age')];
    if (!isIndented && !/^(?:Normal|Warning)$/.test(type)) break;
    if (reason !== '') cells.push({ type, reason, age, from: cell('From'), message: cell('Message') });
  }
  const involved = involvedIn(cells);
  return involved === null ? [] : cells.map((one, at) => eventOf({ ...one, involved }, at));
}

/** The Events in human-readable text. `command`: the line before it, which may name the namespace. */
export function printedEvents(text: string, command: string): readonly PrintedEvent[] {
  const ofTheTable = ofTable(text, command);
  if (ofTheTable.length > 0) return ofTheTable;
  // `kubectl describe` prints several objects one after another.
  const described = text.split(/^(?=Name: )/m).flatMap(ofDescription);
  return described.length > 0 || /^Name: /m.test(text)
    ? described
    : listed(text, ALONE, (events) => ofList(events, command));
}

/** Whether the text contains a list of Events of any object. */
export const hasListOfEvents = (text: string): boolean => ALONE.test(text);

/** Whether the text is only a table of Events. */
export const isTableOfEvents = (text: string): boolean => TABLE.test(text);

/** The object with times instead of ages; any other object unchanged. `takenAt`: epoch milliseconds. */
export function withTimes(object: unknown, takenAt: number): unknown {
  if (typeof object !== 'object' || object === null || !('printed' in object)) return object;
  const { printed, ...event } = object as PrintedEvent;
  const at = (age: number | null): string | null =>
    age === null ? null : new Date(takenAt - age * 1_000).toISOString().replace('.000Z', 'Z');
  return { ...event, firstTimestamp: at(printed.first), lastTimestamp: at(printed.last) };
}
