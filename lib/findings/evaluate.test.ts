import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InterfaceRecord, NodeRecord, PodRecord, RecordByTable, Table } from '../model/records';
import { TABLES } from '../model/records';
import { diffTables } from '../records/diff';
import type { Replica } from '../records/replica';
import { Findings } from './evaluate';
import { RULES } from './registry';
import {
  ago,
  attachment,
  card,
  cni,
  eni,
  eth0,
  face,
  foreignEni,
  network,
  node,
  NOW,
  pod,
  request,
  subnet,
  world,
} from '../../e2e/testing/findings';
import { lowPool } from '../../e2e/testing/finding-examples';

type AnyRecord = { [T in Table]: RecordByTable[T] }[Table];

/** Rules that require history, so that a new evaluation cannot agree with them. */
const REMEMBERS = new Set([
  'pool-low',
  'warm-pool-waste',
  'prefix-fragmented',
  'branch-eni-leaked',
  'ipam-inconsistent',
  'multus-down',
]);
const rules = RULES.filter(({ id }) => !REMEMBERS.has(id));

const withoutSince = (replica: Replica): unknown[] =>
  [...replica.records.findings.values()]
    .map((finding) => ({ ...finding, since: null }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));

/** A small cluster drawn from few choices, so that changes often affect the same records. */
const cluster = fc.record({
  podNode: fc.constantFrom('n1', 'n2'),
  twinAddress: fc.constantFrom('10.6.0.14', '10.6.0.15'),
  twinPhase: fc.constantFrom('Running', 'Succeeded'),
  backed: fc.constantFrom('eni' as const, 'none' as const, 'other-node' as const, 'unknown' as const),
  plugin: fc.constantFrom('ipvlan', 'macvlan'),
  missing: fc.boolean(),
  tag: fc.constantFrom('true', 'True', undefined),
  customNetworking: fc.boolean(),
  range: fc.constantFrom('10.6.0.0/24', '10.9.0.0/24'),
  policy: fc.boolean(),
  available: fc.constantFrom(0, 3_000),
  withTwin: fc.boolean(),
  ec2: fc.constantFrom('live' as const, 'denied' as const),
});

function build(choice: typeof cluster extends fc.Arbitrary<infer C> ? C : never): AnyRecord[] {
  const base = node();
  const settings: NodeRecord['cni'] =
    base.cni === null ? null : { ...base.cni, customNetworking: choice.customNetworking };
  const first: PodRecord = pod('p1', {
    node: `node:${choice.podNode}`,
    requested: [request()],
    networksAnnotation: { state: 'valid', error: null },
    statusAnnotation: { state: 'valid', error: null },
    policies: choice.policy ? ['NetworkPolicy/a'] : [],
  });
  const addresses: InterfaceRecord['addresses'] = [{ ip: '10.6.0.14', family: 4, backed: choice.backed, eni: null }];
  return [
    {
      ...base,
      cni: settings,
      eniConfig: { name: 'a', found: !choice.customNetworking, subnet: null, securityGroups: [] },
    },
    node({ name: 'n2', instanceId: 'i-2', instanceType: null, limits: null }),
    card(),
    eni(),
    foreignEni({ tags: choice.tag === undefined ? {} : { 'node.k8s.amazonaws.com/no_manage': choice.tag } }),
    subnet('subnet-a', { availableAddresses: choice.available }),
    subnet('subnet-m', { cidr: '10.6.0.0/24' }),
    network('ipvlan-a', {
      plugins: [choice.plugin],
      missing: choice.missing,
      podCount: choice.withTwin ? 2 : 1,
      ipam: { type: 'whereabouts', ranges: [choice.range], used: 1, size: 254, gateways: [], routes: [] },
    }),
    attachment(),
    first,
    eth0({ node: `node:${choice.podNode}` }),
    face('net1', { node: `node:${choice.podNode}`, addresses }),
    ...(choice.withTwin
      ? [pod('p2', { phase: choice.twinPhase }), face('net1', { podName: 'p2', ips: [choice.twinAddress] })]
      : []),
  ];
}

it('detects that a node’s ENIConfig moves to an exhausted subnet', () => {
  const dry = subnet('subnet-dry', { availableAddresses: 1 });
  const on = (name: string): NodeRecord =>
    node({
      cni: cni({ customNetworking: true }),
      eniConfig: { name: 'a', found: true, subnet: name, securityGroups: [] },
      pools: [lowPool],
    });
  const findings = new Findings(RULES.filter(({ id }) => id === 'subnet-low'));
  const replica = world([on('subnet-a'), subnet(), dry]);
  expect(findings.all(replica, NOW)).toBeNull();
  const tables = { nodes: { put: [], patch: [{ id: node().id, set: { eniConfig: on(dry.id).eniConfig } }], drop: [] } };
  replica.apply(tables);
  const found = [findings.update(replica, NOW), findings.tick(replica, NOW + 600_000)];
  expect(found.flatMap((delta) => delta?.put.flatMap(({ subjects }) => subjects[0]) ?? [])).toEqual([dry.id]);
});

