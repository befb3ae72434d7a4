/** The annotation for an interface on every card, and the default network: in the wrong place, or under a wrong key. */
import { Cluster } from '../kit/cluster';
import type { Node } from '../kit/node';
import type { Json, PodSpec } from '../kit/types';
import { found, is, none, says, silentOn, type Situation } from './situation';

const KEY = 'k8s.amazonaws.com/nicConfig';
const VALUE = 'multi-nic-attachment';
const DEFAULT = 'v1.multus-cni.io/default-network';
const quiet = [none('findings[severity=error]'), none('findings[severity=warning]')];

function start(): { readonly cluster: Cluster; readonly node: Node } {
  const cluster = new Cluster({ env: { ENABLE_MULTI_NIC: 'true' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type: 'c6in.32xlarge', maxPods: 110 });
  node.primary.free(45);
  node.eni({ card: 1, dev: 0, by: 'ipamd' }).free(2);
  return { cluster, node };
}

function mistyped(spec: PodSpec, found: string): Situation {
  const { cluster, node } = start();
  cluster.pod('ai/wide', node, node.primary, { owner: { kind: 'StatefulSet', name: 'wide' }, ...spec });
  return {
    source: 'aws/amazon-vpc-cni-k8s#3347 (README: Annotations), cmd/routed-eni-cni-plugin',
    cluster,
    checks: [
      is('pods[id=pod:ai/wide].nicConfig', null),
      says('findings[subjects~pod:ai/wide]', found.replaceAll('.', '\\.')),
      says('findings[subjects~pod:ai/wide]', 'k8s\\.amazonaws\\.com/nicConfig'),
      says('findings[subjects~pod:ai/wide]', '(?i)VPC CNI'),
      silentOn('findings[subjects~pod:ai/wide]', 'Multus'),
    ],
  };
}

/** The annotation is the Deployment's own. */
function onTheWorkload(annotations: Readonly<Record<string, string>>, onPod: PodSpec, multus: boolean): Situation {
  const cluster = new Cluster({ env: { ENABLE_MULTI_NIC: 'true' }, ...(multus ? { multus: 'v4.2.2' } : {}) });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type: 'c6in.32xlarge', maxPods: 110 });
  node.primary.free(45);
  node.eni({ card: 1, dev: 0, by: 'ipamd' }).free(2);
  const template: Json = { metadata: { labels: { app: 'wide' }, annotations: { ...onPod.annotations } }, spec: {} };
  cluster.object({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { namespace: 'ai', name: 'wide', uid: 'owner-wide', annotations },
    spec: { selector: { matchLabels: { app: 'wide' } }, template },
  });
  if (multus) cluster.nad('kube-system/calico', { cniVersion: '0.3.1', type: 'calico', ipam: { type: 'calico-ipam' } });
  cluster.pod('ai/wide-0', node, node.primary, { owner: { kind: 'StatefulSet', name: 'wide' }, ...onPod });
  return {
    source: 'aws/amazon-vpc-cni-k8s#3347, k8snetworkplumbingwg/multus-cni#492',
    cluster,
    checks: [],
  };
}

function misplaced(key: string, value: string, multus: boolean): Situation {
  const one = onTheWorkload({ [key]: value }, {}, multus);
  return {
    ...one,
    checks: [
      found('findings[rule=networks-annotation-on-workload][subjects~pod:ai/wide-0]'),
      says('findings[rule=networks-annotation-on-workload]', key.replaceAll('.', '\\.')),
      says('findings[rule=networks-annotation-on-workload].advice', 'spec\\.template\\.metadata\\.annotations'),
      multus
        ? says('findings[rule=networks-annotation-on-workload]', 'Multus')
        : silentOn('findings[rule=networks-annotation-on-workload]', 'Multus'),
    ],
  };
}

export const nicConfigs: Readonly<Record<string, () => Situation>> = {
  'nicConfig in small letters': () =>
    mistyped({ annotations: { 'k8s.amazonaws.com/nicconfig': VALUE } }, 'k8s.amazonaws.com/nicconfig'),
  'nicConfig with a dash': () =>
    mistyped({ annotations: { 'k8s.amazonaws.com/nic-config': VALUE } }, 'k8s.amazonaws.com/nic-config'),
  'nicConfig of another domain': () =>
    mistyped({ annotations: { 'vpc.amazonaws.com/nicConfig': VALUE } }, 'vpc.amazonaws.com/nicConfig'),
  'nicConfig without a domain': () => mistyped({ annotations: { nicConfig: VALUE } }, 'nicConfig'),
  'nicConfig as a label': () => mistyped({ labels: { [KEY]: VALUE } }, 'label'),
  'nicConfig on the workload': () => misplaced(KEY, VALUE, false),
  'default network on the workload': () => misplaced(DEFAULT, 'kube-system/calico', true),
  'nicConfig on both': () => ({
    ...onTheWorkload({ [KEY]: VALUE }, { annotations: { [KEY]: VALUE } }, false),
    checks: [...quiet, is('pods[id=pod:ai/wide-0].nicConfig', VALUE)],
  }),
};
