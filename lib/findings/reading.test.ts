/** Every kind of read: what wakes the check that made it, and what does not. */
import { describe, expect, it } from 'vitest';
import type { PodRecord, RecordByTable, Table } from '../model/records';
import { diffTables } from '../records/diff';
import { createFindings } from './evaluate';
import type { Reader } from './rule/reader';
import type { Rule, Scope } from './rule/rule';
import {
  ago,
  attachment,
  card,
  eni,
  eth0,
  face,
  hostNic,
  ipPool,
  network,
  node,
  NOW,
  pod,
  pool,
  signal,
  subnet,
  world,
} from '../../e2e/testing/findings';

type AnyRecord = { [T in Table]: RecordByTable[T] }[Table];

const LATER = 5_000;
const NODE = 'node:n1';
const POD = pod().id;
const NET = network().id;

/** Runs a rule that only reads. Tells after each change how often it ran: at once, and by the time that slow reads are due. */
function watch<S extends Scope>(scope: S, own: RecordByTable[S], reads: (read: Reader) => unknown) {
  let runs = 0;
  const rule: Rule<S> = {
    id: 'reads',
    severity: 'info',
    scope,
    needs: [],
    heeds: ['kubernetes/events'],
    check(record, { read }) {
      if (record.id === own.id) {
        runs++;
        reads(read);
      }
      return [];
    },
  };
  const findings = createFindings([rule as Rule]);
  let now = NOW;
  const taken = (): number => {
    const taken = runs;
    runs = 0;
    return taken;
  };
  return (before: readonly AnyRecord[], after: readonly AnyRecord[]) => {
    const replica = world([own, ...before] as readonly AnyRecord[]);
    findings.all(replica, now);
    taken();
    const tables = { ...diffTables(replica.records, world([own, ...after] as readonly AnyRecord[]).records) };
    delete tables.findings;
    replica.apply(tables);
    findings.update(replica, { tables }, (now += 1));
    const atOnce = taken();
    findings.tick(replica, (now += LATER));
    return { atOnce, later: taken() };
  };
}

interface Row {
  readonly name: string;
  readonly scope?: Scope;
  readonly own?: AnyRecord;
  readonly reads: (read: Reader) => unknown;
  readonly before: readonly AnyRecord[];
  readonly after: readonly AnyRecord[];
  readonly wakes: 'at once' | 'later' | 'not';
}

const OTHER = 'node:n2';
const other = (change: Parameters<typeof node>[0] = {}) => node({ name: 'n2', ...change });
const moved: Partial<PodRecord> = { node: OTHER };

