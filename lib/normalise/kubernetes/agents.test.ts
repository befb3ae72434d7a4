import { describe, expect, it } from 'vitest';
import { podObject } from '../../../e2e/testing/objects';
import { normaliseDaemonSet } from './daemon-set';
import { imageName, imageTag } from './image';
import { normalisePod } from './pod';

describe('images', () => {
  it.each([
    [
      '602401143452.dkr.ecr.us-west-2.amazonaws.com/eks/multus-cni:v4.0.2-eksbuild.1',
      'multus-cni',
      'v4.0.2-eksbuild.1',
    ],
    ['localhost:5000/multus-cni', 'multus-cni', null],
    ['localhost:5000/multus-cni:snapshot-thick', 'multus-cni', 'snapshot-thick'],
    ['quay.io/x/multus-cni@sha256:abc', 'multus-cni', null],
    ['quay.io/x/multus-cni:v4.1.4@sha256:abc', 'multus-cni', 'v4.1.4'],
    ['aws-node', 'aws-node', null],
    ['x:', 'x', null],
  ])('%s', (image, name, tag) => {
    expect([imageName(image), imageTag(image)]).toEqual([name, tag]);
  });
});

const awsNode = (env: readonly unknown[], metadata: Readonly<Record<string, unknown>> = {}): unknown =>
  podObject({
    metadata: { name: 'aws-node-x', namespace: 'kube-system', labels: { 'k8s-app': 'aws-node' }, ...metadata },
    spec: {
      hostNetwork: true,
      containers: [
        { name: 'aws-eks-nodeagent', image: 'x/agent:v1.4.1', env: [{ name: 'MAX_ENI', value: '99' }] },
        { name: 'aws-node', image: 'x/amazon-k8s-cni:v1.23.1-eksbuild.1', env },
      ],
    },
  });

// vpc-cni §9
describe('aws-node', () => {
  it('keeps the version and the allow-listed variables, nothing else', () => {
    const keyed = normalisePod(
      awsNode([
        { name: 'WARM_IP_TARGET', value: '5' },
        { name: 'AWS_SECRET_ACCESS_KEY', value: 'hidden' },
        { name: 'MY_NODE_NAME', valueFrom: { fieldRef: {} } },
        { name: 'MAX_ENI' },
        { name: 'CLUSTER_NAME', value: 'a' },
        { name: 'CLUSTER_NAME', value: 'b' },
        { name: 'VPC_ID', value: 'vpc-1' },
        { name: 'VPC_ID', valueFrom: { configMapKeyRef: {} } },
      ]),
    );
    expect(keyed?.fact.awsNode).toEqual({
      version: 'v1.23.1-eksbuild.1',
      env: { WARM_IP_TARGET: '5', MAX_ENI: '', CLUSTER_NAME: 'b', VPC_ID: null },
    });
    expect(JSON.stringify(keyed)).not.toContain('hidden');
  });

  it.each([{ namespace: 'shop' }, { labels: { 'k8s-app': 'other' } }, { labels: { app: 'aws-node' } }])(
    'is not recognised in a lookalike: %j',
    (metadata) => {
      expect(normalisePod(awsNode([], metadata))?.fact.awsNode).toBeNull();
    },
  );
});

const daemonSet = (labels: unknown, containers: readonly unknown[], namespace = 'kube-system'): unknown => ({
  metadata: { name: 'ds', namespace },
  spec: { template: { metadata: { labels }, spec: { containers } } },
});

describe('a pod of aws-node that is not Ready', () => {
  const container = (name: string, state: object, more: object = {}) => ({
    name,
    ready: false,
    restartCount: 0,
    state,
    ...more,
  });
  const runs = { running: {} };
  const waits = (reason: string, message = '') => ({ waiting: { reason, message } });
  const killed = {
    lastState: { terminated: { exitCode: 137, reason: 'OOMKilled', message: 'secret' } },
    restartCount: 9,
  };
  const stateOf = (main: readonly object[], init: readonly object[] = [], ready = 'False') =>
    normalisePod({
      metadata: { name: 'aws-node-1', namespace: 'kube-system', labels: { 'k8s-app': 'aws-node' } },
      spec: { containers: [{ name: 'aws-node' }] },
      status: {
        conditions: [{ type: 'Ready', status: ready }],
        containerStatuses: main,
        initContainerStatuses: init,
      },
    })?.fact.agentState;

  it.each<[string, ReturnType<typeof stateOf>, boolean | null, string | null]>([
    ['starts', stateOf([container('aws-node', waits('PodInitializing'))]), false, null],
    [
      'is being killed',
      stateOf([container('aws-node', waits('CrashLoopBackOff', 'back-off'), killed)]),
      false,
      'container aws-node waits: CrashLoopBackOff, restarted 9 times, last ended: OOMKilled, exit code 137',
    ],
    [
      'has ended',
      stateOf([container('aws-node', { terminated: { exitCode: 0, reason: 'Completed' } })]),
      false,
      'container aws-node has ended: Completed, exit code 0',
    ],
    [
      'does not become ready',
      stateOf([container('aws-node', runs)]),
      false,
      'container aws-node runs and is not ready',
    ],
    [
      'has no image',
      stateOf([container('aws-node', waits('ErrImagePull', 'no such\nimage'))]),
      false,
      'container aws-node waits: ErrImagePull (no such image)',
    ],
    [
      'waits for its init container',
      stateOf(
        [container('aws-node', waits('PodInitializing'))],
        [container('first', waits('CrashLoopBackOff'), { restartCount: 1 })],
      ),
      false,
      'init container first waits: CrashLoopBackOff, restarted 1 time',
    ],
    [
      'has a sidecar that does not start',
      stateOf([
        container('aws-eks-nodeagent', waits('CrashLoopBackOff')),
        { ...container('aws-node', runs), ready: true },
      ]),
      true,
      'container aws-eks-nodeagent waits: CrashLoopBackOff',
    ],
  ])('%s', (_, state, ready, trouble) => {
    expect(state).toEqual({ ready, trouble });
  });

  it('is null if the pod is Ready, or if the status has no reason', () => {
    expect(stateOf([container('aws-node', runs)], [], 'True')).toBeNull();
    expect(stateOf([])).toBeNull();
  });
});

