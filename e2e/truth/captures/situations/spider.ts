/** Networks of Spiderpool: its IPAM, its chained plugins, the networks that it renders. */
import { NETWORKS, STATUS } from '../kit/pod';
import type { Json } from '../kit/types';
import { asking, entry, multusSays, running, start } from './attaching';
import { hostLinks, labPod, startLab } from './lab';
import { found, is, none, refused, says, silentOn, type Situation } from './situation';

const COORDINATOR: Json = { type: 'coordinator', mode: 'auto', detectGateway: false, tunePodRoutes: true };

const rendered = (name: string, plugins: readonly Json[]): Json => ({ cniVersion: '0.3.1', name, plugins });

const QUIET = [none('findings[severity=error]'), none('findings[severity=warning]')];

/** ifacer makes the VLAN, macvlan the interface, coordinator the routes: the network hangs on the VLAN. */
function vlanAndCoordinator(): Situation {
  const { cluster, node } = startLab();
  hostLinks(cluster, node, [
    { name: 'ens192', type: 'ethernet', state: 'up', 'mac-address': '00:50:56:00:00:01' },
    { name: 'ens192.100', type: 'vlan', state: 'up', 'mac-address': '00:50:56:00:00:01' },
  ]);
  cluster.nad(
    'kube-system/macvlan-100',
    rendered('macvlan-100', [
      { type: 'ifacer', interfaces: ['ens192'], vlanID: 100 },
      { type: 'macvlan', master: 'ens192.100', mode: 'bridge', ipam: { type: 'spiderpool' } },
      COORDINATOR,
    ]),
  );
  labPod(cluster, 'shop/a', node, 'kube-system/macvlan-100', [
    entry('kube-system/macvlan-100', 'net1', '172.16.100.9', '0a:1b:72:16:64:09'),
  ]);
  return {
    source: 'spidernet-io/spiderpool docs/concepts/ifacer.md, pkg/multuscniconfig/utils.go (generateNetAttachDef)',
    cluster,
    checks: [
      is('networks[id=net:kube-system/macvlan-100].parent', { kind: 'host-device', value: 'ens192.100' }),
      is('networks[id=net:kube-system/macvlan-100].ipam.type', 'spiderpool'),
      is('networks[id=net:kube-system/macvlan-100].problems', []),
      is('interfaces[id=if:shop/a/net1].hostNic', 'nic:w1/ens192.100'),
      ...QUIET,
    ],
  };
}

/** The pod's only interface is an ipvlan on the ENI, by default-network, with a secondary address of the ENI that Spiderpool gave it. */
function onlyNetworkOnEc2(): Situation {
  const { cluster, node } = start({ ipamd: false, metrics: false });
  cluster.nad(
    'kube-system/ipvlan-eth0',
    rendered('ipvlan-eth0', [
      { type: 'ipvlan', master: 'eth0', mode: 'l2', ipam: { type: 'spiderpool' } },
      COORDINATOR,
    ]),
  );
  const ip = node.primary.addresses[0]?.ip ?? '';
  cluster.write('shop/a', node, [ip], {
    annotations: {
      'v1.multus-cni.io/default-network': 'kube-system/ipvlan-eth0',
      [STATUS]: JSON.stringify([
        {
          name: 'kube-system/ipvlan-eth0',
          interface: 'eth0',
          ips: [ip],
          mac: node.primary.mac,
          default: true,
          dns: {},
        },
      ]),
    },
  });
  return {
    source: 'spidernet-io/spiderpool docs/usage/install/cloud/get-started-aws.md',
    cluster,
    checks: [
      is('interfaces[id=if:shop/a/eth0].eni', node.primary.id),
      is('interfaces[id=if:shop/a/eth0].link.certainty', 'observed'),
      is('interfaces[id=if:shop/a/eth0].network', 'net:kube-system/ipvlan-eth0'),
      none('findings[rule=network-unused]'),
      ...QUIET,
    ],
    sayings: [{ command: 'lookup', words: ip, says: /shop\/a/ }],
  };
}

