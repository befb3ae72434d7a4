/** Further clusters that are well and look strange, and contradictions about addresses of further networks. */
import { asking, entry, launcher, running, start } from './attaching';
import { claim, claimingPod, nic, slice, startClaims } from './claiming';
import { hostLinks, labPod, startLab } from './lab';
import { found, is, none, OLD, refused, says, silentOn, type Situation } from './situation';

const CALM = [none('findings[severity=error]'), none('findings[severity=warning]')];
const VF = 'intel.com/vf';
const OF_VF = { 'k8s.v1.cni.cncf.io/resourceName': VF };

/** Addresses by NVIDIA’s IPAM, which gives each node blocks of one range. */
function nvIpam(): Situation {
  const { cluster, node } = startLab();
  const second = cluster.node('w2', node.subnet, node.spec);
  cluster.object({
    apiVersion: 'nv-ipam.nvidia.com/v1alpha1',
    kind: 'CIDRPool',
    metadata: { name: 'rail-1', namespace: 'nvidia-network-operator', uid: 'cp-1' },
    spec: { cidr: '192.168.0.0/16', perNodeNetworkPrefix: 24, gatewayIndex: 1 },
    status: {
      allocations: [
        { nodeName: 'w1', prefix: '192.168.0.0/24' },
        { nodeName: 'w2', prefix: '192.168.1.0/24' },
      ],
    },
  });
  cluster.nad('ai/rail-1', {
    cniVersion: '0.3.1',
    type: 'macvlan',
    master: 'ens8',
    ipam: { type: 'nv-ipam', poolName: 'rail-1', poolType: 'cidrpool' },
  });
  labPod(cluster, 'ai/a', node, 'rail-1', [entry('ai/rail-1', 'net1', '192.168.0.2', '7e:00:00:00:50:01')]);
  labPod(cluster, 'ai/b', second, 'rail-1', [entry('ai/rail-1', 'net1', '192.168.1.2', '7e:00:00:00:50:02')]);
  return {
    source: 'Mellanox/nvidia-k8s-ipam (CIDRPool)',
    cluster,
    checks: [is('interfaces[id=if:ai/a/net1].state', 'reported'), ...CALM],
    sayings: [{ command: 'lookup', words: '192.168.1.2', says: /ai\/b/ }],
  };
}

/** Longhorn’s storage network: a name of its own for the interface, and the network in another namespace. */
function storageNetwork(): Situation {
  const { cluster, node } = startLab();
  const second = cluster.node('w2', node.subnet, node.spec);
  cluster.nad('kube-system/storage', {
    cniVersion: '0.3.1',
    type: 'ipvlan',
    mode: 'l2',
    master: 'eth1',
    ipam: { type: 'whereabouts', range: '192.168.60.0/24' },
  });
  const networks = '[{"namespace":"kube-system","name":"storage","interface":"lhnet1"}]';
  for (const [at, on] of [node, second].entries())
    labPod(cluster, `longhorn-system/instance-manager-${String(at)}`, on, networks, [
      entry('kube-system/storage', 'lhnet1', `192.168.60.${String(at + 1)}`, `52:54:00:00:60:0${String(at + 1)}`),
    ]);
  return {
    source: 'longhorn/longhorn#2285 (storage network)',
    cluster,
    checks: [is('interfaces[id=if:longhorn-system/instance-manager-0/lhnet1].state', 'reported'), ...CALM],
    sayings: [{ command: 'lookup', words: '192.168.60.2', says: /instance-manager-1/ }],
  };
}

/** Virtual functions whose driver sets the MAC later: the status has zeros. */
function zeroMacs(): Situation {
  const { cluster, node } = startLab({ capacity: { [VF]: '4' } });
  cluster.nad('telco/dpdk', { cniVersion: '0.3.1', type: 'sriov', ipam: {} }, OF_VF);
  for (const at of [1, 2])
    labPod(
      cluster,
      `telco/upf-${String(at)}`,
      node,
      'dpdk',
      [
        {
          name: 'telco/dpdk',
          interface: 'net1',
          mac: '00:00:00:00:00:00',
          dns: {},
          'device-info': { type: 'pci', version: '1.1.0', pci: { 'pci-address': `0000:3b:02.${String(at)}` } },
        },
      ],
      { resources: { [VF]: '1' } },
    );
  return {
    source: 'k8snetworkplumbingwg/sriov-cni (functions bound to vfio-pci)',
    cluster,
    checks: [none('findings[rule=duplicate-mac]'), ...CALM],
    sayings: [{ command: 'lookup', words: '0000:3b:02.2', says: /upf-2/ }],
  };
}

