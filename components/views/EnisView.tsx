/** All ENIs as a table: location, management with its reason, and use of slots. */
import { useMemo } from 'react';
import { useClientState, useNodeName, useServerNow } from '../../lib/client/hooks';
import type { ChunkRecords } from '../../lib/client/set/chunk';
import type { EniRecord } from '../../lib/model/records';
import { ageOf } from '../../lib/view/age';
import { ruleWords } from '../../lib/view/cause-words';
import { addressesIn } from '../../lib/view/eni-outline';
import { freeSlots, warmAddresses } from '../../lib/view/eni-slots';
import { partFor } from '../../lib/view/query/narrow';
import { shortId } from '../../lib/view/selection';
import { worstSeverity } from '../../lib/view/severity';
import { sortRows } from '../../lib/view/table-sort';
import { hasPlace, isInIpamd, isManaged } from '../../lib/view/tables/enis';
import { recordsOf, type ViewSource } from '../../lib/view/view-source';
import { useThrottledPass } from '../hooks/useThrottledPass';
import { DataTable } from '../table/DataTable';
import EmptyView from './EmptyView';
import { FindingCount } from './FindingCount';
import { column, type Column } from '../table/column';
import { numbers } from './columns';
import { useRecordTable } from './useRecordTable';

const readRows = ({ enis }: ChunkRecords): readonly EniRecord[] => inOrder([...enis.values()]);

/** By node, card and device; ENIs without a node last. */
const inOrder = (enis: readonly EniRecord[]): readonly EniRecord[] =>
  sortRows(
    enis,
    ({ id, node, card, deviceIndex }) => `${node ?? '~'} ${card ?? 999} ${deviceIndex ?? 999} ${id}`,
    false,
  );

/** More rows stay in chunk order (a chunk has some nodes): sorting them all would block the page. */
const MOST_SORTED = 20_000;

const NOT_KNOWN = 'not known';
const yesNo = (value: boolean | null): string => (value === null ? NOT_KNOWN : value ? 'yes' : 'no');
const answer = (value: boolean | null): string => (value === null ? 'unknown' : value ? 'yes' : 'no');
const CREATORS = { ipamd: 'ipamd', 'vpc-resource-controller': 'resource controller', other: 'others' } as const;

/** A location column: branches and unattached ENIs have no place on a card. */
const place = (
  key: 'card' | 'device',
  title: string,
  width: string,
  value: (eni: EniRecord) => number | null,
): Column<EniRecord> =>
  column(key, title, width, (eni) => String(value(eni) ?? (hasPlace(eni) ? '?' : '')), {
    align: 'end',
    sort: value,
    part: (eni) => {
      const index = value(eni);
      return index === null ? null : partFor(key, index);
    },
  });

/** Columns for identity and location. */
const placeColumns = (nodeName: (node: string) => string): readonly Column<EniRecord>[] => [
  column('eni', 'ENI', '118px', ({ id }) => id, {
    cell: ({ id }) => shortId(id),
    part: ({ id }) => partFor('eni', id),
  }),
  column('node', 'Node', 'minmax(104px, 1.2fr)', ({ node }) => (node === null ? 'none' : nodeName(node)), {
    cell: ({ node }) => (node === null ? <span className="text-text3">none</span> : undefined),
    part: ({ node }) => (node === null ? null : partFor('node', node.slice('node:'.length))),
  }),
  place('card', 'Card', '48px', ({ card }) => card),
  place('device', 'Device', '56px', ({ deviceIndex }) => deviceIndex),
  column('role', 'Role', '80px', ({ role }) => role, { part: ({ role }) => partFor('role', role) }),
  column('managed', 'Managed', '72px', (eni) => yesNo(isManaged(eni)), {
    early: true,
    cell: (eni) => (isManaged(eni) === false ? <b className="font-semibold">no</b> : undefined),
    part: (eni) => `managed:${answer(isManaged(eni))}`,
  }),
  column('why', 'Why', 'minmax(112px, 1fr)', ({ management }) => ruleWords(management.rule), {
    early: true,
    part: ({ management }) => partFor('why', management.rule),
  }),
  column('subnet', 'Subnet', '132px', ({ subnet }) => subnet ?? NOT_KNOWN, {
    cell: ({ subnet }) => (subnet === null ? undefined : shortId(subnet)),
    part: ({ subnet }) => (subnet === null ? null : partFor('subnet', subnet)),
  }),
];

