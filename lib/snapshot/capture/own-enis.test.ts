/** ENIs as DescribeInstances lists them, in captures without an answer of DescribeNetworkInterfaces (vpc-cni §5.1). */
import { describe, expect, it } from 'vitest';
import { nodeObject, podObject } from '../../../e2e/testing/objects';
import { Engine } from '../../topology/engine';
import { readCapture } from './read';

const INSTANCE = 'i-0123456789abcdef0';
const own = (id: string, device: number, ip: string, more: object = {}): object => ({
  NetworkInterfaceId: id,
  InterfaceType: 'interface',
  SubnetId: 'subnet-1',
  VpcId: 'vpc-1',
  MacAddress: '0A:00:00:00:00:01',
  Status: 'in-use',
  Description: 'aws-K8S-i-0123456789abcdef0',
  PrivateIpAddress: `10.0.${device}.4`,
  PrivateIpAddresses: [
    { Primary: true, PrivateIpAddress: `10.0.${device}.4` },
    { Primary: false, PrivateIpAddress: ip },
  ],
  Attachment: { AttachmentId: `a-${id}`, DeviceIndex: device, NetworkCardIndex: 0, Status: 'attached' },
  ...more,
});
const instances = (...enis: readonly object[]): object => ({
  Reservations: [
    {
      Instances: [
        {
          InstanceId: INSTANCE,
          InstanceType: 'm5.large',
          State: { Name: 'running' },
          Placement: { AvailabilityZone: 'eu-west-1a' },
          NetworkInterfaces: enis,
        },
      ],
    },
  ],
});
const podAt = (name: string, ip: string): unknown =>
  podObject({
    metadata: { name, namespace: 'shop', uid: name },
    spec: { nodeName: 'node-a', containers: [] },
    status: { phase: 'Running', podIPs: [{ ip }] },
  });
const AGENT = podObject({
  metadata: { name: 'aws-node-1', namespace: 'kube-system', uid: 'agent', labels: { 'k8s-app': 'aws-node' } },
  spec: {
    nodeName: 'node-a',
    hostNetwork: true,
    containers: [{ name: 'aws-node', image: 'cni:v1.23.1', env: [{ name: 'WARM_ENI_TARGET', value: '1' }] }],
  },
  status: { phase: 'Running' },
});
const CLUSTER = {
  apiVersion: 'v1',
  kind: 'List',
  items: [nodeObject(), podAt('web', '10.0.1.5'), podAt('lost', '10.0.9.9'), AGENT],
};

function read(files: Readonly<Record<string, object>>) {
  const capture = readCapture(Object.entries(files).map(([path, value]) => ({ path, text: JSON.stringify(value) })));
  const engine = new Engine();
  for (const batch of capture.batches) engine.apply(batch);
  return { records: engine.replica.records, problems: capture.problems, doubts: capture.doubts };
}

describe('without DescribeNetworkInterfaces, a capture', () => {
  const { records, problems, doubts } = read({
    'k.json': CLUSTER,
    'i.json': instances(own('eni-0', 0, '10.0.0.5'), own('eni-1', 1, '10.0.1.5')),
  });

  it('links pods by the addresses on their node', () => {
    expect(records.interfaces.get('if:shop/web/eth0')).toMatchObject({
      eni: 'eni-1',
      link: { rule: 'secondary-ip', certainty: 'observed' },
    });
  });

  it('reports the primary ENI as managed, and the management of the others as unknown', () => {
    expect(records.enis.get('eni-0')).toMatchObject({
      tagsUnknown: true,
      zone: 'eu-west-1a',
      management: { state: 'managed', rule: 'primary' },
    });
    expect(records.enis.get('eni-1')).toMatchObject({
      node: 'node:node-a',
      creator: 'ipamd',
      management: { state: 'unknown', rule: 'unknown', certainty: 'unknown' },
    });
  });

  it('has no pool size and no headroom', () => {
    const node = records.nodes.get('node:node-a');
    expect(node?.pools).toMatchObject([{ total: null, assigned: null, available: null, low: null }]);
    expect(node?.headroom).toEqual({ pods: null, limitedBy: 'unknown' });
  });

  it('reports what is missing, and concludes nothing from it', () => {
    expect(problems).toEqual([]);
    expect(doubts).toEqual([expect.stringMatching(/ENIs only as aws ec2 describe-instances lists them/)]);
    expect(records.sources.get('ec2/network-interfaces')?.state).toBe('failing');
    expect(records.interfaces.get('if:shop/lost/eth0')?.addresses).toMatchObject([{ backed: 'unknown' }]);
  });
});