/** A bond’s links have its MAC, and so have the VLANs on it. */
function oneMacOfManyLinks(): Situation {
  const { cluster, node } = startLab();
  const mac = '52:54:00:00:70:01';
  hostLinks(cluster, node, [
    { name: 'bond0', type: 'bond', state: 'up', 'mac-address': mac },
    { name: 'eno1', type: 'ethernet', state: 'up', 'mac-address': mac },
    { name: 'eno2', type: 'ethernet', state: 'up', 'mac-address': mac },
    { name: 'bond0.100', type: 'vlan', state: 'up', 'mac-address': mac },
  ]);
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    type: 'ipvlan',
    master: 'bond0.100',
    ipam: { type: 'whereabouts', range: '192.168.70.0/24' },
  });
  labPod(cluster, 'shop/a', node, 'lan', [entry('shop/lan', 'net1', '192.168.70.1', mac)]);
  labPod(cluster, 'shop/b', node, 'lan', [entry('shop/lan', 'net1', '192.168.70.2', mac)]);
  return {
    source: 'nmstate/kubernetes-nmstate (bonds and VLANs have one MAC)',
    cluster,
    checks: [
      none('findings[rule=duplicate-mac]'),
      is('interfaces[id=if:shop/a/net1].hostNic', 'nic:w1/bond0.100'),
      ...CALM,
    ],
    sayings: [{ command: 'lookup', words: mac, says: /shop\/a[^]*shop\/b/ }],
  };
}

/** What was asked for and what is reported differ in spelling alone. */
function otherSpelling(): Situation {
  const { cluster, node } = startLab();
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    plugins: [
      { type: 'macvlan', master: 'eth1', capabilities: { ips: true, mac: true }, ipam: { type: 'static' } },
      { type: 'tuning', capabilities: { mac: true } },
    ],
  });
  labPod(
    cluster,
    'shop/a',
    node,
    '[{"name":"lan","mac":"C2-B0-57-49-47-F1","ips":["10.10.0.5/24","FD00:0:0::5/64"]}]',
    [{ name: 'shop/lan', interface: 'net1', ips: ['10.10.0.5', 'fd00::5'], mac: 'c2:b0:57:49:47:f1', dns: {} }],
  );
  return {
    source: 'k8snetworkplumbingwg/multus-cni (net.ParseMAC and net.ParseCIDR take every spelling)',
    cluster,
    checks: [none('findings[rule=requested-not-honoured]'), ...CALM],
    sayings: [{ command: 'lookup', words: 'FD00::0:5', says: /shop\/a/ }],
  };
}

/** A pod on the host network cannot have a link of its own. */
function claimOnTheHostNetwork(): Situation {
  const { cluster, node, kept } = startClaims();
  slice(cluster, 'n1', 'dra.net', [nic('pci-0000-00-06-0', 'ens6', kept.mac)]);
  claim(cluster, { key: 'ai/c1', pods: ['p1'], device: 'pci-0000-00-06-0', node: 'n1' });
  claimingPod(cluster, 'ai/p1', node, 'c1', [], { phase: 'Pending', createdAt: OLD, hostNetwork: true });
  refused(
    cluster,
    'ai/p1',
    'failed to run NRI hook: RunPodSandbox pod ai/p1 using host network can not claim host devices',
  );
  return {
    source: 'kubernetes-sigs/dranet pkg/driver/nri_hooks.go (RunPodSandbox)',
    cluster,
    checks: [
      says('findings[subjects~pod:ai/p1]', '(?i)host network'),
      says('findings[subjects~pod:ai/p1].advice', '(?i)hostNetwork|host network'),
      silentOn('findings[subjects~pod:ai/p1]', '(?i)ipamd|does not know this message'),
    ],
  };
}

/** The slice of a node that is no longer there. */
function sliceOfAGoneNode(): Situation {
  const { cluster, node, kept } = startClaims();
  slice(cluster, 'n1', 'dra.net', [nic('pci-0000-00-06-0', 'ens6', kept.mac)]);
  slice(cluster, 'gone', 'dra.net', [nic('pci-0000-00-06-0', 'ens6', '06:1f:5c:00:09:09')]);
  running(cluster, 'shop/a', node, '', []);
  return {
    source: 'kubernetes/kubernetes (ResourceSlices of a node are deleted with it, after a while)',
    cluster,
    checks: [none('findings[severity=error]'), silentOn('findings', 'gone')],
  };
}

