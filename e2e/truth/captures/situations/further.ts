/** Further networks beside every kind of main network: Calico, Cilium and the VPC CNI on EC2, whole ENIs, userspace, several interfaces of one. */
import { Cluster } from '../kit/cluster';
import type { Eni } from '../kit/eni';
import type { Node } from '../kit/node';
import { NETWORKS, STATUS } from '../kit/pod';
import type { Json, PodSpec } from '../kit/types';
import { asking, entry, multusSays, running, start } from './attaching';
import { hostLinks, labPod, startLab } from './lab';
import { count, found, is, none, refused, says, silentOn, type Situation } from './situation';

const QUIET = [none('findings[severity=error]'), none('findings[severity=warning]')];
const KEPT = { 'node.k8s.amazonaws.com/no_manage': 'true' };
const resource = (name: string) => ({ 'k8s.v1.cni.cncf.io/resourceName': name });

const ipvlan = (more: Readonly<Record<string, Json>> = {}): Json => ({
  cniVersion: '0.3.1',
  type: 'ipvlan',
  master: 'eth1',
  mode: 'l2',
  ipam: { type: 'static' },
  capabilities: { ips: true },
  ...more,
});

/** A node whose pods have their addresses from another CNI than the VPC's. */
function otherCni(): { readonly cluster: Cluster; readonly node: Node; readonly kept: Eni } {
  const { cluster, node } = start({ ipamd: false, metrics: false, maxPods: 110 });
  return { cluster, node, kept: node.eni({ dev: 1 }) };
}

/** Calico's addresses are an overlay's, on no ENI; those of the further network are the ENI's. */
function calicoOnEc2(): Situation {
  const { cluster, node, kept } = otherCni();
  const held = kept.add();
  cluster.nad('telco/n3', ipvlan());
  cluster.write('telco/a', node, ['192.168.31.7'], {
    annotations: {
      'cni.projectcalico.org/podIP': '192.168.31.7/32',
      [NETWORKS]: 'n3',
      [STATUS]: JSON.stringify([
        { name: 'k8s-pod-network', ips: ['192.168.31.7'], default: true, dns: {} },
        entry('telco/n3', 'net1', held.ip, kept.mac),
      ]),
    },
  });
  return {
    source:
      'k8snetworkplumbingwg/multus-cni#390 (Calico and Multus on EC2), aws-samples/eks-install-guide-for-multus#7',
    cluster,
    checks: [
      is('interfaces[id=if:telco/a/eth0].eni', null),
      is('interfaces[id=if:telco/a/net1].eni', kept.id),
      is('interfaces[id=if:telco/a/net1].link.certainty', 'observed'),
      none('findings[rule=pod-address-not-on-node]'),
      none('findings[rule=eni-adopted]'),
      none('findings[rule=eni-will-be-adopted]'),
      ...QUIET,
    ],
    sayings: [{ command: 'lookup', words: held.ip, says: /telco\/a/ }],
  };
}

/** In Cilium's ENI mode the pod's own address is on an ENI that Cilium made; Multus' ENI is beside it. */
function ciliumEniMode(): Situation {
  const { cluster, node, kept } = otherCni();
  const own = node.eni({
    dev: 2,
    description: 'Cilium-CNI (i-00000000000000001)',
    tags: { 'io.cilium/cilium-managed': 'true', 'io.cilium/cluster-name': 'main' },
  });
  const [eth0, net1] = [own.add(), kept.add()];
  cluster.nad('telco/n3', ipvlan());
  cluster.write('telco/a', node, [eth0.ip], {
    annotations: {
      [NETWORKS]: 'n3',
      [STATUS]: JSON.stringify([
        { name: 'cilium', interface: 'eth0', ips: [eth0.ip], mac: '5e:00:00:00:00:01', default: true, dns: {} },
        entry('telco/n3', 'net1', net1.ip, kept.mac),
      ]),
    },
  });
  return {
    source: 'cilium/cilium (AWS ENI mode), k8snetworkplumbingwg/multus-cni#1132',
    cluster,
    checks: [
      is('interfaces[id=if:telco/a/eth0].eni', own.id),
      is('interfaces[id=if:telco/a/net1].eni', kept.id),
      none('findings[rule=eni-leaked]'),
      ...QUIET,
    ],
  };
}

