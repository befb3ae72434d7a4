/** A random history: what sources report, step by step, with the time between steps. */
import fc from 'fast-check';
import type { FactKind } from '../../lib/model/facts';
import type { Batch, Observation } from '../../lib/model/observation';
import type { ClusterInfo, SourceState } from '../../lib/model/records';
import { FURNITURE } from './furniture';
import { anyFact, anyList, SOURCES, THEMES, type AnyFact } from './kinds';
import { oneOf } from './names';

export const START = Date.parse('2026-09-01T12:00:00Z');

const ENIS = 'ec2/network-interfaces';

/** One report of a source. It refers to nothing before it, so any part of a history is a history. */
export type Report =
  | { readonly op: 'put'; readonly of: AnyFact }
  /** `uid`: that of the object, that of an older object of the same name, or not known. */
  | { readonly op: 'remove'; readonly of: AnyFact; readonly uid: 'own' | 'older' | null }
  | { readonly op: 'list'; readonly of: readonly AnyFact[]; readonly empty: boolean }
  | { readonly op: 'source'; readonly id: string; readonly state: SourceState }
  /** EC2 answers again, as of `ago` milliseconds ago. */
  | { readonly op: 'ask'; readonly ago: number }
  | { readonly op: 'cluster'; readonly cluster: Partial<ClusterInfo> };

export interface Step {
  /** Milliseconds since the previous step. */
  readonly after: number;
  readonly reports: readonly Report[];
}

export interface History {
  /** Every source is live from the start; otherwise none has answered yet. */
  readonly live: boolean;
  /** The initial cluster: two nodes with their ENIs and a pod, and Multus networks with pods on them. */
  readonly furnished: 'nothing' | 'nodes' | 'networks';
  readonly steps: readonly Step[];
}

const anyState = oneOf<SourceState>(
  ...Array<SourceState>(6).fill('live'),
  'behind',
  'stale',
  'failing',
  'denied',
  'absent',
  'off',
  'starting',
);

/** The sources whose state the topology reads itself, and one other. */
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

const anyReport = (kinds: readonly FactKind[]): fc.Arbitrary<Report> =>
  fc.oneof(
    { weight: 12, arbitrary: anyFact(kinds).map((of) => ({ op: 'put' as const, of })) },
    {
      weight: 5,
      arbitrary: fc.record({
        op: fc.constant('remove' as const),
        of: anyFact(kinds),
        uid: oneOf(null, 'own' as const, 'older' as const),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ op: fc.constant('list' as const), of: anyList(kinds), empty: oneOf(false, false, true) }),
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

const anyStep = (kinds: readonly FactKind[]): fc.Arbitrary<Step> =>
  fc.record({
    after: oneOf(1_000, 1_000, 7_000, 31_000, 61_000, 660_000),
    reports: fc.array(anyReport(kinds), { maxLength: 4, size: 'max' }),
  });

export const historiesOf = (most: number): fc.Arbitrary<History> =>
  fc.oneof(
    ...THEMES.map((kinds) =>
      fc.record({
        live: oneOf(true, true, true, false),
        furnished: oneOf<History['furnished']>('nothing', 'nodes', 'networks'),
        steps: fc.array(anyStep(kinds), { maxLength: most, size: 'max' }),
      }),
    ),
  );

const upsert = ({ kind, scope, key, fact }: AnyFact): Observation =>
  ({ op: 'upsert', kind, scope, key, fact }) as Observation;

const iso = (at: number): string => new Date(at).toISOString();

/** The clock, and the times of the sources, while a history runs. */
class Clock {
  now = START;
  readonly #asOf = new Map<string, number>();

  /** The time as of which a source in this state is true; it never goes back. */
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

/** Readings of aws-node contain the time at which they were made. */
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
      const { kind, scope } = first;
      // Both ways in which a source reports a list: as a whole, and one by one with the end of the list.
      if (facts.length % 2 === 0) return [{ op: 'replaceAll', kind, scope, facts } as unknown as Observation];
      const upserts = facts.map(([key, fact]) => ({ op: 'upsert', kind, scope, key, fact }) as unknown as Observation);
      return [...upserts, { op: 'keepOnly', kind, scope, keys: new Set(report.of.map(({ key }) => key)) }];
    }
    case 'source':
      return [status(clock, report.id, report.state)];
    case 'ask':
      return [status(clock, ENIS, 'live', report.ago)];
    case 'cluster':
      return [{ op: 'cluster', cluster: report.cluster }];
  }
}

/** The batches of a history, with their times. */
export function batchesOf({ live, furnished, steps }: History): readonly Batch[] {
  const clock = new Clock();
  const first: Observation[] = [];
  if (live) first.push(...SOURCES.map((id) => status(clock, id, 'live')));
  first.push(...FURNITURE[furnished].map(upsert));
  const batches: Batch[] = [{ at: START, observations: first }];
  for (const { after, reports } of steps) {
    clock.now += after;
    batches.push({ at: clock.now, observations: reports.flatMap((report) => observations(report, clock)) });
  }
  return batches;
}
