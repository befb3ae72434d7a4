/** Multus on EC2: every way from a pod's interface to an ENI, and the ways that must not be taken (multus §0, §1, §3.5). */
import { Cluster } from './kit/cluster';
import { oneOf, sameSet } from './kit/compare';
import type { Eni } from './kit/eni';
import { linked, multusPod, none } from './kit/multus-pod';
import type { Json } from './kit/types';

const KEPT = { tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } };

function startCapture() {
  const c = new Cluster({ multus: 'v4.0.2-eksbuild.1' });
  c.undecided.push('pool-low', 'warm-pool-waste', 'network-unused', 'default-route-conflict', 'max-pods-too-high');
  const s = c.subnet('10.20.0.0/20');
  const t1 = c.subnet('10.21.0.0/20');
  const t2 = c.subnet('10.22.0.0/20');
  const al2 = c.node('al2', s, { type: 'c5.4xlarge', os: 'Amazon Linux 2' });
  const a1 = al2.eni({ dev: 1, ...KEPT }, t1);
  const a2 = al2.eni({ dev: 2, ...KEPT }, t2);
  const a3 = al2.eni({ dev: 3, ...KEPT }, t2);
  const al23 = c.node('al2023', s, { type: 'c5.4xlarge', os: 'Amazon Linux 2023.8.20250818' });
  const b1 = al23.eni({ dev: 1, ...KEPT }, t1);
  const b2 = al23.eni({ dev: 2, ...KEPT }, t2);
  const br = c.node('bottle', s, { type: 'c5.4xlarge', os: 'Bottlerocket OS 1.44.0 (aws-k8s-1.34)' });
  const r1 = br.eni({ dev: 1, ...KEPT }, t1);
  const held = (eni: Eni, id: string): string => {
    const one = eni.add();
    one.holder = `if:${id}`;
    return one.ip;
  };
  const nad = (name: string, config: Readonly<Record<string, Json>>, annotations = {}): void =>
    c.nad(`telco/${name}`, { cniVersion: '0.3.1', ...config }, annotations);
  const fixed = { type: 'static' };
  return { c, al2, a1, a2, a3, al23, b1, b2, br, r1, held, nad, fixed };
}

type Capture = ReturnType<typeof startCapture>;

/** Interfaces that share their ENI’s MAC, asked for, asked for thrice, and not asked for. */
function ipvlan({ c, al2, a1, br, r1, held, nad, fixed }: Capture): void {
  nad('ipvlan-1', { type: 'ipvlan', master: 'eth1', mode: 'l2', ipam: fixed });
  // The MAC is the ENI's, in capitals with a blank before it; the address comes with a length; EC2 knows both.
  const g1 = held(a1, 'telco/cu-1/net1');
  multusPod(c, 'telco/cu-1', al2, 'ipvlan-1', [
    {
      network: 'telco/ipvlan-1',
      as: 'net1',
      ips: [`${g1}/20`],
      mac: ` ${a1.mac.toUpperCase()}`,
      truth: { ...linked(a1, oneOf('mac', 'secondary-ip')), ips: [g1], mac: a1.mac },
    },
  ]);
  // Asked for three times, once by another name; a number is used up all the same.
  const g2 = [held(a1, 'telco/cu-2/net1'), held(a1, 'telco/cu-2/foo'), held(a1, 'telco/cu-2/net3')];
  multusPod(
    c,
    'telco/cu-2',
    al2,
    '[{"name":"ipvlan-1"},{"name":"ipvlan-1","interface":"foo"},{"name":"ipvlan-1","namespace":"telco"}]',
    ['net1', 'foo', 'net3'].map((as, at) => ({
      network: 'telco/ipvlan-1',
      as,
      ips: [g2[at] ?? ''],
      mac: a1.mac,
      more: { gateway: ['<nil>'] },
      truth: { ...linked(a1, oneOf('mac', 'secondary-ip')), ips: [g2[at] ?? ''], requestIndex: at },
    })),
  );
  // Reported without being asked for (a default network of the daemon).
  const g3 = held(r1, 'telco/cu-3/net1');
  multusPod(c, 'telco/cu-3', br, null, [
    { network: 'telco/ipvlan-1', as: 'net1', ips: [g3], mac: r1.mac, truth: linked(r1, oneOf('mac', 'secondary-ip')) },
  ]);
}

