/** Keys and names that Multus and the VPC CNI do not know: nothing refuses them, and the pod runs without. */
import { NETWORKS } from '../kit/pod';
import type { PodSpec } from '../kit/types';
import { asking, multusSays, running, start } from './attaching';
import { found, none, OLD, refused, says, silentOn, type Situation } from './situation';

const LAN = { cniVersion: '0.3.1', type: 'bridge', bridge: 'br0', ipam: { type: 'host-local', subnet: '10.9.0.0/24' } };

/** A key that is almost Multus' own. The network that it names is not one that nobody asks for. */
function almostTheKey(key: string, meant: string, where: 'annotations' | 'labels' = 'annotations'): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/lan', LAN);
  const spec: PodSpec = { createdAt: OLD, owner: { kind: 'ReplicaSet', name: 'web' }, [where]: { [key]: 'lan' } };
  cluster.pod('shop/web', node, node.primary, spec);
  return {
    source: 'k8snetworkplumbingwg/multus-cni#86, #348, #1017; multus-cni pkg/k8sclient (the key is looked up)',
    cluster,
    checks: [
      says('findings[subjects~pod:shop/web]', key.replaceAll('.', '\\.')),
      says('findings[subjects~pod:shop/web].advice', meant.replaceAll('.', '\\.')),
      says('findings[subjects~pod:shop/web].advice', 'template'),
      none('findings[rule=network-unused]'),
    ],
  };
}

/** The old key stands beside the right one: it does no harm. */
function oldKeyBesideTheNew(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/lan', LAN);
  running(cluster, 'shop/web', node, 'lan', [{ name: 'shop/lan', interface: 'net1', ips: ['10.9.0.5'], dns: {} }], {
    annotations: { 'kubernetes.v1.cni.cncf.io/networks': '[{"name":"lan"}]' },
  });
  return {
    source: 'k8snetworkplumbingwg/multus-cni#87',
    cluster,
    checks: [silentOn('findings[subjects~pod:shop/web]', 'kubernetes\\.v1')],
  };
}

/** A dot between namespace and name, in the short form. */
function dotForSlash(networks: string): Situation {
  const { cluster, node } = start();
  cluster.nad('kube-system/macvlan-conf', LAN);
  asking(cluster, 'shop/web', node, networks);
  refused(
    cluster,
    'shop/web',
    multusSays(
      'shop/web',
      '',
      'parsePodNetworkAnnotation: parsePodNetworkObjectName: Failed to parse: one or more items',
    ),
  );
  return {
    source: 'k8snetworkplumbingwg/multus-cni pkg/k8sclient (parsePodNetworkObjectName)',
    cluster,
    checks: [
      found('findings[rule=networks-annotation-invalid][subjects~pod:shop/web]'),
      says('findings[rule=networks-annotation-invalid][subjects~pod:shop/web]', 'kube-system/macvlan-conf'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/web address', says: /kube-system\/macvlan-conf/ }],
  };
}

/** A NAD whose name has a dot: Kubernetes allows it, the short form does not. */
function dotInTheName(json: boolean): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/lan.v2', LAN);
  if (json)
    running(cluster, 'shop/web', node, '[{"name":"lan.v2"}]', [
      { name: 'shop/lan.v2', interface: 'net1', ips: ['10.9.0.5'], dns: {} },
    ]);
  else asking(cluster, 'shop/web', node, 'lan.v2');
  return {
    source: 'k8snetworkplumbingwg/multus-cni pkg/k8sclient (regular expression of names)',
    cluster,
    checks: json
      ? [none('findings[rule=networks-annotation-invalid]'), none('findings[rule=network-missing]')]
      : [
          says('findings[rule=networks-annotation-invalid][subjects~pod:shop/web]', 'lan\\.v2'),
          says('findings[rule=networks-annotation-invalid][subjects~pod:shop/web]', 'JSON'),
          none('findings[rule=network-unused]'),
        ],
  };
}

/** Sixteen characters after the @: a link has fifteen at most. */
function nameTooLong(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/lan', LAN);
  asking(cluster, 'shop/web', node, 'lan@signalling-link0');
  return {
    source: 'k8snetworkplumbingwg/multus-cni pkg/k8sclient (interface name of at most 15 characters)',
    cluster,
    checks: [says('findings[rule=networks-annotation-invalid][subjects~pod:shop/web]', 'signalling-link0')],
  };
}

/** The first network asks for net2, which is the name that Multus chooses for the second. */
function askedNameIsTheNextOnes(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/lan', LAN);
  cluster.nad('shop/wan', LAN);
  asking(cluster, 'shop/web', node, 'lan@net2,wan');
  refused(
    cluster,
    'shop/web',
    multusSays(
      'shop/web',
      'wan',
      'DelegateAdd: cannot set "bridge" interface name to "net2": validateIfName: interface name net2 already exists',
    ),
  );
  return {
    source: 'k8snetworkplumbingwg/multus-cni#353, #1089',
    cluster,
    checks: [says('findings[subjects~pod:shop/web]', 'net2')],
    sayings: [{ command: 'explain', words: 'pod shop/web address', says: /net2/ }],
  };
}

/** A value of nicConfig that is nearly the right one: the VPC CNI logs it and gives one interface. */
function nearlyMultiNic(value: string, key = 'k8s.amazonaws.com/nicConfig'): Situation {
  const { cluster } = start();
  const node = cluster.node('n2', cluster.subnet('10.41.0.0/20'), {
    type: 'c6in.32xlarge',
    maxPods: 110,
    env: { ENABLE_MULTI_NIC: 'true' },
  });
  node.primary.free(49);
  node.eni({ card: 1, dev: 0, by: 'ipamd' }).free(1);
  cluster.pod('ai/wide', node, node.primary, { annotations: { [key]: value } });
  return {
    source: 'aws/amazon-vpc-cni-k8s cmd/routed-eni-cni-plugin (nicConfig is compared with multi-nic-attachment)',
    cluster,
    checks: [
      says('findings[subjects~pod:ai/wide]', value),
      says('findings[subjects~pod:ai/wide]', 'multi-nic-attachment'),
    ],
  };
}

export const keys: Readonly<Record<string, () => Situation>> = {
  'annotation without its last letter': () => almostTheKey('k8s.v1.cni.cncf.io/network', NETWORKS),
  'annotation with a capital': () => almostTheKey('k8s.v1.cni.cncf.io/Networks', NETWORKS),
  'annotation without its version': () => almostTheKey('k8s.cni.cncf.io/networks', NETWORKS),
  'annotation of the prototype': () => almostTheKey('kubernetes.v1.cni.cncf.io/networks', NETWORKS),
  'annotation of the default network, in the plural': () =>
    almostTheKey('v1.multus-cni.io/default-networks', 'v1.multus-cni.io/default-network'),
  'label in place of an annotation': () => almostTheKey(NETWORKS, NETWORKS, 'labels'),
  'annotation of the prototype beside the right one': oldKeyBesideTheNew,
  'dot instead of a slash': () => dotForSlash('kube-system.macvlan-conf'),
  'colon instead of a slash': () => dotForSlash('kube-system:macvlan-conf'),
  'dot in the name of a network, in the short form': () => dotInTheName(false),
  'dot in the name of a network, in JSON': () => dotInTheName(true),
  'name of a link that is too long': nameTooLong,
  'explicit name that Multus assigns to the next network': askedNameIsTheNextOnes,
  'nicConfig with another value': () => nearlyMultiNic('multi-nic'),
  'nicConfig with a capital': () => nearlyMultiNic('Multi-NIC-Attachment'),
};