describe('Multus', () => {
  it.each([
    [
      { app: 'multus', name: 'multus' },
      { name: 'kube-multus', image: 'ghcr.io/k8snetworkplumbingwg/multus-cni:v4.2.1' },
      'v4.2.1',
    ],
    [
      { app: 'rke2-multus' },
      { name: 'kube-rke2-multus', image: 'rancher/hardened-multus-cni:v4.2.1-build1' },
      'v4.2.1-build1',
    ],
    [{ app: 'multus' }, { name: 'kube-multus', image: 'quay.io/ocp/ose-multus-cni-rhel9@sha256:00' }, null],
    [{ app: 'multus' }, { name: 'kube-multus', image: 'mirror.local/a1b2c3:7' }, '7'],
  ])('%j %j', (labels, container, version) => {
    expect(normaliseDaemonSet(daemonSet(labels, [container]))?.fact.multus).toEqual({ version });
  });

  it.each([
    [{ app: 'multus-additional-cni-plugins' }, { name: 'x', image: 'quay.io/ocp/multus-whereabouts-ipam-cni:v4' }],
    [{ app: 'multus-networkpolicy' }, { name: 'x', image: 'ghcr.io/x/multus-networkpolicy:v1' }],
    [{ app: 'multus' }, { name: 'sidecar', image: 'busybox:1' }],
  ])('is not %j', (labels, container) => {
    expect(normaliseDaemonSet(daemonSet(labels, [container]))?.fact.multus ?? null).toBeNull();
  });

  it.each<[string, readonly string[], readonly string[] | null]>([
    ['quay.io/k8s/multi-networkpolicy-iptables:snapshot', ['--network-plugins=macvlan,sriov'], ['macvlan', 'sriov']],
    ['quay.io/k8s/multi-networkpolicy-iptables:snapshot', ['--network-plugins', 'bond', '--v=2'], ['bond']],
    ['quay.io/ocp/ose-multus-networkpolicy-rhel9@sha256:00', [], ['macvlan']],
    ['quay.io/k8s/multi-networkpolicy-tc:snapshot', ['--network-plugins=macvlan'], null],
  ])('recognises that %s %j enforces the policies of these plugins', (image, args, plugins) => {
    const found = normaliseDaemonSet(daemonSet({}, [{ name: 'x', image, args }]))?.fact.policyPlugins ?? null;
    expect(found).toEqual(plugins);
  });

  it('reports whether every pod gets additional networks', () => {
    const container = { name: 'kube-multus', image: 'x/multus-cni:v4', args: ['--x', '{"defaultNetworks":["a"]}'] };
    expect(normaliseDaemonSet(daemonSet({}, [container]))?.fact.multusDefaultNetworks).toBe(true);
    expect(normaliseDaemonSet(daemonSet({}, [{ ...container, args: [] }]))?.fact.multusDefaultNetworks).toBe(false);
  });

  it('is recognised only in a pod on the host network', () => {
    const containers = [{ name: 'kube-multus', image: 'x/multus-cni:v4.1.4' }];
    const multus = (hostNetwork: boolean): unknown =>
      normalisePod(podObject({ spec: { containers, hostNetwork } }))?.fact.multus;
    expect([multus(true), multus(false)]).toEqual([{ version: 'v4.1.4' }, null]);
  });
});

it('drops every other DaemonSet', () => {
  expect(
    normaliseDaemonSet(daemonSet({ app: 'kube-proxy' }, [{ name: 'kube-proxy', image: 'kube-proxy:1' }])),
  ).toBeNull();
});
