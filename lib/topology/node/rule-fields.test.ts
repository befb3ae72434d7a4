/** Fields of records and signals that only rules read: policies of a pod's networks, Multus' creation time, aws-node's counters. */
import type { Observation } from '../../model/observation';
import { describe, expect, it } from 'vitest';
import type { PodFact, PolicyFact } from '../../model/facts';
import { signalId } from '../../model/ids';
import type { Engine } from '../engine';
import {
  AT,
  allLive,
  awsNode,
  batch,
  daemonSet,
  engineOf,
  get,
  iso,
  metrics,
  nad,
  node,
  pod,
  remove,
  selection,
  status,
  upsert,
} from '../../../e2e/testing/facts';

const policy = (name: string, more: Partial<PolicyFact> = {}): PolicyFact => ({
  namespace: 'default',
  name,
  uid: name,
  createdAt: null,
  deleting: false,
  podSelector: { matchLabels: { app: 'a' }, matchExpressions: [] },
  policyFor: null,
  ...more,
});

const wanting = (more: Partial<PodFact> = {}) =>
  pod('p1', { labels: { app: 'a' }, requested: [selection('x'), selection('y', { namespace: 'other' })], ...more });
const signalOf = (engine: Engine, kind: string) =>
  engine.replica.records.signals.get(signalId('pod:default/p1', kind))?.text ?? null;

describe('networks that MultiNetworkPolicies cover (multus §1.1, policy-for)', () => {
  const of = (...facts: readonly PolicyFact[]) => {
    const engine = engineOf([
      upsert('node', node('n1')),
      upsert('pod', wanting()),
      ...facts.map((one) =>
        one.policyFor === null ? upsert('networkPolicy', one) : upsert('multiNetworkPolicy', one),
      ),
    ]);
    return [get(engine, 'pods', 'pod:default/p1').policies, signalOf(engine, 'policy-for')];
  };

  it.each([
    ['none selects the pod', [], [[], null]],
    ['a NetworkPolicy covers eth0 only', [policy('a')], [['NetworkPolicy/a'], null]],
    [
      'two cover what both name, each once',
      [policy('a', { policyFor: ['other/y', 'default/x'] }), policy('b', { policyFor: ['other/y'] })],
      [['MultiNetworkPolicy/a', 'MultiNetworkPolicy/b'], 'default/x, other/y'],
    ],
    [
      'networks that the pod does not have are omitted',
      [policy('a', { policyFor: ['default/z', 'default/x'] })],
      [['MultiNetworkPolicy/a'], 'default/x'],
    ],
    ['an empty policy-for covers nothing', [policy('a', { policyFor: [] })], [['MultiNetworkPolicy/a'], null]],
    [
      'a policy that does not select the pod has no effect on it',
      [policy('a', { policyFor: ['default/x'], podSelector: { matchLabels: { app: 'b' }, matchExpressions: [] } })],
      [[], null],
    ],
    ['nor does a policy of another namespace', [policy('a', { namespace: 'n', policyFor: ['default/x'] })], [[], null]],
  ])('%s', (_what, facts, wanted) => expect(of(...facts)).toEqual(wanted));

  it.each([
    ['names no network', [policy('a', { policyFor: [] })], 'a names no network'],
    ['names a missing network', [policy('a', { policyFor: ['default/z'] })], 'a names default/z, which does not exist'],
    ['names an existing network and a missing one', [policy('a', { policyFor: ['default/z', 'default/x'] })], null],
    ['names an existing network of another pod', [policy('a', { policyFor: ['default/x'] })], null],
  ])('a policy that %s', (_what, facts, wanted) => {
    const engine = engineOf([
      upsert('node', node('n1')),
      upsert('pod', wanting()),
      upsert('nad', nad('x', { type: 'ipvlan' })),
      status('kubernetes/network-attachment-definitions'),
      ...facts.map((one) => upsert('multiNetworkPolicy', one)),
    ]);
    expect(signalOf(engine, 'policy-for-nothing')).toBe(wanted);
  });

  it('are updated with the policy, the labels and the networks of the pod', () => {
    const one = policy('a', { policyFor: ['default/x'] });
    const engine = engineOf([upsert('node', node('n1')), upsert('pod', wanting())]);
    const after = (...observations: Parameters<typeof batch>[0]) => {
      engine.apply(batch(observations));
      return signalOf(engine, 'policy-for');
    };
    expect(after(upsert('multiNetworkPolicy', one))).toBe('default/x');
    expect(after(upsert('pod', wanting({ labels: {} })))).toBeNull();
    expect(after(upsert('pod', wanting()))).toBe('default/x');
    expect(after(upsert('pod', wanting({ requested: [selection('y')] })))).toBeNull();
    expect(after(upsert('pod', wanting()))).toBe('default/x');
    expect(after(remove('multiNetworkPolicy', one))).toBeNull();
  });
});

