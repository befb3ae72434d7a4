/**
 * Findings updated incrementally = findings from scratch, for every rule, over random changes of records. The reference
 * runs every rule over every record at every step, with the same history of conditions.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FindingRecord, RecordByTable, Table } from '../model/records';
import { diffTables } from '../records/diff';
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
  hostNic,
  ipPool,
  network,
  node,
  NOW,
  pod,
  pool,
  request,
  signal,
  subnet,
  waitingPod,
  world,
} from '../../e2e/testing/findings';

type AnyRecord = { [T in Table]: RecordByTable[T] }[Table];

/** Delayed checks are due by then. Milliseconds. */
const LATE = 6_000;
/** Longer than the minimum duration of any rule. Milliseconds. */
const LONG = 70 * 60_000;

const OTHER = 'node:n2';
const dry = {
  card: 0,
  low: true,
  available: 0,
  short: 5,
  next: { action: 'add-addresses' as const, count: 5, reason: 'low', blockedBy: null },
};
const requesting = { requested: [request()], networksAnnotation: { state: 'valid' as const, error: null } };
const status = { statusAnnotation: { state: 'valid' as const, error: null } };
const BRANCH = 'vpc.amazonaws.com/pod-eni';
const leaked = {
  node: null,
  instanceId: null,
  role: 'secondary' as const,
  creator: 'ipamd' as const,
  status: 'available',
  createdAt: ago(600),
  description: 'aws-K8S-i-0a0000000000000a1',
  tags: { 'node.k8s.amazonaws.com/instance_id': 'i-0a0000000000000a1', 'cluster.k8s.amazonaws.com/name': 'here' },
};
const refused = (name: string, text: string) =>
  signal(waitingPod(name).id, 'FailedCreatePodSandBox', `Failed to create pod sandbox: ${text}`);
const NO_ADDRESS =
  'plugin type="aws-cni" name="aws-cni" failed (add): add cmd: failed to assign an IP address to container';

