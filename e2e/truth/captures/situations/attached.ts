/** Whole devices and further networks: one card for two pods, a card elsewhere, edited networks, machines, addresses of ipamd. */
import { NETWORKS, STATUS } from '../kit/pod';
import { asking, entry, launcher, multusSays, running, start } from './attaching';
import { hostLinks, labPod, startLab } from './lab';
import { count, is, none, refused, says, silentOn, type Situation } from './situation';

const CALM = [none('findings[severity=error]'), none('findings[severity=warning]')];

const KEPT = { 'node.k8s.amazonaws.com/no_manage': 'true' };
/** tap: a device of the pod alone. */
function tapDevice(): Situation {
  const { cluster, node } = start({ maxPods: 29 });
  cluster.nad('vm/tap', {
    cniVersion: '0.3.1',
    type: 'tap',
    multiqueue: true,
    selinuxcontext: 'system_u:system_r:container_t:s0',
    capabilities: { mac: true, ips: true },
    ipam: { type: 'static' },
  });
  running(cluster, 'vm/a', node, 'tap', [entry('vm/tap', 'net1', null, '0a:58:00:00:0c:01')]);
  return {
    source: 'openshift/openshift-docs#59526 (the tap plugin)',
    cluster,
    checks: [is('interfaces[id=if:vm/a/net1].eni', null), none('findings[rule=macvlan-on-eni]'), ...CALM],
    sayings: [{ command: 'lookup', words: '0a:58:00:00:0c:01', says: /vm\/a/ }],
  };
}

/** A card that belongs to one node by its MAC, and the pod is on another. */
function hwaddrElsewhere(): Situation {
  const { cluster, node } = start({ maxPods: 20 });
  const second = cluster.node('n2', cluster.subnets[0] ?? cluster.subnet('10.41.0.0/20'), { maxPods: 20 });
  const far = second.eni({ dev: 1, tags: KEPT });
  cluster.nad('telco/whole', {
    cniVersion: '0.3.1',
    type: 'host-device',
    hwaddr: far.mac.toUpperCase(),
    ipam: { type: 'static' },
  });
  asking(cluster, 'telco/a', node, 'whole');
  refused(cluster, 'telco/a', multusSays('telco/a', 'whole', 'failed to find host device: Link not found'));
  return {
    source: 'containernetworking/plugins host-device (hwaddr), #320',
    cluster,
    checks: [
      says('findings[subjects~pod:telco/a]', `(?i)${far.mac}`),
      says('findings[subjects~pod:telco/a]', 'n2|eni-'),
    ],
    sayings: [{ command: 'lookup', words: far.mac, says: /n2/ }],
  };
}

/** The node's own link: with it the node would lose its address. */
function primaryDevice(): Situation {
  const { cluster, node } = start({ os: 'Amazon Linux 2' });
  cluster.nad('telco/whole', { cniVersion: '0.3.1', type: 'host-device', device: 'eth0', ipam: { type: 'static' } });
  asking(cluster, 'telco/a', node, 'whole');
  return {
    source: 'containernetworking/plugins host-device, k8snetworkplumbingwg/multus-cni#703',
    cluster,
    checks: [says('findings[subjects~net:telco/whole]', '(?i)primary|node’s own|loses')],
  };
}

/** Two pods on one node ask for one PCI address. */
function onePciAddress(): Situation {
  const { cluster, node } = startLab();
  cluster.nad('telco/whole', { cniVersion: '0.3.1', type: 'host-device', pciBusID: '0000:3d:00.1' });
  labPod(cluster, 'telco/a', node, 'whole', [entry('telco/whole', 'net1', null, '3c:ec:ef:00:00:01')]);
  asking(cluster, 'telco/b', node, 'whole');
  refused(cluster, 'telco/b', multusSays('telco/b', 'whole', 'no net directory under pci device 0000:3d:00.1'));
  return {
    source: 'containernetworking/plugins#320, k8snetworkplumbingwg/multus-cni#1209',
    cluster,
    checks: [
      says('findings[subjects~pod:telco/b]', '0000:3d:00\\.1'),
      says('findings[subjects~pod:telco/b]', 'telco/a'),
      silentOn('findings[subjects~pod:telco/b].advice', '(?i)delete pod telco/a'),
    ],
    sayings: [{ command: 'explain', words: 'pod telco/b address', says: /telco\/a/ }],
  };
}