describe('a pod that assigns its own addresses (multus §3.2)', () => {
  it('is reported while it exists', () => {
    const engine = engineOf([upsert('node', node('n1')), upsert('pod', wanting({ ipManager: true }))]);
    expect(signalOf(engine, 'ip-manager')).toMatch(/assigns its addresses/);
    engine.apply(batch([upsert('pod', wanting({ ipManager: true, phase: 'Succeeded' }))]));
    expect(signalOf(engine, 'ip-manager')).toBeNull();
    engine.apply(batch([upsert('pod', wanting())]));
    expect(signalOf(engine, 'ip-manager')).toBeNull();
  });
});

describe('pods that need the EKS Pod Identity Agent (vpc-cni §9)', () => {
  const agent = (more: Partial<PodFact> = {}) =>
    pod('agent-1', {
      namespace: 'kube-system',
      hostNetwork: true,
      labels: { 'app.kubernetes.io/name': 'eks-pod-identity-agent' },
      ...more,
    });
  const proxy = pod('kube-proxy-1', { namespace: 'kube-system', hostNetwork: true });
  const needing = wanting({ podIdentity: true });
  const lack = (...pods: readonly PodFact[]) =>
    engineOf([upsert('node', node('n1')), ...pods.map((one) => upsert('pod', one))]).replica.records.signals.get(
      signalId('node:n1', 'pod-identity'),
    )?.text ?? null;

  it.each<[string, readonly PodFact[], string | null]>([
    ['no agent runs on the node', [needing, proxy], 'none: default/p1'],
    ['the agent is not Ready', [needing, proxy, agent({ ready: false })], 'agent-1: default/p1'],
    ['the agent is Ready', [needing, proxy, agent({ ready: true })], null],
    [
      'the agent of hybrid nodes is Ready',
      [
        needing,
        agent({ ready: true, labels: {}, owner: { kind: 'DaemonSet', name: 'eks-pod-identity-agent-hybrid' } }),
      ],
      null,
    ],
    ['the agent runs on another node', [needing, proxy, agent({ ready: true, node: 'n2' })], 'none: default/p1'],
    ['the pods of kube-system are not among the answers', [needing], null],
    ['only a finished pod needs it', [{ ...needing, phase: 'Succeeded' }, proxy], null],
    ['no pod needs it', [wanting(), proxy], null],
  ])('%s', (_what, pods, wanted) => expect(lack(...pods)).toBe(wanted));
});

describe('when Multus was installed (multus §6, false-alarm traps)', () => {
  const multus = { version: 'v4.1.4' };
  const installedAt = (...sets: Parameters<typeof daemonSet>[1][]) =>
    get(
      engineOf([
        upsert('node', node('n1')),
        upsert('pod', pod('kube-multus-1', { hostNetwork: true, multus, startedAt: iso(AT - 1_000) })),
        ...sets.map((one, index) => upsert('daemonSet', daemonSet(`d${index}`, one))),
      ]),
      'nodes',
      'node:n1',
    ).multus?.installedAt;

  it.each([
    ['DaemonSets are not read', [], null],
    ['the creation of its DaemonSet', [{ multus, createdAt: iso(AT - 9_000) }], iso(AT - 9_000)],
    [
      'the older of two',
      [
        { multus, createdAt: iso(AT - 5_000) },
        { multus, createdAt: iso(AT - 9_000) },
      ],
      iso(AT - 9_000),
    ],
    ['not that of another DaemonSet', [{ createdAt: iso(AT - 9_000) }], null],
  ])('%s', (_what, sets, wanted) => expect(installedAt(...sets)).toBe(wanted));

  it('unknown on a node without Multus', () => {
    const engine = engineOf([
      upsert('node', node('n1')),
      upsert('daemonSet', daemonSet('d', { multus, createdAt: iso(AT) })),
    ]);
    expect(get(engine, 'nodes', 'node:n1').multus).toBeNull();
  });
});