/** host-device moves the ENI itself into the pod: its MAC, its own address. */
function wholeEni(): Situation {
  const { cluster, node } = start({ maxPods: 20 });
  const kept = node.eni({ dev: 1, tags: KEPT });
  cluster.nad('telco/whole', {
    cniVersion: '0.3.1',
    type: 'host-device',
    device: 'eth1',
    ipam: { type: 'static' },
    capabilities: { ips: true },
  });
  running(cluster, 'telco/a', node, 'whole', [entry('telco/whole', 'net1', kept.ip, kept.mac)]);
  return {
    source:
      'amazon-eks: Multus with host-device (aws-samples/eks-install-guide-for-multus), containernetworking/plugins host-device',
    cluster,
    checks: [
      is('interfaces[id=if:telco/a/net1].eni', kept.id),
      is('interfaces[id=if:telco/a/net1].addresses.0.backed', 'eni'),
      none('findings[rule=pod-on-primary-address]'),
      none('findings[rule=address-not-on-eni]'),
      none('findings[rule=parent-interface-missing]'),
      ...QUIET,
    ],
    sayings: [{ command: 'lookup', words: kept.mac, says: /telco\/a/ }],
  };
}

/** An ENI that is bound to vfio-pci: the device plugin offers it, the pod has its PCI address, EC2 tells no PCI addresses. */
function dpdkOnEc2(): Situation {
  const name = 'intel.com/ena_dpdk';
  const { cluster, node } = start({ maxPods: 20, capacity: { [name]: '1' } });
  const kept = node.eni({ dev: 1, tags: KEPT });
  cluster.nad('telco/dpdk', { cniVersion: '0.3.1', type: 'host-device', ipam: {} }, resource(name));
  running(
    cluster,
    'telco/upf',
    node,
    'dpdk',
    [
      {
        name: 'telco/dpdk',
        interface: 'net1',
        dns: {},
        'device-info': { type: 'pci', version: '1.1.0', pci: { 'pci-address': '0000:00:06.0' } },
      },
    ],
    { resources: { [name]: '1' } },
  );
  return {
    source:
      'aws-samples (DPDK with SR-IOV device plugin and vfio-pci on ENA), k8snetworkplumbingwg/sriov-network-device-plugin#565',
    cluster,
    checks: [
      is('interfaces[id=if:telco/upf/net1].device.pciAddress', '0000:00:06.0'),
      // The only ENI that it can be, or none named.
      {
        what: 'which ENI',
        level: 'must',
        path: 'interfaces[id=if:telco/upf/net1].eni',
        op: 'in',
        value: [null, kept.id],
      },
      none('findings[rule=parent-interface-missing]'),
      none('findings[rule=address-not-on-eni]'),
      ...QUIET,
    ],
    sayings: [{ command: 'lookup', words: '0000:00:06.0', says: /telco\/upf/ }],
  };
}

/** Both families on one kept ENI. */
function bothFamilies(): Situation {
  const cluster = new Cluster({ multus: 'v4.1.4-eksbuild.3' });
  const subnet = cluster.subnet('10.40.0.0/20', 'eu-west-1a', { ipv6: '2a05:d018:aa:1::/64' });
  const node = cluster.node('n1', subnet, { maxPods: 20 });
  node.primary.free(8);
  const kept = node.eni({ dev: 1, tags: KEPT });
  const held = kept.add();
  kept.ipv6.push('2a05:d018:aa:1::10');
  cluster.nad('telco/n6', ipvlan());
  running(cluster, 'telco/a', node, 'n6', [
    { name: 'telco/n6', interface: 'net1', ips: [held.ip, '2a05:d018:aa:1::10'], mac: kept.mac, dns: {} },
  ]);
  return {
    source: 'aws-samples/eks-automated-ipmgmt-multus-pods (dual-stack Multus interfaces)',
    cluster,
    checks: [
      is('interfaces[id=if:telco/a/net1].eni', kept.id),
      is('interfaces[id=if:telco/a/net1].addresses.1.backed', 'eni'),
      ...QUIET,
    ],
    sayings: [{ command: 'lookup', words: '2a05:d018:aa:1::10', says: /telco\/a/ }],
  };
}