/** Crashed pods gave the card back under the name that it had in them. */
function cardUnderAnotherName(): Situation {
  const { cluster, node } = startLab();
  hostLinks(cluster, node, [
    { name: 'eth0', type: 'ethernet', state: 'up', 'mac-address': '3C:EC:EF:00:00:10' },
    { name: 'net1-0', type: 'ethernet', state: 'down', 'mac-address': '3C:EC:EF:00:00:01' },
  ]);
  cluster.nad('telco/whole', { cniVersion: '0.3.1', type: 'host-device', device: 'ens5f1' });
  asking(cluster, 'telco/b', node, 'whole');
  refused(cluster, 'telco/b', multusSays('telco/b', 'whole', 'failed to find host device: Link not found'));
  return {
    source: 'foundation-model-stack/multi-nic-cni#278, k8snetworkplumbingwg/multus-cni#1134',
    cluster,
    checks: [says('findings[subjects~pod:telco/b]', 'ens5f1'), says('findings[subjects~pod:telco/b]', 'net1-0')],
  };
}

/** The network was edited after the pod had started: what runs still runs on the former link. */
function editedSince(): Situation {
  const { cluster, node } = start({ maxPods: 20, os: 'Amazon Linux 2' });
  const other = cluster.subnet('10.60.0.0/24');
  const first = node.eni({ dev: 1, tags: KEPT }, other);
  const second = cluster.subnet('10.61.0.0/24');
  node.eni({ dev: 2, tags: KEPT }, second);
  const held = first.add();
  cluster.object({
    apiVersion: 'k8s.cni.cncf.io/v1',
    kind: 'NetworkAttachmentDefinition',
    metadata: {
      namespace: 'shop',
      name: 'lan',
      uid: 'nad-lan',
      creationTimestamp: '2026-08-01T00:00:00Z',
      generation: 3,
      managedFields: [
        { manager: 'kubectl-edit', operation: 'Update', time: '2026-09-01T11:50:00Z', fieldsType: 'FieldsV1' },
      ],
    },
    spec: {
      config: JSON.stringify({
        cniVersion: '0.3.1',
        type: 'ipvlan',
        master: 'eth2',
        ipam: { type: 'whereabouts', range: '10.61.0.0/24' },
      }),
    },
  });
  running(cluster, 'shop/a', node, 'lan', [entry('shop/lan', 'net1', held.ip, first.mac)]);
  return {
    source: 'k8snetworkplumbingwg/multus-cni (a NAD is read when a pod is created)',
    cluster,
    checks: [
      is('interfaces[id=if:shop/a/net1].eni', first.id),
      none('findings[rule=network-subnet-mismatch]'),
      none('findings[rule=address-not-on-eni]'),
      none('findings[severity=error]'),
    ],
    sayings: [{ command: 'lookup', words: held.ip, says: new RegExp(first.id) }],
  };
}

/** The master is in the annotation's cni-args, not in the config. */
function masterByArgs(): Situation {
  const { cluster, node } = start({ maxPods: 20 });
  const kept = node.eni({ dev: 1, tags: KEPT });
  const held = kept.add();
  const networks = '[{"name":"multi-nic","cni-args":{"master":["ens6"]}}]';
  cluster.nad('ai/multi-nic', {
    cniVersion: '0.3.0',
    type: 'multi-nic',
    plugin: { cniVersion: '0.3.0', type: 'ipvlan', mode: 'l3' },
    ipam: { type: 'multi-nic-ipam' },
  });
  running(cluster, 'ai/a', node, networks, [entry('ai/multi-nic', 'net1-0', held.ip, kept.mac)]);
  return {
    source: 'foundation-model-stack/multi-nic-cni#345',
    cluster,
    checks: [
      is('interfaces[id=if:ai/a/net1-0].eni', kept.id),
      none('findings[rule=parent-interface-missing]'),
      none('findings[severity=error]'),
    ],
  };
}

