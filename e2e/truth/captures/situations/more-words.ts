/** Kube-OVN, SR-IOV without its physical function, and pools whose network was narrowed. */
import { NETWORKS, STATUS } from '../kit/pod';
import { asking, entry, ipPool, multusSays, running, start } from './attaching';
import { startLab } from './lab';
import { is, none, OLD, refused, says, silentOn, warning, type Situation } from './situation';

/** Two interfaces of one pod in one subnet of Kube-OVN, by two networks. */
function twoNicsOneSubnet(): Situation {
  const { cluster, node } = startLab();
  for (const at of ['1', '2'])
    cluster.nad(`vm/net-8889-${at}`, {
      cniVersion: '0.3.0',
      type: 'kube-ovn',
      server_socket: '/run/openvswitch/kube-ovn-daemon.sock',
      provider: `net-8889-${at}.vm.ovn`,
    });
  cluster.write('vm/nginx', node, ['10.16.0.15'], {
    annotations: {
      [NETWORKS]: 'vm/net-8889-1,vm/net-8889-2',
      [STATUS]: JSON.stringify([
        { name: 'kube-ovn', interface: 'eth0', ips: ['10.16.0.15'], mac: '00:00:00:39:f7:1b', default: true, dns: {} },
        entry('vm/net-8889-1', 'net1', '10.8.9.3', '00:00:00:aa:aa:a9'),
        entry('vm/net-8889-2', 'net2', '10.8.9.2', '00:00:00:aa:aa:aa'),
      ]),
    },
  });
  return {
    source: 'kubeovn/kube-ovn#4045',
    cluster,
    checks: [
      none('findings[severity=error]'),
      none('findings[severity=warning]'),
      is('interfaces[id=if:vm/nginx/net2].mac', '00:00:00:aa:aa:aa'),
    ],
    sayings: [
      { command: 'lookup', words: '10.8.9.2', says: /net2[\s\S]*vm\/nginx/ },
      { command: 'lookup', words: '00:00:00:aa:aa:a9', says: /net1[\s\S]*vm\/nginx/ },
    ],
  };
}

/** macvlan with two addresses of two subnets, by Kube-OVN's IPAM. */
function twoSubnetsOneNic(): Situation {
  const { cluster, node } = startLab();
  cluster.nad('lab/macvlan', {
    cniVersion: '0.3.0',
    type: 'macvlan',
    master: 'eth0',
    mode: 'bridge',
    ipam: { type: 'kube-ovn', server_socket: '/run/openvswitch/kube-ovn-daemon.sock', provider: 'macvlan.lab' },
  });
  cluster.write('lab/multi', node, ['10.16.0.15'], {
    annotations: {
      [NETWORKS]: 'lab/macvlan',
      [STATUS]: JSON.stringify([
        { name: 'kube-ovn', interface: 'eth0', ips: ['10.16.0.15'], mac: '00:00:00:39:f7:1b', default: true, dns: {} },
        {
          name: 'lab/macvlan',
          interface: 'net1',
          ips: ['10.10.1.20', '20.10.1.20'],
          mac: 'de:11:1b:15:99:76',
          dns: {},
        },
      ]),
    },
  });
  return {
    source: 'kubeovn/kube-ovn#2806',
    cluster,
    checks: [
      is('interfaces[id=if:lab/multi/net1].ips.1', '20.10.1.20'),
      none('findings[severity=error]'),
      none('findings[rule=network-config-invalid]'),
    ],
    sayings: [{ command: 'lookup', words: '20.10.1.20', says: /net1[\s\S]*lab\/multi/ }],
  };
}

/** What Kube-OVN says where its port is not made, while the kubelet only waits. */
function kubeOvnSays(reason: string, text: string, wanted: string, source: string): Situation {
  const { cluster, node } = start();
  cluster.nad('vms/vm-overlay', { cniVersion: '0.3.0', type: 'kube-ovn', provider: 'vm-overlay.vms.ovn' });
  asking(cluster, 'vms/demo-pod', node, 'vm-overlay');
  warning(cluster, 'vms/demo-pod', reason, text, 'kube-ovn-controller');
  refused(
    cluster,
    'vms/demo-pod',
    multusSays(
      'vms/demo-pod',
      'kube-ovn',
      'request ip return 500 no address allocated to pod vms/demo-pod provider vm-overlay.vms.ovn, please see kube-ovn-controller logs to find errors',
    ),
  );
  return {
    source,
    cluster,
    checks: [
      says('findings[subjects~pod:vms/demo-pod]', wanted),
      says('findings[subjects~pod:vms/demo-pod]', 'Kube-OVN'),
      silentOn('findings[subjects~pod:vms/demo-pod]', '(?i)does not know this message|ipamd has'),
    ],
    sayings: [{ command: 'explain', words: 'pod vms/demo-pod address', says: new RegExp(wanted) }],
  };
}

