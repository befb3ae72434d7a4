/** IPv6 clusters: one /80 per ENI, no pool; the egress interface that Multus 4.1 lists; addresses that are no prefix's (vpc-cni §2.2, multus §1.6). */
import { Cluster } from './kit/cluster';
import { keyed, oneOf } from './kit/compare';
import type { Eni } from './kit/eni';
import type { Node } from './kit/node';
import { STATUS } from './kit/pod';
import type { PodSpec } from './kit/types';

export function ipv6(): Cluster {
  const c = new Cluster({
    env: { ENABLE_IPv4: 'false', ENABLE_IPv6: 'true', ENABLE_PREFIX_DELEGATION: 'true' },
    multus: 'v4.1.4-eksbuild.3',
  });
  c.undecided.push('network-unused');
  const s = c.subnet('10.6.0.0/20', 'eu-west-1a', { ipv6: '2a05:d018:6:1::/64' });
  const outer = c.subnet('10.7.0.0/20', 'eu-west-1a', { ipv6: '2a05:d018:6:2::/64' });

  const v6Pod = (key: string, node: Node, on: Eni, spec: PodSpec = {}): string => {
    const held = on.fromPrefix();
    // The first address of a /80 would be the subnet-router anycast; any other does.
    held.holder = `if:${key}/eth0`;
    c.write(key, node, [held.ip], spec);
    c.expectLink(held.holder, node, { held, eni: on, rule: 'ipv6-prefix' });
    return held.ip;
  };
  const n1 = c.node('six-1', s);
  n1.primary.prefix('2a05:d018:6:1:aa::/80');
  n1.primary.ipv6.push('2a05:d018:6:1::1:5');
  v6Pod('shop/a1', n1, n1.primary);
  v6Pod('shop/a2', n1, n1.primary);
  c.expect('nodes', n1.id, { pools: [], cni: { mode: 'ipv6', prefixDelegation: true } });

  // Multus 4.1 and newer: eth0 with a route table's number for a MAC, the dummy, and the egress interface with a true one.
  const held = n1.primary.fromPrefix();
  held.holder = 'if:shop/a3/eth0';
  const status = [
    { name: 'aws-cni', interface: 'eth0', ips: [held.ip.toUpperCase()], mac: '254', default: true, dns: {} },
    { name: 'aws-cni', interface: 'v4if0', mac: '0A:58:A9:FE:AC:03', dns: {} },
    { name: 'aws-cni', interface: 'dummy0123456789a', mac: '0', dns: {} },
  ];
  c.write('shop/a3', n1, [held.ip], { annotations: { [STATUS]: JSON.stringify(status) } });
  c.expectLink(held.holder, n1, { held, eni: n1.primary, rule: 'ipv6-prefix' });
  c.interfaces['if:shop/a3/v4if0'] = {
    network: 'cluster',
    ips: [],
    eni: null,
    card: null,
    mac: '0a:58:a9:fe:ac:03',
    state: oneOf('reported', 'unrequested'),
    link: { rule: 'none' },
  };

  // An extra ENI with addresses of both families, kept from ipamd; ipvlan on it.
  const n2 = c.node('six-2', s);
  n2.primary.prefix('2a05:d018:6:1:bb::/80');
  const multus = n2.eni({ dev: 1, tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } }, outer);
  multus.ipv6.push('2a05:d018:6:2::77', '2a05:d018:6:2::78');
  const four = multus.add();
  four.holder = 'if:shop/b1/net1';
  c.nad('shop/outer', { cniVersion: '0.3.1', type: 'ipvlan', master: 'eth1', ipam: { type: 'static' } });
  const eth0 = v6Pod('shop/b1', n2, n2.primary, {
    annotations: {
      'k8s.v1.cni.cncf.io/networks': 'outer',
      [STATUS]: JSON.stringify([
        { name: 'aws-cni', interface: 'eth0', ips: ['2a05:d018:6:1:bb::'], mac: '254', default: true, dns: {} },
        { name: 'aws-cni', interface: 'dummy0123456789b', mac: '0', dns: {} },
        { name: 'shop/outer', interface: 'net1', ips: ['2A05:D018:6:2:0:0:0:77', four.ip], mac: multus.mac, dns: {} },
      ]),
    },
  });
  if (eth0 !== '2a05:d018:6:1:bb::') throw new Error(eth0);
  c.interfaces['if:shop/b1/net1'] = {
    network: 'net:shop/outer',
    eni: multus.id,
    card: 0,
    mac: multus.mac,
    ips: oneOf([four.ip, '2a05:d018:6:2::77'], ['2a05:d018:6:2::77', four.ip]),
    link: { rule: oneOf('mac', 'secondary-ip', 'ipv6-address'), certainty: 'observed' },
    state: 'reported',
  };
  c.expect('enis', multus.id, {
    addresses: keyed('ip', {
      [multus.ip ?? '']: { state: 'primary' },
      [four.ip]: { state: 'assigned' },
      '2a05:d018:6:2::77': { state: 'assigned', interface: 'if:shop/b1/net1' },
      '2a05:d018:6:2::78': { state: 'unclaimed', interface: null },
    }),
  });
  // The node's own IPv6 address is nobody's to hand out.
  c.expect('enis', n1.primary.id, {
    addresses: keyed('ip', { '2a05:d018:6:1::1:5': { state: oneOf('primary', 'excluded'), interface: null } }, false),
  });
  return c;
}
