/** Default routes that networks ask for, by version of Multus, and networks that Multus takes and the plugin does not. */
import { Cluster } from '../kit/cluster';
import type { Json } from '../kit/types';
import { asking, entry, ipPool, multusSays, running, start } from './attaching';
import { found, none, refused, says, type Situation } from './situation';

const LAN: Json = {
  cniVersion: '0.3.1',
  type: 'bridge',
  bridge: 'br0',
  ipam: { type: 'host-local', subnet: '10.9.0.0/24' },
};
const MAC = '0a:58:0a:09:00:05';

/** A default route on net1, as Multus of some version treats it. */
function routed(multus: string, route: string, expected: string | null): Situation {
  const cluster = new Cluster({ multus });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  node.primary.free(8);
  cluster.nad('shop/lan', LAN);
  running(cluster, 'shop/web', node, `[{"name":"lan","default-route":${route}}]`, [
    entry('shop/lan', 'net1', '10.9.0.5', MAC),
  ]);
  return {
    source: 'k8snetworkplumbingwg/multus-cni#1444, #1552 (default routes by version)',
    cluster,
    checks:
      expected === null
        ? [none('findings[rule=default-route-conflict].severity[severity=error]')]
        : [says('findings[rule=default-route-conflict][subjects~pod:shop/web]', expected)],
  };
}

/** Two networks, each with the default route: Multus refuses. */
function twoGateways(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/lan', LAN);
  cluster.nad('shop/wan', LAN);
  asking(
    cluster,
    'shop/web',
    node,
    '[{"name":"lan","default-route":["10.9.0.1"]},{"name":"wan","default-route":["10.9.0.2"]}]',
  );
  refused(
    cluster,
    'shop/web',
    multusSays('shop/web', 'lan', 'CheckGatewayConfig: multus does not support ECMP for default-route'),
  );
  return {
    source: 'k8snetworkplumbingwg/multus-cni pkg/types (CheckGatewayConfig)',
    cluster,
    checks: [found('findings[subjects~pod:shop/web]')],
    sayings: [{ command: 'explain', words: 'pod shop/web address', says: /ECMP|more than one default/i }],
  };
}

/** A mode that is macvlan's, on an ipvlan. */
function modeOfAnother(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    type: 'ipvlan',
    master: 'eth1',
    mode: 'bridge',
    ipam: { type: 'static' },
  });
  asking(cluster, 'shop/web', node, 'lan');
  refused(cluster, 'shop/web', multusSays('shop/web', 'lan', 'unknown ipvlan mode: "bridge"'));
  return {
    source: 'k8snetworkplumbingwg/multus-cni#540',
    cluster,
    checks: [says('findings[rule=network-config-invalid][subjects~net:shop/lan]', 'bridge')],
    sayings: [{ command: 'explain', words: 'pod shop/web address', says: /mode/ }],
  };
}

/** A list of plugins without cniVersion: its result has no interfaces, and the status no entry. */
function listWithoutVersion(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/lan', { name: 'lan', plugins: [LAN, { type: 'tuning' }] });
  running(cluster, 'shop/web', node, 'lan', []);
  return {
    source: 'k8snetworkplumbingwg/network-attachment-definition-client#75',
    cluster,
    checks: [
      says('findings[subjects~pod:shop/web]', 'cniVersion'),
      says('findings[rule=network-config-invalid][subjects~net:shop/lan]', 'cniVersion'),
    ],
  };
}

/** `exclude` leaves two addresses of a range that looks large, and both are taken. */
function excluded(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    type: 'bridge',
    bridge: 'br0',
    ipam: { type: 'whereabouts', range: '10.9.0.0/29', exclude: ['10.9.0.0/30', '10.9.0.4/31'] },
  });
  ipPool(cluster, '10.9.0.0-29', '10.9.0.0/29', { 6: 'shop/a' });
  for (const [name, ip] of [['a', '10.9.0.6']] as const)
    running(cluster, `shop/${name}`, node, 'lan', [entry('shop/lan', 'net1', ip, MAC)]);
  asking(cluster, 'shop/b', node, 'lan');
  refused(
    cluster,
    'shop/b',
    multusSays('shop/b', 'lan', 'Could not allocate IP in range: ip: 10.9.0.1 / - 10.9.0.6 / range: 10.9.0.0/29'),
  );
  return {
    source: 'k8snetworkplumbingwg/whereabouts#546, containers-roadmap#1925',
    cluster,
    checks: [found('findings[rule=ipam-pool-full]'), says('findings[subjects~pod:shop/b]', '10\\.9\\.0\\.0/29|full')],
    sayings: [{ command: 'explain', words: 'pod shop/b address', says: /full|no address left|10\.9\.0\.0\/29/ }],
  };
}

export const defaultRoutes: Readonly<Record<string, () => Situation>> = {
  'default route that Multus 4.2.2 does not set': () => routed('v4.2.2', '["10.9.0.1"]', '4\\.2\\.2'),
  'default route that Multus 4.1.4 sets': () => routed('v4.1.4-eksbuild.3', '["10.9.0.1"]', null),
  'no default route at all since Multus 4': () => routed('v4.1.4-eksbuild.3', '[]', 'without a default route'),
  'default route outside the network': () => routed('v4.1.4-eksbuild.3', '["10.77.0.1"]', '10\\.77\\.0\\.1'),
  'two default routes requested': twoGateways,
  'mode of another plugin': modeOfAnother,
  'list of plugins without a version': listWithoutVersion,
  'range of which most is excluded': excluded,
};
