/** Texts of the cluster's own network, resources that are no interfaces, pools and links in places of their own. */
import { Cluster } from '../kit/cluster';
import { STATUS } from '../kit/pod';
import type { Json } from '../kit/types';
import { asking, entry, start } from './attaching';
import { hostLinks, labPod, startLab } from './lab';
import { count, is, none, OLD, refused, says, silentOn, warning, type Situation } from './situation';

const QUIET = [none('findings[severity=error]'), none('findings[severity=warning]')];
const resource = (name: string) => ({ 'k8s.v1.cni.cncf.io/resourceName': name });

/** The cluster's own network fails; Multus only passes its answer on, and the pod asks for no other. */
function ownNetworkFails(text: string, quoted: string, source: string): Situation {
  const { cluster, node } = startLab();
  cluster.write('shop/a', node, [], { phase: 'Pending', createdAt: OLD });
  refused(cluster, 'shop/a', text);
  return {
    source,
    cluster,
    checks: [
      says('findings[subjects~pod:shop/a]', quoted),
      silentOn('findings[subjects~pod:shop/a]', '(?i)ipamd|aws-node|NetworkAttachmentDefinition'),
      none('findings[rule=network-missing]'),
      none('findings[rule=pod-ip-failed]'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/a address', says: new RegExp(quoted), silentOn: /aws-node/ }],
  };
}

/** What is short is memory in huge pages; EFA is there. */
function hugePages(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, {
    type: 'p4d.24xlarge',
    maxPods: 100,
    capacity: { 'vpc.amazonaws.com/efa': '4' },
  });
  node.primary.free(9);
  cluster.write('ai/rank-0', null, [], {
    phase: 'Pending',
    createdAt: OLD,
    resources: { 'vpc.amazonaws.com/efa': '4', 'hugepages-2Mi': '5120Mi' },
  });
  warning(
    cluster,
    'ai/rank-0',
    'FailedScheduling',
    '0/1 nodes are available: 1 Insufficient hugepages-2Mi.',
    'default-scheduler',
  );
  return {
    source: 'aws-samples/aws-efa-eks#8, aws/eks-charts (EFA needs huge pages)',
    cluster,
    checks: [
      says('findings[subjects~pod:ai/rank-0]', 'hugepages-2Mi'),
      silentOn('findings[subjects~pod:ai/rank-0].advice', 'EFA device plugin|attached at launch'),
      none('findings[rule=device-exhausted]'),
      none('findings[severity=error]'),
    ],
    sayings: [{ command: 'explain', words: 'pod ai/rank-0 address', says: /hugepages/ }],
  };
}

/** All four devices are another pod's. */
function efaInUse(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, {
    type: 'p4d.24xlarge',
    maxPods: 100,
    capacity: { 'vpc.amazonaws.com/efa': '4' },
  });
  node.primary.free(9);
  cluster.pod('ai/rank-0', node, node.primary, { resources: { 'vpc.amazonaws.com/efa': '4' } });
  cluster.write('ai/rank-1', null, [], {
    phase: 'Pending',
    createdAt: OLD,
    resources: { 'vpc.amazonaws.com/efa': '4' },
  });
  warning(
    cluster,
    'ai/rank-1',
    'FailedScheduling',
    '0/1 nodes are available: 1 Insufficient vpc.amazonaws.com/efa.',
    'default-scheduler',
  );
  return {
    source: 'aws-samples/aws-efa-eks#4',
    cluster,
    checks: [
      says('findings[subjects~pod:ai/rank-1]', 'vpc\\.amazonaws\\.com/efa'),
      says('findings[subjects~pod:ai/rank-1].advice', '(?i)in use'),
      silentOn('findings[subjects~pod:ai/rank-1].advice', '(?i)check that it runs'),
    ],
    sayings: [{ command: 'explain', words: 'pod ai/rank-1 address', says: /efa/ }],
  };
}