const ROWS: readonly Row[] = [
  // A record by its id.
  {
    name: 'another record: a field',
    reads: (read) => read.one('nodes', OTHER),
    before: [other()],
    after: [other({ ready: false })],
    wakes: 'at once',
  },
  {
    name: 'another record: a count',
    reads: (read) => read.one('nodes', OTHER),
    before: [other()],
    after: [other({ podCount: 7, pools: [pool({ assigned: 5 })] })],
    wakes: 'not',
  },
  {
    name: 'another record, whole: a count',
    reads: (read) => read.whole('nodes', OTHER),
    before: [other()],
    after: [other({ podCount: 7 })],
    wakes: 'at once',
  },
  {
    name: 'another record: it goes',
    reads: (read) => read.one('nodes', OTHER),
    before: [other()],
    after: [],
    wakes: 'at once',
  },
  {
    name: 'what is not there: it comes',
    reads: (read) => read.one('nodes', OTHER),
    before: [],
    after: [other()],
    wakes: 'at once',
  },
  {
    name: 'what is not there: something else comes',
    reads: (read) => read.one('nodes', OTHER),
    before: [],
    after: [node({ name: 'n3' })],
    wakes: 'not',
  },
  {
    name: 'nothing',
    reads: (read) => [read.one('nodes', null), read.whole('enis', null), read.all('podsByNode', null)],
    before: [other()],
    after: [],
    wakes: 'not',
  },
  {
    name: 'a network: used addresses are a count',
    reads: (read) => read.one('networks', NET),
    before: [network()],
    after: [
      network('ipvlan-a', { ipam: { type: 'whereabouts', ranges: ['10.6.0.0/24'], used: 9, size: 254, routes: [] } }),
    ],
    wakes: 'not',
  },
  {
    name: 'a network: its ranges are none',
    reads: (read) => read.one('networks', NET),
    before: [network()],
    after: [
      network('ipvlan-a', { ipam: { type: 'whereabouts', ranges: ['10.7.0.0/24'], used: 1, size: 254, routes: [] } }),
    ],
    wakes: 'at once',
  },
  // The own parents, which have no edge.
  {
    name: 'the own node: a field',
    reads: (read) => read.one('nodes', NODE),
    before: [node()],
    after: [node({ ready: false })],
    wakes: 'at once',
  },
  {
    name: 'the own node: a count',
    reads: (read) => read.one('nodes', NODE),
    before: [node()],
    after: [node({ podCount: 9 })],
    wakes: 'not',
  },
  {
    name: 'the own node, whole: a count',
    reads: (read) => read.whole('nodes', NODE),
    before: [node()],
    after: [node({ podCount: 9 })],
    wakes: 'at once',
  },
  {
    name: 'the own node: it goes',
    reads: (read) => read.one('nodes', NODE),
    before: [node()],
    after: [],
    wakes: 'at once',
  },
  {
    name: 'the own node: it comes',
    reads: (read) => read.one('nodes', NODE),
    before: [],
    after: [node()],
    wakes: 'at once',
  },
  { name: 'the own node: unread', reads: () => null, before: [node()], after: [node({ ready: false })], wakes: 'not' },
  {
    name: 'the pod of an interface',
    scope: 'interfaces',
    own: face(),
    reads: (read) => read.one('pods', POD),
    before: [pod()],
    after: [pod('p1', { deleting: true })],
    wakes: 'at once',
  },
  {
    name: 'the network of an interface',
    scope: 'interfaces',
    own: face(),
    reads: (read) => read.one('networks', NET),
    before: [network()],
    after: [network('ipvlan-a', { mode: 'l3' })],
    wakes: 'at once',
  },
  {
    name: 'the ENI of an interface',
    scope: 'interfaces',
    own: face(),
    reads: (read) => read.one('enis', face().eni),
    before: [eni(face().eni ?? '')],
    after: [],
    wakes: 'at once',
  },
  {
    name: 'the subnet of an ENI',
    scope: 'enis',
    own: eni(),
    reads: (read) => read.one('subnets', 'subnet-a'),
    before: [subnet()],
    after: [subnet('subnet-a', { tags: { a: 'b' } })],
    wakes: 'at once',
  },
  // Collections of the own record.
  {
    name: 'own interfaces: one comes',
    reads: (read) => read.all('interfacesByPod', POD),
    before: [],
    after: [face()],
    wakes: 'at once',
  },
  {
    name: 'own interfaces: one goes',
    reads: (read) => read.all('interfacesByPod', POD),
    before: [face()],
    after: [],
    wakes: 'at once',
  },
  {
    name: 'own interfaces: one changes',
    reads: (read) => read.all('interfacesByPod', POD),
    before: [face()],
    after: [face('net1', { mtu: 9001 })],
    wakes: 'at once',
  },
  {
    name: 'own interfaces: another pod’s change',
    reads: (read) => read.all('interfacesByPod', POD),
    before: [],
    after: [face('net1', { podName: 'p2' })],
    wakes: 'not',
  },
  {
    name: 'own signals: one comes',
    reads: (read) => read.all('signalsBySubject', POD),
    before: [],
    after: [signal(POD, 'FailedScheduling', 'no')],
    wakes: 'at once',
  },
  // Collections of others.
  {
    name: 'pods of a node: one comes',
    reads: (read) => read.all('podsByNode', OTHER),
    before: [],
    after: [pod('p2', moved)],
    wakes: 'at once',
  },
  {
    name: 'pods of a node: one moves away',
    reads: (read) => read.all('podsByNode', OTHER),
    before: [pod('p2', moved)],
    after: [pod('p2')],
    wakes: 'at once',
  },
  {
    name: 'pods of a node: one moves there',
    reads: (read) => read.all('podsByNode', OTHER),
    before: [pod('p2')],
    after: [pod('p2', moved)],
    wakes: 'at once',
  },
  {
    name: 'pods of a node: one changes',
    reads: (read) => [...read.each('podsByNode', OTHER)],
    before: [pod('p2', moved)],
    after: [pod('p2', { ...moved, phase: 'Failed' })],
    wakes: 'at once',
  },
  {
    name: 'pods of a node: those of another',
    reads: (read) => read.all('podsByNode', OTHER),
    before: [pod('p2')],
    after: [],
    wakes: 'not',
  },
  {
    name: 'cards of a node',
    reads: (read) => read.all('cardsByNode', NODE),
    before: [card()],
    after: [card(), card(1)],
    wakes: 'at once',
  },
  {
    name: 'host links of a node',
    reads: (read) => read.all('hostNicsByNode', NODE),
    before: [],
    after: [hostNic('ens6')],
    wakes: 'at once',
  },
  {
    name: 'attachments of a node',
    reads: (read) => read.all('attachmentsByNode', NODE),
    before: [attachment()],
    after: [],
    wakes: 'at once',
  },
  {
    name: 'who holds an address',
    reads: (read) => read.all('ownersByIp', '10.0.0.21'),
    before: [],
    after: [eth0({ podName: 'p2' })],
    wakes: 'at once',
  },
  {
    name: 'who holds an address: an ENI does not count',
    reads: (read) => read.all('ownersByIp', '10.0.0.21'),
    before: [],
    after: [eni('eni-x', { addresses: [{ ip: '10.0.0.21', state: 'warm', interface: null }] })],
    wakes: 'not',
  },
  {
    name: 'who holds an address on a node',
    reads: (read) => read.holdersOn(NODE, '10.0.0.21'),
    before: [eth0({ podName: 'p2' })],
    after: [],
    wakes: 'at once',
  },
  {
    name: 'who holds an address on a node: elsewhere',
    reads: (read) => read.holdersOn(NODE, '10.0.0.21'),
    before: [],
    after: [eth0({ podName: 'p2', node: OTHER })],
    wakes: 'not',
  },
  {
    name: 'signals about the pods of a node: one comes',
    reads: (read) => read.podSignals(OTHER),
    before: [pod('p2', moved)],
    after: [pod('p2', moved), signal(pod('p2').id, 'FailedScheduling', 'no')],
    wakes: 'at once',
  },
  {
    name: 'signals about the pods of a node: a pod moves there with them',
    reads: (read) => read.podSignals(OTHER),
    before: [pod('p2'), signal(pod('p2').id, 'FailedScheduling', 'no')],
    after: [pod('p2', moved), signal(pod('p2').id, 'FailedScheduling', 'no')],
    wakes: 'at once',
  },
  {
    name: 'signals about the pods of a node: another node’s',
    reads: (read) => read.podSignals(OTHER),
    before: [pod('p2')],
    after: [pod('p2'), signal(pod('p2').id, 'FailedScheduling', 'no')],
    wakes: 'not',
  },
  // Whole tables, and what is summed up.
  {
    name: 'every node: one comes',
    reads: (read) => [...read.every('nodes')],
    before: [],
    after: [other()],
    wakes: 'later',
  },
  {
    name: 'every node: a field of one',
    reads: (read) => [...read.every('nodes')],
    before: [other()],
    after: [other({ allocatable: { a: 1 } })],
    wakes: 'later',
  },
  {
    name: 'every node: a count of one',
    reads: (read) => [...read.every('nodes')],
    before: [other()],
    after: [other({ podCount: 9 })],
    wakes: 'not',
  },
  {
    name: 'a network reads what hangs on it',
    scope: 'networks',
    own: network(),
    reads: (read) => read.all('attachmentsByNetwork', NET),
    before: [],
    after: [attachment()],
    wakes: 'later',
  },
  {
    name: 'a network reads its pools',
    scope: 'networks',
    own: network(),
    reads: (read) => read.all('ipPoolsByNetwork', NET),
    before: [ipPool()],
    after: [ipPool({ used: 11 })],
    wakes: 'later',
  },
  {
    name: 'a subnet reads its ENIs',
    scope: 'subnets',
    own: subnet(),
    reads: (read) => [...read.each('enisBySubnet', 'subnet-a')],
    before: [],
    after: [eni()],
    wakes: 'later',
  },
  {
    name: 'a subnet reads the nodes whose ENIConfig names it',
    scope: 'subnets',
    own: subnet(),
    reads: (read) => read.all('nodesByEniConfigSubnet', 'subnet-a'),
    before: [node()],
    after: [node({ eniConfig: { name: 'a', found: true, subnet: 'subnet-a', securityGroups: [] } })],
    wakes: 'later',
  },
  // A value for all.
  {
    name: 'a shared value: it differs',
    reads: (read) => read.shared('nodes', count),
    before: [],
    after: [other()],
    wakes: 'later',
  },
  {
    name: 'a shared value: what it was made from differs, and it does not',
    reads: (read) => read.shared('nodes', count),
    before: [other()],
    after: [other({ ready: false })],
    wakes: 'not',
  },
];

