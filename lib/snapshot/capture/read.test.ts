import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FactByKind, FactKind } from '../../model/facts';
import type { SourceStatus } from '../../model/observation';
import type { ClusterInfo } from '../../model/records';
import { UNKNOWN_TIME } from '../../model/unknown-time';
import { nodeObject, podObject } from '../../../e2e/testing/objects';
import { readCapture } from './read';
import type { Capture } from './read';

const list = (...items: readonly unknown[]): object => ({ apiVersion: 'v1', kind: 'List', items, metadata: {} });
const read = (files: Readonly<Record<string, unknown>>): Capture =>
  readCapture(
    Object.entries(files).map(([path, value]) => ({
      path,
      text: typeof value === 'string' ? value : JSON.stringify(value),
    })),
  );

const factsOf = <K extends FactKind>(capture: Capture, kind: K): readonly (readonly [string, FactByKind[K]])[] =>
  capture.batches.flatMap((batch) =>
    batch.observations.flatMap((one) =>
      one.op === 'replaceAll' && one.kind === kind ? (one.facts as readonly (readonly [string, FactByKind[K]])[]) : [],
    ),
  );
const keysOf = (capture: Capture, kind: FactKind): readonly string[] => factsOf(capture, kind).map(([key]) => key);
const sourcesOf = (capture: Capture): Readonly<Record<string, SourceStatus>> =>
  Object.fromEntries(
    capture.batches.flatMap((batch) =>
      batch.observations.flatMap((one) => (one.op === 'status' ? [[one.source.id, one.source] as const] : [])),
    ),
  );
const stateOf = (capture: Capture, id: string): string | undefined => sourcesOf(capture)[id]?.state;
const clusterOf = (capture: Capture): Partial<ClusterInfo> =>
  capture.batches[0]?.observations.find((one) => one.op === 'cluster')?.cluster ?? {};

const clock = { takenAt: '2026-09-01T12:00:00Z' };
// Of two namespaces: pods of one namespace would be a part of the answer.
const podList = {
  apiVersion: 'v1',
  kind: 'PodList',
  items: [podObject(), podObject({ metadata: { name: 'dns', namespace: 'kube-system', uid: 'dns' } })],
  metadata: { resourceVersion: '7' },
};
const awsNodeSet = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'aws-node', namespace: 'kube-system' },
  spec: {
    template: {
      metadata: { labels: { 'k8s-app': 'aws-node' } },
      spec: {
        containers: [{ name: 'aws-node', image: 'cni:v1.23.1', env: [{ name: 'CLUSTER_NAME', value: 'prod' }] }],
      },
    },
  },
};