/** OpenShift keeps whereabouts' pools in a namespace of its own. */
function poolElsewhere(): Situation {
  const { cluster, node } = startLab();
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    type: 'macvlan',
    master: 'ens192',
    ipam: { type: 'whereabouts', range: '192.168.2.0/28' },
  });
  cluster.object({
    apiVersion: 'whereabouts.cni.cncf.io/v1alpha1',
    kind: 'IPPool',
    metadata: { name: '192.168.2.0-28', namespace: 'openshift-multus', uid: 'pool-1' },
    spec: { range: '192.168.2.0/28', allocations: { '1': { id: 'c-1', podref: 'shop/a', ifname: 'net1' } } },
  });
  labPod(cluster, 'shop/a', node, 'lan', [entry('shop/lan', 'net1', '192.168.2.1', '0a:58:c0:a8:02:01')]);
  return {
    source:
      'openshift/whereabouts-cni (openshift-multus), k8snetworkplumbingwg/whereabouts docs/extended-configuration.md',
    cluster,
    checks: [
      is('ipPools[id=pool:openshift-multus/192.168.2.0-28].used', 1),
      is('ipPools[id=pool:openshift-multus/192.168.2.0-28].size', 14),
      is('ipPools[id=pool:openshift-multus/192.168.2.0-28].networks', ['net:shop/lan']),
      is('networks[id=net:shop/lan].ipam.used', 1),
      none('findings[rule=ipam-inconsistent]'),
      ...QUIET,
    ],
    sayings: [{ command: 'lookup', words: '192.168.2.1', says: /shop\/a/ }],
  };
}

/** The inventory of the SR-IOV operator: which function of which link the pod has. */
function functionOfALink(): Situation {
  const name = 'openshift.io/fast';
  const { cluster, node } = startLab({ capacity: { [name]: '2' } });
  const vf = (at: number): Json => ({
    vfID: at,
    pciAddress: `0000:3b:02.${String(at)}`,
    name: `ens1f0v${String(at)}`,
    driver: 'iavf',
    mac: `0a:58:00:00:3b:0${String(at)}`,
  });
  cluster.object({
    apiVersion: 'sriovnetwork.openshift.io/v1',
    kind: 'SriovNetworkNodeState',
    metadata: { namespace: 'openshift-sriov-network-operator', name: node.name, uid: 'snns-1' },
    status: {
      syncStatus: 'Succeeded',
      interfaces: [
        {
          name: 'ens1f0',
          pciAddress: '0000:3b:00.0',
          driver: 'ice',
          mac: 'b4:96:91:00:00:01',
          numVfs: 2,
          totalvfs: 64,
          linkSpeed: '25000 Mb/s',
          Vfs: [vf(0), vf(1)],
        },
        {
          name: 'ens1f1',
          pciAddress: '0000:3b:00.1',
          driver: 'ice',
          mac: 'b4:96:91:00:00:02',
          totalvfs: 64,
          linkSpeed: '-1 Mb/s',
        },
      ],
    },
  });
  cluster.nad(
    'telco/fast',
    {
      cniVersion: '1.0.0',
      name: 'fast',
      type: 'sriov',
      vlan: 0,
      spoofchk: 'on',
      ipam: { type: 'host-local', subnet: '10.56.217.0/24' },
    },
    resource(name),
  );
  labPod(
    cluster,
    'telco/a',
    node,
    'fast',
    [
      {
        ...(entry('telco/fast', 'net1', '10.56.217.9', '0a:58:00:00:3b:01') as object),
        'device-info': { type: 'pci', version: '1.1.0', pci: { 'pci-address': '0000:3b:02.1' } },
      },
    ],
    { resources: { [name]: '1' } },
  );
  return {
    source:
      'k8snetworkplumbingwg/sriov-network-operator (SriovNetworkNodeState of a node with one policy), sriov-network-device-plugin#204',
    cluster,
    checks: [
      is('interfaces[id=if:telco/a/net1].hostNic', 'nic:w1/ens1f0'),
      is('interfaces[id=if:telco/a/net1].link.certainty', 'observed'),
      is('hostNics[id=nic:w1/ens1f0].vfs', { total: 2, used: 1 }),
      count('hostNics[id=nic:w1/ens1f1]', 1),
      none('findings[rule=device-exhausted]'),
      ...QUIET,
    ],
    sayings: [{ command: 'lookup', words: '0000:3B:02.1', says: /telco\/a/ }],
  };
}

