/** Networks that were swapped under an interface, devices by PCI address, and configs whose fault shows nowhere else. */
import { asking, entry, multusSays, running, start } from './attaching';
import { found, is, none, OLD, refused, says, silentOn, warning, type Situation } from './situation';

const NO_MANAGE = { 'node.k8s.amazonaws.com/no_manage': 'true' };

/** host-device by its PCI address: the pod has the whole ENI, without an address. */
function deviceByPci(): Situation {
  const { cluster, node } = start();
  const kept = node.eni({ dev: 2, tags: NO_MANAGE });
  cluster.nad('core/host-device-conf-1', { cniVersion: '0.3.1', type: 'host-device', pciBusID: '0000:00:07.0' });
  running(cluster, 'core/upf', node, 'host-device-conf-1', [
    { name: 'core/host-device-conf-1', interface: 'net1', mac: kept.mac, dns: {} },
  ]);
  return {
    source: 'aws/amazon-vpc-cni-k8s#1694',
    cluster,
    checks: [
      is('interfaces[id=if:core/upf/net1].eni', kept.id),
      is('interfaces[id=if:core/upf/net1].link.rule', 'mac'),
      none('findings[severity=error]'),
      none('findings[rule=address-not-on-eni]'),
      none('findings[rule=parent-name-drift]'),
    ],
    sayings: [
      {
        command: 'lookup',
        words: kept.mac,
        says: new RegExp(`core/upf[\\s\\S]*${kept.id}|${kept.id}[\\s\\S]*core/upf`),
      },
      { command: 'lookup', words: kept.id, says: /core\/upf/ },
    ],
  };
}

/** An address of five parts in the range: host-local refuses it. */
function rangeOfFiveParts(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/macvlan-conf', {
    cniVersion: '0.3.0',
    type: 'macvlan',
    master: 'ens192',
    mode: 'bridge',
    ipam: {
      type: 'host-local',
      subnet: '10.205.28.0/24',
      rangeStart: '10.205.28.14.200',
      rangeEnd: '10.205.28.14.216',
      routes: [{ dst: '0.0.0.0/0' }],
      gateway: '10.205.28.1',
    },
  });
  running(cluster, 'shop/samplepod', node, 'macvlan-conf', [], { createdAt: OLD });
  return {
    source: 'k8snetworkplumbingwg/multus-cni#240',
    cluster,
    checks: [
      says('findings[rule=network-config-invalid][subjects~net:shop/macvlan-conf]', '10\\.205\\.28\\.14\\.200'),
      found('findings[rule=network-status-missing][subjects~pod:shop/samplepod]'),
    ],
  };
}

/** The annotation names another network for an interface that exists: the controller does not swap it. */
function swapped(): Situation {
  const { cluster, node } = start();
  for (const name of ['blue', 'red'])
    cluster.nad(`vms/${name}`, { cniVersion: '0.3.1', type: 'bridge', bridge: `br-${name}`, ipam: {} });
  running(
    cluster,
    'vms/virt-launcher-test',
    node,
    '[{"name":"red","namespace":"vms","interface":"poda1363d52898","mac":"fe:87:98:77:fe:10"}]',
    [entry('vms/blue', 'poda1363d52898', null, 'fe:87:98:77:fe:10')],
    { createdAt: OLD },
  );
  return {
    source: 'k8snetworkplumbingwg/multus-dynamic-networks-controller#297',
    cluster,
    checks: [
      says('findings[subjects~pod:vms/virt-launcher-test]', 'vms/red'),
      says('findings[subjects~pod:vms/virt-launcher-test]', 'vms/blue'),
      none('findings[subjects~pod:vms/virt-launcher-test][severity=error]'),
      none('findings[rule=network-unused][subjects~net:vms/blue]'),
      none('findings[rule=network-unused][subjects~net:vms/red]'),
    ],
    sayings: [
      {
        command: 'lookup',
        words: 'fe:87:98:77:fe:10',
        says: /virt-launcher-test[\s\S]*blue|blue[\s\S]*virt-launcher-test/,
      },
    ],
  };
}

/** Multus asks the cluster's plugin twice: its link is there already. */
function askedTwice(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/lan', { cniVersion: '0.3.1', type: 'bridge', bridge: 'br0', ipam: {} });
  asking(cluster, 'shop/outcome', node, 'lan');
  refused(
    cluster,
    'shop/outcome',
    multusSays('shop/outcome', 'weave', 'could not create veth pair vethwepl7524981-vethwepg7524981: file exists'),
  );
  return {
    source: 'testground/testground#1459',
    cluster,
    checks: [
      says('findings[subjects~pod:shop/outcome]', 'vethwepl7524981'),
      says('findings[subjects~pod:shop/outcome]', '(?i)twice|already (exists|has|there)'),
      silentOn('findings[subjects~pod:shop/outcome]', '(?i)does not know this message|ipamd has'),
    ],
  };
}

/** The operator wants functions that the card does not have: no device is offered. */
function wantedFunctions(): Situation {
  const resource = 'openshift.io/gpu_mlnx_ib0';
  const { cluster, node } = start({ capacity: { [resource]: '0' } });
  cluster.nad(
    'ai/ib0',
    { cniVersion: '0.3.1', type: 'sriov', ipam: {} },
    { 'k8s.v1.cni.cncf.io/resourceName': resource },
  );
  cluster.object({
    apiVersion: 'sriovnetwork.openshift.io/v1',
    kind: 'SriovNetworkNodeState',
    metadata: { namespace: 'sriov', name: node.name, uid: 'snns-1' },
    spec: {
      interfaces: [
        {
          name: 'ibs0',
          pciAddress: '0000:1a:00.0',
          numVfs: 8,
          vfGroups: [{ deviceType: 'netdevice', resourceName: 'gpu_mlnx_ib0', vfRange: '0-7' }],
        },
      ],
    },
    status: {
      syncStatus: 'Succeeded',
      interfaces: [{ name: 'ibs0', pciAddress: '0000:1a:00.0', driver: 'mlx5_core', totalvfs: 16, linkType: 'IB' }],
    },
  });
  asking(cluster, 'ai/train', null, 'ib0', { resources: { [resource]: '1' } });
  warning(
    cluster,
    'ai/train',
    'FailedScheduling',
    `0/1 nodes are available: 1 Insufficient ${resource}.`,
    'default-scheduler',
  );
  return {
    source: 'k8snetworkplumbingwg/sriov-network-operator#786',
    cluster,
    checks: [
      is('hostNics[name=ibs0].vfs', null),
      says('findings[rule=device-exhausted][subjects~pod:ai/train]', resource),
      says('findings[rule=device-exhausted][subjects~pod:ai/train]', '(?i)ibs0.*8|8.*ibs0'),
    ],
    sayings: [{ command: 'explain', words: 'pod ai/train address', says: /ibs0/ }],
  };
}

export const swaps: Readonly<Record<string, () => Situation>> = {
  'device by its PCI address': deviceByPci,
  'range of five parts': rangeOfFiveParts,
  'network replaced under an interface': swapped,
  'plugin called twice': askedTwice,
  'functions requested but not created': wantedFunctions,
};
