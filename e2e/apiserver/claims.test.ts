/**
 * Claims at a real kube-apiserver: the scheduler's and a driver's writes go in through resource.k8s.io/v1, with its
 * validation, and the pod's interface comes out.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { follow, type Follower } from '../follower';
import { serve, type Served } from '../server';
import { ControlPlane } from './control-plane';
import { clusterRole, clusterRoleBinding } from './rights';

const plane = new ControlPlane();
let served: Served | undefined;
let follower: Follower;

const API = '/apis/resource.k8s.io/v1';
const CLAIMS = `${API}/namespaces/ml/resourceclaims`;
const PODS = '/api/v1/namespaces/ml/pods';
const NODE = 'ip-10-0-1-9';
const MAC = '06:00:00:00:00:0a';

const source = (id: string) => follower.replica.records.sources.get(id);
const claimOf = (pod: string) => follower.replica.records.pods.get(`pod:ml/${pod}`)?.claims[0];

/** DRANET's slice: a link without a pod, and an EFA function. `links`: those on the host. */
const sliceObject = (links: boolean) => ({
  apiVersion: 'resource.k8s.io/v1',
  kind: 'ResourceSlice',
  metadata: { name: `${NODE}-dra.net` },
  spec: {
    driver: 'dra.net',
    nodeName: NODE,
    pool: { name: NODE, generation: 1, resourceSliceCount: 1 },
    devices: [
      {
        name: 'pci-0000-21-00-0',
        attributes: {
          'dra.net/pciAddress': { string: '0000:21:00.0' },
          'resource.kubernetes.io/pcieRoot': { string: 'pci0000:20' },
          ...(links ? { 'dra.net/ifName': { string: 'ens6' }, 'dra.net/mac': { string: MAC } } : {}),
        },
      },
      {
        name: 'pci-0000-22-00-0',
        attributes: { 'dra.net/pciDevice': { string: 'Elastic Fabric Adapter (EFA)' } },
      },
    ],
  },
});

const podObject = (name: string, claim: object) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'ml' },
  spec: {
    nodeName: NODE,
    resourceClaims: [{ name: 'nic', ...claim }],
    containers: [{ name: 'main', image: 'example.com/app:1', resources: { claims: [{ name: 'nic' }] } }],
  },
});

const claimObject = (name: string, deviceClassName: string) => ({
  apiVersion: 'resource.k8s.io/v1',
  kind: 'ResourceClaim',
  metadata: { name, namespace: 'ml' },
  spec: { devices: { requests: [{ name: 'nic', exactly: { deviceClassName } }] } },
});

const uidOf = (object: unknown): string => (object as { metadata: { uid: string } }).metadata.uid;

/** What the scheduler writes: the allocated device, and the pods that it is reserved for. */
async function allocate(claim: string, device: string, pods: readonly { name: string; uid: string }[]): Promise<void> {
  const term = { matchFields: [{ key: 'metadata.name', operator: 'In', values: [NODE] }] };
  await plane.must('PATCH', `${CLAIMS}/${claim}`, {
    metadata: { finalizers: ['resource.kubernetes.io/delete-protection'] },
  });
  await plane.must('PATCH', `${CLAIMS}/${claim}/status`, {
    status: {
      allocation: {
        devices: { results: [{ request: 'nic', driver: 'dra.net', pool: NODE, device }] },
        nodeSelector: { nodeSelectorTerms: [term] },
      },
      reservedFor: pods.map((pod) => ({ resource: 'pods', ...pod })),
    },
  });
}

/** What DRANET writes. */
const report = (claim: string, device: string, more: object) =>
  plane.must('PATCH', `${CLAIMS}/${claim}/status`, {
    status: { devices: [{ driver: 'dra.net', pool: NODE, device, ...more }] },
  });

const condition = (type: string, reason: string, status = 'True') => ({
  type,
  reason,
  status,
  message: '',
  lastTransitionTime: '2026-09-01T12:00:00Z',
});

async function createPod(name: string, claim: object): Promise<{ name: string; uid: string }> {
  const uid = uidOf(await plane.must('POST', PODS, podObject(name, claim)));
  await plane.must('PATCH', `${PODS}/${name}/status`, {
    status: { phase: 'Running', startTime: '2026-09-01T12:00:00Z' },
  });
  return { name, uid };
}

beforeAll(async () => {
  await plane.start();
  await plane.must('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ml' } });
  await plane.must('POST', '/apis/rbac.authorization.k8s.io/v1/clusterroles', clusterRole());
  await plane.must('POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', clusterRoleBinding);
  await plane.must('POST', '/api/v1/nodes', {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: NODE, labels: { 'node.kubernetes.io/instance-type': 'p5.48xlarge' } },
    spec: { providerID: 'aws:///eu-west-1a/i-0123456789abcdef0' },
  });
  for (const name of ['nics', 'efa'])
    await plane.must('POST', `${API}/deviceclasses`, {
      apiVersion: 'resource.k8s.io/v1',
      kind: 'DeviceClass',
      metadata: { name },
      spec: { selectors: [{ cel: { expression: 'device.driver == "dra.net"' } }] },
    });
  await plane.must('POST', `${API}/resourceslices`, sliceObject(true));
  served = await serve(['--from', 'real'], { KUBECONFIG: plane.kubeconfig() });
  follower = await follow(served.url);
}, 240_000);