/** A pod on a further network has the address of a node. */
function addressOfANode(): Situation {
  const { cluster, node } = startLab({ internalIp: '192.0.2.10' });
  const second = cluster.node('w2', node.subnet, { ...node.spec, internalIp: '192.0.2.11' });
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    type: 'macvlan',
    master: 'eth0',
    ipam: { type: 'whereabouts', range: '192.0.2.0/24' },
  });
  labPod(cluster, 'shop/a', second, 'lan', [entry('shop/lan', 'net1', '192.0.2.10', '7e:00:00:00:80:01')]);
  return {
    source: 'k8snetworkplumbingwg/whereabouts (README: exclude what others have), k8snetworkplumbingwg/multus-cni#229',
    cluster,
    checks: [
      says('findings[subjects~if:shop/a/net1]', '192\\.0\\.2\\.10'),
      says('findings[subjects~if:shop/a/net1]', 'w1'),
      says('findings[subjects~if:shop/a/net1].advice', '(?i)exclude|range'),
    ],
    sayings: [{ command: 'lookup', words: '192.0.2.10', says: /w1/ }],
  };
}

/** The target of a migration waits until its source has gone: two pods of one machine ask for one address. */
function migrationTarget(): Situation {
  const { cluster, node } = startLab();
  const second = cluster.node('w2', node.subnet, node.spec);
  const mac = '02:00:00:00:90:01';
  cluster.nad('vms/lan', { cniVersion: '0.3.1', type: 'bridge', bridge: 'br1', ipam: {} });
  const networks = `[{"name":"lan","namespace":"vms","mac":"${mac}","interface":"pod16477688c0e"}]`;
  labPod(
    cluster,
    'vms/virt-launcher-a-1',
    node,
    networks,
    [entry('vms/lan', 'pod16477688c0e', null, mac)],
    launcher('a'),
  );
  labPod(
    cluster,
    'vms/virt-launcher-a-2',
    second,
    networks,
    [entry('vms/lan', 'pod16477688c0e', null, mac)],
    launcher('a', { 'kubevirt.io/migrationJobUID': 'm-1' }),
  );
  return {
    source: 'kubevirt/kubevirt (live migration over a bridge, without addresses)',
    cluster,
    checks: [
      none('findings[rule=duplicate-mac]'),
      none('findings[rule=duplicate-address]'),
      none('findings[severity=error]'),
    ],
    sayings: [{ command: 'lookup', words: mac, says: /virt-launcher-a-1[^]*virt-launcher-a-2/ }],
  };
}

/** EC2’s answer with entries left out, as people shorten it. */
function elidedList(): Situation {
  const { cluster, node } = start({ maxPods: 20 });
  cluster.extraFiles.push({
    path: 'kubernetes/more.json',
    text: `{
  "apiVersion": "v1",
  "items": [
    {
      "apiVersion": "v1", "kind": "Pod",
      "metadata": { "name": "posted", "namespace": "shop", "uid": "p-1",
        ...
      },
      "spec": { "nodeName": "${node.name}", "containers": [] },
      "status": { "phase": "Running", "podIP": "${node.primary.addresses[0]?.ip ?? ''}" }
    },
    ...
  ],
  "kind": "List"
}
`,
  });
  asking(cluster, 'shop/other', node, '');
  return {
    source: 'k8snetworkplumbingwg/multus-cni and others (JSON as posted, with parts left out)',
    cluster,
    checks: [found('pods[id=pod:shop/posted]')],
    sayings: [{ command: 'lookup', words: 'shop/posted', says: /pod shop\/posted/ }],
  };
}

export const well: Readonly<Record<string, () => Situation>> = {
  'NVIDIA’s IPAM by node': nvIpam,
  'Longhorn’s storage network': storageNetwork,
  'MACs of zeros': zeroMacs,
  'one MAC of a bond, its links and VLANs': oneMacOfManyLinks,
  'requested in another spelling': otherSpelling,
  'claim of a pod on the host network': claimOnTheHostNetwork,
  'slice of a deleted node': sliceOfAGoneNode,
  'address of a node on an additional network': addressOfANode,
  'target of a migration': migrationTarget,
  'list with omitted parts': elidedList,
};
