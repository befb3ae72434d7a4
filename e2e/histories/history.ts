/** A random history: what sources report, step by step, with the time that passes between. */
import fc from 'fast-check';
import type { Batch, Observation } from '../../lib/model/observation';
import type { ClusterInfo, SourceState } from '../../lib/model/records';
import { awsNode, eni, node, ownEni, pod, subnet } from '../testing/facts';
import { anyFact, anyList, SOURCES, type AnyFact } from './kinds';
import { oneOf } from './names';

export const START = Date.parse('2026-09-01T12:00:00Z');

const ENIS = 'ec2/network-interfaces';

/** One thing that a source reports. It refers to nothing before it, so that any part of a history is a history. */
export type Report =
  | { readonly op: 'put'; readonly of: AnyFact }
  /** `uid`: of the object, of an older one with its name, or not known. */
  | { readonly op: 'remove'; readonly of: AnyFact; readonly uid: 'own' | 'older' | null }
  | { readonly op: 'list'; readonly of: readonly AnyFact[]; readonly empty: boolean }
  | { readonly op: 'source'; readonly id: string; readonly state: SourceState }
  /** EC2 answers again, with what was true `ago` milliseconds ago. */
  | { readonly op: 'ask'; readonly ago: number }
  | { readonly op: 'cluster'; readonly cluster: Partial<ClusterInfo> };

export interface Step {
  /** Milliseconds since the step before. */
  readonly after: number;
  readonly reports: readonly Report[];
}

export interface History {
  /** Every source is live from the start; else nothing has answered yet. */
  readonly live: boolean;
  /** Two nodes with aws-node, ENIs, subnets and a pod are there from the start. */
  readonly furnished: boolean;
  readonly steps: readonly Step[];
}

const anyState = oneOf<SourceState>('live', 'live', 'stale', 'failing', 'denied', 'absent', 'off', 'starting');

/** The sources whose state the topology reads itself, and any other. */
const anySource = fc.oneof(
  oneOf(
    'kubernetes/pods',
    'kubernetes/nodes',
    ENIS,
    'kubernetes/network-attachment-definitions',
    'kubernetes/daemonsets',
    'kubernetes/eniconfigs',
    'kubernetes/cninodes',
    'kubernetes/securitygrouppolicies',
    'kubernetes/overlappingrangeipreservations',
  ),
  oneOf(...SOURCES),
);

const anyReport: fc.Arbitrary<Report> = fc.oneof(
  { weight: 12, arbitrary: anyFact.map((of) => ({ op: 'put' as const, of })) },
  {
    weight: 5,
    arbitrary: fc.record({
      op: fc.constant('remove' as const),
      of: anyFact,
      uid: oneOf(null, 'own' as const, 'older' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ op: fc.constant('list' as const), of: anyList, empty: oneOf(false, false, true) }),
  },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('source' as const), id: anySource, state: anyState }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('ask' as const), ago: oneOf(0, 0, 2_000, 20_000) }) },
  {
    weight: 1,
    arbitrary: fc
      .record({ vpcId: oneOf('vpc-1', 'vpc-2', null), region: oneOf('eu-west-1', null) })
      .map((cluster) => ({ op: 'cluster' as const, cluster })),
  },
);

const anyStep: fc.Arbitrary<Step> = fc.record({
  after: oneOf(1_000, 1_000, 7_000, 31_000, 61_000, 660_000),
  reports: fc.array(anyReport, { minLength: 1, maxLength: 4 }),
});

export const historiesOf = (most: number): fc.Arbitrary<History> =>
  fc.record({
    live: oneOf(true, true, true, false),
    furnished: fc.boolean(),
    steps: fc.array(anyStep, { minLength: 1, maxLength: most }),
  });

const upsert = ({ kind, scope, key, fact }: AnyFact): Observation =>
  ({ op: 'upsert', kind, scope, key, fact }) as Observation;

const known = (kind: AnyFact['kind'], scope: string, key: string, fact: unknown): AnyFact =>
  ({ kind, scope, key, fact }) as AnyFact;