const count = (read: Reader): number => [...read.every('nodes')].length;

describe('a read', () => {
  it.each(ROWS.map((row) => [row.name, row] as const))(
    '%s',
    (_name, { scope = 'pods', own = pod(), reads, before, after, wakes }) => {
      const { atOnce, later } = watch(scope, own as never, reads)(before, after);
      expect({ atOnce, later }).toEqual({ atOnce: wakes === 'at once' ? 1 : 0, later: wakes === 'later' ? 1 : 0 });
    },
  );

  it('that only an earlier run made wakes nobody', () => {
    let runs = 0;
    const rule: Rule<'pods'> = {
      id: 'reads',
      severity: 'info',
      scope: 'pods',
      needs: [],
      check(_pod, { read }) {
        if (runs++ === 0) read.one('nodes', OTHER);
        return [];
      },
    };
    const findings = createFindings([rule]);
    const replica = world([pod(), other()]);
    findings.all(replica, NOW);
    const ready = (is: boolean): number => {
      const tables = { nodes: { put: [], patch: [{ id: OTHER, set: { ready: is } }], drop: [] } };
      replica.apply(tables);
      findings.update(replica, { tables }, NOW);
      return runs;
    };
    expect([runs, ready(false), ready(true)]).toEqual([1, 2, 2]);
    expect(findings.edges).toBe(0);
  });
});