/** A virtual function without its physical function, as in a virtual machine: sriov-cni cannot use it. */
function functionInMachine(text: string, source: string): Situation {
  const { cluster, node } = start({ capacity: { 'intel.com/sriov_vppdpdk': '4' } });
  cluster.nad(
    'asbc/dpdk',
    { cniVersion: '0.3.1', type: 'sriov', ipam: {} },
    { 'k8s.v1.cni.cncf.io/resourceName': 'intel.com/sriov_vppdpdk' },
  );
  asking(cluster, 'asbc/lbfe-0', node, 'dpdk', { resources: { 'intel.com/sriov_vppdpdk': '1' } });
  refused(cluster, 'asbc/lbfe-0', multusSays('asbc/lbfe-0', 'dpdk', text));
  return {
    source,
    cluster,
    checks: [
      says('findings[subjects~pod:asbc/lbfe-0]', '(?i)physical function'),
      says('findings[subjects~pod:asbc/lbfe-0].advice', 'host-device'),
      silentOn('findings[subjects~pod:asbc/lbfe-0]', '(?i)does not know this message|out of addresses|left$'),
      none('findings[rule=device-exhausted]'),
    ],
    sayings: [{ command: 'explain', words: 'pod asbc/lbfe-0 address', says: /physical function/ }],
  };
}

/** The range was moved; pods of before keep theirs, outside of it. */
function movedRange(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    type: 'macvlan',
    master: 'bond0',
    ipam: { type: 'whereabouts', range: '192.168.2.0/24', range_start: '192.168.2.100', range_end: '192.168.2.109' },
  });
  const old = Array.from({ length: 11 }, (_, at) => at + 10);
  ipPool(
    cluster,
    '192.168.2.0-24',
    '192.168.2.0/24',
    Object.fromEntries([...old, 100].map((offset) => [String(offset), `shop/w-${String(offset)}`])),
  );
  for (const offset of [...old, 100])
    running(cluster, `shop/w-${String(offset)}`, node, 'lan', [
      entry(
        'shop/lan',
        'net1',
        `192.168.2.${String(offset)}`,
        `0a:58:00:00:02:${offset.toString(16).padStart(2, '0')}`,
      ),
    ]);
  return {
    source: 'k8snetworkplumbingwg/whereabouts#738, #175 (a range that was changed)',
    cluster,
    checks: [
      is('networks[id=net:shop/lan].ipam.size', 10),
      is('networks[id=net:shop/lan].ipam.used', 1),
      none('findings[rule=ipam-pool-full]'),
    ],
    sayings: [{ command: 'lookup', words: '192.168.2.10', says: /shop\/w-10/ }],
  };
}

/** Multus has a config of its own without the key for NADs: pods run, and have no further interface. */
function withoutInterfaces(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/macvlan-conf', {
    cniVersion: '0.3.0',
    type: 'ipvlan',
    master: 'eth1',
    ipam: { type: 'host-local', subnet: '10.2.0.0/24' },
  });
  running(cluster, 'shop/samplepod', node, 'macvlan-conf', [], { createdAt: OLD });
  return {
    source: 'k8snetworkplumbingwg/multus-cni#688, #375, canonical/microk8s#1194',
    cluster,
    checks: [
      says('findings[rule=network-status-missing]', 'samplepod'),
      is('interfaces[id=if:shop/samplepod/net1].state', 'requested'),
      none('findings[rule=address-not-on-eni]'),
    ],
    sayings: [{ command: 'lookup', words: 'shop/samplepod', says: /net1/ }],
  };
}

export const moreWords: Readonly<Record<string, () => Situation>> = {
  'two interfaces in one subnet of Kube-OVN': twoNicsOneSubnet,
  'one interface in two subnets of Kube-OVN': twoSubnetsOneNic,
  'port of Kube-OVN whose address another has': () =>
    kubeOvnSays(
      'CreateOVNPortFailed',
      "ovn-nbctl: Error on switch ovn-default: duplicate IPv4 address '10.6.0.35' found on logical switch port 'vm-mac-test.default'",
      '10\\.6\\.0\\.35.*vm-mac-test',
      'kubeovn/kube-ovn#2026',
    ),
  'Kube-OVN address already in use': () =>
    kubeOvnSays('AcquireAddressFailed', 'AddressConflict', 'AddressConflict', 'kubeovn/kube-ovn#2938, #2258, #6762'),
  'function of a virtual machine': () =>
    functionInMachine(
      'SRIOV-CNI failed to load netconf: LoadConf(): failed to get VF information: "lstat /sys/bus/pci/devices/0000:00:07.0/physfn/net: no such file or directory"',
      'k8snetworkplumbingwg/sriov-network-device-plugin#177, openshift/sriov-network-operator#340',
    ),
  'link without virtual functions': () =>
    functionInMachine(
      'failed to set up pod interface "net0" from the device "ens18": failed to open the sriov_numfs of device "ens18": lstat /sys/class/net/ens18/device/sriov_numvfs: no such file or directory',
      'k8snetworkplumbingwg/sriov-cni#23',
    ),
  'moved range': movedRange,
  'pods without the interface they request': withoutInterfaces,
};