/** Its pools are elsewhere, and its answer says why none fits: ipamd has nothing to do with it. */
function noPoolFits(): Situation {
  const { cluster, node } = start();
  cluster.nad(
    'telco/macvlan',
    rendered('macvlan', [
      { type: 'macvlan', master: 'eth1', mode: 'bridge', ipam: { type: 'spiderpool' } },
      COORDINATOR,
    ]),
  );
  asking(cluster, 'telco/a', node, 'macvlan', {
    annotations: { 'ipam.spidernet.io/ippools': '[{"interface":"net1","ipv4":["v4pool"]}]' },
  });
  refused(
    cluster,
    'telco/a',
    multusSays(
      'telco/a',
      'macvlan',
      'spiderpool IP allocation error: [POST /ipam/ip][500] postIpamIpFailure  failed to allocate IP addresses in standard mode: no available IPPool, all IPv4 IPPools [v4pool] of eth0 filtered out: [unmatched Interface name, ]',
    ),
  );
  return {
    source: 'spidernet-io/spiderpool#2901',
    cluster,
    checks: [
      says('findings[subjects~pod:telco/a]', 'no available IPPool'),
      silentOn('findings[subjects~pod:telco/a]', '(?i)ipamd|warm pool|WARM_'),
      none('findings[rule=pod-ip-failed]'),
      none('findings[rule=ipam-pool-full]'),
    ],
    sayings: [{ command: 'explain', words: 'pod telco/a address', says: /no available IPPool/ }],
  };
}

/** Rendered from a SpiderMultusConfig: deleting the network by itself does nothing, it comes back. */
function renderedAndUnused(): Situation {
  const { cluster } = startLab();
  cluster.object({
    apiVersion: 'k8s.cni.cncf.io/v1',
    kind: 'NetworkAttachmentDefinition',
    metadata: {
      namespace: 'telco',
      name: 'spare',
      uid: 'nad-spare',
      creationTimestamp: '2026-08-01T00:00:00Z',
      ownerReferences: [
        {
          apiVersion: 'spiderpool.spidernet.io/v2beta1',
          kind: 'SpiderMultusConfig',
          name: 'spare',
          uid: 'smc',
          controller: true,
        },
      ],
    },
    spec: { config: JSON.stringify(rendered('spare', [{ type: 'macvlan', master: 'bond0', ipam: {} }])) },
  });
  return {
    source: 'spidernet-io/spiderpool#4344 (networks rendered from SpiderMultusConfig)',
    cluster,
    checks: [
      found('findings[rule=network-unused]'),
      says('findings[rule=network-unused]', 'SpiderMultusConfig'),
      silentOn('findings[rule=network-unused].command', 'delete (nad|net-attach-def|network-attachment)'),
      ...QUIET,
    ],
  };
}

/** A pod with two networks whose pools Spiderpool chooses by annotation, on ENIs that are kept out of ipamd. */
function twoNetworks(): Situation {
  const { cluster, node } = start({ maxPods: 20 });
  const kept = node.eni({ dev: 1, tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } });
  const held = kept.add();
  cluster.nad(
    'telco/ipvlan-eth1',
    rendered('ipvlan-eth1', [
      { type: 'ipvlan', master: 'eth1', mode: 'l2', ipam: { type: 'spiderpool' } },
      COORDINATOR,
    ]),
  );
  running(
    cluster,
    'telco/a',
    node,
    'ipvlan-eth1',
    [{ name: 'telco/ipvlan-eth1', interface: 'net1', ips: [held.ip], mac: kept.mac, dns: {} }],
    { annotations: { 'ipam.spidernet.io/ippools': '[{"ipv4":["eni-pool"]}]', [NETWORKS]: 'ipvlan-eth1' } },
  );
  return {
    source: 'spidernet-io/spiderpool#3341, docs/usage/install/cloud/get-started-aws.md (several interfaces)',
    cluster,
    checks: [
      is('interfaces[id=if:telco/a/net1].eni', kept.id),
      is('interfaces[id=if:telco/a/net1].addresses.0.backed', 'eni'),
      is('networks[id=net:telco/ipvlan-eth1].problems', []),
      ...QUIET,
    ],
  };
}

export const spider: Readonly<Record<string, () => Situation>> = {
  'Spiderpool: VLAN, macvlan and coordinator': vlanAndCoordinator,
  'Spiderpool: ipvlan alone on EC2': onlyNetworkOnEc2,
  'Spiderpool: no pool fits': noPoolFits,
  'Spiderpool: network of a SpiderMultusConfig': renderedAndUnused,
  'Spiderpool: secondary addresses of a kept ENI': twoNetworks,
};
