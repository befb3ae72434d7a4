/** Workloads whose pods would not get their networks, while none of their pods exists. */
import { NETWORKS } from '../kit/pod';
import type { Cluster } from '../kit/cluster';
import type { Json } from '../kit/types';
import { asking, start } from './attaching';
import { count, found, none, says, silentOn, type Situation } from './situation';

const INVALID = 'findings[rule=networks-annotation-invalid]';

interface Template {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  /** Annotations of the workload itself. */
  readonly outside?: Readonly<Record<string, string>>;
  readonly spec?: Readonly<Record<string, Json>>;
}

function workload(
  c: Cluster,
  kind: string,
  { annotations = {}, labels = {}, outside = {}, spec = {} }: Template,
): void {
  const template: Json = {
    metadata: { labels: { app: 'gw', ...labels }, annotations },
    spec: { containers: [{ name: 'main', image: 'registry.example.com/gw:1' }], ...spec },
  };
  c.object({
    apiVersion: kind === 'CronJob' ? 'batch/v1' : kind === 'CloneSet' ? 'apps.kruise.io/v1alpha1' : 'apps/v1',
    kind,
    metadata: {
      namespace: 'shop',
      name: 'gw',
      uid: `w-${kind}`,
      annotations: outside,
      creationTimestamp: '2026-08-01T00:00:00Z',
    },
    spec:
      kind === 'CronJob'
        ? { schedule: '0 3 * * *', jobTemplate: { spec: { template } } }
        : { replicas: 0, selector: { matchLabels: { app: 'gw' } }, template },
  });
}

function atRest(kind: string, template: Template, make: (cluster: Cluster) => Omit<Situation, 'cluster'>): Situation {
  const { cluster } = start();
  cluster.nad('shop/lan', { cniVersion: '0.3.1', type: 'bridge', bridge: 'br0', ipam: {} });
  workload(cluster, kind, template);
  return { cluster, ...make(cluster) };
}

/** The next pod would be refused: reported once, for the template. */
const refusedTemplate = (kind: string, networks: string, why: string, source: string): Situation =>
  atRest(kind, { annotations: { [NETWORKS]: networks } }, () => ({
    source,
    checks: [
      count(INVALID, 1),
      says(INVALID, `the pod template of ${kind} shop/gw`),
      says(INVALID, why),
      none('findings[rule=network-missing]'),
      none('findings[rule=network-unused]'),
    ],
    sayings: [{ command: 'lookup', words: 'shop/gw', says: /Multus refuses its pods/ }],
  }));

/** Its pod is refused for the same reason: reported once, for the pod. */
function toldByItsPod(): Situation {
  const { cluster, node } = start();
  const networks = '[{"name": "lan" "interface": "eth9"}]';
  cluster.nad('shop/lan', { cniVersion: '0.3.1', type: 'bridge', bridge: 'br0', ipam: {} });
  workload(cluster, 'Deployment', { annotations: { [NETWORKS]: networks } });
  asking(cluster, 'shop/gw-1', node, networks, { owner: { kind: 'ReplicaSet', name: 'gw-5f9c' } });
  return {
    source: 'k8snetworkplumbingwg/multus-cni#635 (its pod as well)',
    cluster,
    checks: [count(INVALID, 1), found(`${INVALID}[subjects~pod:shop/gw-1]`)],
  };
}

/** Multus is not called for a pod on the host network. */
const onTheHostNetwork = (): Situation =>
  atRest('DaemonSet', { annotations: { [NETWORKS]: 'lan@eth0@eth1' }, spec: { hostNetwork: true } }, () => ({
    source: 'k8snetworkplumbingwg/multus-cni#635 (a pod that the kubelet sets up without CNI)',
    checks: [none(INVALID)],
  }));

