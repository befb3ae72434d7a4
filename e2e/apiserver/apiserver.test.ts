/**
 * ifscope against a real kube-apiserver: objects go in through the API, the topology comes out of ifscope's own HTTP interface.
 * All tests share one cluster and build on each other.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { follow, type Follower } from '../follower';
import { serve, type Served } from '../server';
import { ControlPlane } from './control-plane';
import {
  CNI_NODE,
  MULTI_NETWORK_POLICY,
  NAD,
  SECURITY_GROUP_POLICY,
  WHEREABOUTS_POOL,
  WHEREABOUTS_RESERVATION,
} from './crds';
import { clusterRole, clusterRoleBinding } from './rights';

const plane = new ControlPlane();
let served: Served | undefined;
let follower: Follower;
let url = '';

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const ROLES = '/apis/rbac.authorization.k8s.io/v1/clusterroles';
const NADS = '/apis/k8s.cni.cncf.io/v1/namespaces/core/network-attachment-definitions';
const PODS = '/api/v1/namespaces/core/pods';

const nodeObject = (name: string, zone: string) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { 'topology.kubernetes.io/zone': zone, 'node.kubernetes.io/instance-type': 'm5.large' } },
  spec: { providerID: `aws:///${zone}/i-0123456789abcdef0` },
});

const podObject = (name: string, annotations: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'core', annotations, labels: { app: name } },
  spec: {
    nodeName: 'ip-10-0-1-9',
    containers: [{ name: 'main', image: 'example.com/app:1', env: [{ name: 'PASSWORD', value: 'never-to-be-kept' }] }],
  },
});

const awsNode = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'aws-node', namespace: 'kube-system', labels: { 'k8s-app': 'aws-node' } },
  spec: {
    selector: { matchLabels: { 'k8s-app': 'aws-node' } },
    template: {
      metadata: { labels: { 'k8s-app': 'aws-node' } },
      spec: {
        containers: [
          {
            name: 'aws-node',
            image: 'amazon-k8s-cni:v1.23.1',
            env: [
              { name: 'ENABLE_IPv4', value: 'true' },
              { name: 'WARM_ENI_TARGET', value: '1' },
            ],
          },
        ],
      },
    },
  },
};

const statusText = (entries: readonly object[]) => JSON.stringify(entries, null, 4);
const source = (id: string) => follower.replica.records.sources.get(id);

async function createPod(name: string, annotations: Record<string, string>, ip: string): Promise<void> {
  await plane.must('POST', PODS, podObject(name, annotations));
  await plane.must('PATCH', `${PODS}/${name}/status`, {
    status: { phase: 'Running', podIP: ip, podIPs: [{ ip }], startTime: '2026-09-01T12:00:00Z' },
  });
}

/** A CRD is served shortly after its creation: waits for the first response other than 404. */
async function untilServed(url: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if ((await plane.call('GET', url)).status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${url} is not served`);
}

beforeAll(async () => {
  await plane.start();
  await plane.must('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'core' } });
  await plane.must('POST', ROLES, clusterRole());
  await plane.must('POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', clusterRoleBinding);
  await plane.must('POST', '/api/v1/nodes', nodeObject('ip-10-0-1-9', 'eu-west-1a'));
  await plane.must('POST', '/apis/apps/v1/namespaces/kube-system/daemonsets', awsNode);
  served = await serve(['--from', 'real'], { KUBECONFIG: plane.kubeconfig() });
  url = served.url;
  follower = await follow(url);
}, 240_000);

afterAll(async () => {
  if (served !== undefined) follower.stop();
  await served?.stop();
  await plane.dispose();
});

describe('a real API server', () => {
  it('shows the nodes, and reports which kinds the cluster lacks', async () => {
    const node = await follower.until('the node', ({ records }) => records.nodes.get('node:ip-10-0-1-9'));
    expect(node).toMatchObject({ zone: 'eu-west-1a', instanceType: 'm5.large', instanceId: 'i-0123456789abcdef0' });
    await follower.until(
      'NADs to be absent',
      () => source('kubernetes/network-attachment-definitions')?.state === 'absent',
    );
    await follower.until('pods to be live', () => source('kubernetes/pods')?.state === 'live');
    await follower.until('the version', ({ cluster }) => cluster.kubernetesVersion?.includes('1.'));
    expect(follower.replica.cluster.demo).toBe(false);
    // EC2 is not configured here: its source says so, and its fields are null rather than zero.
    await follower.until('EC2 to say why not', () =>
      ['failing', 'denied'].includes(source('ec2/network-interfaces')?.state ?? ''),
    );
    expect(follower.replica.records.nodes.get('node:ip-10-0-1-9')?.eniSlots.used).toBeNull();
  });

  it('picks up the NAD kind when it appears, and a pod with its interfaces', async () => {
    await plane.must('POST', CRDS, NAD);
    await untilServed(NADS);
    await plane.must('POST', NADS, {
      apiVersion: 'k8s.cni.cncf.io/v1',
      kind: 'NetworkAttachmentDefinition',
      metadata: { name: 'ipvlan-n6', namespace: 'core' },
      spec: {
        config: JSON.stringify({
          cniVersion: '0.3.1',
          type: 'ipvlan',
          master: 'ens6',
          mode: 'l2',
          ipam: { type: 'whereabouts', range: '10.6.0.0/24' },
        }),
      },
    });
    const network = await follower.until(
      'the network',
      ({ records }) => records.networks.get('net:core/ipvlan-n6'),
      60,
    );
    expect(network).toMatchObject({
      plugins: ['ipvlan'],
      parent: { kind: 'host-device', value: 'ens6' },
      missing: false,
    });

    await createPod(
      'upf-0',
      {
        'k8s.v1.cni.cncf.io/networks': 'ipvlan-n6',
        'k8s.v1.cni.cncf.io/network-status': statusText([
          { name: 'aws-cni', interface: 'dummy0123456789a', ips: ['10.0.1.21'], mac: '0', default: true, dns: {} },
          { name: 'core/ipvlan-n6', interface: 'net1', ips: ['10.6.0.14'], mac: '02:5E:18:A2:0C:44', dns: {} },
        ]),
      },
      '10.0.1.21',
    );
    const net1 = await follower.until('net1', ({ records }) => records.interfaces.get('if:core/upf-0/net1'));
    expect(net1).toMatchObject({
      network: 'net:core/ipvlan-n6',
      ips: ['10.6.0.14'],
      mac: '02:5e:18:a2:0c:44',
      state: 'reported',
    });
    const eth0 = await follower.until('eth0 with its address', ({ records }) => {
      const record = records.interfaces.get('if:core/upf-0/eth0');
      return record?.ips.length === 1 && record;
    });
    expect(eth0).toMatchObject({ network: 'cluster', ips: ['10.0.1.21'], mac: null });
    // Without EC2 it is unknown what backs the address, and no finding may rely on it.
    expect(eth0.addresses[0]?.backed).toBe('unknown');
    expect([...follower.replica.records.findings.values()].map(({ rule }) => rule)).not.toContain(
      'pod-address-not-on-node',
    );
  });

  it('keeps nothing of a pod’s environment', async () => {
    const text = await (await fetch(`${url}/api/topology`)).text();
    expect(text).toContain('upf-0');
    expect(text).not.toContain('never-to-be-kept');
  });
});

describe('changes at a real API server', () => {
  it('follows a changed annotation and a deleted pod', async () => {
    await plane.must('PATCH', `${PODS}/upf-0`, {
      metadata: { annotations: { 'k8s.v1.cni.cncf.io/networks': 'ipvlan-n6,ipvlan-n4' } },
    });
    await follower.until(
      'the network that does not exist',
      ({ records }) => records.networks.get('net:core/ipvlan-n4')?.missing === true,
    );
    await follower.until(
      'the interface asked for',
      ({ records }) => records.interfaces.get('if:core/upf-0/net2')?.state === 'requested',
    );
    await plane.must('DELETE', `${PODS}/upf-0?gracePeriodSeconds=0`);
    await follower.until('the pod to go', ({ records }) => !records.pods.has('pod:core/upf-0'));
    expect([...follower.replica.records.interfaces.keys()].filter((id) => id.includes('upf-0'))).toEqual([]);
    expect(follower.replica.records.networks.has('net:core/ipvlan-n4')).toBe(false);
  });
});

describe('a real API server', () => {
  it('reports a revoked permission, keeps the other data, and recovers when it is granted again', async () => {
    await createPod('keeper', {}, '10.0.1.30');
    await follower.until('the pod', ({ records }) => records.pods.get('pod:core/keeper'));
    await plane.must('PUT', `${ROLES}/ifscope`, clusterRole(['pods']));
    // An open watch survives the loss of its right; only the next request is refused.
    await plane.stop();
    await plane.start();
    await follower.until('pods to be denied', () => source('kubernetes/pods')?.state === 'denied', 60);
    expect(source('kubernetes/pods')?.reason).toMatch(/pods/);
    await follower.until('nodes to be live', () => source('kubernetes/nodes')?.state === 'live', 60);
    expect(follower.replica.records.nodes.has('node:ip-10-0-1-9')).toBe(true);
    await plane.must('PUT', `${ROLES}/ifscope`, clusterRole());
    await follower.until('pods to be live again', () => source('kubernetes/pods')?.state === 'live', 60);
    expect(follower.replica.records.pods.has('pod:core/keeper')).toBe(true);
  }, 150_000);

  it('reports that the server is unreachable, and catches up when it is back', async () => {
    await plane.stop();
    await follower.until(
      'pods to be stale',
      () => ['stale', 'failing'].includes(source('kubernetes/pods')?.state ?? ''),
      60,
    );
    expect(follower.replica.records.pods.has('pod:core/keeper')).toBe(true);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    await plane.start();
    await plane.must('DELETE', `${PODS}/keeper?gracePeriodSeconds=0`);
    await createPod('after', {}, '10.0.1.31');
    await follower.until('the new pod', ({ records }) => records.pods.get('pod:core/after'), 60);
    await follower.until('the old pod to go', ({ records }) => !records.pods.has('pod:core/keeper'), 60);
    await follower.until('pods to be live', () => source('kubernetes/pods')?.state === 'live', 60);
  }, 150_000);
});

describe('kinds installed later at a real API server', () => {
  it('are read once installed, and dropped once removed', async () => {
    const kinds = [WHEREABOUTS_POOL, WHEREABOUTS_RESERVATION, CNI_NODE, SECURITY_GROUP_POLICY, MULTI_NETWORK_POLICY];
    for (const crd of kinds) await plane.must('POST', CRDS, crd);
    const POOLS = '/apis/whereabouts.cni.cncf.io/v1alpha1/namespaces/kube-system/ippools';
    await untilServed(POOLS);
    await plane.must('POST', POOLS, {
      apiVersion: 'whereabouts.cni.cncf.io/v1alpha1',
      kind: 'IPPool',
      metadata: { name: '10.6.0.0-24', namespace: 'kube-system' },
      spec: { range: '10.6.0.0/24', allocations: { '14': { id: 'x', podref: 'core/upf-0', ifname: 'net1' } } },
    });
    const pool = await follower.until(
      'the pool',
      ({ records }) => records.ipPools.get('pool:kube-system/10.6.0.0-24'),
      60,
    );
    expect(pool).toMatchObject({ range: '10.6.0.0/24', used: 1 });
    expect(pool.allocations).toMatchObject([{ ip: '10.6.0.14', pod: 'pod:core/upf-0' }]);
    for (const id of ['cninodes', 'securitygrouppolicies', 'multi-networkpolicies', 'overlappingrangeipreservations']) {
      await follower.until(`${id} to be live`, () => source(`kubernetes/${id}`)?.state === 'live', 60);
    }
    for (const { metadata } of kinds) await plane.must('DELETE', `${CRDS}/${metadata.name}`);
    await follower.until('pools to be absent', () => source('kubernetes/ippools')?.state === 'absent', 90);
    await follower.until('the pool to go', ({ records }) => records.ipPools.size === 0, 60);
    await follower.until('CNINodes to be absent', () => source('kubernetes/cninodes')?.state === 'absent', 90);
  }, 240_000);

  it('do not delay the exit on SIGTERM while a viewer is connected', async () => {
    const started = performance.now();
    await served?.stop();
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
