/**
 * Two facts about one thing that contradict each other (docs/contradictions.md): each pair once as a trouble, and beside it what looks alike
 * and is in order.
 */
import { Cluster } from './kit/cluster';
import type { Eni } from './kit/eni';
import { linked, multusPod, none } from './kit/multus-pod';
import type { Node } from './kit/node';

const NO_MANAGE = { 'node.k8s.amazonaws.com/no_manage': 'true' };
const SHARED_MAC = '0a:58:0a:00:00:07';

interface Lab {
  readonly c: Cluster;
  readonly node: (name: string) => Node;
  readonly extra: (node: Node) => Eni;
}

function start(): Lab {
  const c = new Cluster({ multus: 'v4.2.2' });
  c.undecided.push(
    'pool-low',
    'warm-pool-waste',
    'network-unused',
    'max-pods-too-high',
    'macvlan-on-eni',
    'interfaces-share-card',
  );
  const s = c.subnet('10.61.0.0/18');
  const m = c.subnet('10.62.0.0/24');
  const node = (name: string): Node => {
    const made = c.node(name, s, { type: 'c5.4xlarge' });
    made.primary.free(20);
    return made;
  };
  const extra = (on: Node): Eni => on.eni({ dev: 1, tags: NO_MANAGE }, m);
  return { c, node, extra };
}

/** One address, two holders on the cluster network. */
function addresses({ c, node }: Lab): void {
  const n1 = node('twice-1');
  const first = c.pod('pairs/first', n1, n1.primary);
  c.write('pairs/second', n1, [first.ip]);
  c.expectLink('if:pairs/second/eth0', n1, { held: first, eni: n1.primary, rule: 'secondary-ip' });
  c.finding('duplicate-address', 'pod:pairs/first');

  // On another node than the ENI that has it.
  const n2 = node('twice-2');
  c.write('pairs/far', n2, [first.ip]);
  c.interfaces['if:pairs/far/eth0'] = {
    node: n2.id,
    network: 'cluster',
    ips: [first.ip],
    addresses: [{ ip: first.ip, backed: 'other-node', eni: null }],
    eni: null,
    link: { rule: 'none', candidates: [n1.primary.id] },
  };
  c.finding('pod-address-not-on-node', 'pod:pairs/far');
  c.finding('duplicate-address', 'pod:pairs/far');

  // Nobody's address: EC2 took it away, and the pod goes on.
  c.write('pairs/lost', n2, ['10.61.60.60']);
  c.interfaces['if:pairs/lost/eth0'] = {
    node: n2.id,
    ips: ['10.61.60.60'],
    addresses: [{ backed: 'none' }],
    eni: null,
  };
  c.finding('pod-address-not-on-node', 'pod:pairs/lost');

  // The node's own.
  const n3 = node('own-3');
  const own = n3.primary.ip ?? '';
  c.write('pairs/on-primary', n3, [own]);
  c.interfaces['if:pairs/on-primary/eth0'] = { node: n3.id, ips: [own], eni: n3.primary.id };
  c.finding('pod-on-primary-address', 'pod:pairs/on-primary');
  // In order: the host network is that address, and a finished pod has none.
  c.write('pairs/on-host', n3, [], { hostNetwork: true });
  c.write('pairs/done', n3, [first.ip], { phase: 'Succeeded' });
}

/** A network's interface: its MAC names one ENI, its address another, or none. */
function links({ c, node, extra }: Lab): void {
  c.nad('pairs/fast', {
    cniVersion: '0.3.1',
    name: 'fast',
    type: 'ipvlan',
    master: 'eth1',
    mode: 'l2',
    ipam: { type: 'static' },
  });
  const n1 = node('links-1');
  const left = extra(n1);
  const right = n1.eni({ dev: 2, tags: NO_MANAGE }, left.subnet);
  const here = left.add();
  here.holder = 'if:pairs/straight/net1';
  multusPod(c, 'pairs/straight', n1, 'fast', [
    { network: 'pairs/fast', as: 'net1', ips: [here.ip], mac: left.mac, truth: linked(left, 'mac') },
  ]);
  const there = right.add();
  there.holder = 'if:pairs/crossed/net1';
  multusPod(c, 'pairs/crossed', n1, 'fast', [
    { network: 'pairs/fast', as: 'net1', ips: [there.ip], mac: left.mac, truth: { eni: left.id } },
  ]);
  c.finding('address-not-on-eni', 'if:pairs/crossed/net1');
  multusPod(c, 'pairs/nowhere', n1, 'fast', [
    { network: 'pairs/fast', as: 'net1', ips: ['10.62.0.200'], mac: left.mac, truth: { eni: left.id } },
  ]);
  c.finding('address-not-on-eni', 'if:pairs/nowhere/net1');
  // The ENI of another node has it.
  const n2 = node('links-2');
  const far = extra(n2);
  const moved = far.add();
  multusPod(c, 'pairs/moved', n1, 'fast', [
    { network: 'pairs/fast', as: 'net1', ips: [moved.ip], mac: left.mac, truth: { node: n1.id } },
  ]);
  c.finding('address-not-on-eni', 'if:pairs/moved/net1');
}