/** Each place holds one of these records, or none. */
const PLACES: readonly (readonly AnyRecord[])[] = [
  [
    node(),
    node({ ready: false }),
    node({ pools: [pool(dry)], allocatable: { [BRANCH]: 9 } }),
    node({ pools: [pool({ available: 30, target: 2 })] }),
    node({
      cni: cni({ customNetworking: true }),
      eniConfig: { name: 'a', found: true, subnet: 'subnet-b', securityGroups: [] },
    }),
    node({
      cni: cni({ customNetworking: true }),
      eniConfig: { name: 'a', found: false, subnet: null, securityGroups: [] },
    }),
    node({
      cni: cni({ podEni: true }),
      ipamd: { ready: true, version: 'v1.20.0' },
      metrics: {
        asOf: ago(0),
        eniMax: 1,
        eniAllocated: 1,
        ipMax: 9,
        totalAddresses: 5,
        assignedAddresses: 6,
        totalPrefixes: 0,
        forceRemovedAddresses: 2,
        refusedCalls: 3,
        apiErrors: {},
      },
    }),
    node({ multus: { ready: false, version: 'v4.1.4', startedAt: null, installedAt: null } }),
    node({ unschedulable: true, pools: [pool(dry)] }),
  ],
  [
    node({ name: 'n2', instanceId: 'i-2' }),
    node({ name: 'n2', instanceId: 'i-2', cni: cni({ mode: 'prefix' }), pools: [pool(dry)] }),
    node({ name: 'n2', instanceId: 'i-2', deleting: true }),
  ],
  [card(), card(0, { eniSlots: { limit: 3, used: 3, unmanaged: 1, reserved: 0, free: 0 } })],
  [card(1)],
  [
    eni(),
    eni(undefined, { subnet: 'subnet-b' }),
    eni(undefined, {
      deleteOnTermination: false,
      tags: { 'cluster.k8s.amazonaws.com/name': 'here', 'node.k8s.amazonaws.com/no_manage': 'true' },
    }),
  ],
  [
    foreignEni(),
    foreignEni({
      tags: { 'node.k8s.amazonaws.com/no_manage': 'True' },
      management: { state: 'managed', rule: 'no-manage-tag-false', certainty: 'observed', observed: true },
    }),
    foreignEni({ node: OTHER, instanceId: 'i-2' }),
    foreignEni({ subnet: 'subnet-b' }),
  ],
  [
    eni('eni-leaked', leaked),
    eni('eni-leaked', { ...leaked, tags: { ...leaked.tags, 'cluster.k8s.amazonaws.com/name': 'elsewhere' } }),
  ],
  [
    eni('eni-branch', { role: 'branch', creator: 'vpc-resource-controller' }),
    eni('eni-branch', { role: 'branch', creator: 'vpc-resource-controller', branchPod: pod().id }),
  ],
  [
    subnet(),
    subnet('subnet-a', { availableAddresses: 2 }),
    subnet('subnet-a', { tags: { 'kubernetes.io/role/cni': '0' } }),
  ],
  [
    subnet('subnet-b', { availableAddresses: 1, zone: 'eu-west-1b' }),
    subnet('subnet-b', { availableAddresses: 90, freePrefixes: 0 }),
  ],
  [subnet('subnet-m', { cidr: '10.6.0.0/24' }), subnet('subnet-m', { cidr: '10.8.0.0/24' })],
  [
    network(),
    network('ipvlan-a', { missing: true }),
    network('ipvlan-a', { plugins: ['macvlan'] }),
    network('ipvlan-a', { podCount: 0 }),
    network('ipvlan-a', {
      ipam: {
        type: 'host-local',
        ranges: ['10.9.0.0/24'],
        used: 3,
        size: 254,
        gateways: [],
        routes: [{ dst: '0.0.0.0/0', gw: null }],
      },
    }),
    network('ipvlan-a', {
      plugins: ['host-device'],
      semantics: {
        leavesNodeOnEni: true,
        macPolicy: 'parent',
        onePodPerDevice: true,
        perNode: false,
        linkInContainer: false,
        kernelInterface: true,
      },
    }),
    network('ipvlan-a', {
      plugins: ['bridge'],
      semantics: {
        leavesNodeOnEni: false,
        macPolicy: 'own',
        onePodPerDevice: false,
        perNode: true,
        linkInContainer: false,
        kernelInterface: true,
      },
    }),
    network('ipvlan-a', { faults: [{ severity: 'error', text: 'no' }] }),
  ],
  [
    network('ipvlan-b', { plugins: ['macvlan'] }),
    network('ipvlan-b', { plugins: ['aws-cni'] }),
    network('ipvlan-b', { resourceName: 'intel.com/vf' }),
  ],
  [attachment(), attachment('ipvlan-a', { rule: 'subnet' })],
  [attachment('ipvlan-b')],
  [hostNic('ens6'), hostNic('ens7')],
  [ipPool(), ipPool({ used: 250 }), ipPool({ networks: [] }), ipPool({ orphanReservations: ['10.6.0.9'] })],
  [
    pod('p1', { ...requesting, ...status }),
    pod('p1', requesting),
    pod('p1', { ...requesting, ...status, node: OTHER }),
    pod('p1', { ...requesting, ...status, policies: ['NetworkPolicy/a'], nicConfig: 'multi-nic-attachment' }),
    pod('p1', { ...requesting, phase: 'Succeeded' }),
  ],
  [pod('p2', { ...requesting, ...status }), pod('p2', { ...requesting, deleting: true })],
  [
    waitingPod('w1', requesting),
    waitingPod('w1', { ...requesting, node: OTHER }),
    waitingPod('w1', { node: null, resources: { [BRANCH]: 1, 'intel.com/vf': 1 } }),
  ],
  [eth0(), eth0({ addresses: [{ ip: '10.0.0.21', family: 4, backed: 'none', eni: null }] })],
  [
    face(),
    face('net1', { node: OTHER }),
    face('net1', { addresses: [{ ip: '10.6.0.14', family: 4, backed: 'none', eni: null }] }),
    face('net1', { state: 'requested', ips: [] }),
    face('net1', { gateways: ['10.6.0.1'] }),
  ],
  [
    face('net1', { podName: 'p2' }),
    face('net1', { podName: 'p2', node: OTHER }),
    face('net1', { podName: 'p2', state: 'unrequested' }),
  ],
  [face('net2', { network: network('ipvlan-b').id })],
  [face('net1', { podName: 'w1', state: 'requested', ips: [] })],
  [
    refused('w1', NO_ADDRESS),
    refused(
      'w1',
      'plugin type="multus" failed (add): [core/w1:ipvlan-a]: error adding container to network "ipvlan-a": failed to lookup master "ens6": Link not found',
    ),
    signal(
      waitingPod('w1').id,
      'FailedCreatePodSandBox',
      'dial unix /run/multus/multus.sock: connect: connection refused',
    ),
  ],
  [
    signal(
      waitingPod('w1').id,
      'FailedScheduling',
      `0/2 nodes are available: 2 Insufficient ${BRANCH}, 2 Insufficient intel.com/vf.`,
    ),
  ],
  [signal(pod().id, 'MissingIAMPermissions', 'Unauthorized operation')],
  [
    signal('node:n1', 'metric:awscni_no_available_ip_addresses', 'rose by 2'),
    signal('node:n1', 'metric:awscni_aws_api_error_count/CreateNetworkInterface/RequestLimitExceeded', 'rose by 3'),
  ],
  [signal(OTHER, 'metric:awscni_aws_api_error_count/AssignPrivateIpAddresses/InsufficientCidrBlocks', 'rose by 3')],
];