describe('files are distinguished by their content', () => {
  it('keeps the younger of two pods that successively had the same name, whatever the order of the files', () => {
    const made = (uid: string, hour: string) =>
      podObject({ metadata: { name: 'db-0', namespace: 'shop', uid, creationTimestamp: `2026-09-01T${hour}:00:00Z` } });
    for (const [first, second] of [
      [made('old', '08'), made('new', '09')],
      [made('new', '09'), made('old', '08')],
    ]) {
      const capture = read({
        'capture.json': clock,
        'kubernetes/a.json': list(first),
        'kubernetes/b.json': list(second),
      });
      expect(factsOf(capture, 'pod').map(([, { uid }]) => uid)).toEqual(['new']);
    }
  });

  it('accepts any file names, mixed kinds, single objects and several files of a kind', () => {
    const second = podObject({ metadata: { name: 'web-2', namespace: 'shop' } });
    const capture = read({
      'capture.json': clock,
      'kubernetes/everything.json': list(nodeObject(), podObject(), awsNodeSet),
      'kubernetes/one.json': second,
      'ec2/a.json': { NetworkInterfaces: [{ NetworkInterfaceId: 'eni-1' }] },
      'ec2/b.json': { NetworkInterfaces: [{ NetworkInterfaceId: 'eni-2' }], Subnets: [{ SubnetId: 'subnet-1' }] },
    });
    expect(capture.problems).toEqual([]);
    expect(keysOf(capture, 'node')).toEqual(['node-a']);
    expect(keysOf(capture, 'pod')).toEqual(['shop/web-1', 'shop/web-2']);
    expect(keysOf(capture, 'daemonSet')).toEqual(['kube-system/aws-node']);
    expect(keysOf(capture, 'eni')).toEqual(['eni-1', 'eni-2']);
    expect(keysOf(capture, 'subnet')).toEqual(['subnet-1']);
  });

  it('reads a list directly from the API server, whose items have no kind, and with a byte order mark', () => {
    const bare = { ...podList, items: [{ metadata: { name: 'web-1', namespace: 'shop' }, spec: {}, status: {} }] };
    expect(keysOf(read({ 'x.json': `\ufeff${JSON.stringify(bare)}` }), 'pod')).toEqual(['shop/web-1']);
  });

  it('distinguishes kinds of the same name by their group', () => {
    const calico = { apiVersion: 'crd.projectcalico.org/v1', kind: 'IPPool', metadata: { name: 'a' } };
    const whereabouts = { apiVersion: 'whereabouts.cni.cncf.io/v1alpha1', kind: 'IPPool', metadata: { name: 'b' } };
    expect(keysOf(read({ 'x.json': list(calico, whereabouts) }), 'whereaboutsPool')).toEqual(['b']);
  });

  it('uses the later of two files about the same object', () => {
    const older = podObject({ status: { phase: 'Pending' } });
    const capture = read({ 'kubernetes/b.json': podObject(), 'kubernetes/a.json': older });
    expect(factsOf(capture, 'pod').map(([, pod]) => pod.phase)).toEqual(['Running']);
  });

  it('assigns an event once, to the watch of its reason', () => {
    const event = { apiVersion: 'v1', kind: 'Event', metadata: { name: 'e' }, reason: 'NoNetworkFound' };
    const capture = read({ 'events.json': list(event) });
    expect(keysOf(capture, 'event')).toEqual(['e']);
  });

  it('does not depend on the order of the files', () => {
    const files = [
      { path: 'kubernetes/a.json', text: JSON.stringify(list(nodeObject())) },
      { path: 'kubernetes/b.json', text: JSON.stringify(list(podObject())) },
      { path: 'capture.json', text: JSON.stringify(clock) },
    ];
    expect(readCapture(files.toReversed())).toEqual(readCapture(files));
  });
});