it('an instance’s interfaces never override DescribeNetworkInterfaces, and complete a partial answer', () => {
  const listed = own('eni-0', 0, '10.0.0.6', {
    TagSet: [],
    Attachment: { InstanceId: INSTANCE, DeviceIndex: 0, NetworkCardIndex: 0, Status: 'attached' },
  });
  const { records, problems, doubts } = read({
    'a.json': instances(own('eni-0', 0, '10.0.0.5'), own('eni-1', 1, '10.0.1.5')),
    'e.json': { NetworkInterfaces: [listed] },
    'k.json': CLUSTER,
  });
  expect([...records.enis.keys()]).toEqual(['eni-0', 'eni-1']);
  expect(records.enis.get('eni-0')).toMatchObject({ tagsUnknown: false, addresses: [{}, { ip: '10.0.0.6' }] });
  expect(records.enis.get('eni-1')).toMatchObject({ tagsUnknown: true });
  expect(records.interfaces.get('if:shop/web/eth0')).toMatchObject({ eni: 'eni-1' });
  expect(problems).toEqual([]);
  expect(doubts).toEqual([expect.stringMatching(/lacks 1 of the 2 ENIs/)]);
  // Branch ENIs are in no answer about instances.
  expect(records.sources.get('ec2/network-interfaces')).toMatchObject({ state: 'live', partial: true });
});

it('does not expect the ENIs of instances that are not nodes', () => {
  const stranger = { ...instances(own('eni-9', 0, '10.9.0.5')) } as { Reservations: { Instances: object[] }[] };
  const others = stranger.Reservations.map(({ Instances }) => ({
    Instances: Instances.map((instance) => ({ ...instance, InstanceId: 'i-0999999999999999f' })),
  }));
  const listed = own('eni-0', 0, '10.0.0.5', {
    TagSet: [],
    Attachment: { InstanceId: INSTANCE, DeviceIndex: 0, NetworkCardIndex: 0, Status: 'attached' },
  });
  const { records, doubts } = read({
    'a.json': instances(own('eni-0', 0, '10.0.0.5')),
    'b.json': { Reservations: others },
    'e.json': { NetworkInterfaces: [listed] },
    'k.json': CLUSTER,
  });
  expect([...records.enis.keys()]).toEqual(['eni-0']);
  expect(doubts).toEqual([]);
});

it('does not treat an answer as partial because of a few ENIs that ipamd detached between the two calls', () => {
  const ids = Array.from({ length: 40 }, (_, index) => `eni-${index}`);
  const { records, doubts } = read({
    'a.json': instances(...ids.map((id, index) => own(id, index, `10.0.${index}.5`))),
    'e.json': {
      NetworkInterfaces: ids.slice(1).map((id, index) => ({
        ...own(id, index + 1, `10.0.${index + 1}.5`),
        TagSet: [],
        Attachment: { InstanceId: INSTANCE, DeviceIndex: index + 1, NetworkCardIndex: 0, Status: 'attached' },
      })),
    },
    'k.json': CLUSTER,
  });
  expect(records.enis.has('eni-0')).toBe(false);
  expect(doubts).toEqual([]);
});

it('an ENI has no type if an older client does not report it', () => {
  const { records } = read({
    'k.json': CLUSTER,
    'i.json': instances(own('eni-0', 0, '10.0.0.5', { InterfaceType: undefined })),
  });
  expect(records.enis.get('eni-0')?.interfaceType).toBe('unknown');
});