/** The range of a network and the subnet of its ENI. */
function ranges({ c, node, extra }: Lab): void {
  c.nad('pairs/astray', {
    cniVersion: '0.3.1',
    name: 'astray',
    type: 'ipvlan',
    master: 'eth1',
    mode: 'l2',
    ipam: { type: 'whereabouts', range: '10.99.0.0/24' },
  });
  const n1 = node('ranges-1');
  const eni = extra(n1);
  multusPod(c, 'pairs/ranged', n1, 'astray', [
    { network: 'pairs/astray', as: 'net1', ips: ['10.99.0.9'], mac: eni.mac, truth: { eni: eni.id } },
  ]);
  c.finding('network-subnet-mismatch', 'net:pairs/astray');
  c.finding('address-not-on-eni', 'if:pairs/ranged/net1');
}

/** One address or one MAC on two pods of a network: a conflict, two bridges, or one machine that migrates. */
function twins({ c, node }: Lab): void {
  c.nad('pairs/flat', {
    cniVersion: '0.3.1',
    name: 'flat',
    type: 'macvlan',
    master: 'eth5',
    mode: 'bridge',
    ipam: { type: 'static' },
  });
  c.nad('pairs/local', {
    cniVersion: '0.3.1',
    name: 'local',
    type: 'bridge',
    bridge: 'br9',
    ipam: { type: 'host-local', subnet: '10.77.0.0/24' },
  });
  const [n1, n2] = [node('twins-1'), node('twins-2')];
  const put = (name: string, on: Node, network: string, ip: string, mac: string, vm?: string): void =>
    multusPod(
      c,
      `pairs/${name}`,
      on,
      network,
      [{ network: `pairs/${network}`, as: 'net1', ips: [ip], mac, truth: none }],
      vm === undefined ? {} : { owner: { kind: 'VirtualMachineInstance', name: vm } },
    );
  put('same-a', n1, 'flat', '10.88.0.5', '0a:58:0a:00:00:01');
  put('same-b', n2, 'flat', '10.88.0.5', '0a:58:0a:00:00:02');
  c.finding('duplicate-address', 'if:pairs/same-a/net1');
  put('mac-a', n1, 'flat', '10.88.0.6', SHARED_MAC);
  put('mac-b', n2, 'flat', '10.88.0.7', SHARED_MAC);
  c.finding('duplicate-mac', 'if:pairs/mac-a/net1');
  // In order: a bridge of its own on every node, and a machine that migrates.
  put('bridge-a', n1, 'local', '10.77.0.2', '0a:58:0a:00:00:03');
  put('bridge-b', n2, 'local', '10.77.0.2', '0a:58:0a:00:00:03');
  put('vm-source', n1, 'flat', '10.88.0.8', '0a:58:0a:00:00:08', 'db');
  put('vm-target', n2, 'flat', '10.88.0.8', '0a:58:0a:00:00:08', 'db');
  put('vm-other', n1, 'flat', '10.88.0.9', '0a:58:0a:00:00:09', 'web-1');
  put('vm-copy', n2, 'flat', '10.88.0.9', '0a:58:0a:00:00:09', 'web-2');
  c.finding('duplicate-address', 'if:pairs/vm-other/net1');
  c.finding('duplicate-mac', 'if:pairs/vm-other/net1');
  // All these machines are on macvlan.
  for (const name of ['vm-source', 'vm-target', 'vm-other', 'vm-copy'])
    c.finding('machine-behind-macvlan', `if:pairs/${name}/net1`);
}

/** What was asked for and what was reported. */
function requests({ c, node }: Lab): void {
  const n1 = node('asked-1');
  c.nad('pairs/asked', { cniVersion: '0.3.1', name: 'asked', type: 'bridge', bridge: 'br7', ipam: { type: 'static' } });
  multusPod(c, 'pairs/other-address', n1, '[{"name":"asked","ips":["10.78.0.5/24"]}]', [
    { network: 'pairs/asked', as: 'net1', ips: ['10.78.0.6'], mac: '0a:58:0a:00:01:01', truth: none },
  ]);
  c.finding('requested-not-honoured', 'if:pairs/other-address/net1');
  multusPod(c, 'pairs/as-asked', n1, '[{"name":"asked","ips":["10.78.0.7/24"]}]', [
    { network: 'pairs/asked', as: 'net1', ips: ['10.78.0.7'], mac: '0a:58:0a:00:01:02', truth: none },
  ]);
}

export function contradictions(): Cluster {
  const lab = start();
  for (const part of [addresses, links, ranges, twins, requests]) part(lab);
  return lab.c;
}