/** The default network by its bare name is looked for in kube-system. */
function defaultNetworkBare(): Situation {
  const { cluster, node } = start();
  cluster.nad('emu/ovs-nad', { cniVersion: '0.4.0', plugins: [{ type: 'ovs', vlan: 1, bridge: 'br-emu' }] });
  cluster.waiting('emu/client', node, {
    createdAt: '2026-09-01T11:30:00Z',
    annotations: { 'v1.multus-cni.io/default-network': 'ovs-nad' },
  });
  refused(
    cluster,
    'emu/client',
    'plugin type="multus" name="multus-cni-network" failed (add): Multus: [emu/client/0a1b]: error getting k8s network: getDefaultNetDelegateCRD: cannot find a network-attachment-definition (ovs-nad) in namespace (kube-system): network-attachment-definitions.k8s.cni.cncf.io "ovs-nad" not found',
  );
  return {
    source: 'k8snetworkplumbingwg/multus-cni#843',
    cluster,
    checks: [
      says('findings[subjects~pod:emu/client]', 'kube-system'),
      says('findings[subjects~pod:emu/client]', 'emu/ovs-nad'),
    ],
    sayings: [{ command: 'explain', words: 'pod emu/client address', says: /emu\/ovs-nad/ }],
  };
}

/** A Multus address that is one of ipamd's own, free for the next pod. */
function warmAddress(): Situation {
  const { cluster, node } = start({ maxPods: 29 });
  const taken = node.primary.addresses[6]?.ip ?? '';
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    type: 'ipvlan',
    mode: 'l2',
    ipam: { type: 'whereabouts', range: '10.40.0.0/20' },
  });
  running(cluster, 'shop/a', node, 'lan', [entry('shop/lan', 'net1', taken, node.primary.mac)]);
  return {
    source: 'aws-samples/eks-install-guide-for-multus#1 (ipvlan on the primary ENI, in the range of the VPC CNI)',
    cluster,
    checks: [
      // ipamd may give the same address to the next pod.
      says('findings[subjects~if:shop/a/net1]', '(?i)ipamd|VPC CNI'),
      says('findings[subjects~if:shop/a/net1]', taken.replaceAll('.', '\\.')),
    ],
    sayings: [{ command: 'lookup', words: taken, says: /shop\/a/ }],
  };
}

/** ipvlan in L3 on an ENI: an address that EC2 does not know is as lost as in L2. */
function layerThree(mode: string): Situation {
  const { cluster, node } = start({ maxPods: 20 });
  const kept = node.eni({ dev: 1, tags: KEPT });
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    type: 'ipvlan',
    master: 'eth1',
    mode,
    ipam: { type: 'host-local', subnet: '10.99.0.0/24' },
  });
  running(cluster, 'shop/a', node, 'lan', [entry('shop/lan', 'net1', '10.99.0.7', kept.mac)]);
  return {
    source: 'k8snetworkplumbingwg/multus-cni#767, #827 (source/destination check)',
    cluster,
    checks: [
      is('interfaces[id=if:shop/a/net1].eni', kept.id),
      says('findings[subjects~if:shop/a/net1]', '10\\.99\\.0\\.7'),
    ],
    sayings: [{ command: 'lookup', words: '10.99.0.7', says: /shop\/a/ }],
  };
}

/** Two cloned machines have one MAC, which no migration explains. */
function clonedMachines(): Situation {
  const { cluster, node } = startLab();
  const second = cluster.node('w2', node.subnet, node.spec);
  cluster.nad('vm/br', { cniVersion: '0.3.1', type: 'bridge', bridge: 'br1' });
  const mac = '02:aa:bb:00:00:01';
  const networks = `[{"name":"br","namespace":"vm","mac":"${mac}","interface":"pod37a8eec1ce1"}]`;
  for (const [at, vm] of ['db', 'db-clone'].entries())
    labPod(
      cluster,
      `vm/virt-launcher-${vm}`,
      at === 0 ? node : second,
      networks,
      [entry('vm/br', 'pod37a8eec1ce1', null, mac)],
      launcher(vm),
    );
  return {
    source: 'kubevirt/kubevirt (cloned machines keep the MAC; kubemacpool)',
    cluster,
    // Whether the two nodes’ bridges lead to one LAN is not known.
    checks: [none('findings[rule=duplicate-mac]')],
    sayings: [{ command: 'explain', words: `mac ${mac} who`, says: /db-clone[^]*uplink/, silentOn: /: no conflict\./ }],
  };
}

