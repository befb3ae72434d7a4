/** Unusual networks that are well, and networks whose trouble is elsewhere than it looks. */
import type { Json } from '../kit/types';
import { asking, entry, launcher, multusSays, running, start } from './attaching';
import { claim, claimingPod, nic, slice, startClaims } from './claiming';
import { hostLinks, labPod, startLab } from './lab';
import { found, is, none, refused, says, silentOn, type Situation } from './situation';

const KEPT = { 'node.k8s.amazonaws.com/no_manage': 'true' };
const CALM = [none('findings[severity=error]'), none('findings[severity=warning]')];

/** Devices of user space: what there is of them has neither a MAC nor a link. */
function userspaceDevices(): Situation {
  const { cluster, node } = startLab({ capacity: { 'intel.com/vdpa': '4' } });
  cluster.nad(
    'telco/vdpa',
    { cniVersion: '0.3.1', type: 'ovs', bridge: 'br-ext' },
    { 'k8s.v1.cni.cncf.io/resourceName': 'intel.com/vdpa' },
  );
  cluster.nad('telco/vpp', {
    cniVersion: '0.3.1',
    type: 'userspace',
    host: { engine: 'vpp', iftype: 'memif' },
    container: { engine: 'vpp', iftype: 'memif' },
  });
  labPod(
    cluster,
    'telco/upf',
    node,
    'vdpa,vpp',
    [
      {
        name: 'telco/vdpa',
        interface: 'net1',
        mac: '0a:58:0a:00:00:01',
        dns: {},
        'device-info': {
          type: 'vdpa',
          version: '1.1.0',
          vdpa: {
            'parent-device': 'vdpa:0000:65:00.3',
            driver: 'vhost',
            path: '/dev/vhost-vdpa-1',
            'pci-address': '0000:65:00.3',
            'pf-pci-address': '0000:65:00.0',
          },
        },
      },
      {
        name: 'telco/vpp',
        interface: 'net2',
        dns: {},
        'device-info': {
          type: 'memif',
          version: '1.1.0',
          memif: { role: 'slave', path: '/var/lib/cni/usrspcni/a-net2.sock', mode: 'ethernet' },
        },
      },
    ],
    { resources: { 'intel.com/vdpa': '1' } },
  );
  return {
    source: 'k8snetworkplumbingwg/device-info-spec (vdpa, memif)',
    cluster,
    checks: [
      is('interfaces[id=if:telco/upf/net1].device.pciAddress', '0000:65:00.3'),
      is('interfaces[id=if:telco/upf/net2].device.type', 'memif'),
      ...CALM,
    ],
    sayings: [{ command: 'lookup', words: '0000:65:00.3', says: /telco\/upf/ }],
  };
}

/** What a machine brings from outside: fixed addresses on the tenant's primary network of OVN-Kubernetes. */
function fixedOnThePrimary(): Situation {
  const { cluster, node } = startLab();
  cluster.nad('ovn-kubernetes/default', { cniVersion: '0.4.0', name: 'ovn-kubernetes', type: 'ovn-k8s-cni-overlay' });
  cluster.nad('blue/tenant', {
    cniVersion: '1.0.0',
    name: 'blue_tenant',
    type: 'ovn-k8s-cni-overlay',
    topology: 'layer2',
    role: 'primary',
    subnets: '192.168.100.0/24',
    netAttachDefName: 'blue/tenant',
    allowPersistentIPs: true,
  });
  cluster.write('blue/virt-launcher-a', node, ['10.244.1.77'], {
    ...launcher('a'),
    annotations: {
      'v1.multus-cni.io/default-network':
        '[{"name":"default","namespace":"ovn-kubernetes","ips":["192.168.100.40/24"],"mac":"02:03:04:05:06:07","ipam-claim-reference":"a.tenant"}]',
      'k8s.v1.cni.cncf.io/network-status': JSON.stringify([
        { name: 'ovn-kubernetes', interface: 'eth0', ips: ['10.244.1.77'], mac: '0a:58:0a:f4:01:4d', dns: {} },
        {
          name: 'ovn-kubernetes',
          interface: 'ovn-udn1',
          ips: ['192.168.100.40'],
          mac: '02:03:04:05:06:07',
          default: true,
          dns: {},
        },
      ]),
    },
  });
  return {
    source:
      'ovn-kubernetes/ovn-kubernetes (preconfigured addresses of primary user-defined networks), kubevirt/kubevirt VEP (IP of imported machines)',
    cluster,
    checks: [none('findings[rule=requested-not-honoured]'), none('findings[rule=network-missing]'), ...CALM],
    sayings: [{ command: 'lookup', words: '192.168.100.40', says: /virt-launcher-a/ }],
  };
}

