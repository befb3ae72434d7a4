/** Answers on another path, addresses that are reserved but unused, and frames that are too large. */
import { asking, entry, ipPool, multusSays, reservation } from './attaching';
import { labPod, startLab } from './lab';
import type { Json } from '../kit/types';
import { none, refused, says, silentOn, warning, type Situation } from './situation';

/** The kubelet's probes arrive on eth0, and the answers leave through an interface that never reaches its host. */
function probesUnanswered(isReady: boolean): Situation {
  const { cluster, node } = startLab({ internalIp: '192.0.2.101' });
  cluster.nad('shop/lan', {
    cniVersion: '0.4.0',
    type: 'macvlan',
    master: 'ens192',
    mode: 'bridge',
    ipam: { type: 'whereabouts', range: '192.0.2.0/24' },
  });
  labPod(cluster, 'shop/dao', node, 'lan', [entry('shop/lan', 'net1', '192.0.2.230', '5e:3d:0f:f3:28:4e')], {
    ready: isReady,
  });
  return {
    source: 'spidernet-io/spiderpool#522, k8snetworkplumbingwg/whereabouts#39, k8snetworkplumbingwg/multus-cni#664',
    cluster,
    checks: isReady
      ? [none('findings[rule=replies-leave-elsewhere]')]
      : [
          says('findings[rule=replies-leave-elsewhere]', '192\\.0\\.2\\.101'),
          says('findings[rule=replies-leave-elsewhere]', 'answers through net1'),
          says('findings[rule=replies-leave-elsewhere].advice', 'route'),
        ],
  };
}

/** Every address is reserved for a deleted pod, and the pool has no allocation. */
function reservationsAlone(): Situation {
  const { cluster, node } = startLab();
  cluster.nad('shop/n1', {
    cniVersion: '0.3.1',
    type: 'macvlan',
    master: 'eth1',
    ipam: { type: 'whereabouts', range: '10.3.0.0/29' },
  });
  ipPool(cluster, '10.3.0.0-29', '10.3.0.0/29', {});
  for (const last of [1, 2, 3, 4, 5, 6]) reservation(cluster, `10.3.0.${String(last)}`, `shop/old-${String(last)}`);
  asking(cluster, 'shop/p', node, 'n1');
  refused(
    cluster,
    'shop/p',
    multusSays(
      'shop/p',
      'n1',
      'error at storage engine: Could not allocate IP in range: ip: 10.3.0.1 / - 10.3.0.6 / range: 10.3.0.0/29 / excludeRanges: []',
    ),
  );
  return {
    source: 'k8snetworkplumbingwg/whereabouts#176, #75 (reservations that outlive their allocations)',
    cluster,
    checks: [
      says('findings[rule=ipam-pool-full]', '6 addresses are blocked by an OverlappingRangeIPReservation'),
      says('findings[rule=ipam-pool-full].advice', 'Delete the OverlappingRangeIPReservations'),
      silentOn('findings[rule=ipam-pool-full].advice', 'Widen the range|fewer pods'),
    ],
  };
}

/** Allocations of an early whereabouts do not name their pod, and the range has only five addresses. */
function allocationsWithoutNames(): Situation {
  const { cluster, node } = startLab();
  cluster.nad('nstest/test', {
    cniVersion: '0.3.1',
    type: 'ipvlan',
    master: 'net2',
    mode: 'l2',
    ipam: { type: 'whereabouts', range: '172.16.5.192/27', range_start: '172.16.5.196', range_end: '172.16.5.200' },
  });
  cluster.object({
    apiVersion: 'whereabouts.cni.cncf.io/v1alpha1',
    kind: 'IPPool',
    metadata: { name: '172.16.5.192-27', namespace: 'kube-system', uid: 'pool-ids' },
    spec: {
      range: '172.16.5.192/27',
      allocations: Object.fromEntries([4, 5, 6, 7, 8].map((at) => [String(at), { id: `1e88${String(at)}fb5dec7c` }])),
    },
  });
  asking(cluster, 'nstest/app', node, 'test');
  return {
    source: 'knowledge.broadcom.com article 383841 (reservations of a pod that crashed)',
    cluster,
    checks: [
      says('findings[rule=ipam-pool-full]', '5 of 5 addresses'),
      says('findings[rule=ipam-pool-full]', 'the allocation names none'),
    ],
  };
}

/** Jumbo frames on a link that does not support them. */
function frameTooLarge(): Situation {
  const { cluster, node } = startLab();
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    type: 'macvlan',
    master: 'ens2',
    mtu: 9000,
    ipam: { type: 'whereabouts', range: '10.9.0.0/24' },
  });
  asking(cluster, 'shop/a', node, 'lan');
  refused(cluster, 'shop/a', multusSays('shop/a', 'lan', 'invalid MTU 9000, must be [0, master MTU(1500)]'));
  return {
    source: 'containernetworking/plugins plugins/main/macvlan (invalid MTU), k8snetworkplumbingwg/multus-cni#145',
    cluster,
    checks: [
      says('findings[subjects~pod:shop/a]', 'invalid MTU 9000'),
      says('findings[subjects~pod:shop/a].advice', 'MTU of the parent'),
    ],
  };
}