/** A bridge of nmstate under Open vSwitch, whose port is a bond: the network hangs on the bridge by name. */
function ovsOnABond(): Situation {
  const { cluster, node } = startLab({ capacity: { 'ovs-cni.network.kubevirt.io/br-ex1': '1k' } });
  hostLinks(cluster, node, [
    { name: 'bond1', type: 'bond', state: 'up', 'mac-address': '00:50:56:00:00:0b' },
    { name: 'br-ex1', type: 'ovs-bridge', state: 'up' },
  ]);
  cluster.nad(
    'vms/ovs',
    { cniVersion: '0.3.1', type: 'ovs', bridge: 'br-ex1', vlan: 100, ipam: {} },
    resource('ovs-cni.network.kubevirt.io/br-ex1'),
  );
  labPod(cluster, 'vms/a', node, 'ovs', [entry('vms/ovs', 'net1', null, '02:00:00:00:0c:01')], {
    resources: { 'ovs-cni.network.kubevirt.io/br-ex1': '1' },
  });
  return {
    source: 'k8snetworkplumbingwg/ovs-cni docs/demo.md, nmstate/kubernetes-nmstate (ovs-bridge)',
    cluster,
    checks: [
      is('networks[id=net:vms/ovs].vlan', 100),
      is('interfaces[id=if:vms/a/net1].mac', '02:00:00:00:0c:01'),
      none('findings[rule=parent-interface-missing]'),
      ...QUIET,
    ],
  };
}