/** The inventory is of before the link came, and pods run on it. */
function staleInventory(): Situation {
  const { cluster, node } = startLab();
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    type: 'macvlan',
    master: 'eth3',
    mode: 'bridge',
    ipam: { type: 'whereabouts', range: '192.168.30.0/24' },
  });
  labPod(cluster, 'shop/a', node, 'lan', [entry('shop/lan', 'net1', '192.168.30.1', '7e:00:00:00:30:01')]);
  hostLinks(cluster, node, [{ name: 'eth0', type: 'ethernet', state: 'up', 'mac-address': '52:54:00:00:00:01' }]);
  return {
    source: 'nmstate/kubernetes-nmstate (interfaces_filter, lastSuccessfulUpdateTime)',
    cluster,
    checks: [none('findings[rule=parent-interface-missing]'), none('findings[severity=error]')],
  };
}

/** The network was removed with its Helm chart, and its pods still run. */
function removedUnderItsPods(): Situation {
  const { cluster, node } = startLab();
  cluster.nad('shop/other', {
    cniVersion: '0.3.1',
    type: 'macvlan',
    master: 'eth1',
    ipam: { type: 'whereabouts', range: '192.168.41.0/24' },
  });
  labPod(cluster, 'shop/o', node, 'other', [entry('shop/other', 'net1', '192.168.41.1', '7e:00:00:00:41:01')]);
  labPod(cluster, 'shop/a', node, 'lan', [entry('shop/lan', 'net1', '192.168.40.1', '7e:00:00:00:40:01')]);
  return {
    source: 'containernetworking/plugins#718',
    cluster,
    checks: [
      found('findings[rule=network-missing]'),
      // It has what it asked for: it is the next pod that does not start.
      silentOn('findings[rule=network-missing]', '(?i)cannot start\\b(?!.*(again|anew|next|recreat))'),
      says('findings[rule=network-missing]', '(?i)runs|running|again|recreat|next'),
      is('interfaces[id=if:shop/a/net1].state', 'reported'),
    ],
    sayings: [{ command: 'lookup', words: '192.168.40.1', says: /shop\/a/ }],
  };
}

/** The key of before Multus 3.2. */
function oldInterfaceKey(): Situation {
  const { cluster, node } = startLab();
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    type: 'macvlan',
    master: 'eth1',
    ipam: { type: 'whereabouts', range: '192.168.42.0/24' },
  });
  labPod(cluster, 'shop/a', node, '[{"name":"lan","interfaceRequest":"data0"}]', [
    entry('shop/lan', 'data0', '192.168.42.1', '7e:00:00:00:42:01'),
  ]);
  return {
    source: 'k8snetworkplumbingwg/sriov-network-device-plugin#4 (interfaceRequest)',
    cluster,
    checks: [
      is('interfaces[id=if:shop/a/data0].state', 'reported'),
      none('interfaces[id=if:shop/a/net1]'),
      none('findings[rule=networks-changed-after-start]'),
      ...CALM,
    ],
  };
}

/** No master, as an empty text: the plugin takes the link of the default route. */
function emptyMaster(): Situation {
  const { cluster, node } = start({ maxPods: 20 });
  const held = node.primary.add();
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    type: 'ipvlan',
    master: '',
    ipam: { type: 'static', addresses: [{ address: `${held.ip}/20` }] },
  });
  running(cluster, 'shop/a', node, 'lan', [entry('shop/lan', 'net1', held.ip, node.primary.mac)]);
  return {
    source: 'containernetworking/plugins (ipvlan: getDefaultRouteInterfaceName where master is empty)',
    cluster,
    checks: [
      is('networks[id=net:shop/lan].parent.kind', 'default-route'),
      is('interfaces[id=if:shop/a/net1].eni', node.primary.id),
      none('findings[rule=parent-interface-missing]'),
      none('findings[rule=network-config-invalid]'),
    ],
  };
}

/** An interface on top of one of the pod's own. */
function onTopOfItsOwn(): Situation {
  const { cluster, node } = start({ maxPods: 20 });
  const kept = node.eni({ dev: 1, tags: KEPT });
  const [lower, upper] = [kept.add(), kept.add()];
  const ipam = (ip: string): Json => ({ type: 'static', addresses: [{ address: `${ip}/20` }] });
  cluster.nad('shop/lower', { cniVersion: '0.3.1', type: 'host-device', device: 'eth1', ipam: ipam(lower.ip) });
  cluster.nad('shop/upper', {
    cniVersion: '0.3.1',
    type: 'ipvlan',
    master: 'net1',
    linkInContainer: true,
    ipam: ipam(upper.ip),
  });
  running(cluster, 'shop/a', node, 'lower,upper', [
    entry('shop/lower', 'net1', lower.ip, kept.mac),
    entry('shop/upper', 'net2', upper.ip, kept.mac),
  ]);
  return {
    source: 'containernetworking/plugins (linkInContainer), #752',
    cluster,
    checks: [
      is('interfaces[id=if:shop/a/net1].eni', kept.id),
      is('interfaces[id=if:shop/a/net2].eni', kept.id),
      none('findings[rule=parent-interface-missing]'),
      none('findings[rule=duplicate-mac]'),
      none('findings[rule=host-device-conflict]'),
      none('findings[severity=error]'),
    ],
  };
}