describe('sources', () => {
  it('are live as of the capture if there is an answer, otherwise absent', () => {
    const sources = sourcesOf(read({ 'capture.json': clock, 'x.json': podList }));
    expect(sources['kubernetes/pods']).toEqual({
      id: 'kubernetes/pods',
      state: 'live',
      asOf: '2026-09-01T12:00:00Z',
      reason: null,
    });
    expect(sources['kubernetes/nodes']).toMatchObject({ state: 'absent', asOf: null });
    expect(sources['ec2/network-interfaces']).toMatchObject({ state: 'absent' });
    expect(sources['aws-node/metrics']).toMatchObject({ state: 'absent' });
  });

  it.each([
    ['kubernetes/x.json', { ...podList, items: [] }, 'kubernetes/pods'],
    ['kubernetes/events.json', list(), 'kubernetes/events'],
    ['kubernetes/nads.json', list(), 'kubernetes/network-attachment-definitions'],
    ['kubernetes/net-attach-def.json', list(), 'kubernetes/network-attachment-definitions'],
    ['kubernetes/pods-a.json', list(), 'kubernetes/pods'],
    ['kubernetes/ippools.whereabouts.cni.cncf.io.json', list(), 'kubernetes/ippools'],
    ['ec2/x.json', { NetworkInterfaces: [] }, 'ec2/network-interfaces'],
  ])('an empty answer is an answer: %s', (path, value, source) => {
    const capture = read({ 'capture.json': clock, [path]: value });
    expect([stateOf(capture, source), capture.problems]).toEqual(['live', []]);
  });

  it('an empty List in a file without a known name proves nothing', () => {
    const capture = read({ 'capture.json': clock, 'kubernetes/x.json': list() });
    expect(capture.problems).toEqual([
      'kubernetes/x.json: an empty List, which does not show its kind; name the file after the kind, as pods.json',
    ]);
  });

  it('fail if a file cannot be read, while the rest is used', () => {
    const capture = read({ 'capture.json': clock, 'kubernetes/pods-b.json': '{', 'kubernetes/pods-a.json': podList });
    expect(keysOf(capture, 'pod')).toEqual(['shop/web-1', 'kube-system/dns']);
    expect(sourcesOf(capture)['kubernetes/pods']).toMatchObject({
      state: 'failing',
      asOf: '2026-09-01T12:00:00Z',
      reason: expect.stringContaining('kubernetes/pods-b.json:1 ends too early') as unknown,
    });
  });

  it.each([
    ['kubernetes/pods.json', { ...podList, metadata: { continue: 'abc' } }, 'kubernetes/pods'],
    [
      'ec2/x.json',
      { NetworkInterfaces: [{ NetworkInterfaceId: 'eni-1' }], NextToken: 'abc' },
      'ec2/network-interfaces',
    ],
  ])('are incomplete with one page of several: %s', (path, value, source) => {
    const capture = read({ 'capture.json': clock, [path]: value });
    expect(stateOf(capture, source)).toBe('failing');
    expect(capture.problems).toEqual([expect.stringContaining('one page of a longer answer')]);
  });

  it('keep the reason why they were empty when the capture was taken', () => {
    const capture = read({
      'capture.json': {
        ...clock,
        sources: {
          'ec2/subnets': { state: 'denied', reason: 'AccessDenied' },
          'kubernetes/pods': { state: 'stale', reason: 'reset' },
          'kubernetes/nodes': { state: 'nonsense' },
        },
      },
      'x.json': podList,
    });
    expect(sourcesOf(capture)['ec2/subnets']).toMatchObject({ state: 'denied', asOf: null, reason: 'AccessDenied' });
    expect(sourcesOf(capture)['kubernetes/pods']).toMatchObject({ state: 'stale', reason: 'reset' });
    expect(sourcesOf(capture)['kubernetes/nodes']).toMatchObject({ state: 'absent' });
  });
});

describe('problems name the file', () => {
  it.each([
    ['a.json', '[1', 'a.json:1: ends too early; take it again'],
    ['a.json', '7', 'a.json: holds neither an object nor a list of objects'],
    ['a.json', '{"Foo":[]}', 'a.json: holds no API answer that ifscope reads (top keys: Foo)'],
    ['a.json', '{}', 'a.json: is an empty object'],
    [
      'a.json',
      list({ kind: 'Secret', metadata: { name: 's' } }),
      'a.json: holds only Secret, which ifscope does not read',
    ],
    ['aws-node/n.prom', 'nothing', 'aws-node/n.prom: holds no awscni metrics'],
    ['aws-node/n.enis.json', '[]', "aws-node/n.enis.json: is not a JSON answer of ipamd's /v1/enis"],
    ['notes.txt', 'x', 'notes.txt: holds neither an object nor a list of objects'],
    ['capture.json', '{', 'capture.json is not valid JSON'],
    ['capture.json', '{"takenAt":"yesterday"}', 'takenAt in capture.json is not an RFC 3339 time'],
  ])('%s %j', (path, value, problem) => {
    const capture = read({ 'pods.json': podList, [path]: value });
    expect([...capture.problems, ...capture.others]).toEqual([expect.stringContaining(problem)]);
    expect(keysOf(capture, 'pod')).toEqual(['shop/web-1', 'kube-system/dns']);
  });
});