/** Some places get another record, or none; sources may change their state. */
const step = fc.record({
  places: fc.array(fc.tuple(fc.nat(PLACES.length - 1), fc.nat(9)), { minLength: 1, maxLength: 5 }),
  source: fc.constantFrom(
    null,
    null,
    null,
    'ec2/network-interfaces',
    'kubernetes/nodes',
    'kubernetes/events',
    'aws-node/metrics',
    'kubernetes/ippools',
  ),
  state: fc.constantFrom('live' as const, 'live' as const, 'behind' as const, 'stale' as const, 'denied' as const),
  long: fc.boolean(),
});

const listed = (findings: Iterable<FindingRecord>): readonly FindingRecord[] =>
  [...findings].map((finding) => ({ ...finding, since: null })).sort((a, b) => (a.id < b.id ? -1 : 1));

it('every rule finds the same incrementally as from scratch, after any series of changes', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.array(step, { minLength: 3, maxLength: 14 }), (steps) => {
      const standing = PLACES.map(([first]) => first);
      const states: Record<string, 'live' | 'behind' | 'stale' | 'denied'> = {};
      const target = () =>
        world(
          standing.flatMap((record) => record ?? []),
          states,
        ).records;
      const kept = world(standing.flatMap((record) => record ?? []));
      const reference = world(standing.flatMap((record) => record ?? []));
      const [findings, fresh] = [new Findings(RULES), new Findings(RULES)];
      let now = NOW;
      const compare = (delta: ReturnType<typeof findings.all>): void => {
        if (delta !== null) kept.apply({ findings: delta });
        const scratch = fresh.all(reference, now);
        if (scratch !== null) reference.apply({ findings: scratch });
        for (const { rule } of reference.records.findings.values()) seen.add(rule);
      };
      compare(findings.all(kept, now));
      for (const { places, source, state, long } of steps) {
        now += 1_000;
        for (const [place, choice] of places) standing[place] = PLACES[place]?.[choice];
        if (source !== null) states[source] = state;
        const tables = { ...diffTables(kept.records, target()) };
        delete tables.findings;
        kept.apply(tables);
        reference.apply(tables);
        compare(findings.update(kept, now));
        for (const span of long ? [LATE, LONG] : [LATE]) {
          now += span;
          compare(findings.tick(kept, now));
          expect(listed(kept.records.findings.values())).toEqual(listed(reference.records.findings.values()));
        }
      }
    }),
    { seed: 12, numRuns: 150 },
  );
  // The cases of each rule are also applied record by record (`e2e/testing/finding-cases`), so that every rule fires.
  expect(seen.size).toBeGreaterThanOrEqual(40);
}, 60_000);