/** The annotation is on the Deployment, which currently has no pod. */
const onTheWorkload = (): Situation =>
  atRest('Deployment', { outside: { [NETWORKS]: 'lan' } }, () => ({
    source: 'k8snetworkplumbingwg/multus-cni#308 (annotations of a Deployment are not those of its pods)',
    checks: [
      count('findings[rule=networks-annotation-on-workload]', 1),
      says('findings[rule=networks-annotation-on-workload]', 'Deployment shop/gw carries'),
      says('findings[rule=networks-annotation-on-workload].advice', 'spec\\.template\\.metadata\\.annotations'),
      none('findings[rule=network-unused]'),
    ],
  }));

/** A key that Multus does not read, or a label, in a template without pods. */
const keyThatNobodyReads = (template: Template, what: string): Situation =>
  atRest('StatefulSet', template, () => ({
    source: 'k8snetworkplumbingwg/multus-cni#468, #308 (the key as written)',
    checks: [
      count('findings[rule=networks-annotation-key]', 1),
      says('findings[rule=networks-annotation-key]', what),
      says('findings[rule=networks-annotation-key].advice', 'k8s\\.v1\\.cni\\.cncf\\.io/networks'),
      none('findings[rule=network-unused]'),
    ],
  }));

/** A valid template: two networks, one with its own interface name. */
const wellFormed = (): Situation =>
  atRest(
    'Deployment',
    { annotations: { [NETWORKS]: '[{"name": "lan"}, {"name": "lan", "interface": "sig0"}]' } },
    () => ({
      source: 'multus-cni pkg/k8sclient parsePodNetworkAnnotation (a text that it accepts)',
      checks: [none(INVALID), silentOn('findings[severity=warning]', 'gw')],
    }),
  );

export const templateFaults: Readonly<Record<string, () => Situation>> = {
  'template without a comma': () =>
    refusedTemplate(
      'Deployment',
      '[{"name": "lan" "interface": "eth9"}]',
      'invalid character',
      'k8snetworkplumbingwg/multus-cni#635',
    ),
  'template with a name in capitals': () =>
    refusedTemplate('StatefulSet', 'lan, LAN_b', "mismatch @ 'LAN_b'", 'k8snetworkplumbingwg/multus-cni#308'),
  'template with two at signs': () =>
    refusedTemplate('DaemonSet', 'lan@eth0@eth1', "failed at '@'", 'k8snetworkplumbingwg/multus-cni#308'),
  'template with an interface name that is too long': () =>
    refusedTemplate(
      'CronJob',
      '[{"name": "lan", "interface": "storage-network-0"}]',
      'too long',
      'kubernetes/kubernetes#84597, containernetworking/cni pkg/utils ValidateInterfaceName',
    ),
  'template that names one interface twice': () =>
    refusedTemplate(
      'Deployment',
      '[{"name": "lan", "interface": "net1"}, {"name": "lan", "interface": "net1"}]',
      'interface name net1 already exists',
      'k8snetworkplumbingwg/multus-cni#1346',
    ),
  'template with an invalid MAC': () =>
    refusedTemplate(
      'Deployment',
      '[{"name": "lan", "mac": "c2:b0:57:49:47"}]',
      'invalid MAC address',
      'multus-cni pkg/k8sclient parsePodNetworkAnnotation',
    ),
  'template with an invalid address': () =>
    refusedTemplate(
      'StatefulSet',
      '[{"name": "lan", "ips": ["10.1.1.300/24"]}]',
      'failed to parse CIDR',
      'multus-cni pkg/k8sclient parsePodNetworkAnnotation',
    ),
  'template of a kind that is not watched': () =>
    refusedTemplate('CloneSet', '[{"name": "lan",}]', 'invalid character', 'k8snetworkplumbingwg/multus-cni#635'),
  'template whose pod has the finding': toldByItsPod,
  'template on the host network': onTheHostNetwork,
  'annotation on a scaled-down workload': onTheWorkload,
  'letter missing in the key of a template': () =>
    keyThatNobodyReads(
      { annotations: { 'k8s.v1.cni.cncf.io/network': 'lan' } },
      'the annotation k8s.v1.cni.cncf.io/network',
    ),
  'networks as a label of a template': () => keyThatNobodyReads({ labels: { [NETWORKS]: 'lan' } }, 'is a label'),
  'template that Multus accepts': wellFormed,
};