describe('the clock', () => {
  it('is the newest recorded time if capture.json has none', () => {
    const capture = read({
      'a.json': list(podObject({ metadata: { name: 'p', creationTimestamp: '2026-09-01T11:00:00Z' }, status: {} })),
      'ec2/b.json': {
        NetworkInterfaces: [{ NetworkInterfaceId: 'eni-1', Attachment: { AttachTime: '2026-09-01T13:30:00+00:00' } }],
      },
    });
    expect(capture.takenAt).toBe('2026-09-01T13:30:00Z');
    expect(capture.batches[0]?.at).toBe(Date.parse('2026-09-01T13:30:00Z'));
  });

  it('ignores times in the future', () => {
    const annotations = { 'example.com/certificate-ends': '2036-01-01T00:00:00Z' };
    const metadata = {
      name: 'p',
      creationTimestamp: '2026-09-01T11:00:00Z',
      deletionTimestamp: '2026-09-01T15:00:00Z',
      annotations,
    };
    expect(read({ 'a.json': podObject({ metadata, status: { startTime: '2026-09-01T11:00:01Z' } }) }).takenAt).toBe(
      '2026-09-01T11:00:01Z',
    );
  });

  it('reports that there is none', () => {
    const capture = read({ 'ec2/a.json': { Subnets: [] } });
    expect(capture.takenAt).toBe(UNKNOWN_TIME);
    expect(capture.doubts).toEqual(['no file tells when it was taken, so ages are not known']);
    expect(capture.problems).toEqual([]);
  });
});

/** As listed by DescribeVpcs; a block has a state if it is not "associated". */
const vpc = (VpcId: string, ...blocks: readonly string[]) => ({
  VpcId,
  CidrBlock: '10.0.0.0/16',
  CidrBlockAssociationSet: blocks.map((block) => {
    const [CidrBlock, State = 'associated'] = block.split(' ');
    return { CidrBlock, CidrBlockState: { State } };
  }),
});

describe('the cluster', () => {
  const instances = { Reservations: [{ Instances: [{ InstanceId: 'i-1', VpcId: 'vpc-1' }] }] };

  it('is identified by its agents, zones and instances', () => {
    const capture = read({
      'a.json': list(nodeObject(), awsNodeSet),
      'b.json': instances,
      'version.json': { clientVersion: { gitVersion: 'v9' }, serverVersion: { gitVersion: 'v1.34.2' } },
    });
    expect(clusterOf(capture)).toEqual({
      name: 'prod',
      region: 'eu-west-1',
      vpcId: 'vpc-1',
      kubernetesVersion: 'v1.34.2',
      demo: false,
    });
  });

  it('is taken from capture.json, including that it is a demo', () => {
    const capture = read({
      'capture.json': { ...clock, cluster: { name: 'shown', demo: true } },
      'a.json': list(awsNodeSet),
    });
    expect(clusterOf(capture)).toMatchObject({ name: 'shown', demo: true });
  });

  it.each([
    ['the blocks of its VPC', [vpc('vpc-1', '10.0.0.0/16', '100.64.0.0/16')], ['10.0.0.0/16', '100.64.0.0/16']],
    [
      'no block that is being disassociated',
      [vpc('vpc-1', '10.0.0.0/16', '100.64.0.0/16 disassociating')],
      ['10.0.0.0/16'],
    ],
    ['no block of another VPC', [vpc('vpc-2', '10.0.0.0/16')], undefined],
  ])('has %s', (_, Vpcs, vpcCidrs) => {
    const capture = read({ 'a.json': list(nodeObject()), 'b.json': instances, 'vpcs.json': { Vpcs } });
    expect([clusterOf(capture).vpcCidrs, capture.problems]).toEqual([vpcCidrs, []]);
    const again = read({ 'capture.json': { ...clock, cluster: clusterOf(capture) }, 'a.json': list(nodeObject()) });
    expect(clusterOf(again).vpcCidrs).toEqual(vpcCidrs);
  });

  it.each([
    ['one of the nodes among others', [{ InstanceId: 'i-0123456789abcdef0' }, { InstanceId: 'i-9' }], []],
    [
      'only other machines',
      [{ InstanceId: 'i-9', Placement: { AvailabilityZone: 'us-east-1b' } }],
      [
        'the answers of EC2 name 1 instance in us-east-1b, none of the nodes of this cluster (i-0123456789abcdef0) among them. Query EC2 again in the region and with the account of the nodes, without filters.',
      ],
    ],
    ['nothing', [], [expect.stringContaining('hold no instance and no attached ENI')]],
  ])('is in doubt if EC2 returns %s', (_, Instances, doubts) => {
    const own = Object.assign({}, nodeObject(), { spec: { providerID: 'aws:///eu-west-1a/i-0123456789abcdef0' } });
    const capture = read({ 'a.json': list(own), 'b.json': { Reservations: [{ Instances }] } });
    expect(capture.doubts).toEqual(doubts);
    expect(stateOf(capture, 'ec2/instances')).toBe(doubts.length === 0 ? 'live' : 'failing');
  });

  it("is not named after another cluster's ENI", () => {
    const named = (id: string, instance: string, name: string) => ({
      NetworkInterfaceId: id,
      Attachment: { InstanceId: instance },
      TagSet: [{ Key: 'cluster.k8s.amazonaws.com/name', Value: name }],
    });
    const providerID = 'aws:///eu-west-1a/i-0123456789abcdef0';
    const own = Object.assign({}, nodeObject(), { spec: { providerID } });
    const theirs = named('eni-1', 'i-0fedcba9876543210', 'theirs');
    const both = [theirs, named('eni-2', 'i-0123456789abcdef0', 'ours')];
    expect(clusterOf(read({ 'a.json': list(own), 'b.json': { NetworkInterfaces: [theirs] } })).name).toBeUndefined();
    expect(clusterOf(read({ 'a.json': list(own), 'b.json': { NetworkInterfaces: both } })).name).toBe('ours');
  });

  it('has no VPC if its instances disagree', () => {
    const two = {
      Reservations: [
        {
          Instances: [
            { InstanceId: 'i-1', VpcId: 'vpc-1' },
            { InstanceId: 'i-2', VpcId: 'vpc-2' },
          ],
        },
      ],
    };
    expect(clusterOf(read({ 'b.json': two }))).not.toHaveProperty('vpcId');
  });
});