/** One request, two interfaces: the plugin attaches a pod to every link of the host. */
function twoOfOneRequest(): Situation {
  const { cluster, node } = startLab();
  cluster.nad('ai/multi-nic', {
    cniVersion: '0.3.0',
    name: 'multi-nic',
    type: 'multi-nic',
    plugin: { cniVersion: '0.3.0', type: 'ipvlan', mode: 'l3' },
    vlanMode: 'l3',
    ipam: { type: 'multi-nic-ipam', hostBlock: 6, interfaceBlock: 2 },
    multiNICIPAM: true,
  });
  labPod(cluster, 'ai/rank', node, 'multi-nic', [
    { name: 'ai/multi-nic', interface: 'net1-0', ips: ['192.168.0.65'], mac: '0a:58:00:00:0c:00', dns: {} },
    { name: 'ai/multi-nic', interface: 'net1-1', ips: ['192.168.64.65'], mac: '0a:58:00:00:0c:01', dns: {} },
  ]);
  return {
    source: 'foundation-model-stack/multi-nic-cni (README, network-status), #345',
    cluster,
    checks: [
      count('interfaces[network=net:ai/multi-nic]', 2),
      is('interfaces[id=if:ai/rank/net1-1].ips', ['192.168.64.65']),
      none('findings[rule=network-config-invalid]'),
      none('findings[rule=networks-changed-after-start]'),
      ...QUIET,
    ],
  };
}

/** The VLAN is set up on one machine of two: the pod on the other cannot start, and the other machine has what it lacks. */
function vlanOnOneNode(): Situation {
  const { cluster, node } = startLab();
  const w2 = cluster.node('w2', node.subnet, node.spec);
  const bond: Json = { name: 'bond0', type: 'bond', state: 'up', 'mac-address': '00:50:56:00:00:0a' };
  hostLinks(cluster, node, [
    bond,
    { name: 'bond0.100', type: 'vlan', state: 'up', 'mac-address': '00:50:56:00:00:0a' },
  ]);
  hostLinks(cluster, w2, [bond]);
  cluster.nad('shop/lan', { cniVersion: '0.3.1', type: 'macvlan', master: 'bond0.100', ipam: { type: 'dhcp' } });
  labPod(cluster, 'shop/a', node, 'lan', [entry('shop/lan', 'net1', '192.168.100.5', '0a:58:c0:a8:64:05')]);
  asking(cluster, 'shop/b', w2, 'lan');
  refused(cluster, 'shop/b', multusSays('shop/b', 'lan', 'failed to lookup master "bond0.100": Link not found'));
  return {
    source: 'nmstate/kubernetes-nmstate (policies by node selector), k8snetworkplumbingwg/multus-cni#667',
    cluster,
    checks: [
      found('findings[rule=parent-interface-missing][subjects~pod:shop/b]'),
      says('findings[rule=parent-interface-missing]', 'bond0\\.100'),
      says('findings[rule=parent-interface-missing]', 'w2'),
      silentOn('findings[subjects~pod:shop/a]', 'bond0'),
      is('interfaces[id=if:shop/a/net1].hostNic', 'nic:w1/bond0.100'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/b address', says: /bond0\.100/ }],
  };
}

/** Two replicas of one template, with one MAC in it. */
function oneMacForTwo(): Situation {
  const { cluster, node } = startLab();
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    type: 'macvlan',
    master: 'ens192',
    ipam: {},
    capabilities: { mac: true },
  });
  const spec: PodSpec = { owner: { kind: 'ReplicaSet', name: 'gw-5c9f' } };
  for (const at of [1, 2])
    labPod(
      cluster,
      `shop/gw-${String(at)}`,
      node,
      '[{"name":"lan","mac":"02:23:45:67:89:01"}]',
      [entry('shop/lan', 'net1', null, '02:23:45:67:89:01')],
      spec,
    );
  return {
    source: 'k8snetworkplumbingwg/multus-cni#1147, #103 (fixed values in a template with replicas)',
    cluster,
    checks: [
      found('findings[rule=duplicate-mac]'),
      says('findings[rule=duplicate-mac]', 'gw-1'),
      says('findings[rule=duplicate-mac]', 'gw-2'),
    ],
    sayings: [{ command: 'lookup', words: '02:23:45:67:89:01', says: /gw-1[^]*gw-2/ }],
  };
}