afterAll(async () => {
  if (served !== undefined) follower.stop();
  await served?.stop();
  await plane.dispose();
});

describe('resource claims at a real API server', () => {
  it('are read with the rights in deploy/rbac.json; slices provide the links of the host', async () => {
    for (const id of ['resourceclaims', 'resourceslices', 'deviceclasses'])
      await follower.until(`${id} to be live`, () => source(`kubernetes/${id}`)?.state === 'live', 60);
    const nic = await follower.until('ens6', ({ records }) => records.hostNics.get(`nic:${NODE}/ens6`));
    expect(nic).toMatchObject({ mac: MAC, certainty: 'observed', source: 'ResourceSlice' });
  });

  it('become an interface of the pod step by step', async () => {
    await plane.must('POST', CLAIMS, claimObject('train-nic', 'nics'));
    const pod = await createPod('train', { resourceClaimName: 'train-nic' });
    await follower.until('the claim to wait', () => claimOf('train')?.state === 'pending');
    await allocate('train-nic', 'pci-0000-21-00-0', [pod]);
    await follower.until('the claim to be allocated', () => claimOf('train')?.state === 'allocated');
    expect(claimOf('train')).toMatchObject({
      claim: 'train-nic',
      pods: 1,
      deviceClasses: ['nics'],
      devices: [{ device: 'pci-0000-21-00-0', ready: null, listed: true, pcieRoot: 'pci0000:20' }],
    });
    await plane.must('PATCH', `${API}/resourceslices/${NODE}-dra.net`, { spec: sliceObject(false).spec });
    await report('train-nic', 'pci-0000-21-00-0', {
      conditions: [condition('Ready', 'NetworkDeviceReady')],
      data: { never: 'to-be-kept' },
      networkData: { interfaceName: 'gpu0', ips: ['10.0.9.4/24', '2001:db8::4/64'], hardwareAddress: MAC },
    });
    const face = await follower.until('gpu0', ({ records }) => records.interfaces.get('if:ml/train/gpu0'));
    expect(face).toMatchObject({
      network: 'class:nics',
      ips: ['10.0.9.4', '2001:db8::4'],
      mac: MAC,
      state: 'reported',
      claim: { name: 'train-nic', whole: true, pods: 1 },
    });
    await follower.until('the link to leave the host', ({ records }) => !records.hostNics.has(`nic:${NODE}/ens6`));
  });

  it('may be shared, name a device without a link, or come from a template', async () => {
    await plane.must('POST', CLAIMS, claimObject('fabric', 'efa'));
    const first = await createPod('rank-0', { resourceClaimName: 'fabric' });
    const second = await createPod('rank-1', { resourceClaimTemplateName: 'fabric-of-ranks' });
    await plane.must('PATCH', `${PODS}/rank-1/status`, {
      status: { resourceClaimStatuses: [{ name: 'nic', resourceClaimName: 'fabric' }] },
    });
    await allocate('fabric', 'pci-0000-22-00-0', [first, second]);
    await report('fabric', 'pci-0000-22-00-0', { conditions: [condition('Ready', 'RDMAOnlyDeviceReady')] });
    for (const pod of ['rank-0', 'rank-1']) {
      const face = await follower.until(`the device of ${pod}`, ({ records }) =>
        [...records.interfaces.values()].find(
          (one) => one.pod === `pod:ml/${pod}` && one.claim?.pods === 2 && one.state === 'reported',
        ),
      );
      expect(face).toMatchObject({ name: null, ips: [], claim: { kind: 'rdma', device: 'pci-0000-22-00-0' } });
    }
    expect(claimOf('rank-1')).toMatchObject({ template: 'fabric-of-ranks', claim: 'fabric' });
  });

  it('that a driver cannot set up are reported as findings', async () => {
    await report('fabric', 'pci-0000-22-00-0', { conditions: [condition('Ready', 'Failed', 'False')] });
    const finding = await follower.until(
      'the finding',
      ({ records }) => [...records.findings.values()].find(({ rule }) => rule === 'claim-not-ready'),
      60,
    );
    expect(finding.severity).toBe('error');
  }, 90_000);

  it('disappear with their pod', async () => {
    await plane.must('DELETE', `${PODS}/train?gracePeriodSeconds=0`);
    await follower.until('gpu0 to go', ({ records }) => !records.interfaces.has('if:ml/train/gpu0'));
    const text = await (await fetch(`${served?.url ?? ''}/api/topology`)).text();
    expect(text).toContain('rank-0');
    expect(text).not.toContain('to-be-kept');
  });
});