/** Networks that never leave the node, with the same addresses on each. */
function withinTheNode(): Situation {
  const { cluster, node } = start({ maxPods: 20 });
  const second = cluster.node('n2', node.subnet, { maxPods: 20 });
  second.primary.free(8);
  const ipam = { type: 'host-local', subnet: '192.168.250.0/24' };
  cluster.nad('shop/tunnel', { cniVersion: '0.3.1', type: 'ptp', ipam });
  cluster.nad('shop/dummy', {
    cniVersion: '0.3.1',
    type: 'dummy',
    ipam: { type: 'host-local', subnet: '192.168.251.0/24' },
  });
  for (const [name, on] of [
    ['a', node],
    ['b', second],
  ] as const)
    running(cluster, `shop/${name}`, on, 'tunnel,dummy', [
      entry('shop/tunnel', 'net1', '192.168.250.2', `7e:00:00:00:25:0${name === 'a' ? '1' : '2'}`),
      entry('shop/dummy', 'net2', '192.168.251.2', `7e:00:00:00:25:1${name === 'a' ? '1' : '2'}`),
    ]);
  return {
    source: 'containernetworking/plugins (ptp, dummy)',
    cluster,
    checks: [none('findings[rule=duplicate-address]'), none('findings[rule=address-not-on-eni]'), ...CALM],
    sayings: [{ command: 'lookup', words: '192.168.250.2', says: /shop\/a[^]*shop\/b/ }],
  };
}

/** The NAD's link is inside another pod, which has it by a claim. */
function masterIsClaimed(): Situation {
  const { cluster, node, kept } = startClaims();
  slice(cluster, 'n1', 'dra.net', [nic('pci-0000-00-06-0', null, null)]);
  claim(cluster, {
    key: 'ai/c1',
    pods: ['p1'],
    device: 'pci-0000-00-06-0',
    node: 'n1',
    told: {
      driver: 'dra.net',
      pool: 'n1',
      device: 'pci-0000-00-06-0',
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          reason: 'NetworkDeviceReady',
          message: '',
          lastTransitionTime: '2026-09-01T10:00:00Z',
        },
      ],
      networkData: { interfaceName: 'ens6', ips: [`${kept.ip ?? ''}/20`], hardwareAddress: kept.mac },
    },
  });
  claimingPod(cluster, 'ai/p1', node, 'c1', [node.primary.add().ip], {});
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    type: 'ipvlan',
    master: 'ens6',
    ipam: { type: 'whereabouts', range: '10.40.8.0/24' },
  });
  asking(cluster, 'shop/a', node, 'lan');
  refused(cluster, 'shop/a', multusSays('shop/a', 'lan', 'failed to lookup master "ens6": Link not found'));
  return {
    source: 'kubernetes-sigs/dranet (a claimed device leaves the host), k8snetworkplumbingwg/multus-cni#720',
    cluster,
    checks: [
      says('findings[rule=parent-interface-missing]', 'ens6'),
      says('findings[rule=parent-interface-missing]', '(?i)claim'),
      says('findings[rule=parent-interface-missing]', 'ai/p1'),
      silentOn('findings[rule=parent-interface-missing].advice', '(?i)^attach the ENI'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/a address', says: /ens6/ }],
  };
}

/** The slice says that the network's link is down. */
function downByTheSlice(): Situation {
  const { cluster, node, kept } = startClaims();
  slice(cluster, 'n1', 'dra.net', [
    nic('pci-0000-00-06-0', 'ens6', kept.mac, { 'dra.net/state': { string: 'down' }, 'dra.net/mtu': { int: 9001 } }),
  ]);
  const held = kept.add();
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    type: 'ipvlan',
    master: 'ens6',
    ipam: { type: 'static', addresses: [{ address: `${held.ip}/20` }] },
  });
  running(cluster, 'shop/a', node, 'lan', [entry('shop/lan', 'net1', held.ip, kept.mac)]);
  return {
    source: 'awslabs/amazon-eks-ami#2180 (a link that nobody brings up), kubernetes-sigs/dranet (dra.net/state)',
    cluster,
    checks: [says('findings[rule=parent-link-down]', 'ens6'), is('hostNics[name=ens6].mtu', 9001)],
    sayings: [{ command: 'lookup', words: held.ip, says: new RegExp(kept.id) }],
  };
}

export const beyond: Readonly<Record<string, () => Situation>> = {
  'vDPA and memif': userspaceDevices,
  'fixed addresses on a tenant’s primary network': fixedOnThePrimary,
  'inventory without the link of running pods': staleInventory,
  'network deleted under its pods': removedUnderItsPods,
  'interface requested by the old key': oldInterfaceKey,
  'empty master': emptyMaster,
  'interface on top of a pod interface': onTopOfItsOwn,
  'networks local to the node': withinTheNode,
  'master that a pod has claimed': masterIsClaimed,
  'link that is down according to the slice': downByTheSlice,
};
