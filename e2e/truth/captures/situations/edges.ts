/** Addresses by DHCP on a shared MAC, and addresses with the length of their prefix. */
import type { Json } from '../kit/types';
import { entry, running, start } from './attaching';
import { found, is, none, says, type Situation } from './situation';

/** DHCP on ipvlan: every pod has the MAC of the link, and the server answers the MAC. */
function dhcpOnIpvlan(): Situation {
  const { cluster, node } = start();
  const kept = node.eni({ dev: 1, tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } });
  cluster.nad('shop/lan', { cniVersion: '0.3.1', type: 'ipvlan', master: 'eth1', ipam: { type: 'dhcp' } });
  for (const at of [0, 1])
    running(cluster, `shop/w-${String(at)}`, node, 'lan', [entry('shop/lan', 'net1', kept.ip, kept.mac)]);
  return {
    source: 'containernetworking/plugins (ipvlan: DHCP needs a client id), #371',
    cluster,
    checks: [
      found('findings[rule=duplicate-address]'),
      says('findings[rule=duplicate-address].advice', '(?i)dhcp'),
      none('findings[rule=duplicate-mac]'),
    ],
    sayings: [{ command: 'lookup', words: kept.ip ?? '', says: /w-0[\s\S]*w-1|w-1[\s\S]*w-0/ }],
  };
}

/** The address asked for has another prefix length than the subnet, and is the same address. */
function otherPrefix(): Situation {
  const { cluster, node } = start();
  const lan: Json = {
    cniVersion: '0.3.1',
    type: 'bridge',
    bridge: 'br0',
    capabilities: { ips: true },
    ipam: { type: 'static' },
  };
  cluster.nad('shop/lan', lan);
  running(cluster, 'shop/a', node, '[{"name":"lan","ips":["192.168.9.20/16","FD00:0:0:9::20/64"]}]', [
    { name: 'shop/lan', interface: 'net1', ips: ['192.168.9.20', 'fd00:0:0:9::20'], mac: '0a:58:00:00:00:01', dns: {} },
  ]);
  return {
    source: 'k8snetworkplumbingwg/multus-cni#588 (addresses asked for)',
    cluster,
    checks: [
      none('findings[rule=requested-not-honoured]'),
      is('interfaces[id=if:shop/a/net1].ips.0', '192.168.9.20'),
      none('findings[severity=error]'),
    ],
    sayings: [
      { command: 'lookup', words: 'fd00:0:0:9:0:0:0:20', says: /shop\/a/ },
      { command: 'lookup', words: '192.168.9.20/16', says: /shop\/a/ },
    ],
  };
}

export const edges: Readonly<Record<string, () => Situation>> = {
  'DHCP on ipvlan': dhcpOnIpvlan,
  'address with another prefix length': otherPrefix,
};
