/**
 * One trouble per rule, as edits to the facts of a healthy cluster, with the finding that must follow. Nothing here uses the
 * rules' code.
 */
import type { EniFact, EventFact, NadFact, NodeFact, PodFact } from '../../lib/model/facts';
import { objectKey } from '../../lib/model/facts';
import type { Observation } from '../../lib/model/observation';
import type { KnownFacts } from './known-facts';

export interface Injected {
  readonly observations: readonly Observation[];
  /** The record that the finding must be about first. */
  readonly subject: string;
}

export interface Trouble {
  readonly rule: string;
  /** Findings that follow from it and are correct as well. */
  readonly also?: readonly string[];
  /** Null if this cluster has nothing that the trouble could affect. */
  readonly inject: (facts: KnownFacts, at: Ground) => Injected | null;
}

/** A healthy place in the cluster. */
export interface Ground {
  readonly node: NodeFact;
  readonly primary: EniFact;
  readonly agent: PodFact;
  /** Epoch milliseconds. */
  readonly now: number;
}

const NS = 'injected';
const iso = (at: number): string => new Date(at).toISOString();

const podOn = ({ node, agent, now }: Ground, name: string, more: Partial<PodFact> = {}): PodFact => ({
  ...agent,
  namespace: NS,
  name,
  uid: `uid-${name}`,
  node: node.name,
  phase: 'Pending',
  hostNetwork: false,
  createdAt: iso(now - 600_000),
  startedAt: iso(now - 600_000),
  owner: { kind: 'ReplicaSet', name: 'injected-5d9f' },
  ips: [],
  labels: {},
  ready: false,
  awsNode: null,
  multus: null,
  problems: [],
  ...more,
});

const event = ({ now }: Ground, about: PodFact | NodeFact, reason: string, message: string): EventFact => ({
  namespace: about.namespace === '' ? 'default' : about.namespace,
  name: `${about.name}.${reason}`,
  uid: `${about.uid}-${reason}`,
  createdAt: iso(now - 300_000),
  deleting: false,
  reason,
  involved: {
    kind: 'phase' in about ? 'Pod' : 'Node',
    namespace: about.namespace,
    name: about.name,
    uid: about.uid,
  },
  message,
  count: 7,
  firstAt: iso(now - 300_000),
  lastAt: iso(now - 5_000),
});

const podId = (pod: PodFact): string => `pod:${pod.namespace}/${pod.name}`;

/** A pod that waits with this message from the kubelet. */
function refused(facts: KnownFacts, at: Ground, message: string, more: Partial<PodFact> = {}): Injected {
  const pod = podOn(at, 'refused', more);
  const one = event(at, pod, 'FailedCreatePodSandBox', message);
  return {
    observations: [facts.put('pod', objectKey(pod), pod), facts.put('event', objectKey(one), one)],
    subject: podId(pod),
  };
}

const selection = (name: string): PodFact['requested'][number] => ({
  index: 0,
  namespace: NS,
  name,
  interface: null,
  ips: [],
  mac: null,
  defaultRoute: null,
  masters: [],
  deviceId: null,
});
const asksFor = (name: string): Partial<PodFact> => ({
  networksAnnotation: { state: 'valid', error: null },
  requested: [selection(name)],
});

const nad = (at: Ground, name: string, config: string, resourceName: string | null = null): NadFact => ({
  namespace: NS,
  name,
  uid: `nad-${name}`,
  createdAt: iso(at.now - 60_000),
  deleting: false,
  config,
  resourceName,
  writtenFrom: null,
  configAt: null,
  problems: [],
});

const TAG = 'node.k8s.amazonaws.com/';
/** Adds an ENI on card 0 that ipamd did not create. */
function another(facts: KnownFacts, { primary }: Ground, tags: EniFact['tags'], more: Partial<EniFact> = {}): Injected {
  const id = 'eni-0badc0ffee0000001';
  const eni: EniFact = {
    ...primary,
    id,
    deviceIndex: 13,
    networkCardIndex: 0,
    attachmentId: 'eni-attach-0bad',
    interfaceType: 'interface',
    mac: '0e:ba:dc:0f:fe:e1',
    description: 'made by hand',
    tags,
    primaryIp: '198.18.0.10',
    secondaryIps: [],
    ipv4Prefixes: [],
    ipv6Addresses: [],
    ipv6Prefixes: [],
    ...more,
  };
  return { observations: [facts.put('eni', id, eni)], subject: id };
}

/** Findings that one more ENI causes by the node's limits. */
const ONE_MORE = ['max-pods-too-high', 'node-addresses-full', 'trunk-missing'];
const instanceTag = ({ primary }: Ground): EniFact['tags'] => ({ [`${TAG}instance_id`]: primary.instanceId ?? '' });

