/** Networks and annotations with a slip of the pen: what Multus could not read, or read otherwise than meant. */
import { asking, multusSays, running, start } from './attaching';
import { none, refused, says, silentOn, type Situation } from './situation';

const MULTUS = 'plugin type="multus" name="multus-cni-network" failed (add): ';

/** A key that is almost `type`, in the second plugin of a list. */
function keyThatIsAlmostType(): Situation {
  const { cluster, node } = start();
  cluster.nad('kube-system/bridge-br0', {
    cniVersion: '0.3.1',
    name: 'bridge-br0',
    plugins: [
      { type: 'bridge', bridge: 'br0', ipam: { type: 'dhcp' } },
      { 'type:': 'vrf', vrfname: 'blue' },
    ],
  });
  asking(cluster, 'shop/case-01', node, 'kube-system/bridge-br0');
  refused(
    cluster,
    'shop/case-01',
    multusSays(
      'shop/case-01',
      'bridge-br0',
      "conflistAdd: error converting the raw bytes into a conflist: failed to parse plugin config 1: error parsing configuration: missing 'type'",
    ),
  );
  return {
    source: 'k8snetworkplumbingwg/multus-cni#1351',
    cluster,
    checks: [
      says('findings[rule=network-config-invalid][subjects~net:kube-system/bridge-br0]', '(?i)type'),
      silentOn('findings[subjects~pod:shop/case-01]', '(?i)ipamd|aws-node'),
    ],
    sayings: [
      { command: 'explain', words: 'pod shop/case-01 address', says: /missing 'type'|no type|without a type/i },
    ],
  };
}

/** JSON with a comma too many, or two objects where one belongs. */
function brokenJson(raw: string, complaint: string): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/lan', null, {}, raw);
  asking(cluster, 'shop/a', node, 'lan');
  refused(
    cluster,
    'shop/a',
    `${MULTUS}Multus: [shop/a/0a1b-2c3d]: error loading k8s delegates k8s args: TryLoadPodDelegates: error in getting k8s network for pod: GetNetworkDelegates: failed getting the delegate: GetCNIConfig: err in getCNIConfigFromSpec: CNIConfigFromSpec: failed to unmarshal Spec.Config: ${complaint}`,
  );
  return {
    source: 'k8snetworkplumbingwg/multus-cni#146, multus-dynamic-networks-controller#45',
    cluster,
    checks: [
      says('findings[rule=network-config-invalid][subjects~net:shop/lan]', '(?i)JSON'),
      none('findings[rule=parent-interface-missing]'),
      none('findings[rule=network-unused]'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/a address', says: /shop\/lan|JSON/ }],
  };
}

/** `ips` is a list, and here it is a text. */
function ipsAsText(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/macvlan-ops', {
    cniVersion: '0.3.1',
    type: 'macvlan',
    master: 'eth1',
    ipam: { type: 'static' },
  });
  asking(cluster, 'shop/bn1', node, '[{ "name": "macvlan-ops", "ips": "10.5.11.14/24" }]');
  refused(
    cluster,
    'shop/bn1',
    `${MULTUS}Multus: [shop/bn1/0a1b-2c3d]: error loading k8s delegates k8s args: TryLoadPodDelegates: error in getting k8s network for pod: parsePodNetworkAnnotation: failed to parse pod Network Attachment Selection Annotation JSON format: json: cannot unmarshal string into Go struct field NetworkSelectionElement.ips of type []string`,
  );
  return {
    source: 'k8snetworkplumbingwg/multus-cni#278',
    cluster,
    checks: [
      says('findings[rule=networks-annotation-invalid][subjects~pod:shop/bn1]', '(?i)ips'),
      // Who asks in vain asks all the same.
      none('findings[rule=network-unused]'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/bn1 address', says: /ips/ }],
  };
}

/** A comment, or a quote forgotten: no JSON. */
function annotationNoJson(networks: string): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/fixed', { cniVersion: '0.3.1', type: 'ipvlan', master: 'eth1', ipam: { type: 'static' } });
  asking(cluster, 'shop/test-4', node, networks);
  return {
    source: 'k8snetworkplumbingwg/multus-cni#684, #588',
    cluster,
    checks: [
      says('findings[rule=networks-annotation-invalid][subjects~pod:shop/test-4]', '(?i)JSON'),
      none('findings[rule=network-unused]'),
      none('findings[rule=network-missing]'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/test-4 address', says: /JSON/ }],
  };
}

/** The network has no capability `ips`, so what the annotation asks for reaches no plugin. */
function addressThatNobodyPassesOn(capable: boolean): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/fixed', {
    cniVersion: '0.3.1',
    type: 'macvlan',
    master: 'eno1.11',
    ...(capable ? { capabilities: { ips: true } } : {}),
    ipam: { type: 'static' },
  });
  running(cluster, 'shop/test-4', node, '[{"name": "fixed", "interface": "net1", "ips": ["172.32.5.91/24"]}]', [
    {
      name: 'shop/fixed',
      interface: 'net1',
      ...(capable ? { ips: ['172.32.5.91'] } : {}),
      mac: '0a:58:00:00:04:01',
      dns: {},
    },
  ]);
  return {
    source: 'k8snetworkplumbingwg/multus-cni#278, #702',
    cluster,
    checks: capable
      ? [none('findings[rule=requested-not-honoured]')]
      : [
          says('findings[rule=requested-not-honoured]', '172\\.32\\.5\\.91'),
          says('findings[rule=requested-not-honoured]', '(?i)capabilit'),
        ],
  };
}