/** The bond cannot take the functions: the text is the plugin's own, and no host link is missing. */
function bondRefused(): Situation {
  const { cluster, node } = startLab({ capacity: { 'example.com/pf1': '4', 'example.com/pf2': '4' } });
  for (const at of ['1', '2'])
    cluster.nad(
      `hpc/sriov-net${at}`,
      { cniVersion: '0.3.1', type: 'ib-sriov', ipam: {} },
      resource(`example.com/pf${at}`),
    );
  cluster.nad('hpc/bond', {
    cniVersion: '0.3.1',
    type: 'bond',
    mode: '802.3ad',
    linksInContainer: true,
    miimon: '100',
    links: [{ name: 'net1' }, { name: 'net2' }],
    ipam: { type: 'host-local', subnet: '10.56.217.0/24' },
  });
  asking(cluster, 'hpc/a', node, 'sriov-net1,sriov-net2,bond@bond0', {
    resources: { 'example.com/pf1': '1', 'example.com/pf2': '1' },
  });
  refused(
    cluster,
    'hpc/a',
    multusSays(
      'hpc/a',
      'bond',
      'failed to attached links to bond, error: Failed to set link: net1 MASTER, master index used: 5, error: operation not supported',
    ),
  );
  return {
    source: 'k8snetworkplumbingwg/bond-cni#31',
    cluster,
    checks: [
      says('findings[subjects~pod:hpc/a]', 'operation not supported'),
      none('findings[rule=parent-interface-missing]'),
      none('findings[rule=device-exhausted]'),
      silentOn('findings[subjects~pod:hpc/a].advice', '(?i)attach the ENI|bring up the link'),
    ],
    sayings: [{ command: 'explain', words: 'pod hpc/a address', says: /operation not supported/ }],
  };
}

/** whereabouts does not get through to the API server in time: no range is full. */
function whereaboutsTimesOut(): Situation {
  const { cluster, node } = start();
  cluster.nad('telco/lan', {
    cniVersion: '0.3.1',
    type: 'macvlan',
    master: 'eth1',
    ipam: { type: 'whereabouts', range: '10.9.0.0/24' },
  });
  asking(cluster, 'telco/a', node, 'lan');
  refused(
    cluster,
    'telco/a',
    multusSays(
      'telco/a',
      'lan',
      'error at storage engine: k8s get OverlappingRangeIPReservation error: client rate limiter Wait returned an error: context deadline exceeded',
    ),
  );
  return {
    source: 'k8snetworkplumbingwg/whereabouts#480, #389 (timeouts of the API server)',
    cluster,
    checks: [
      says('findings[subjects~pod:telco/a]', 'context deadline exceeded'),
      none('findings[rule=ipam-pool-full]'),
      none('findings[rule=pod-ip-failed]'),
      silentOn('findings[subjects~pod:telco/a]', '(?i)is full|widen the range'),
    ],
    sayings: [{ command: 'explain', words: 'pod telco/a address', says: /deadline/, silentOn: /is full/ }],
  };
}

/** Limits of bandwidth by the runtime's configuration: a chain with `bandwidth` and `portmap` changes nothing of the link. */
function limited(): Situation {
  const { cluster, node } = start({ maxPods: 20 });
  const kept = node.eni({ dev: 1, tags: KEPT });
  const held = kept.add();
  cluster.nad('telco/n9', {
    cniVersion: '1.0.0',
    name: 'n9',
    plugins: [
      { type: 'ipvlan', master: 'eth1', mode: 'l2', ipam: { type: 'static' }, capabilities: { ips: true } },
      { type: 'bandwidth', capabilities: { bandwidth: true }, ingressRate: 1_000_000, ingressBurst: 100_000 },
      { type: 'tuning', sysctl: { 'net.core.somaxconn': '500' }, mtu: 9001, txQLen: 2000 },
    ],
  });
  running(
    cluster,
    'telco/a',
    node,
    `[{"name":"n9","ips":["${held.ip}/20"],"bandwidth":{"ingressRate":2048,"ingressBurst":1600}}]`,
    [entry('telco/n9', 'net1', held.ip, kept.mac)],
  );
  return {
    source: 'containernetworking/plugins (bandwidth, tuning), multi-net-spec (bandwidth of a selection)',
    cluster,
    checks: [is('interfaces[id=if:telco/a/net1].eni', kept.id), is('networks[id=net:telco/n9].problems', []), ...QUIET],
  };
}

export const further: Readonly<Record<string, () => Situation>> = {
  'Calico on EC2, with an ENI for Multus': calicoOnEc2,
  'Cilium’s ENIs, and one for Multus': ciliumEniMode,
  'whole ENI by host-device': wholeEni,
  'ENI bound to vfio-pci': dpdkOnEc2,
  'dual-stack unmanaged ENI': bothFamilies,
  'two interfaces of one request': twoOfOneRequest,
  'VLAN on one node of two': vlanOnOneNode,
  'one MAC for two replicas': oneMacForTwo,
  'bond that cannot add its links': bondRefused,
  'whereabouts timeout': whereaboutsTimesOut,
  'bandwidth and sysctls': limited,
};