/** A machine that migrates: source and target have its MAC for a while. */
function migratingMachine(): Situation {
  const { cluster, node } = startLab();
  const second = cluster.node('w2', node.subnet, node.spec);
  cluster.nad('vm/br', {
    cniVersion: '0.3.1',
    type: 'bridge',
    bridge: 'br1',
    ipam: { type: 'whereabouts', range: '192.168.7.0/24' },
  });
  const mac = '02:aa:bb:00:00:01';
  const networks = `[{"name":"br","namespace":"vm","mac":"${mac}","interface":"pod37a8eec1ce1"}]`;
  labPod(
    cluster,
    'vm/virt-launcher-db-a',
    node,
    networks,
    [entry('vm/br', 'pod37a8eec1ce1', '192.168.7.1', mac)],
    launcher('db'),
  );
  labPod(
    cluster,
    'vm/virt-launcher-db-b',
    second,
    networks,
    [entry('vm/br', 'pod37a8eec1ce1', '192.168.7.2', mac)],
    launcher('db', { 'kubevirt.io/migrationJobUID': 'm-1' }),
  );
  return {
    source: 'kubevirt/kubevirt#9589, #13709',
    cluster,
    checks: [
      none('findings[rule=duplicate-mac]'),
      none('findings[rule=duplicate-address]'),
      none('findings[severity=error]'),
    ],
    sayings: [{ command: 'explain', words: `mac ${mac} who`, says: /migrat/i }],
  };
}

/** A primary network of OVN-Kubernetes beside a further one of the same pod. */
function primaryAndFurther(): Situation {
  const { cluster, node } = startLab();
  cluster.nad('blue/tenant', {
    cniVersion: '1.0.0',
    type: 'ovn-k8s-cni-overlay',
    name: 'blue_tenant',
    topology: 'layer2',
    role: 'primary',
    subnets: '10.100.0.0/16',
    netAttachDefName: 'blue/tenant',
  });
  cluster.nad('blue/storage', {
    cniVersion: '1.0.0',
    type: 'ovn-k8s-cni-overlay',
    name: 'blue_storage',
    topology: 'localnet',
    subnets: '10.200.0.0/24',
    netAttachDefName: 'blue/storage',
  });
  cluster.write('blue/a', node, ['10.244.1.6'], {
    annotations: {
      [NETWORKS]: 'storage',
      [STATUS]: JSON.stringify([
        { name: 'ovn-kubernetes', interface: 'eth0', ips: ['10.244.1.6'], mac: '0a:58:0a:f4:01:06', dns: {} },
        {
          name: 'ovn-kubernetes',
          interface: 'ovn-udn1',
          ips: ['10.100.0.4'],
          mac: '0a:58:0a:64:00:04',
          default: true,
          dns: {},
        },
        entry('blue/storage', 'net1', '10.200.0.9', '0a:58:0a:c8:00:09'),
      ]),
    },
  });
  return {
    source: 'ovn-kubernetes/ovn-kubernetes#4473, #5226',
    cluster,
    checks: [
      count('interfaces[pod=pod:blue/a]', 3),
      is('interfaces[id=if:blue/a/net1].network', 'net:blue/storage'),
      none('findings[rule=network-unused]'),
      ...CALM,
    ],
    sayings: [
      { command: 'lookup', words: '10.100.0.4', says: /ovn-udn1/ },
      { command: 'lookup', words: '10.244.1.6', says: /eth0/ },
    ],
  };
}

export const attached: Readonly<Record<string, () => Situation>> = {
  'tap device': tapDevice,
  'card of another node by its MAC': hwaddrElsewhere,
  'node’s own link as a device': primaryDevice,
  'one PCI address for two pods': onePciAddress,
  'card under the name that it had in a pod': cardUnderAnotherName,
  'network edited after the start': editedSince,
  'master by cni-args': masterByArgs,
  'default network by its bare name': defaultNetworkBare,
  'address of ipamd’s pool on another interface': warmAddress,
  'ipvlan in L3 with an address of its own': () => layerThree('l3'),
  'ipvlan in L3S with an address of its own': () => layerThree('l3s'),
  'two virtual machines with one MAC': clonedMachines,
  'migrating virtual machine': migratingMachine,
  'primary network and an additional one': primaryAndFurther,
};