export const TROUBLES: readonly Trouble[] = [
  {
    rule: 'pod-ip-failed',
    inject: (facts, at) => refused(facts, at, 'add cmd: failed to assign an IP address to container'),
  },
  {
    rule: 'multus-down',
    inject: (facts, at) => ({
      ...refused(facts, at, 'dial unix /run/multus/multus.sock: connect: connection refused'),
      subject: `node:${at.node.name}`,
    }),
  },
  {
    rule: 'plugin-binary-missing',
    inject: (facts, at) => ({
      ...refused(facts, at, 'failed to find plugin "exotic" in path [/opt/cni/bin]'),
      subject: `node:${at.node.name}`,
    }),
  },
  {
    rule: 'network-missing',
    inject: (facts, at) => {
      if (!facts.live.has('kubernetes/network-attachment-definitions')) return null;
      const pod = podOn(at, 'lost', asksFor('nowhere-at-all'));
      return { observations: [facts.put('pod', objectKey(pod), pod)], subject: podId(pod) };
    },
  },
  {
    rule: 'networks-annotation-invalid',
    inject: (facts, at) => {
      const pod = podOn(at, 'unreadable', { networksAnnotation: { state: 'invalid', error: 'not a list' } });
      return { observations: [facts.put('pod', objectKey(pod), pod)], subject: podId(pod) };
    },
  },
  {
    rule: 'parent-interface-missing',
    inject: (facts, at) => {
      if (!facts.live.has('kubernetes/network-attachment-definitions')) return null;
      const one = nad(
        at,
        'gone',
        '{"cniVersion":"0.3.1","type":"ipvlan","master":"ens98","mode":"l2","ipam":{"type":"static"}}',
      );
      const waits = refused(
        facts,
        at,
        'error adding container to network "gone": failed to lookup master "ens98": Link not found',
        asksFor('gone'),
      );
      return { ...waits, observations: [facts.put('nad', objectKey(one), one), ...waits.observations] };
    },
  },
  {
    rule: 'network-config-invalid',
    inject: (facts, at) => {
      if (!facts.live.has('kubernetes/network-attachment-definitions')) return null;
      const one = nad(at, 'broken', '{"cniVersion":"0.3.1","type":"ipvlan",}');
      return { observations: [facts.put('nad', objectKey(one), one)], subject: `net:${NS}/broken` };
    },
  },
  {
    rule: 'vpc-cni-as-secondary',
    inject: (facts, at) => {
      if (!facts.live.has('kubernetes/network-attachment-definitions')) return null;
      const one = nad(at, 'second', '{"cniVersion":"0.4.0","name":"second","type":"aws-cni"}');
      return { observations: [facts.put('nad', objectKey(one), one)], subject: `net:${NS}/second` };
    },
  },
  {
    rule: 'device-exhausted',
    inject: (facts, at) => {
      if (!facts.live.has('kubernetes/network-attachment-definitions')) return null;
      const one = nad(at, 'vf', '{"cniVersion":"0.3.1","name":"vf","type":"sriov"}', 'example.com/vf');
      const pod = podOn(at, 'deviceless', { ...asksFor('vf'), node: null, resources: { 'example.com/vf': 1 } });
      const why = event(at, pod, 'FailedScheduling', '0/9 nodes are available: 9 Insufficient example.com/vf.');
      return {
        observations: [
          facts.put('nad', objectKey(one), one),
          facts.put('pod', objectKey(pod), pod),
          facts.put('event', objectKey(why), why),
        ],
        subject: podId(pod),
      };
    },
  },
  {
    rule: 'pod-eni-stuck',
    inject: (facts, at) => {
      const pod = podOn(at, 'branchless', { resources: { 'vpc.amazonaws.com/pod-eni': 1 } });
      return { observations: [facts.put('pod', objectKey(pod), pod)], subject: podId(pod) };
    },
  },
  {
    rule: 'pod-address-not-on-node',
    inject: (facts, at) => {
      const pod = podOn(at, 'astray', { phase: 'Running', ips: ['198.18.99.99'], ready: true });
      return { observations: [facts.put('pod', objectKey(pod), pod)], subject: `if:${NS}/astray/eth0` };
    },
  },
  {
    rule: 'networks-annotation-on-workload',
    inject: (facts, at) => {
      if (!facts.live.has('kubernetes/deployments')) return null;
      const pod = podOn(at, 'injected-5d9f-x', {
        phase: 'Pending',
        owner: { kind: 'ReplicaSet', name: 'injected-5d9f' },
      });
      const workload = {
        namespace: NS,
        name: 'injected',
        uid: 'w',
        createdAt: iso(at.now),
        deleting: false,
        kind: 'Deployment',
        misplaced: [{ key: 'k8s.v1.cni.cncf.io/networks', value: 'a' }],
        networks: [],
        isRefused: false,
        refusal: null,
        mistyped: [],
      };
      return {
        observations: [facts.put('pod', objectKey(pod), pod), facts.put('workload', objectKey(workload), workload)],
        subject: podId(pod),
      };
    },
  },
  {
    rule: 'ec2-permission-missing',
    inject: (facts, at) => {
      const one = event(at, at.agent, 'MissingIAMPermissions', 'Unauthorized operation: failed to call ec2:CreateTags');
      return { observations: [facts.put('event', objectKey(one), one)], subject: `node:${at.node.name}` };
    },
  },
  { rule: 'eni-adopted', also: ONE_MORE, inject: (facts, at) => another(facts, at, instanceTag(at)) },
  {
    rule: 'eni-will-be-adopted',
    also: ONE_MORE,
    inject: (facts, at) => (at.agent.awsNode?.env['MANAGE_UNTAGGED_ENI'] === 'false' ? null : another(facts, at, {})),
  },
  {
    rule: 'no-manage-bad-value',
    also: ['eni-adopted', ...ONE_MORE],
    inject: (facts, at) => another(facts, at, { ...instanceTag(at), [`${TAG}no_manage`]: 'True' }),
  },
  {
    rule: 'no-manage-late',
    also: ONE_MORE,
    inject: (facts, at) => another(facts, at, { ...instanceTag(at), [`${TAG}no_manage`]: 'true' }),
  },
  {
    rule: 'eni-leaked',
    inject: (facts, at) =>
      another(
        facts,
        at,
        { [`${TAG}instance_id`]: 'i-0123456789abcdef0', [`${TAG}createdAt`]: iso(at.now - 86_400_000) },
        {
          instanceId: null,
          deviceIndex: null,
          networkCardIndex: null,
          attachmentId: null,
          attachmentStatus: null,
          status: 'available',
          description: 'aws-K8S-i-0123456789abcdef0',
        },
      ),
  },
  {
    rule: 'no-manage-on-primary',
    inject: (facts, { primary }) => ({
      observations: [
        facts.put('eni', primary.id, { ...primary, tags: { ...primary.tags, [`${TAG}no_manage`]: 'true' } }),
      ],
      subject: primary.id,
    }),
  },
  {
    rule: 'eni-survives-node',
    inject: (facts, { primary }) => ({
      observations: [facts.put('eni', primary.id, { ...primary, deleteOnTermination: false })],
      subject: primary.id,
    }),
  },
  {
    rule: 'max-pods-too-high',
    inject: (facts, { node, agent }) =>
      agent.awsNode?.env['ENABLE_IPv6'] === 'true'
        ? null
        : {
            observations: [facts.put('node', node.name, { ...node, maxPods: 60_000 })],
            subject: `node:${node.name}`,
          },
  },
  {
    rule: 'subnet-low',
    inject: (facts, { primary, agent }) => {
      const subnet = facts.of('subnet').find(({ id }) => id === primary.subnet);
      const env: Readonly<Record<string, string | null>> = agent.awsNode?.env ?? {};
      if (subnet === undefined || env['ENABLE_IPv6'] === 'true' || env['AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG'] === 'true')
        return null;
      return {
        observations: [facts.put('subnet', subnet.id, { ...subnet, availableAddresses: 1 })],
        subject: subnet.id,
      };
    },
  },
  {
    rule: 'metrics-untrusted',
    inject: (facts, { node, now }) => {
      const metrics = facts.of('awsNodeMetrics').find((one) => one.node === node.name);
      if (metrics === undefined) return null;
      const values = { ...metrics.values, awscni_total_ip_addresses: 3, awscni_assigned_ip_addresses: 9 };
      return {
        observations: [facts.put('awsNodeMetrics', node.name, { ...metrics, values, readAt: iso(now) })],
        subject: `node:${node.name}`,
      };
    },
  },
  {
    rule: 'eniconfig-missing',
    // The primary ENI then gives pods no address.
    also: ['max-pods-too-high', 'subnet-low', 'node-addresses-full'],
    inject: (facts, { node, agent }) => {
      if (!facts.live.has('kubernetes/eniconfigs') || agent.awsNode === null) return null;
      const env = { ...agent.awsNode.env, AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true' };
      return {
        observations: [
          facts.put('node', node.name, {
            ...node,
            eniConfigHints: { 'label:vpc.amazonaws.com/externalEniConfig': 'none-such' },
          }),
          facts.put('pod', objectKey(agent), { ...agent, awsNode: { ...agent.awsNode, env } }),
        ],
        subject: `node:${node.name}`,
      };
    },
  },
];