/** A refusal that is recognized by its message, with a network of that config. */
function toldBy(config: Json, text: string, told: readonly string[], source: string): Situation {
  const { cluster, node } = startLab();
  cluster.nad('shop/lan', config);
  asking(cluster, 'shop/a', node, 'lan');
  refused(cluster, 'shop/a', multusSays('shop/a', 'lan', text));
  return {
    source,
    cluster,
    checks: [
      ...told.map((pattern) => says('findings[subjects~pod:shop/a]', pattern)),
      silentOn('findings[subjects~pod:shop/a]', 'does not know this message|No record shows'),
    ],
  };
}

const MACVLAN = {
  cniVersion: '0.3.0',
  type: 'macvlan',
  master: 'eth1',
  ipam: { type: 'whereabouts', range: 'fd00:10::/64' },
};

/** A network that nests Multus: its delegates are not a chain, and no plugin before a meta plugin creates an interface. */
function nestedMultus(): Situation {
  const { cluster, node } = startLab();
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    type: 'multus',
    delegates: [
      { type: 'route-override', delroutes: [{ dst: '10.10.95.0/24' }] },
      { type: 'macvlan', mode: 'bridge', ipam: { type: 'dhcp' } },
    ],
  });
  asking(cluster, 'shop/a', node, 'lan');
  refused(
    cluster,
    'shop/a',
    multusSays(
      'shop/a',
      'lan',
      'netplugin failed: "panic: runtime error: invalid memory address or nil pointer dereference"',
    ),
  );
  return {
    source: 'redhat-nfvpe/cni-route-override#22',
    cluster,
    checks: [
      says('findings[rule=network-config-invalid][subjects~net:shop/lan]', 'calls Multus again'),
      says('findings[rule=network-config-invalid][subjects~net:shop/lan]', 'one interface in .{1,4}plugins'),
      says('findings[subjects~pod:shop/a]', 'invalid memory address'),
    ],
  };
}

/** A plugin's state file for a container is truncated, so the pod cannot be stopped. */
function noteCutOff(): Situation {
  const { cluster, node } = startLab();
  labPod(cluster, 'shop/a', node, '', [], { deleting: true });
  warning(
    cluster,
    'shop/a',
    'FailedKillPod',
    'error killing pod: failed to "KillPodSandbox" for "5a501fc0" with KillPodSandboxError: "rpc error: code = Unknown desc = failed to destroy network for sandbox \\"baff3103\\": plugin type=\\"multus\\" name=\\"multus-cni-network\\" failed (delete): delegateDel: error invoking ConflistDel - \\"cbr0\\": conflistDel: error in getting result from DelNetworkList: failed to parse netconf: unexpected end of JSON input"',
    'kubelet',
  );
  return {
    source: 'k8snetworkplumbingwg/multus-cni#1448, #1447',
    cluster,
    checks: [
      says('findings[rule=pod-stop-failed]', 'empty or truncated'),
      says('findings[rule=pod-stop-failed].advice', '/var/lib/cni'),
    ],
  };
}

/** A chain in the wrong order, and a mistyped range: the config shows the fault before any Event does. */
function faultOfTheConfig(config: Json, told: string, source: string): Situation {
  const { cluster, node } = startLab();
  cluster.nad('shop/lan', config);
  asking(cluster, 'shop/a', node, 'lan');
  return {
    source,
    cluster,
    checks: [
      says('findings[rule=network-config-invalid][subjects~net:shop/lan]', told),
      says('findings[rule=pod-start-failed][subjects~pod:shop/a]', 'shop/lan, whose config cannot work'),
      silentOn('findings[rule=pod-start-failed].advice', 'log of the kubelet'),
    ],
  };
}

export const answers: Readonly<Record<string, () => Situation>> = {
  'probes answered by net1': () => probesUnanswered(false),
  'Ready pod in the range of its node': () => probesUnanswered(true),
  'reservations without allocations': reservationsAlone,
  'allocations that name no pod': allocationsWithoutNames,
  'MTU larger than the link’s': frameTooLarge,
  'Multus runs twice for a pod': () =>
    toldBy(
      MACVLAN,
      'delegateAdd: cannot set "" interface name to "net1": validateIfName: interface name net1 already exists',
      ['Multus runs twice', '/etc/cni/net\\.d'],
      'k8snetworkplumbingwg/multus-cni#549, #1089',
    ),
  'IPv6 address of another machine': () =>
    toldBy(
      MACVLAN,
      'link net1 still has tentative addresses after 10 seconds',
      ['duplicate address detection', 'another host on the link'],
      'containernetworking/plugins pkg/ip SettleAddresses',
    ),
  'network of type multus with a meta plugin first': nestedMultus,
  'truncated output of a plugin': noteCutOff,
  'tuning before the plugin that creates the interface': () =>
    faultOfTheConfig(
      {
        cniVersion: '0.3.1',
        name: 'lan',
        plugins: [
          { type: 'tuning', sysctl: { 'net.core.somaxconn': '500' } },
          { type: 'macvlan', master: 'eth1', ipam: { type: 'dhcp' } },
        ],
      },
      'tuning requires the result',
      'containernetworking/plugins plugins/meta/tuning (Required prevResult missing)',
    ),
  'range with an extra character': () =>
    faultOfTheConfig(
      {
        cniVersion: '0.3.1',
        type: 'macvlan',
        master: 'eno1',
        ipam: { type: 'host-local', ranges: [[{ subnet: '$10.10.8.0/24', rangeStart: '10.10.8.201' }]] },
      },
      'invalid CIDR address: \\$10',
      'containernetworking/plugins#696 (as posted)',
    ),
};
