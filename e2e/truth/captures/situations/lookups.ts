/** What people paste into `lookup` and `explain`: other cases and forms of one address, a half of a name. */
import { Cluster } from '../kit/cluster';
import { NETWORKS } from '../kit/pod';
import { running, start } from './attaching';
import { is, none, type Saying, type Situation } from './situation';

function pasted(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('ip-10-40-0-5.eu-west-1.compute.internal', subnet);
  const held = cluster.pod('shop/web-7d9f', node, node.primary);
  node.primary.free(8);
  const { id, mac, ip } = node.primary;
  const finds = (words: string, says: RegExp): Saying => ({ command: 'lookup', words, says });
  return {
    source: 'posted: what stands in logs, flow logs and consoles',
    cluster,
    checks: [none('findings[severity=error]')],
    sayings: [
      finds(mac.toUpperCase(), new RegExp(id)),
      finds(mac.replaceAll(':', '-').toUpperCase(), new RegExp(id)),
      finds(`${held.ip}/32`, /shop\/web-7d9f/),
      finds(` ${held.ip} `, /shop\/web-7d9f/),
      finds(`pod/shop/web-7d9f`, /shop\/web-7d9f/),
      finds('web-7d9f', /shop\/web-7d9f/),
      finds(`ip-${(ip ?? '').replaceAll('.', '-')}`, /ip-10-40-0-5/),
      finds(id.toUpperCase(), new RegExp(id)),
      finds(node.instance ?? '', /ip-10-40-0-5/),
    ],
  };
}

/** One IPv6 address in three spellings. */
function ipv6Spelt(): Situation {
  const cluster = new Cluster({ env: { ENABLE_IPv4: 'false', ENABLE_IPv6: 'true', ENABLE_PREFIX_DELEGATION: 'true' } });
  const subnet = cluster.subnet('10.40.0.0/20', 'eu-west-1a', { ipv6: '2a05:d018:6:1::/64' });
  const node = cluster.node('n1', subnet, { maxPods: 110 });
  node.primary.prefix('2a05:d018:6:1:a::/80');
  cluster.write('shop/a', node, ['2a05:d018:6:1:a::9']);
  node.primary.fromPrefix();
  const finds = (words: string): Saying => ({ command: 'lookup', words, says: /shop\/a/ });
  return {
    source: 'posted: IPv6 addresses as flow logs and shells write them',
    cluster,
    checks: [
      is('interfaces[id=if:shop/a/eth0].eni', node.primary.id),
      is('interfaces[id=if:shop/a/eth0].link.rule', 'ipv6-prefix'),
    ],
    sayings: [
      finds('2a05:d018:6:1:a::9'),
      finds('2A05:D018:0006:0001:000A:0000:0000:0009'),
      finds('2a05:d018:6:1:a:0:0:9'),
      finds('[2a05:d018:6:1:a::9]'),
    ],
  };
}

/** A pod asks for one network three times, and once by another form of its name. */
function oneNetworkThreeTimes(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    type: 'bridge',
    bridge: 'br0',
    ipam: { type: 'whereabouts', range: '192.168.7.0/24' },
  });
  running(
    cluster,
    'shop/a',
    node,
    'lan, shop/lan@second, lan',
    [1, 2, 3].map((at) => ({
      name: 'shop/lan',
      interface: at === 2 ? 'second' : `net${String(at)}`,
      ips: [`192.168.7.${String(at)}`],
      mac: `0a:58:00:00:04:0${String(at)}`,
      dns: {},
    })),
    { annotations: { [NETWORKS]: 'lan, shop/lan@second, lan' } },
  );
  return {
    source: 'k8snetworkplumbingwg/multus-cni (one network several times)',
    cluster,
    checks: [
      is('interfaces[id=if:shop/a/second].network', 'net:shop/lan'),
      is('interfaces[id=if:shop/a/net3].network', 'net:shop/lan'),
      is('interfaces[id=if:shop/a/second].state', 'reported'),
      none('findings[rule=duplicate-address]'),
      none('findings[rule=network-status-missing]'),
      none('findings[severity=error]'),
    ],
    sayings: [{ command: 'lookup', words: '192.168.7.2', says: /second/ }],
  };
}

export const lookups: Readonly<Record<string, () => Situation>> = {
  'lookup as pasted': pasted,
  'IPv6 in three spellings': ipv6Spelt,
  'one network three times': oneNetworkThreeTimes,
};