/** Multus keeps namespaces apart: the network exists, and the pod may not have it. */
function namespacesKeptApart(): Situation {
  const { cluster, node } = start();
  cluster.nad('privileged/macvlan-conf', { cniVersion: '0.3.1', type: 'bridge', bridge: 'br0', ipam: {} });
  asking(cluster, 'development/sample', node, 'privileged/macvlan-conf');
  refused(
    cluster,
    'development/sample',
    `${MULTUS}Multus: [development/sample/0a1b-2c3d]: error loading k8s delegates k8s args: TryLoadPodDelegates: error in getting k8s network for pod: GetNetworkDelegates: namespace isolation enabled, annotation violates permission, pod is in namespace development but refers to target namespace privileged`,
  );
  return {
    source: 'k8snetworkplumbingwg/multus-cni#567, kubernetes-sigs/kubespray#11605',
    cluster,
    checks: [
      says('findings[subjects~pod:development/sample]', '(?i)isolation'),
      says('findings[subjects~pod:development/sample]', 'privileged'),
      silentOn('findings[subjects~pod:development/sample]', '(?i)does not exist'),
      none('findings[rule=network-unused]'),
    ],
    sayings: [{ command: 'explain', words: 'pod development/sample address', says: /isolation/i }],
  };
}

/** Without a namespace it is the pod's own; the network is in another. */
function namespaceForgotten(): Situation {
  const { cluster, node } = start();
  cluster.nad('default/macvlan-conf-2', { cniVersion: '0.3.1', type: 'bridge', bridge: 'br0', ipam: {} });
  asking(cluster, 'testns2/case-02', node, '[{ "name": "macvlan-conf-2" }]');
  refused(
    cluster,
    'testns2/case-02',
    `${MULTUS}Multus: [testns2/case-02/0a1b-2c3d]: error loading k8s delegates k8s args: TryLoadPodDelegates: error in getting k8s network for pod: GetNetworkDelegates: failed getting the delegate: getKubernetesDelegate: cannot find a network-attachment-definition (macvlan-conf-2) in namespace (testns2): network-attachment-definitions.k8s.cni.cncf.io "macvlan-conf-2" not found`,
  );
  return {
    source: 'k8snetworkplumbingwg/multus-cni#337',
    cluster,
    checks: [says('findings[rule=network-missing][subjects~pod:testns2/case-02]', 'default/macvlan-conf-2')],
    sayings: [{ command: 'explain', words: 'pod testns2/case-02 address', says: /default\/macvlan-conf-2/ }],
  };
}

/** A network whose plugin is Multus itself. */
function multusInMultus(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/inner', { cniVersion: '0.3.0', type: 'multus-shim', delegate: { isDefaultGateway: true } });
  asking(cluster, 'shop/sample', node, 'inner');
  refused(
    cluster,
    'shop/sample',
    `${MULTUS}Multus: error loading netconf: LoadNetConf: at least one delegate/clusterNetwork must be specified`,
  );
  return {
    source: 'k8snetworkplumbingwg/multus-cni#1099',
    cluster,
    checks: [
      says('findings[subjects~pod:shop/sample]', 'at least one delegate/clusterNetwork must be specified'),
      silentOn('findings[subjects~pod:shop/sample]', '(?i)WARM_|ipamd'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/sample address', says: /at least one delegate/ }],
  };
}

/** Another operator took over the binding of Multus' role. */
function multusWithoutItsRights(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/lan', { cniVersion: '0.3.1', type: 'bridge', bridge: 'br0', ipam: {} });
  asking(cluster, 'shop/pod1', node, 'lan');
  refused(
    cluster,
    'shop/pod1',
    `${MULTUS}Multus: [shop/pod1]: error getting pod: pods "pod1" is forbidden: User "system:serviceaccount:kube-system:multus" cannot get resource "pods" in API group "" in the namespace "shop"`,
  );
  return {
    source: 'k8snetworkplumbingwg/multus-cni#667',
    cluster,
    checks: [
      says('findings[subjects~pod:shop/pod1]', 'system:serviceaccount:kube-system:multus'),
      says('findings[subjects~pod:shop/pod1]', '(?i)role|rights|RBAC|permission'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/pod1 address', says: /cannot get resource "pods"/ }],
  };
}

export const typos: Readonly<Record<string, () => Situation>> = {
  'key that is almost type': keyThatIsAlmostType,
  'extra comma in a network': () =>
    brokenJson(
      '{ "cniVersion": "0.4.0", "plugins": [ { "type": "macvlan", "master": "eth1", "mode": "bridge", } ] }',
      "invalid character '}' looking for beginning of object key string",
    ),
  'two objects in a network': () =>
    brokenJson(
      '{ "cniVersion": "0.3.0", "type": "flannel", "delegate": {"isDefaultGateway": true}, { "type": "portmap" } }',
      "invalid character '{' looking for beginning of object key string",
    ),
  'requested address as a string': ipsAsText,
  'comment in an annotation': () =>
    annotationNoJson('[ { "name": "fixed", "ips": [ "10.1.1.104/24" ],\n # "mac": "00:50:56:88:5e:cc" }\n]'),
  'missing quote in an annotation': () =>
    annotationNoJson('[ { "name": "fixed", "interface": "net1", "ips: "172.32.5.91/24" } ]'),
  'requested address that is not passed on': () => addressThatNobodyPassesOn(false),
  'requested address that is passed on': () => addressThatNobodyPassesOn(true),
  'isolated namespaces': namespacesKeptApart,
  'missing namespace': namespaceForgotten,
  'Multus as a network of Multus': multusInMultus,
  'Multus without permissions': multusWithoutItsRights,
};