/** Nothing but the address’s subnet tells the ENI. */
function bySubnetAlone({ c, al2, a1, a2, a3, al23, b2, nad, fixed }: Capture): void {
  // Nothing but the address's subnet tells; on one node two ENIs lie in it.
  nad('bonded', { type: 'ipvlan', master: 'bond0', ipam: fixed });
  multusPod(c, 'telco/du-1', al2, 'bonded', [
    {
      network: 'telco/bonded',
      as: 'net1',
      ips: ['10.22.9.1'],
      truth: { eni: null, card: null, link: { certainty: 'unknown', candidates: sameSet(a2.id, a3.id) } },
    },
  ]);
  c.finding('address-not-on-eni', 'if:telco/du-1/net1');
  multusPod(c, 'telco/du-2', al23, 'bonded', [
    { network: 'telco/bonded', as: 'net1', ips: ['10.22.9.2'], truth: linked(b2, 'subnet', 'inferred') },
  ]);
  c.finding('address-not-on-eni', 'if:telco/du-2/net1');

  // macvlan: a MAC of its own that no ENI has.
  nad('macvlan-1', { type: 'macvlan', master: 'eth1', mode: 'bridge', ipam: fixed });
  multusPod(c, 'telco/mv-1', al2, 'macvlan-1@mv0', [
    {
      network: 'telco/macvlan-1',
      as: 'mv0',
      ips: ['10.21.9.1'],
      mac: '5e:00:00:00:00:01',
      truth: linked(a1, 'subnet', 'inferred'),
    },
  ]);
  c.finding('macvlan-on-eni', 'net:telco/macvlan-1');
  c.finding('ipvlan-macvlan-conflict', 'net:telco/macvlan-1');
}

/** host-device: the NIC itself moves into the pod. */
function hostDevices({ c, al2, a2, a3, al23, b2, br, held, nad, fixed }: Capture): void {
  // host-device: the NIC itself moves.
  nad('hostdev-2', { type: 'host-device', device: 'eth2', ipam: fixed });
  const g4 = held(a2, 'telco/hd-1/net1');
  multusPod(c, 'telco/hd-1', al2, 'hostdev-2', [
    { network: 'telco/hostdev-2', as: 'net1', ips: [g4], mac: a2.mac, truth: linked(a2, oneOf('mac', 'secondary-ip')) },
  ]);
  nad('by-hwaddr', { type: 'host-device', hwaddr: a3.mac.toUpperCase() });
  multusPod(c, 'telco/hd-2', al2, 'by-hwaddr', [
    { network: 'telco/by-hwaddr', as: 'net1', truth: { ...linked(a3, 'hwaddr'), ips: [], mac: null } },
  ]);
  // By PCI address: known only where the host's devices are.
  nad('by-pci', { type: 'host-device', pciBusID: '0000:00:07.0' });
  multusPod(c, 'telco/hd-3', br, 'by-pci', [
    { network: 'telco/by-pci', as: 'net1', truth: { eni: null, card: null, link: { certainty: 'unknown' } } },
  ]);
  multusPod(c, 'telco/hd-4', al23, 'by-pci', [
    { network: 'telco/by-pci', as: 'net1', truth: linked(b2, oneOf('host-inventory', 'device-info')) },
  ]);
}