function findingsColumn({ indexes, records }: ViewSource): Column<EniRecord> {
  const findingsOn = ({ id }: EniRecord) => recordsOf(indexes.findingsBySubject, id, records.findings);
  return column('findings', 'Findings', '84px', (eni) => String(findingsOn(eni).length), {
    sort: (eni) => findingsOn(eni).length,
    cell: (eni) => {
      const found = findingsOn(eni);
      return <FindingCount count={found.length} worst={worstSeverity(found.map(({ severity }) => severity))} />;
    },
  });
}

/** Columns for the use of slots and for the creator. */
const slotColumns = (now: number): readonly Column<EniRecord>[] => [
  numbers(
    'prefixes',
    'Prefixes',
    '64px',
    ({ prefixes }) => prefixes.length,
    (count) => partFor('prefixes', count),
  ),
  numbers(
    'assigned',
    'Assigned',
    '68px',
    (eni) => addressesIn(eni, 'assigned'),
    (count) => partFor('assigned', count),
  ),
  numbers('warm', 'Warm', '52px', warmAddresses, (count) => partFor('warm', count)),
  column(
    'free',
    'Free slots',
    '84px',
    (eni) =>
      eni.capacity === null
        ? NOT_KNOWN
        : eni.capacity === 0
          ? 'no slots'
          : `${freeSlots(eni) ?? ''} of ${eni.capacity}`,
    { align: 'end', sort: freeSlots, part: (eni) => `free:${freeSlots(eni) ?? 'unknown'}` },
  ),
  column('ipamd', 'In ipamd', '84px', (eni) => yesNo(isInIpamd(eni)), {
    part: (eni) => `ipamd:${answer(isInIpamd(eni))}`,
  }),
  column('creator', 'Created by', '88px', ({ creator }) => CREATORS[creator], {
    part: ({ creator }) => partFor('creator', creator),
  }),
  column('age', 'Attached', '68px', ({ attachedAt }) => ageOf(attachedAt, now) ?? '', {
    sort: ({ attachedAt }) => (attachedAt === null ? null : -Date.parse(attachedAt)),
  }),
  column('groups', 'Security groups', 'minmax(112px, 1fr)', ({ securityGroups }) => securityGroups.join(', '), {
    cell: ({ securityGroups }) => securityGroups.map(shortId).join(', '),
    part: ({ securityGroups: [first] }) => (first === undefined ? null : partFor('sg', first)),
  }),
];

const CALM_MS = 1000;
const idOf = ({ id }: EniRecord): string => id;
/** Update interval of ages, in ms. */
const TICK = 10_000;

/** The table of ENIs. */
export default function EnisView() {
  const read = useThrottledPass(readRows, CALM_MS);
  const all = useMemo(() => {
    const rows = read.values.flat();
    return rows.length > MOST_SORTED ? rows : inOrder(rows);
  }, [read]);
  const replica = useClientState((state) => state.replica);
  const nodeName = useNodeName();
  const now = useServerNow(TICK);
  const columns = useMemo(
    () => [...placeColumns(nodeName), findingsColumn(replica), ...slotColumns(now)],
    [replica, nodeName, now],
  );
  const table = useRecordTable(all, {
    noun: 'ENIs',
    kind: 'eni',
    left: 'enis',
    idOf,
    reading: read,
    none: (
      <EmptyView view="enis" title="There are no ENIs">
        EC2 lists none of this cluster’s nodes.
      </EmptyView>
    ),
  });
  return <DataTable {...table} columns={columns} />;
}