const FURNITURE: readonly AnyFact[] = [
  ...['1', '2'].flatMap((n) => [
    known('node', 'kubernetes/nodes', `n${n}`, node(`n${n}`, { instanceId: `i-${n}`, uid: 'u1' })),
    known('pod', 'kubernetes/pods', `kube-system/aws-node-n${n}`, { ...awsNode({}, `n${n}`), uid: 'u1' }),
    known(
      'eni',
      ENIS,
      `eni-${n}`,
      ownEni(`eni-${n}`, { instanceId: `i-${n}`, primaryIp: `10.0.0.${n}`, secondaryIps: [`10.0.0.${Number(n) + 3}`] }),
    ),
    known('subnet', 'ec2/subnets', `subnet-${n}`, subnet(`subnet-${n}`, { availableAddresses: n === '1' ? 200 : 0 })),
  ]),
  known('eni', ENIS, 'eni-3', eni('eni-3', { instanceId: 'i-1', deviceIndex: 1, mac: '06:00:00:00:00:01' })),
  known('pod', 'kubernetes/pods', 'default/a', pod('a', { uid: 'u1', node: 'n1', ips: ['10.0.0.4'] })),
];

const iso = (at: number): string => new Date(at).toISOString();

/** The clock and the times of the sources while a history is played. */
class Clock {
  now = START;
  readonly #asOf = new Map<string, number>();

  /** When a source that is in this state now was true; it never goes back. */
  asOf(source: string, state: SourceState, ago = 0): string | null {
    const before = this.#asOf.get(source);
    if (state === 'live') this.#asOf.set(source, Math.max(before ?? 0, this.now - ago));
    const at = this.#asOf.get(source);
    return at === undefined || state === 'starting' ? null : iso(at);
  }
}

const status = (clock: Clock, id: string, state: SourceState, ago = 0): Observation => ({
  op: 'status',
  source: { id, state, asOf: clock.asOf(id, state, ago), reason: state === 'live' ? null : `it is ${state}` },
});

const uidOf = (fact: unknown): string | null => (fact as { readonly uid?: string }).uid ?? null;

/** Readings of aws-node say when they were made. */
const dated = (of: AnyFact, now: number): AnyFact =>
  of.kind === 'awsNodeMetrics' ? { ...of, fact: { ...of.fact, readAt: iso(now) } } : of;

function observations(report: Report, clock: Clock): readonly Observation[] {
  switch (report.op) {
    case 'put':
      return [upsert(dated(report.of, clock.now))];
    case 'remove': {
      const { kind, scope, key, fact } = report.of;
      const own = uidOf(fact);
      return [
        {
          op: 'remove',
          kind,
          scope,
          key,
          uid: report.uid === null || own === null ? null : report.uid === 'own' ? own : 'u0',
        },
      ];
    }
    case 'list': {
      const [first] = report.of;
      if (first === undefined) return [];
      const facts = report.empty ? [] : report.of.map((one) => [one.key, dated(one, clock.now).fact]);
      return [{ op: 'replaceAll', kind: first.kind, scope: first.scope, facts } as unknown as Observation];
    }
    case 'source':
      return [status(clock, report.id, report.state)];
    case 'ask':
      return [status(clock, ENIS, 'live', report.ago)];
    case 'cluster':
      return [{ op: 'cluster', cluster: report.cluster }];
  }
}

/** The batches of a history, each with its time. */
export function batchesOf({ live, furnished, steps }: History): readonly Batch[] {
  const clock = new Clock();
  const first: Observation[] = [];
  if (live) first.push(...SOURCES.map((id) => status(clock, id, 'live')));
  if (furnished) first.push(...FURNITURE.map(upsert));
  const batches: Batch[] = [{ at: START, observations: first }];
  for (const { after, reports } of steps) {
    clock.now += after;
    batches.push({ at: clock.now, observations: reports.flatMap((report) => observations(report, clock)) });
  }
  return batches;
}
