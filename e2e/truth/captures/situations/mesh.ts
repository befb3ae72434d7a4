/** Networks that give a pod no interface, or that Multus never came to: Istio's plugin, configs on the node, another CNI in the way. */
import { NETWORKS, STATUS } from '../kit/pod';
import type { Json } from '../kit/types';
import { asking, entry, multusSays, running, start } from './attaching';
import { labPod, startLab } from './lab';
import { count, found, is, none, OLD, refused, says, silentOn, type Situation } from './situation';

const QUIET = [none('findings[severity=error]'), none('findings[severity=warning]')];

const bare = (namespace: string, name: string): Json => ({
  apiVersion: 'k8s.cni.cncf.io/v1',
  kind: 'NetworkAttachmentDefinition',
  metadata: { namespace, name, uid: `nad-${name}`, creationTimestamp: '2026-08-01T00:00:00Z' },
});

/** Istio's network has no config of its own, and its plugin makes no interface: the entry has a name only. */
function istio(): Situation {
  const { cluster, node } = start();
  cluster.object(bare('default', 'istio-cni'));
  running(cluster, 'shop/cart', node, 'default/istio-cni', [{ name: 'default/istio-cni', dns: {} }], {
    annotations: { 'sidecar.istio.io/status': '{"revision":"default"}' },
  });
  return {
    source: 'istio/istio#44392, #24425, kubevirt/kubevirtci#590',
    cluster,
    checks: [
      // Nothing of it can be on an ENI.
      count('interfaces[network=net:default/istio-cni][state=requested]', 0),
      none('findings[rule=network-config-invalid]'),
      none('findings[rule=network-status-missing]'),
      none('findings[rule=address-not-on-eni]'),
      none('findings[rule=network-unused]'),
      ...QUIET,
    ],
  };
}