describe('aws-node counters (vpc-cni §4.3)', () => {
  const counted = (more: Parameters<typeof metrics>[1]) => {
    const engine = engineOf([
      upsert('node', node('n1')),
      upsert('pod', awsNode()),
      upsert('awsNodeMetrics', metrics('n1', more)),
      ...allLive(),
    ]);
    const { metrics: read } = get(engine, 'nodes', 'node:n1');
    return [read?.forceRemovedAddresses, read?.refusedCalls];
  };

  it.each([
    ['missing series are not zero', {}, [null, null]],
    ['addresses dropped while pods had them', { values: { awscni_force_removed_ips: 4 } }, [4, null]],
    ['calls that failed for another reason', { apiErrors: { 'CreateNetworkInterface/Throttling': 3 } }, [null, 0]],
    [
      'calls refused for lack of permission, across all APIs',
      { apiErrors: { 'CreateNetworkInterface/UnauthorizedOperation': 3, 'CreateTags/AccessDenied': 2 } },
      [null, 5],
    ],
  ])('%s', (_what, more, wanted) => expect(counted(more)).toEqual(wanted));
});

describe('the source of a node’s ENIConfig name (vpc-cni §7)', () => {
  const KEY = 'k8s.amazonaws.com/eniConfig';
  const ZONE = 'topology.kubernetes.io/zone';
  const EXTERNAL = 'vpc.amazonaws.com/externalEniConfig';
  const custom = { AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true' };
  const byZone = { ...custom, ENI_CONFIG_LABEL_DEF: ZONE };
  const label = { [`label:${KEY}`]: 'a' };
  const annotation = { [`annotation:${KEY}`]: 'b' };

  it.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, string>>, string | null]>([
    ['nothing on the node', {}, custom, `no annotation ${KEY} and no label ${KEY}`],
    ['a label that aws-node does not read', label, byZone, `no annotation ${KEY} and no label ${ZONE}`],
    ['the label', { [`label:${ZONE}`]: 'z' }, byZone, `label ${ZONE}`],
    ['the annotation takes precedence over the label', { ...label, ...annotation }, custom, `annotation ${KEY}`],
    [
      'the external label takes precedence over both',
      { ...annotation, [`label:${EXTERNAL}`]: 'c' },
      custom,
      `label ${EXTERNAL}`,
    ],
    [
      'an annotation that ifscope does not keep',
      label,
      { ...custom, ENI_CONFIG_ANNOTATION_DEF: 'example.com/pods' },
      null,
    ],
    ['without custom networking', label, {}, null],
  ])('%s', (_what, eniConfigHints, env, source) => {
    const engine = engineOf([upsert('node', node('n1', { eniConfigHints })), upsert('pod', awsNode(env))]);
    expect(get(engine, 'nodes', 'node:n1').eniConfigSource).toBe(source);
  });
});

describe('the number of pods of a node', () => {
  const counted = (...more: readonly Observation[]) =>
    get(engineOf([upsert('node', node('n1')), ...more]), 'nodes', 'node:n1').podCount;

  it('is the number in the pod list', () => expect(counted(upsert('pod', awsNode()))).toBe(1));
  it('is 0 without listed pods on a node that is not Ready', () =>
    expect(counted(upsert('node', node('n1', { ready: false })))).toBe(0));
  it('is 0 without listed pods on a Windows node', () =>
    expect(counted(upsert('node', node('n1', { os: 'windows' })))).toBe(0));
  it('is unknown without listed pods on a Ready node, which always has some', () => expect(counted()).toBeNull());
  it('is unknown if pods are not read', () => expect(counted(status('kubernetes/pods', 'denied', null))).toBeNull());
});