/** The pod is to go, and a plugin cannot take its network down. */
function cannotBeRemoved(text: string, advises: string, source: string): Situation {
  const { cluster, node } = startLab();
  cluster.nad('shop/lan', { cniVersion: '0.3.1', type: 'macvlan', master: 'ens192', ipam: { type: 'dhcp' } });
  labPod(cluster, 'shop/a', node, 'lan', [entry('shop/lan', 'net1', '192.168.7.9', '0a:58:c0:a8:07:09')], {
    deleting: true,
  });
  warning(
    cluster,
    'shop/a',
    'FailedKillPod',
    `error killing pod: failed to "KillPodSandbox" for "18ba" with KillPodSandboxError: "rpc error: code = Unknown desc = failed to destroy network for sandbox "3bb4": ${text}"`,
    'kubelet',
  );
  return {
    source,
    cluster,
    checks: [
      says('findings[subjects~pod:shop/a]', 'FailedKillPod'),
      says('findings[subjects~pod:shop/a].advice', advises),
      none('findings[rule=pod-start-failed]'),
      none('findings[rule=networks-changed-after-start]'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/a address', says: /being deleted[^]*KillPodSandbox/ }],
  };
}

/** Multus' own config gives every pod a further network (defaultNetworks): nobody asks for it, and nothing has changed. */
function forEveryPod(): Situation {
  const { cluster, node } = startLab();
  cluster.nad('kube-system/storage', {
    cniVersion: '0.3.1',
    type: 'macvlan',
    master: 'ens192',
    ipam: { type: 'dhcp' },
  });
  cluster.nad('shop/lan', { cniVersion: '0.3.1', type: 'macvlan', master: 'ens224', ipam: { type: 'dhcp' } });
  const storage = (at: number): Json =>
    entry('kube-system/storage', 'net1', `192.168.50.${String(at)}`, `0a:58:c0:a8:32:0${String(at)}`);
  const ip = '10.244.9.9';
  cluster.write('shop/a', node, [ip], {
    annotations: {
      [STATUS]: JSON.stringify([
        { name: 'k8s-pod-network', interface: 'eth0', ips: [ip], default: true, dns: {} },
        storage(1),
      ]),
    },
  });
  labPod(cluster, 'shop/b', node, 'lan', [storage(2), entry('shop/lan', 'net2', '192.168.60.2', '0a:58:c0:a8:3c:02')]);
  return {
    source: 'k8snetworkplumbingwg/multus-cni#1187 (defaultNetworks), docs/configuration.md',
    cluster,
    checks: [
      is('interfaces[id=if:shop/a/net1].state', 'unrequested'),
      is('interfaces[id=if:shop/b/net2].state', 'reported'),
      none('findings[rule=networks-changed-after-start]'),
      none('findings[rule=network-unused]'),
      ...QUIET,
    ],
  };
}

/** It ran when Multus was not there yet, and asks for nothing: no fault. The other does ask, and started after it. */
function olderThanMultus(): Situation {
  const { cluster, node } = start();
  const held = node.primary.add();
  cluster.write('shop/old', node, [held.ip], { createdAt: '2026-08-31T13:00:00Z' });
  asking(cluster, 'shop/new', node, 'lan', { createdAt: '2026-09-01T11:59:40Z' });
  cluster.nad('shop/lan', { cniVersion: '0.3.1', type: 'macvlan', master: 'eth1', ipam: { type: 'dhcp' } });
  return {
    source: 'k8snetworkplumbingwg/multus-cni#1387 (pods from before Multus), #535',
    cluster,
    checks: [
      none('findings[subjects~pod:shop/old]'),
      none('findings[subjects~pod:shop/new]'),
      none('findings[severity=error]'),
    ],
  };
}

export const unready: Readonly<Record<string, () => Situation>> = {
  'OVN-Kubernetes waiting for its port': () =>
    ownNetworkFails(
      'plugin type="multus-shim" name="multus-cni-network" failed (add): CmdAdd (shim): CNI request failed with status 400: \'ContainerID:"0a1b" ERRORED: error configuring pod [shop/a] networking: [shop/a/1234:ovn-kubernetes]: error adding container to network "ovn-kubernetes": CNI request failed with status 400: \'[shop/a 0a1b network default NAD default] failed to configure pod interface: timed out waiting for OVS port binding (ovn-installed) for 0a:58:0a:83:00:1d [10.131.0.29/23]\'\'',
      'timed out waiting for OVS port binding',
      'okd-project/okd#1172, ovn-org/ovn-kubernetes (ovn-installed)',
    ),
  'flannel without its subnet': () =>
    ownNetworkFails(
      'plugin type="flannel" failed (add): loadFlannelSubnetEnv failed: open /run/flannel/subnet.env: no such file or directory',
      '/run/flannel/subnet\\.env',
      'kubernetes/kubernetes#70202, flannel-io/flannel (subnet.env)',
    ),
  'loopback without a name': () =>
    ownNetworkFails(
      'plugin type="loopback" failed (add): missing network name',
      'missing network name',
      'containerd/containerd#7843, containernetworking/plugins#752',
    ),
  'pod that Multus cannot remove': () =>
    cannotBeRemoved(
      'plugin type="multus" name="multus-cni-network" failed (delete): delegateDel: error invoking ConflistDel - "sriov-overlay": conflistDel: error in getting result from DelNetworkList: failed to del rule table 500: no such file or directory',
      '(?i)innermost plugin',
      'spidernet-io/cni-plugins#47, k8snetworkplumbingwg/multus-cni#669, #677',
    ),
  'pod that outlived Calico': () =>
    cannotBeRemoved(
      'plugin type="calico" failed (delete): stat /var/lib/calico/nodename: no such file or directory: check that the calico/node container is running and has mounted /var/lib/calico/',
      '/etc/cni/net\\.d',
      'kubesphere/kubekey#2504, projectcalico/calico#6309',
    ),
  'pod whose plugin has an old token': () =>
    cannotBeRemoved(
      'plugin type="calico" failed (delete): error getting ClusterInformation: connection is unauthorized: Unauthorized',
      'calico-node',
      'projectcalico/calico#5712, #7220',
    ),
  'pod that outlived Multus': () =>
    cannotBeRemoved(
      'plugin type="multus-shim" name="multus-cni-network" failed (delete): CmdDel (shim): failed to send CNI request: Post "http://dummy/cni": dial unix /run/multus/multus.sock: connect: connection refused',
      '(?i)multus',
      'k8snetworkplumbingwg/multus-cni#1146',
    ),
  'huge pages, not EFA': hugePages,
  'EFA in use': efaInUse,
  'pools in a namespace of their own': poolElsewhere,
  'function of a link': functionOfALink,
  'Open vSwitch on a bond': ovsOnABond,
  'pod older than Multus': olderThanMultus,
  'network of every pod': forEveryPod,
};