/** Multus does not see the folder where the config of such a network is. */
function istioWithoutItsFile(): Situation {
  const { cluster, node } = start();
  cluster.object(bare('default', 'istio-cni'));
  asking(cluster, 'shop/cart', node, 'default/istio-cni');
  refused(
    cluster,
    'shop/cart',
    'plugin type="multus-shim" name="multus-cni-network" failed (add): CmdAdd (shim): CNI request failed with status 400: \'ContainerID:"0a1b2c" Netns:"/var/run/netns/cni-1" IfName:"eth0" ERRORED: error configuring pod [shop/cart] networking: GetNetworkDelegates: failed getting the delegate: GetCNIConfig: err in GetCNIConfigFromFile: No networks found in /etc/cni/multus/net.d\n\'',
  );
  return {
    source: 'k8snetworkplumbingwg/multus-cni#1362, #1424',
    cluster,
    checks: [
      says('findings[subjects~pod:shop/cart]', '/etc/cni/multus/net\\.d'),
      says('findings[subjects~pod:shop/cart]', 'istio-cni'),
      silentOn('findings[subjects~pod:shop/cart]', '(?i)ipamd|out of addresses'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/cart address', says: /net\.d/ }],
  };
}

/** Without a config the one of that name on the node counts: an ipvlan there is as good as one in the cluster. */
function configOnTheNode(): Situation {
  const { cluster, node } = start({ maxPods: 20 });
  const kept = node.eni({ dev: 1, tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } });
  const held = kept.add();
  cluster.object(bare('telco', 'macvlan-conf-2'));
  running(cluster, 'telco/a', node, 'macvlan-conf-2', [
    { name: 'telco/macvlan-conf-2', interface: 'net1', ips: [held.ip], mac: kept.mac, dns: {} },
  ]);
  return {
    source: 'k8snetworkplumbingwg/multus-cni docs/how-to-use.md (CNI config file), #716',
    cluster,
    checks: [
      is('interfaces[id=if:telco/a/net1].eni', kept.id),
      is('interfaces[id=if:telco/a/net1].link.certainty', 'observed'),
      none('findings[rule=network-config-invalid]'),
      ...QUIET,
    ],
    sayings: [{ command: 'lookup', words: held.ip, says: /telco\/a/ }],
  };
}

/** Cilium put Multus' config aside when it started again: pods start without their networks, and nothing says so. */
function ciliumExclusive(): Situation {
  const { cluster, node } = startLab();
  cluster.nad('telco/lan', { cniVersion: '0.3.1', type: 'macvlan', master: 'ens192', ipam: {} });
  cluster.object({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { namespace: 'kube-system', name: 'cilium', uid: 'ds-cilium', labels: { 'k8s-app': 'cilium' } },
    spec: { template: { metadata: { labels: { 'k8s-app': 'cilium' } }, spec: { containers: [] } } },
  });
  cluster.write('telco/a', node, ['10.0.1.9'], {
    annotations: { [NETWORKS]: 'lan' },
    createdAt: '2026-09-01T11:00:00Z',
  });
  return {
    source: 'k8snetworkplumbingwg/multus-cni#972, #1132, rancher/rke2#7464',
    cluster,
    checks: [
      found('findings[rule=network-status-missing]'),
      says('findings[rule=network-status-missing]', 'telco/a'),
      says('findings[rule=network-status-missing]', 'cni\\.exclusive|cilium_bak'),
      is('interfaces[id=if:telco/a/net1].state', 'requested'),
      none('findings[severity=error]'),
    ],
  };
}

/** The cluster's own network is not ready on the node: Multus waits, and no network is at fault. */
function waitsForTheDefaultNetwork(): Situation {
  const { cluster, node } = start({ ipamd: false, metrics: false });
  cluster.nad('telco/lan', { cniVersion: '0.3.1', type: 'macvlan', master: 'ens192', ipam: {} });
  asking(cluster, 'telco/a', node, 'lan');
  refused(
    cluster,
    'telco/a',
    'plugin type="multus" name="multus-cni-network" failed (add): Multus: [telco/a/0a1b]: have you checked that your default network is ready? still waiting for readinessindicatorfile @ /var/run/multus/cni/net.d/10-ovn-kubernetes.conf. pollimmediate error: timed out waiting for the condition',
  );
  return {
    source: 'k8snetworkplumbingwg/multus-cni#633, openshift/cluster-network-operator#568',
    cluster,
    checks: [
      says('findings[subjects~pod:telco/a]', '10-ovn-kubernetes\\.conf'),
      says('findings[subjects~pod:telco/a]', '(?i)default network|cluster.s network|own network'),
      silentOn('findings[subjects~pod:telco/a]', '(?i)not one (that )?ifscope knows|does not know'),
      says('findings[subjects~pod:telco/a].detail', '(?i)none of the networks'),
    ],
    sayings: [{ command: 'explain', words: 'pod telco/a address', says: /10-ovn-kubernetes/ }],
  };
}

/** Nothing between the brackets: a chart renders the annotation whether there are networks or not. */
function emptyAnnotation(text: string): Situation {
  const { cluster, node } = start();
  const held = node.primary.add();
  cluster.write('shop/a', node, [held.ip], {
    annotations: {
      [NETWORKS]: text,
      [STATUS]: JSON.stringify([{ name: 'aws-cni', interface: 'eth0', ips: [held.ip], default: true, dns: {} }]),
    },
  });
  return {
    source: 'k8snetworkplumbingwg/multus-cni#468 (empty annotations of charts)',
    cluster,
    checks: [count('interfaces[pod=pod:shop/a]', 1), is('pods[id=pod:shop/a].requested', []), ...QUIET],
  };
}

/** A list in YAML where JSON or names are expected: every line is a name to Multus, and none is one. */
function yamlInTheAnnotation(): Situation {
  const { cluster, node } = start();
  cluster.nad('telco/lan', { cniVersion: '0.3.1', type: 'macvlan', master: 'eth1', ipam: {} });
  asking(cluster, 'telco/a', node, '- name: lan\n  interface: net1\n');
  refused(
    cluster,
    'telco/a',
    'plugin type="multus" name="multus-cni-network" failed (add): Multus: [telco/a/0a1b]: error loading k8s delegates k8s args: TryLoadPodDelegates: error in getting k8s network for pod: parsePodNetworkAnnotation: failed to parse pod Network Attachment Selection Annotation: parsePodNetworkObjectName: Failed to parse: one or more items did not match comma-delimited format (must consist of lower case alphanumeric characters). Must start and end with an alphanumeric character), mismatch @ \'- name: lan\'',
  );
  return {
    source: 'k8snetworkplumbingwg/multus-cni#468, pkg/k8sclient (parsePodNetworkObjectName)',
    cluster,
    checks: [
      found('findings[rule=networks-annotation-invalid]'),
      is('pods[id=pod:telco/a].networksAnnotation.state', 'invalid'),
      none('findings[rule=network-missing]'),
      // Its text names it: somebody still asks for the network.
      none('findings[rule=network-unused]'),
    ],
  };
}

/** A network whose interface is to be called as the pod's first one. */
function calledEth0(): Situation {
  const { cluster, node } = start();
  cluster.nad('telco/lan', { cniVersion: '0.3.1', type: 'macvlan', master: 'eth1', ipam: {} });
  asking(cluster, 'telco/a', node, 'lan@eth0', { createdAt: OLD });
  refused(
    cluster,
    'telco/a',
    multusSays('telco/a', 'lan', 'failed to create macvlan: interface name eth0 already exists'),
  );
  return {
    source: 'k8snetworkplumbingwg/multus-cni#1147, containernetworking/plugins pkg/ip (RenameLink)',
    cluster,
    checks: [
      says('findings[subjects~pod:telco/a]', 'eth0'),
      silentOn('findings[subjects~pod:telco/a]', '(?i)ipamd|out of addresses|parent'),
    ],
    sayings: [{ command: 'explain', words: 'pod telco/a address', says: /eth0/ }],
  };
}

/** Tools between: routes overridden, policy routing, a VRF, sysctls. All of them change nothing about where the interface is. */
function chained(): Situation {
  const { cluster, node } = startLab();
  cluster.nad('telco/n6', {
    cniVersion: '0.3.1',
    name: 'n6',
    plugins: [
      { type: 'macvlan', master: 'ens1f1', mode: 'bridge', ipam: { type: 'static' }, capabilities: { ips: true } },
      { type: 'route-override', flushroutes: true, addroutes: [{ dst: '10.9.0.0/16' }] },
      { type: 'sbr' },
      { type: 'vrf', vrfname: 'blue' },
      { type: 'tuning', sysctl: { 'net.ipv4.conf.IFNAME.arp_notify': '1' } },
    ],
  });
  labPod(cluster, 'telco/upf', node, '[{"name":"n6","ips":["10.9.0.5/24"],"interface":"n6"}]', [
    entry('telco/n6', 'n6', '10.9.0.5', '0a:58:00:00:09:05'),
  ]);
  return {
    source: 'containernetworking/plugins (vrf, sbr, tuning), openshift/route-override-cni, free5gc charts',
    cluster,
    checks: [
      is('networks[id=net:telco/n6].plugins', ['macvlan', 'route-override', 'sbr', 'vrf', 'tuning']),
      is('networks[id=net:telco/n6].parent', { kind: 'host-device', value: 'ens1f1' }),
      is('networks[id=net:telco/n6].problems', []),
      is('interfaces[id=if:telco/upf/n6].hostNic', 'nic:w1/ens1f1'),
      ...QUIET,
    ],
  };
}

export const mesh: Readonly<Record<string, () => Situation>> = {
  'Istio’s network': istio,
  'Istio’s network, its file not seen': istioWithoutItsFile,
  'config file on the node': configOnTheNode,
  'Multus config disabled by Cilium': ciliumExclusive,
  'Multus waits for the default network': waitsForTheDefaultNetwork,
  'null annotation': () => emptyAnnotation(''),
  'annotation of an empty list': () => emptyAnnotation('[]'),
  'YAML in an annotation': yamlInTheAnnotation,
  'network called eth0': calledEth0,
  'chain of many plugins': chained,
};