describe('incremental evaluation equals a full one', () => {
  it('after any series of changes', () => {
    fc.assert(
      fc.property(fc.array(cluster, { minLength: 2, maxLength: 6 }), (choices) => {
        const findings = new Findings(rules);
        let now = NOW;
        const [start] = choices;
        if (start === undefined) return;
        const replica = world(build(start), { 'ec2/network-interfaces': start.ec2 });
        const first = findings.all(replica, now);
        if (first !== null) replica.apply({ findings: first });
        for (const choice of choices.slice(1)) {
          now += 1_000;
          const target = world(build(choice), { 'ec2/network-interfaces': choice.ec2 });
          const tables = { ...diffTables(replica.records, target.records) };
          delete tables.findings;
          replica.apply(tables);
          const changed = findings.update(replica, now);
          if (changed !== null) replica.apply({ findings: changed });
          // Delayed checks are due by then; a new evaluation runs them at once.
          now += 6_000;
          const late = findings.tick(replica, now);
          if (late !== null) replica.apply({ findings: late });
          const fresh = new Findings(rules).all(target, now);
          if (fresh !== null) target.apply({ findings: fresh });
          expect(withoutSince(replica)).toEqual(withoutSince(target));
        }
      }),
      { seed: 11, numRuns: 150 },
    );
  });
});

it('re-evaluates when an absent source turns out to be denied', () => {
  const source = 'kubernetes/multi-networkpolicies';
  const findings = new Findings(RULES.filter(({ id }) => id === 'policy-uncovered'));
  const covered = pod('p1', { requested: [request()], policies: ['NetworkPolicy/a'] });
  const records = [node(), network('ipvlan-a'), covered, eth0(), face('net1')];
  const replica = world(records, { [source]: 'absent' });
  const keep = (delta: ReturnType<typeof findings.all>): number => {
    if (delta !== null) replica.apply({ findings: delta });
    return replica.records.findings.size;
  };
  expect(keep(findings.all(replica, NOW))).toBe(1);
  const counts = (['denied', 'absent', 'behind', 'stale', 'live'] as const).map((state, index) => {
    const tables = { ...diffTables(replica.records, world(records, { [source]: state }).records) };
    delete tables.findings;
    replica.apply(tables);
    return keep(findings.update(replica, NOW + 1 + index));
  });
  expect(counts).toEqual([0, 1, 0, 0, 1]);
});

it('checks each record with all rules that a source activates before it turns to the next one', () => {
  const source = 'kubernetes/pods' as const;
  const checked: string[] = [];
  const rule = (id: string) => ({
    id,
    severity: 'info' as const,
    scope: 'nodes' as const,
    needs: [source],
    check: ({ name }: { readonly name: string }) => {
      checked.push(`${id} ${name}`);
      return [];
    },
  });
  const findings = new Findings([rule('a'), rule('b')]);
  const records = [node({ name: 'n1' }), node({ name: 'n2' })];
  const replica = world(records, { [source]: 'starting' });
  findings.all(replica, NOW);
  expect(checked).toEqual([]);
  replica.apply(diffTables(replica.records, world(records, { [source]: 'live' }).records));
  findings.update(replica, NOW + 1);
  expect(checked).toEqual(['a n1', 'b n1', 'a n2', 'b n2']);
});

const withTag = (value: string) =>
  foreignEni({
    tags: { 'node.k8s.amazonaws.com/no_manage': value },
    management: { state: 'managed', rule: 'no-manage-tag-false', certainty: 'observed', observed: true },
  });

it('sets the time of a finding when it appears, keeps it while the finding exists, and drops both together', () => {
  const findings = new Findings(RULES.filter(({ id }) => id === 'no-manage-bad-value'));
  const replica = world([node(), withTag('true')]);
  expect(findings.all(replica, NOW)).toBeNull();
  const change = (value: string, at: number) => {
    const tables = {
      enis: { put: [withTag(value)], patch: [], drop: [] },
    };
    replica.apply(tables);
    const delta = findings.update(replica, at);
    if (delta !== null) replica.apply({ findings: delta });
    return [...replica.records.findings.values()].map(({ since }) => since);
  };
  expect(change('True', NOW + 1_000)).toEqual([ago(-1)]);
  expect(change('TRUE', NOW + 2_000)).toEqual([ago(-1)]);
  expect(change('true', NOW + 3_000)).toEqual([]);
  expect(change('1', NOW + 4_000)).toEqual([ago(-4)]);
});

it('reports no change when nothing changed', () => {
  const findings = new Findings(RULES);
  const replica = world([node(), withTag('True')]);
  const first = findings.all(replica, NOW);
  if (first === null) throw new Error('it finds the tag');
  replica.apply({ findings: first });
  expect(findings.all(replica, NOW + 1_000)).toBeNull();
  replica.apply({ enis: { put: [withTag('True')], patch: [], drop: [] } });
  expect(findings.update(replica, NOW + 2_000)).toBeNull();
});