describe('a source', () => {
  const look = (reads: (read: Reader) => unknown) => {
    let runs = 0;
    const rule: Rule<'nodes'> = {
      id: 'reads',
      severity: 'info',
      scope: 'nodes',
      needs: [],
      heeds: ['kubernetes/events'],
      check(_node, { read }) {
        runs++;
        reads(read);
        return [];
      },
    };
    const findings = createFindings([rule]);
    const replica = world([node()]);
    findings.all(replica, NOW);
    const answer = (asOf: string | null): number => {
      runs = 0;
      replica.apply({ sources: { put: [], patch: [{ id: 'kubernetes/events', set: { asOf } }], drop: [] } });
      // An age alone makes no change: nobody calls but for what is due.
      while ((findings.nextDueAt ?? Infinity) <= NOW) findings.tick(replica, NOW);
      return runs;
    };
    return answer;
  };

  it('wakes who waits for its next answer when that is new enough, and not before', () => {
    const answer = look((read) => read.askedSince('kubernetes/events', NOW + 2_000));
    expect([answer(ago(0)), answer(ago(-1)), answer(ago(-2)), answer(ago(-3))]).toEqual([0, 0, 1, 0]);
  });

  it('wakes who had a new enough answer when there is none any more', () => {
    const answer = look((read) => read.askedSince('kubernetes/events', NOW - 2_000));
    expect([answer(ago(0)), answer(null)]).toEqual([0, 1]);
  });

  it('may not be asked about by a rule that does not heed it', () => {
    expect(() => look((read) => read.stateOf('kubernetes/pods'))).toThrow('does not heed');
  });
});
