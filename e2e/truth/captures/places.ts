/** Nodes of every kind, and ENIs that are not this cluster's (vpc-cni §5.2–5.4). */
import { Cluster } from './kit/cluster';
import { oneOf, sameSet } from './kit/compare';
import { STATUS } from './kit/pod';
import { Subnet } from './kit/subnet';

const OUTSIDE = oneOf('outside', 'unmanaged', 'unknown');

function startCapture() {
  const c = new Cluster();
  c.undecided.push('pool-low', 'warm-pool-waste');
  const s = c.subnet('10.30.0.0/20');
  const fargateSubnet = c.subnet('10.31.0.0/20', 'eu-west-1b');
  // Another VPC may use the same addresses.
  const other = new Subnet('subnet-other', '10.30.0.0/20', 'eu-west-1a', 'vpc-0other', 3000, {}, null);
  const otherFargate = new Subnet('subnet-other-b', '10.31.0.0/20', 'eu-west-1b', 'vpc-0other', 3000, {}, null);
  const label = (type: string): { readonly 'eks.amazonaws.com/compute-type': string } => ({
    'eks.amazonaws.com/compute-type': type,
  });

  const plain = c.node('plain', s);
  plain.primary.free(8);
  const web = c.pod('shop/web', plain, plain.primary);
  c.expect('nodes', plain.id, {
    computeType: 'ec2',
    podCount: (actual) => (typeof actual === 'number' ? null : 'no number'),
  });
  return { c, s, fargateSubnet, other, otherFargate, label, plain, web };
}

type Capture = ReturnType<typeof startCapture>;

function fargate({ c, fargateSubnet, otherFargate, label }: Capture): void {
  const fargateEni = c.loose(
    {
      ip: '10.31.0.9',
      tagged: 'none',
      description: 'arn:aws:ecs:eu-west-1:111122223333:attachment/1',
      status: 'in-use',
    },
    fargateSubnet,
  );
  c.loose({ ip: '10.31.0.9', tagged: 'none', status: 'in-use' }, otherFargate, 'i-0e15e00000000001');
  const fargate = c.node('fargate-ip-10-31-0-9.eu-west-1.compute.internal', fargateSubnet, {
    type: null,
    instance: false,
    ipamd: false,
    maxPods: 1,
    labels: label('fargate'),
    providerId: 'aws:///eu-west-1b/8f9e7c2a10-d7ab0f/fargate-ip-10-31-0-9.eu-west-1.compute.internal',
  });
  c.write('batch/job', fargate, ['10.31.0.9'], { labels: { 'eks.amazonaws.com/fargate-profile': 'batch' } });
  c.interfaces['if:batch/job/eth0'] = {
    node: fargate.id,
    ips: ['10.31.0.9'],
    eni: fargateEni.id,
    network: 'cluster',
    link: { rule: 'vpc-ip', certainty: oneOf('observed', 'inferred') },
  };
  c.expect('nodes', fargate.id, { computeType: 'fargate', instanceId: null, pools: [] });
  c.expect('enis', fargateEni.id, { node: fargate.id, management: { state: OUTSIDE } });
}

/** Nodes of Auto Mode, hybrid nodes and nodes of another cloud. */
function offEc2({ c, s, label, web }: Capture): void {
  const auto = c.node('i-0a0t0m0d000000001', s, {
    type: 'm5.xlarge',
    ipamd: false,
    labels: label('auto'),
    maxPods: 58,
  });
  auto.primary.prefix();
  c.pod('shop/auto-1', auto, auto.primary, { via: 'prefix' });
  c.pod('shop/auto-2', auto, auto.eni({ dev: 1, tagged: 'none' }));
  c.expect('nodes', auto.id, { computeType: 'auto' });

  const hybrid = c.node('mi-0123456789abcdef0', s, {
    type: null,
    instance: false,
    ipamd: false,
    labels: label('hybrid'),
    providerId: 'eks-hybrid:///eu-west-1/prod/mi-0123456789abcdef0',
  });
  // An address that an ENI of the VPC has, too; here it is another's.
  c.write('edge/on-prem', hybrid, [web.ip]);
  const unbacked = { eni: null, card: null, link: { rule: 'none' }, network: 'cluster' };
  c.interfaces['if:edge/on-prem/eth0'] = {
    ...unbacked,
    node: hybrid.id,
    ips: [web.ip],
    addresses: [{ backed: 'not-applicable', eni: null }],
  };
  c.expect('nodes', hybrid.id, { computeType: 'hybrid', instanceId: null });
  c.undecided.push('duplicate-address');

  const gce = c.node('gke-pool-1', s, {
    type: 'e2-none',
    instance: false,
    ipamd: false,
    providerId: 'gce://project/europe-west1-b/gke-pool-1',
  });
  c.write('edge/gce', gce, ['10.200.0.4']);
  c.interfaces['if:edge/gce/eth0'] = {
    ...unbacked,
    node: gce.id,
    ips: ['10.200.0.4'],
    addresses: [{ backed: 'not-applicable', eni: null }],
  };
  c.expect('nodes', gce.id, { computeType: 'other', instanceId: null });
}