describe('aws-node', () => {
  const metrics = 'awscni_eni_max 3\n';

  it.each([['node-a'], ['i-0123456789abcdef0']])('identifies the node by its name or its instance: %s', (name) => {
    const capture = read({
      'capture.json': clock,
      'kubernetes/nodes.json': list(nodeObject()),
      [`aws-node/${name}.prom`]: metrics,
      [`aws-node/${name}.enis.json`]: { 0: { ENIs: {} } },
    });
    expect(capture.problems).toEqual([]);
    expect(keysOf(capture, 'awsNodeMetrics')).toEqual(['node-a']);
    expect(factsOf(capture, 'ipamdEnis')).toEqual([
      ['node-a', { node: 'node-a', readAt: '2026-09-01T12:00:00Z', enis: [] }],
    ]);
    expect([stateOf(capture, 'aws-node/metrics'), stateOf(capture, 'aws-node/enis')]).toEqual(['live', 'live']);
  });

  it('reports a missing node', () => {
    const capture = read({ 'capture.json': clock, 'n.json': list(nodeObject()), 'aws-node/gone.prom': metrics });
    expect(capture.problems).toEqual(['aws-node/gone.prom: no node of the capture has this name or instance id']);
    expect(keysOf(capture, 'awsNodeMetrics')).toEqual(['gone']);
  });
});

it('never crashes, whatever the files contain', () => {
  const path = fc.constantFrom('a.json', 'capture.json', 'aws-node/n.prom', 'aws-node/n.enis.json', 'pods.json', 'x');
  const text = fc.oneof(
    fc.string(),
    fc.json(),
    fc.jsonValue().map((value) => JSON.stringify({ kind: 'List', items: [value, { kind: 'Pod', metadata: value }] })),
    fc
      .jsonValue()
      .map((value) => JSON.stringify({ Reservations: [value], Subnets: value, takenAt: value, sources: value })),
  );
  fc.assert(
    fc.property(fc.array(fc.record({ path, text }), { maxLength: 4 }), (files) => {
      expect(readCapture(files).batches).toHaveLength(1);
    }),
    { seed: 14, numRuns: 500 },
  );
});
