/**
 * Workloads that request a network while none of their pods runs, and the ranges of Services, from a real
 * kube-apiserver through ifscope's own HTTP interface.
 */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { follow, type Follower } from '../follower';
import { serve, type Served } from '../server';
import { ControlPlane } from './control-plane';
import { NAD, ROLLOUT, VIRTUAL_MACHINE } from './crds';
import { clusterRole, clusterRoleBinding } from './rights';

const plane = new ControlPlane();
let served: Served | undefined;
let follower: Follower;

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const ROLES = '/apis/rbac.authorization.k8s.io/v1/clusterroles';
const NADS = '/apis/k8s.cni.cncf.io/v1/namespaces/core/network-attachment-definitions';
const MACHINES = '/apis/kubevirt.io/v1/namespaces/core/virtualmachines';
const ROLLOUTS = '/apis/argoproj.io/v1alpha1/namespaces/core/rollouts';
const JOBS = '/apis/batch/v1/namespaces/core';

const template = {
  metadata: { annotations: { 'k8s.v1.cni.cncf.io/networks': 'lan' } },
  spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'example.com/app:1' }] },
};
const namedBy = (): readonly string[] => follower.replica.records.networks.get('net:core/lan')?.namedBy ?? [];
const state = (id: string): string | undefined => follower.replica.records.sources.get(id)?.state;

beforeAll(async () => {
  await plane.start();
  await plane.must('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'core' } });
  await plane.must('POST', ROLES, clusterRole());
  await plane.must('POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', clusterRoleBinding);
  for (const crd of [NAD, ROLLOUT, VIRTUAL_MACHINE]) await plane.must('POST', CRDS, crd);
  for (const path of [NADS, MACHINES, ROLLOUTS])
    await vi.waitUntil(async () => (await plane.call('GET', path)).status === 200, { timeout: 10_000 });
  await plane.must('POST', NADS, {
    apiVersion: 'k8s.cni.cncf.io/v1',
    kind: 'NetworkAttachmentDefinition',
    metadata: { name: 'lan', namespace: 'core' },
    spec: { config: JSON.stringify({ cniVersion: '0.3.1', type: 'ipvlan', master: 'ens6' }) },
  });
  await plane.must('POST', '/api/v1/nodes', {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'n1' },
    spec: { podCIDR: '10.244.1.0/24', podCIDRs: ['10.244.1.0/24'] },
  });
  await plane.must('POST', '/api/v1/namespaces/core/pods', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'core' },
    spec: { nodeName: 'n1', containers: template.spec.containers },
  });
  served = await serve(['--from', 'real'], { KUBECONFIG: plane.kubeconfig() });
  follower = await follow(served.url);
}, 240_000);

afterAll(async () => {
  if (served !== undefined) follower.stop();
  await served?.stop();
  await plane.dispose();
});

it('a CronJob, a suspended Job, a Rollout scaled to zero and a stopped VM name their network until deleted or finished', async () => {
  await follower.until('the network', ({ records }) => records.networks.has('net:core/lan'));
  await plane.must('POST', `${JOBS}/cronjobs`, {
    metadata: { name: 'nightly' },
    spec: { schedule: '0 3 * * *', suspend: true, jobTemplate: { spec: { template } } },
  });
  await plane.must('POST', `${JOBS}/jobs`, { metadata: { name: 'once' }, spec: { suspend: true, template } });
  await plane.must('POST', MACHINES, {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name: 'vm' },
    spec: {
      runStrategy: 'Halted',
      template: { spec: { networks: [{ name: 'a', multus: { networkName: 'lan' } }] } },
    },
  });
  await plane.must('POST', ROLLOUTS, {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { name: 'canary' },
    spec: { replicas: 0, selector: { matchLabels: { app: 'a' } }, strategy: { canary: {} }, template },
  });
  await follower.until('all four', () => namedBy().length === 4, 60);
  expect([...namedBy()].sort()).toEqual([
    'VirtualMachine core/vm',
    'the pod template of CronJob core/nightly',
    'the pod template of Job core/once',
    'the pod template of Rollout core/canary',
  ]);
  await plane.must('DELETE', `${ROLLOUTS}/canary`);
  await plane.must('DELETE', `${JOBS}/cronjobs/nightly`);
  await plane.must('DELETE', `${MACHINES}/vm`);
  await follower.until('the Job alone', () => namedBy().length === 1);
  await plane.must('PATCH', `${JOBS}/jobs/once/status`, {
    status: {
      conditions: [
        { type: 'FailureTarget', status: 'True' },
        { type: 'Failed', status: 'True' },
      ],
      startTime: '2026-09-01T12:00:00Z',
    },
  });
  await follower.until('nobody', () => namedBy().length === 0);
}, 120_000);

it('reads ServiceCIDRs and pod CIDRs from the server', async () => {
  const cluster = await follower.until('the range', ({ records }) => {
    const record = records.networks.get('cluster');
    return record?.serviceCidrs != null && record;
  });
  const { body } = await plane.call('GET', '/apis/networking.k8s.io/v1/servicecidrs');
  const items = (body as { readonly items: readonly { readonly spec: { readonly cidrs: readonly string[] } }[] }).items;
  expect(cluster.serviceCidrs).toEqual(items.flatMap(({ spec }) => spec.cidrs).sort());
  expect(cluster.serviceCidrs).not.toEqual([]);
  expect(follower.replica.records.nodes.get('node:n1')?.podCidrs).toEqual(['10.244.1.0/24']);
});

it('reports Jobs as denied if they may not be read', async () => {
  const role = clusterRole(['jobs']);
  await plane.must('PUT', `${ROLES}/ifscope`, role);
  await plane.stop();
  await plane.start();
  await follower.until('Jobs to be denied', () => state('kubernetes/jobs') === 'denied', 60);
  await follower.until('CronJobs to be live', () => state('kubernetes/cronjobs') === 'live', 60);
}, 150_000);
