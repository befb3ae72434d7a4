/** ipvlan in its modes l3 and l3s, and gateways that lie beside the addresses: no ARP, no broadcast, and the node routes. */
import type { Json } from '../kit/types';
import { asking, entry, ipPool, multusSays, running, start } from './attaching';
import { found, is, none, refused, says, silentOn, type Situation } from './situation';

const NO_MANAGE = { 'node.k8s.amazonaws.com/no_manage': 'true' };

const ipvlan = (mode: string, ipam: Readonly<Record<string, Json>>): Json => ({
  cniVersion: '0.3.1',
  name: 'fast',
  type: 'ipvlan',
  master: 'eth1',
  mode,
  ipam: { type: 'whereabouts', ...ipam },
});

function onEni(mode: string, ipam: Readonly<Record<string, Json>>, sourceDestCheck = true) {
  const made = start({ os: 'Amazon Linux 2', maxPods: 20 });
  const second = made.cluster.subnet('10.60.0.0/24');
  const eni = made.node.eni({ dev: 1, tags: NO_MANAGE, sourceDestCheck }, second);
  made.cluster.nad('shop/fast', ipvlan(mode, ipam));
  return { ...made, eni };
}

/** Addresses of the ENI; the gateway is the VPC's router, below the part that pods get. */
function gatewayBelowTheRange(mode: string): Situation {
  const { cluster, node, eni } = onEni(mode, {
    range: '10.60.0.0/24',
    range_start: '10.60.0.100',
    range_end: '10.60.0.120',
    gateway: '10.60.0.1',
  });
  const { ip } = eni.add('10.60.0.100');
  ipPool(cluster, '10.60.0.0-24', '10.60.0.0/24', { '100': 'shop/a' });
  running(cluster, 'shop/a', node, 'fast', [entry('shop/fast', 'net1', ip, eni.mac)]);
  return {
    source: 'containernetworking/plugins ipvlan (modes); aws-samples/eks-install-guide-for-multus',
    cluster,
    checks: [
      is('interfaces[id=if:shop/a/net1].eni', eni.id),
      none('findings[severity=error]'),
      none('findings[severity=warning]'),
    ],
  };
}

/** In l3 a default route without a gateway is complete: the node routes. eth0 has one as well. */
function defaultRouteByTheNode(): Situation {
  const { cluster, node, eni } = onEni('l3', { range: '10.60.0.0/24', routes: [{ dst: '0.0.0.0/0' }] });
  const { ip } = eni.add('10.60.0.100');
  ipPool(cluster, '10.60.0.0-24', '10.60.0.0/24', { '100': 'shop/a' });
  running(cluster, 'shop/a', node, 'fast', [
    { name: 'shop/fast', interface: 'net1', ips: [ip], mac: eni.mac, dns: {}, gateway: ['<nil>'] },
  ]);
  return {
    source: 'k8snetworkplumbingwg/sriov-network-device-plugin#530; containernetworking/plugins ipvlan l3',
    cluster,
    checks: [
      found('findings[rule=default-route-conflict]'),
      silentOn('findings[rule=default-route-conflict]', 'via <nil>|gateway <nil>'),
      none('findings[rule=network-config-invalid]'),
    ],
  };
}

/** A range of its own behind the node: with a route of the VPC to the ENI, whose check is off, it works; otherwise it cannot. */
function rangeBehindTheNode(mode: string, sourceDestCheck: boolean): Situation {
  const { cluster, node, eni } = onEni(mode, { range: '172.30.5.0/24' }, sourceDestCheck);
  ipPool(cluster, '172.30.5.0-24', '172.30.5.0/24', { '7': 'shop/a' });
  running(cluster, 'shop/a', node, 'fast', [entry('shop/fast', 'net1', '172.30.5.7', eni.mac)]);
  return {
    source:
      'containernetworking/plugins ipvlan (l3: routed by the host); EC2 user guide (route tables, source/destination check)',
    cluster,
    checks: [
      is('interfaces[id=if:shop/a/net1].eni', eni.id),
      says('findings[rule=address-not-on-eni]', '172\\.30\\.5\\.7'),
      says('findings[rule=address-not-on-eni]', '(?i)route table'),
      silentOn('findings', 'assign-private-ip-addresses'),
      ...(sourceDestCheck
        ? [
            found('findings[rule=address-not-on-eni][severity=error]'),
            says('findings[rule=address-not-on-eni]', '(?i)source/destination check'),
          ]
        : [none('findings[severity=error]'), found('findings[rule=address-not-on-eni][severity=warning]')]),
    ],
  };
}

/** DHCP, macvlan’s modes and broadcast do not work in l3. */
function dhcpInL3(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/fast', {
    cniVersion: '0.3.1',
    type: 'ipvlan',
    master: 'bond0',
    mode: 'l3',
    ipam: { type: 'dhcp' },
  });
  asking(cluster, 'shop/a', node, 'fast');
  refused(cluster, 'shop/a', multusSays('shop/a', 'fast', 'error calling DHCP.Allocate: no more tries'));
  return {
    source:
      'containernetworking/plugins docs: dhcp with ipvlan; kernel Documentation/networking/ipvlan.rst (l3: no broadcast, no multicast)',
    cluster,
    checks: [
      says('findings[subjects~pod:shop/a]', '(?i)DHCP'),
      says('findings', '(?i)l3'),
      says('findings', '(?i)broadcast'),
    ],
  };
}

/** The gateway is in no subnet of the link, and a route goes by it: the kernel refuses the route. */
function gatewayOutside(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/fast', {
    cniVersion: '0.3.1',
    type: 'ipvlan',
    master: 'bond0',
    mode: 'l3s',
    ipam: { type: 'whereabouts', range: '192.168.8.0/24', gateway: '192.168.1.1', routes: [{ dst: '10.0.0.0/8' }] },
  });
  asking(cluster, 'shop/a', node, 'fast');
  refused(
    cluster,
    'shop/a',
    multusSays(
      'shop/a',
      'fast',
      `failed to add route '{Dst:{IP:10.0.0.0 Mask:ff000000} GW:<nil> MTU:0 AdvMSS:0 Priority:0 Table:<nil> Scope:<nil>} via 192.168.1.1 dev net1': network is unreachable`,
    ),
  );
  return {
    source:
      'containernetworking/plugins pkg/ipam/ipam_linux.go (a route without gw goes by the gateway of the address)',
    cluster,
    checks: [
      says('findings[subjects~pod:shop/a]', '192\\.168\\.1\\.1'),
      says('findings[subjects~pod:shop/a].advice', '(?i)gateway'),
      silentOn('findings[subjects~pod:shop/a].advice', '(?i)ipamd|aws-node'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/a address', says: /192\.168\.1\.1/ }],
  };
}

export const layer3: Readonly<Record<string, () => Situation>> = {
  'ipvlan l3 with a gateway below the range': () => gatewayBelowTheRange('l3'),
  'ipvlan l3s with a gateway below the range': () => gatewayBelowTheRange('l3s'),
  'ipvlan l3 with a default route by the node': defaultRouteByTheNode,
  'ipvlan l3 with a range behind the node, and the check on': () => rangeBehindTheNode('l3', true),
  'ipvlan l3s with a range behind the node, and the check off': () => rangeBehindTheNode('l3s', false),
  'ipvlan l2 with a range behind the node, and the check off': () => rangeBehindTheNode('l2', false),
  'ipvlan l3 with DHCP': dhcpInL3,
  'ipvlan l3s with a gateway of another subnet': gatewayOutside,
};