/** Functions of a NIC that the operator lists. */
function sriov({ c, al23, b1, b2, nad }: Capture): void {
  c.object({
    apiVersion: 'sriovnetwork.openshift.io/v1',
    kind: 'SriovNetworkNodeState',
    metadata: { name: 'al2023', namespace: 'sriov-network-operator', uid: 'sriov-1' },
    status: {
      interfaces: [
        {
          name: 'ens6',
          mac: b1.mac.toUpperCase(),
          pciAddress: '0000:00:06.0',
          totalvfs: 2,
          numVfs: 2,
          Vfs: [
            { vfID: 0, pciAddress: '0000:00:06.1' },
            { vfID: 1, pciAddress: '0000:00:06.2' },
          ],
        },
        { name: 'ens7', mac: b2.mac, pciAddress: '0000:00:07.0' },
      ],
    },
  });
  nad('sriov-1', { type: 'sriov', vlan: 100 }, { 'k8s.v1.cni.cncf.io/resourceName': 'openshift.io/up' });
  multusPod(
    c,
    'telco/vf-1',
    al23,
    'sriov-1',
    [
      {
        network: 'telco/sriov-1',
        as: 'net1',
        mac: '20:04:0f:f1:88:01',
        more: {
          mtu: 1500,
          'device-info': {
            type: 'pci',
            version: '1.1.0',
            pci: { 'pci-address': '0000:00:06.2', 'pf-pci-address': '0000:00:06.0' },
          },
        },
        truth: {
          ...linked(b1, oneOf('device-info', 'host-inventory')),
          mtu: 1500,
          device: { type: 'pci', pciAddress: '0000:00:06.2' },
        },
      },
    ],
    { resources: { 'openshift.io/up': '1' } },
  );
}

/** Masters that an inventory names, that the default route names, and that only their own name tells. */
function masters({ c, al2, a1, al23, br, r1, nad, fixed }: Capture): void {
  // A master that the host's own inventory names.
  nad('inventory', { type: 'ipvlan', master: 'uplink0', ipam: fixed });
  c.object({
    apiVersion: 'nmstate.io/v1beta1',
    kind: 'NodeNetworkState',
    metadata: { name: 'bottle', uid: 'nns-1' },
    status: {
      currentState: {
        interfaces: [{ name: 'uplink0', type: 'ethernet', state: 'up', 'mac-address': r1.mac.toUpperCase() }],
      },
    },
  });
  multusPod(c, 'telco/inv-1', br, 'inventory', [
    { network: 'telco/inventory', as: 'net1', ips: ['172.30.0.1'], truth: linked(r1, 'host-inventory') },
  ]);
  c.finding('address-not-on-eni', 'if:telco/inv-1/net1');
  // The same master where nothing is known of the host's links.
  multusPod(c, 'telco/inv-2', al2, 'inventory', [
    {
      network: 'telco/inventory',
      as: 'net1',
      ips: ['172.30.0.2'],
      truth: { eni: null, card: null, link: { certainty: 'unknown' } },
    },
  ]);
  c.finding('address-not-on-eni', 'if:telco/inv-2/net1');

  // No master: the NIC of the default route.
  nad('no-master', { type: 'ipvlan', ipam: fixed });
  multusPod(c, 'telco/nm-1', al23, 'no-master', [
    {
      network: 'telco/no-master',
      as: 'net1',
      ips: ['172.30.1.1'],
      truth: linked(al23.primary, 'default-route-nic', 'inferred'),
    },
  ]);
  c.finding('address-not-on-eni', 'if:telco/nm-1/net1');

  // Names alone. ethN is device N on Amazon Linux 2, and does not exist on 2023; ens6 there is a guess.
  multusPod(c, 'telco/nh-1', al2, 'ipvlan-1', [
    { network: 'telco/ipvlan-1', as: 'net1', ips: ['172.30.2.1'], truth: linked(a1, 'name-heuristic', 'inferred') },
  ]);
  c.finding('address-not-on-eni', 'if:telco/nh-1/net1');
  nad('eth1-on-2023', { type: 'ipvlan', master: 'eth1', ipam: fixed });
  multusPod(c, 'telco/nh-2', al23, 'eth1-on-2023', [
    {
      network: 'telco/eth1-on-2023',
      as: 'net1',
      ips: ['172.30.2.2'],
      truth: { eni: null, card: null, link: { certainty: 'unknown' } },
    },
  ]);
  c.undecided.push('parent-name-drift', 'parent-interface-missing');
  c.finding('address-not-on-eni', 'if:telco/nh-2/net1');
}