function podsWithoutInterface({ c, plain, web }: Capture): void {
  // Held by nobody any more, though the status says so; and a host-network pod has no interface whatever Multus wrote.
  const stale = JSON.stringify([
    { name: 'aws-cni', interface: 'eth0', ips: [web.ip], mac: '254', default: true, dns: {} },
    { name: 'shop/x', interface: 'net1', ips: ['10.30.9.9'], mac: plain.primary.mac, dns: {} },
  ]);
  c.write('shop/completed', plain, [web.ip], { phase: 'Succeeded', annotations: { [STATUS]: stale } });
  c.write('shop/failed', plain, [web.ip], { phase: 'Failed', annotations: { [STATUS]: stale } });
  c.write('shop/host', plain, [], { hostNetwork: true, annotations: { [STATUS]: stale } });
  // Its node is gone from the API.
  c.write('shop/orphan', null, ['10.30.7.7'], {});
  const lost = c.objects.at(-1) as { readonly spec: { nodeName?: string } };
  lost.spec.nodeName = 'vanished';
  c.interfaces['if:shop/orphan/eth0'] = { ips: ['10.30.7.7'], eni: null, node: 'node:vanished', network: 'cluster' };
  c.expect('nodes', 'node:vanished', { gone: true, instanceId: null });
}

/** ENIs that are not this cluster’s, or are not attached. */
function foreignEnis({ c, s, plain }: Capture): void {
  // Of other people: an instance of the same VPC keeps a record outside of every node; services have none.
  const bastion = c.loose({ tagged: 'none' }, s, 'i-0ba57100000000001');
  const elsewhere = c.loose(
    { by: 'ipamd', dev: 1, tags: { 'cluster.k8s.amazonaws.com/name': 'elsewhere' } },
    s,
    'i-0e15e00000000002',
  );
  elsewhere.free(3);
  for (const { id } of [bastion, elsewhere]) c.expect('enis', id, { node: null, management: { state: OUTSIDE } });
  for (const type of ['nat_gateway', 'network_load_balancer', 'vpc_endpoint', 'lambda', 'something_new']) {
    c.noSuchRecords.push(c.loose({ type, tagged: 'none', status: 'in-use', description: `${type} of somebody` }, s).id);
  }
  c.noSuchRecords.push(c.loose({ tagged: 'none', status: 'available', description: 'spare' }, s).id);

  // Available: one that ipamd left an hour ago and more, one young, one of the controller.
  const leaked = c.loose(
    {
      by: 'ipamd',
      tagged: 'i-0dead000000000001',
      status: 'available',
      tags: { 'node.k8s.amazonaws.com/createdAt': '2026-08-31T08:00:00Z' },
    },
    s,
  );
  const young = c.loose(
    {
      by: 'ipamd',
      tagged: plain.instance ?? '',
      status: 'available',
      tags: { 'node.k8s.amazonaws.com/createdAt': '2026-09-01T11:58:00Z' },
    },
    s,
  );
  for (const { id } of [leaked, young]) {
    c.expect('enis', id, {
      node: null,
      creator: 'ipamd',
      card: null,
      deviceIndex: null,
      attachmentStatus: null,
      management: { state: 'outside', rule: 'unattached' },
    });
  }
  c.finding('eni-leaked', leaked.id);
}

function moving({ c, s, other, plain, web }: Capture): void {
  // On its way in and out.
  const moving = c.node('moving', s);
  moving.primary.free(9);
  const leaving = moving.eni({ dev: 1, by: 'ipamd', attachment: 'detaching', status: 'detaching' });
  const coming = moving.eni({ dev: 2, by: 'ipamd', attachment: 'attaching', status: 'attaching' });
  c.expect('enis', leaving.id, { attachmentStatus: 'detaching', status: 'detaching' });
  c.expect('enis', coming.id, { attachmentStatus: 'attaching' });

  // The same private address in another VPC does not count; the pod's is on its node.
  c.loose({ ip: '10.30.15.1', tagged: 'none' }, other, 'i-0e15e00000000003').add(web.ip);
  c.undecided.push('eni-survives-node');
  c.expect('enis', plain.primary.id, { securityGroups: sameSet('sg-0node') });
}

export function places(): Cluster {
  const capture = startCapture();
  fargate(capture);
  offEc2(capture);
  podsWithoutInterface(capture);
  foreignEnis(capture);
  moving(capture);
  return capture.c;
}