it('covers every table that is the scope of a rule', () => {
  for (const { scope } of RULES) expect(TABLES).toContain(scope);
});

it('forgets how long a condition has held as soon as a check does not ask about it', () => {
  const begun: number[] = [];
  let asks = true;
  const findings = new Findings([
    {
      id: 'watch',
      severity: 'info',
      scope: 'nodes',
      needs: [],
      check(_node, context) {
        if (asks) begun.push(context.heldSince('it', true));
        return [];
      },
    },
  ]);
  const replica = world([node()]);
  const look = (at: number, on: boolean): void => {
    asks = on;
    findings.all(replica, at);
  };
  look(NOW, true);
  look(NOW + 1, true);
  look(NOW + 2, false);
  look(NOW + 3, true);
  expect(begun).toEqual([NOW, NOW, NOW + 3]);
});

it('forgets how long a condition has held when the record is deleted, even if every rule runs without findings', () => {
  const begun: number[] = [];
  const findings = new Findings([
    {
      id: 'watch',
      severity: 'info',
      scope: 'nodes',
      needs: [],
      check(_node, context) {
        begun.push(context.heldSince('it', true));
        return [];
      },
    },
  ]);
  const replica = world([node()]);
  findings.all(replica, NOW);
  replica.apply({ nodes: { put: [], patch: [], drop: [node().id] } });
  findings.all(replica, NOW + 1);
  replica.apply({ nodes: { put: [node()], patch: [], drop: [] } });
  findings.all(replica, NOW + 2);
  expect(begun).toEqual([NOW, NOW + 2]);
});

it('truncates long texts', () => {
  const findings = new Findings(RULES.filter(({ id }) => id === 'networks-annotation-invalid'));
  const replica = world([pod('p1', { networksAnnotation: { state: 'invalid', error: 'x'.repeat(1 << 20) } })]);
  expect(JSON.stringify(findings.all(replica, NOW)).length).toBeLessThan(5_000);
});

it('checks a large change in parts, each due immediately until all are checked', () => {
  let checks = 0;
  const findings = new Findings([
    {
      id: 'counts',
      severity: 'info',
      scope: 'nodes',
      needs: [],
      check({ id }) {
        checks++;
        return [{ subjects: [id], title: 'seen', detail: '', evidence: [], advice: '' }];
      },
    },
  ]);
  const replica = world([]);
  const names = Array.from({ length: 12_000 }, (_, index) => `n${index}`);
  const tables = { nodes: { put: names.map((name) => node({ name })), patch: [], drop: [] } };
  replica.apply(tables);
  const most: number[] = [];
  const keep = (delta: ReturnType<typeof findings.tick>): void => {
    most.push(checks);
    checks = 0;
    if (delta !== null) replica.apply({ findings: delta });
  };
  keep(findings.update(replica, NOW));
  for (let i = 0; findings.nextDueAt !== null && i < 100; i++) {
    expect(findings.nextDueAt).toBe(NOW);
    keep(findings.tick(replica, NOW));
  }
  expect(Math.max(...most)).toBeLessThanOrEqual(5_001);
  expect(most.reduce((a, b) => a + b)).toBeGreaterThanOrEqual(12_000);
  expect(replica.records.findings.size).toBe(12_000);
  // What holds in the first pass began at an unknown time.
  expect([...replica.records.findings.values()].every(({ since }) => since === null)).toBe(true);
});

it('measures the cost of a check by its reads, so that a few expensive checks take no longer than many cheap ones', () => {
  const names = Array.from({ length: 4_000 }, (_, index) => `n${index}`);
  const subnets = Array.from({ length: 30 }, (_, index) => subnet(`subnet-${index}`));
  let reads = 0;
  const findings = new Findings([
    {
      id: 'counts',
      severity: 'info',
      scope: 'subnets',
      needs: [],
      check({ id }, { read }) {
        for (const name of names) if (read.whole('nodes', `node:${name}`) !== null) reads++;
        return [{ subjects: [id], title: 'seen', detail: '', evidence: [], advice: '' }];
      },
    },
  ]);
  const replica = world([...names.map((name) => node({ name })), ...subnets]);
  const readEach: number[] = [];
  const keep = (delta: ReturnType<typeof findings.tick>): void => {
    readEach.push(reads);
    reads = 0;
    if (delta !== null) replica.apply({ findings: delta });
  };
  keep(findings.update(replica, NOW));
  for (let i = 0; findings.nextDueAt !== null && i < 100; i++) keep(findings.tick(replica, findings.nextDueAt));
  expect(Math.max(...readEach)).toBeLessThanOrEqual(11 * names.length);
  expect(replica.records.findings.size).toBe(subnets.length);
});