/** Interfaces that hang on no NIC. */
function onTheNode({ c, al2, a1, a3, held, nad, fixed }: Capture): void {
  // What lives on the node only, whatever its addresses and names look like.
  nad('bridge-eth1', { type: 'bridge', bridge: 'eth1', master: 'eth1', ipam: fixed });
  // A bridge reads no master, whatever is written there.
  c.finding('network-config-invalid', 'net:telco/bridge-eth1');
  nad('ovs-eth1', { type: 'ovs', bridge: 'eth1', vlan: 7 });
  nad('ptp', { type: 'ptp', ipam: fixed });
  nad('tap', { type: 'tap' });
  nad('inner', { type: 'macvlan', master: 'net1', linkInContainer: true, ipam: fixed });
  const inside = ['bridge-eth1', 'ovs-eth1', 'ptp', 'tap', 'inner'];
  multusPod(
    c,
    'telco/local',
    al2,
    inside.join(','),
    inside.map((name, at) => ({
      network: `telco/${name}`,
      as: `net${String(at + 1)}`,
      ips: name === 'tap' ? [] : [`10.21.10.${String(at + 1)}`],
      mac: `0a:58:0a:15:0a:0${String(at + 1)}`,
      truth: { ...none, hostNic: null },
    })),
  );
  // A bond of two of the pod's own interfaces hangs on neither card alone.
  nad('bond', {
    type: 'bond',
    miimon: '100',
    mode: 'active-backup',
    linksInContainer: true,
    links: [{ name: 'net1' }, { name: 'net2' }],
    ipam: fixed,
  });
  const g5 = [held(a1, 'telco/bd-1/net1'), held(a3, 'telco/bd-1/net2')];
  nad('ipvlan-3', { type: 'ipvlan', master: 'eth3', ipam: fixed });
  multusPod(c, 'telco/bd-1', al2, 'ipvlan-1,ipvlan-3,bond@bond0', [
    {
      network: 'telco/ipvlan-1',
      as: 'net1',
      ips: [g5[0] ?? ''],
      mac: a1.mac,
      truth: linked(a1, oneOf('mac', 'secondary-ip')),
    },
    {
      network: 'telco/ipvlan-3',
      as: 'net2',
      ips: [g5[1] ?? ''],
      mac: a3.mac,
      truth: linked(a3, oneOf('mac', 'secondary-ip')),
    },
    { network: 'telco/bond', as: 'bond0', ips: ['172.30.3.1'], mac: '3a:00:00:00:00:01', truth: none },
  ]);
}

function vlansAndOddities({ c, al2, a1, a2, b1, held, nad, fixed }: Capture): void {
  // A VLAN has its parent's MAC.
  nad('vlan-100', { type: 'vlan', master: 'eth1', vlanId: 100, ipam: fixed });
  multusPod(c, 'telco/vl-1', al2, 'vlan-100', [
    { network: 'telco/vlan-100', as: 'net1', ips: ['172.30.4.1'], mac: a1.mac, truth: linked(a1, 'mac') },
  ]);
  c.finding('address-not-on-eni', 'if:telco/vl-1/net1');

  // The MAC says one ENI, the address another: both are named, and the packets arrive on the wrong one.
  c.finding('address-not-on-eni', 'if:telco/odd-1/net1');
  const g6 = held(a2, 'telco/odd-1/net1');
  multusPod(c, 'telco/odd-1', al2, 'ipvlan-1', [
    {
      network: 'telco/ipvlan-1',
      as: 'net1',
      ips: [g6],
      mac: a1.mac,
      truth: {
        eni: oneOf(a1.id, a2.id),
        link: {
          candidates: (actual) =>
            JSON.stringify(actual).includes(a1.id) || JSON.stringify(actual).includes(a2.id)
              ? null
              : 'the other is not named',
        },
      },
    },
  ]);
  // An address that has moved to another node's ENI.
  const g7 = b1.add();
  multusPod(c, 'telco/odd-2', al2, 'bonded', [
    {
      network: 'telco/bonded',
      as: 'net1',
      ips: [g7.ip],
      truth: {
        ...none,
        addresses: [{ ip: g7.ip, backed: 'other-node', eni: null }],
        link: { rule: 'none', candidates: [b1.id] },
      },
    },
  ]);
  c.finding('address-not-on-eni', 'if:telco/odd-2/net1');
}

export function telco(): Cluster {
  const capture = startCapture();
  ipvlan(capture);
  bySubnetAlone(capture);
  hostDevices(capture);
  sriov(capture);
  masters(capture);
  onTheNode(capture);
  vlansAndOddities(capture);
  return capture.c;
}
