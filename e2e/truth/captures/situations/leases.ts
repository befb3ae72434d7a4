/** Addresses of further networks: slices of a range by node, leases of pods that came back, addresses that a plugin does not take. */
import { NETWORKS } from '../kit/pod';
import type { Json } from '../kit/types';
import { asking, entry, ipPool, multusSays, reservation, running, start } from './attaching';
import { count, found, is, none, refused, says, silentOn, type Situation } from './situation';

const onRange = (more: Readonly<Record<string, Json>> = {}): Json => ({
  cniVersion: '0.3.1',
  name: 'lan',
  type: 'macvlan',
  master: 'bond0',
  mode: 'bridge',
  ipam: { type: 'whereabouts', range: '192.168.8.0/24', ...more },
});

function sliced(given: readonly (readonly [node: string, range: string])[]) {
  const made = start();
  const second = made.cluster.node('n2', made.node.subnet);
  second.primary.free(6);
  made.cluster.nad('shop/lan', onRange({ node_slice_size: '/28' }));
  made.cluster.object({
    apiVersion: 'whereabouts.cni.cncf.io/v1alpha1',
    kind: 'NodeSlicePool',
    metadata: { name: 'lan', namespace: 'kube-system', uid: 'slices-lan' },
    spec: { range: '192.168.8.0/24', sliceSize: '/28' },
    status: { allocations: given.map(([nodeName, sliceRange]) => ({ nodeName, sliceRange })) },
  });
  return { ...made, second };
}

/** Each node gives addresses of its own slice. */
function slicesAtWork(): Situation {
  const { cluster, node, second } = sliced([
    ['n1', '192.168.8.0/28'],
    ['n2', '192.168.8.16/28'],
  ]);
  ipPool(cluster, 'n1-192.168.8.0-28', '192.168.8.0/28', { '1': 'shop/a' });
  ipPool(cluster, 'n2-192.168.8.16-28', '192.168.8.16/28', { '1': 'shop/b' });
  running(cluster, 'shop/a', node, 'lan', [entry('shop/lan', 'net1', '192.168.8.1', '0a:58:00:00:08:01')]);
  running(cluster, 'shop/b', second, 'lan', [entry('shop/lan', 'net1', '192.168.8.17', '0a:58:00:00:08:02')]);
  return {
    source: 'k8snetworkplumbingwg/whereabouts#458, #503 (node slices at work)',
    cluster,
    checks: [
      none('findings[rule=duplicate-address]'),
      none('findings[rule=ipam-inconsistent]'),
      none('findings[rule=ipam-pool-full]'),
      is('ipPools[id=pool:kube-system/n1-192.168.8.0-28].networks', ['net:shop/lan']),
      is('ipPools[id=pool:kube-system/n2-192.168.8.16-28].networks', ['net:shop/lan']),
    ],
    sayings: [{ command: 'lookup', words: '192.168.8.17', says: /shop\/b/ }],
  };
}

/** The slice of one node is full, and that of the other is not. */
function sliceFull(): Situation {
  const { cluster, node, second } = sliced([
    ['n1', '192.168.8.0/28'],
    ['n2', '192.168.8.16/28'],
  ]);
  ipPool(
    cluster,
    'n1-192.168.8.0-28',
    '192.168.8.0/28',
    Object.fromEntries(Array.from({ length: 14 }, (_, at) => [String(at + 1), `shop/a-${String(at)}`])),
  );
  ipPool(cluster, 'n2-192.168.8.16-28', '192.168.8.16/28', { '1': 'shop/b' });
  for (let at = 0; at < 14; at += 1)
    running(cluster, `shop/a-${String(at)}`, node, 'lan', [
      entry('shop/lan', 'net1', `192.168.8.${String(at + 1)}`, `0a:58:00:00:08:${String(at + 10)}`),
    ]);
  running(cluster, 'shop/b', second, 'lan', [entry('shop/lan', 'net1', '192.168.8.17', '0a:58:00:00:08:02')]);
  asking(cluster, 'shop/late', node, 'lan');
  refused(
    cluster,
    'shop/late',
    multusSays(
      'shop/late',
      'lan',
      'error at storage engine: Could not allocate IP in range: ip: 192.168.8.1 / - 192.168.8.14 / range: 192.168.8.0/28 / excludeRanges: []',
    ),
  );
  return {
    source: 'k8snetworkplumbingwg/whereabouts#458 (slice of a node is full)',
    cluster,
    checks: [
      says('findings[rule=ipam-pool-full]', '14'),
      says('findings[rule=ipam-pool-full]', '192\\.168\\.8\\.0/28|n1'),
      silentOn('findings[rule=ipam-pool-full]', '15 of'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /192\.168\.8\.0\/28|full/ }],
  };
}

/** More nodes than slices: the newest has none. */
function noSliceLeft(): Situation {
  const { cluster, second } = sliced([['n1', '192.168.8.0/28']]);
  asking(cluster, 'shop/late', second, 'lan');
  refused(cluster, 'shop/late', multusSays('shop/late', 'lan', 'no allocated node slice for node'));
  return {
    source: 'k8snetworkplumbingwg/whereabouts#497, #503',
    cluster,
    checks: [
      says('findings[subjects~pod:shop/late]', 'no allocated node slice for node'),
      says('findings[subjects~pod:shop/late]', 'n2'),
      // What the words mean: nothing is full, the controller gave this node no part.
      says('findings[subjects~pod:shop/late].advice', '(?i)slice|NodeSlicePool'),
      silentOn('findings[subjects~pod:shop/late].advice', '(?i)ipamd|aws-node|WARM_'),
      none('findings[rule=ipam-pool-full]'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /slice/ }],
  };
}

/** The node came back and the set's pod was given another address; nobody took the first one back. */
function cameBack(attachedTwice: boolean): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/lan', onRange());
  ipPool(cluster, '192.168.8.0-24', '192.168.8.0/24', {
    '151': 'shop/sm-0',
    '152': attachedTwice ? { podref: 'shop/sm-0', ifname: 'net2' } : 'shop/sm-0',
  });
  for (const ip of ['192.168.8.151', '192.168.8.152']) reservation(cluster, ip, 'shop/sm-0');
  running(
    cluster,
    'shop/sm-0',
    node,
    attachedTwice ? 'lan,lan' : 'lan',
    [
      ...(attachedTwice ? [entry('shop/lan', 'net1', '192.168.8.151', '0a:58:00:00:08:51')] : []),
      entry('shop/lan', attachedTwice ? 'net2' : 'net1', '192.168.8.152', '0a:58:00:00:08:52'),
    ],
    { owner: { kind: 'StatefulSet', name: 'sm' } },
  );
  return {
    source: 'k8snetworkplumbingwg/whereabouts#176, #383',
    cluster,
    checks: attachedTwice
      ? [none('findings[rule=ipam-inconsistent]'), none('findings[severity=error]')]
      : [
          says('findings[rule=ipam-inconsistent]', '192\\.168\\.8\\.151'),
          silentOn('findings[rule=ipam-inconsistent].subjects', '152'),
          says('findings[rule=ipam-inconsistent]', 'sm-0'),
        ],
    sayings: attachedTwice
      ? []
      : [{ command: 'explain', words: 'address 192.168.8.151 who', says: /sm-0/, silentOn: /conflict/i }],
  };
}

/** `ips` as one text: Multus wants a list, and refuses the whole annotation. */
function addressAsText(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    type: 'macvlan',
    master: 'bond0',
    capabilities: { ips: true },
    ipam: { type: 'static' },
  });
  asking(cluster, 'shop/fixed', node, '[{ "name": "lan", "ips": "10.1.1.6/24" }]');
  refused(
    cluster,
    'shop/fixed',
    'plugin type="multus" name="multus-cni-network" failed (add): Multus: [shop/fixed]: error loading k8s delegates k8s args: TryLoadPodDelegates: error in getting k8s network for pod: parsePodNetworkAnnotation: failed to parse pod Network Attachment Selection Annotation JSON format: json: cannot unmarshal string into Go struct field NetworkSelectionElement.ips of type []string',
  );
  return {
    source: 'k8snetworkplumbingwg/multus-cni#460',
    cluster,
    checks: [
      says('findings[subjects~pod:shop/fixed]', 'ips'),
      says('findings[rule=networks-annotation-invalid].advice', '(?i)list|\\['),
      none('findings[rule=network-unused]'),
      count('findings[subjects~pod:shop/fixed][severity=error]', 1),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/fixed address', says: /ips/ }],
  };
}

/** A fixed address that no plugin of the network takes: static has none of its own. */
function addressNotTaken(takes: boolean): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    type: 'macvlan',
    master: 'bond0',
    ...(takes ? { capabilities: { ips: true } } : {}),
    ipam: { type: 'static' },
  });
  const wants = '[{ "name": "lan", "ips": ["10.1.1.6/24"] }]';
  if (takes) {
    running(cluster, 'shop/fixed', node, wants, [entry('shop/lan', 'net1', '10.1.1.6', '0a:58:00:00:08:61')]);
    return {
      source: 'k8snetworkplumbingwg/multus-cni#278 (with the capability)',
      cluster,
      checks: [none('findings[severity=error]'), none('findings[rule=requested-not-honoured]')],
      sayings: [{ command: 'lookup', words: '10.1.1.6', says: /shop\/fixed/ }],
    };
  }
  asking(cluster, 'shop/fixed', node, wants);
  refused(cluster, 'shop/fixed', multusSays('shop/fixed', 'lan', 'IPAM plugin returned missing IP config'));
  return {
    source: 'k8snetworkplumbingwg/multus-cni#278',
    cluster,
    checks: [
      says('findings[subjects~pod:shop/fixed]', 'missing IP config'),
      says('findings', 'capabilit'),
      silentOn('findings[subjects~pod:shop/fixed].advice', '(?i)aws-node|ipamd'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/fixed address', says: /missing IP config/ }],
  };
}

/** A pod that finished keeps its lease in the pool until the reconciler runs: the next one may have the address by then. */
function finishedBesideItsHeir(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/lan', onRange());
  ipPool(cluster, '192.168.8.0-24', '192.168.8.0/24', { '9': 'shop/job-b' });
  const lan = (mac: string): Json => entry('shop/lan', 'net1', '192.168.8.9', mac);
  running(cluster, 'shop/job-a', node, 'lan', [lan('0a:58:00:00:08:71')], { phase: 'Succeeded' });
  running(cluster, 'shop/job-b', node, 'lan', [lan('0a:58:00:00:08:72')]);
  return {
    source: 'k8snetworkplumbingwg/whereabouts#75, #485',
    cluster,
    checks: [none('findings[rule=duplicate-address]'), none('findings[rule=ipam-inconsistent]')],
    sayings: [{ command: 'explain', words: 'address 192.168.8.9 who', says: /job-b/, silentOn: /conflict/i }],
  };
}

/** The node is lost and its pod cannot end: it keeps the only address that its heir waits for. */
function goingPodKeepsTheRange(): Situation {
  const { cluster, node } = start();
  const lost = cluster.node('n2', node.subnet, { ready: false });
  lost.primary.free(4);
  cluster.nad('shop/lan', onRange({ range_start: '192.168.8.5', range_end: '192.168.8.5' }));
  ipPool(cluster, '192.168.8.0-24', '192.168.8.0/24', { '5': 'shop/gw-old' });
  running(cluster, 'shop/gw-old', lost, 'lan', [entry('shop/lan', 'net1', '192.168.8.5', '0a:58:00:00:08:81')], {
    deleting: true,
  });
  asking(cluster, 'shop/gw-new', node, 'lan');
  refused(
    cluster,
    'shop/gw-new',
    multusSays(
      'shop/gw-new',
      'lan',
      'error at storage engine: Could not allocate IP in range: ip: 192.168.8.5 / - 192.168.8.5 / range: 192.168.8.0/24 / excludeRanges: []',
    ),
  );
  return {
    source: 'k8snetworkplumbingwg/whereabouts#485',
    cluster,
    checks: [
      says('findings[rule=ipam-pool-full]', 'gw-old'),
      // It is still there: the reconciler leaves it alone, and so must the reader, until the pod has ended.
      says('findings[rule=ipam-pool-full]', '(?i)terminat|deleted|on its way|going'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/gw-new address', says: /range|full/i }],
  };
}

/** The networks annotation of a pod that was deleted and made anew has another NAD's range: both ask at one master. */
function twoRangesOneList(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/dual', {
    cniVersion: '0.3.1',
    name: 'dual',
    type: 'macvlan',
    master: 'bond0',
    ipam: {
      type: 'whereabouts',
      ipRanges: [{ range: '192.168.8.0/24' }, { range: 'fd00:8::/64' }],
    },
  });
  ipPool(cluster, '192.168.8.0-24', '192.168.8.0/24', { '1': 'shop/a' });
  ipPool(cluster, 'fd00-8---64', 'fd00:8::/64', { '1': 'shop/a' });
  running(cluster, 'shop/a', node, 'dual', [
    {
      name: 'shop/dual',
      interface: 'net1',
      ips: ['192.168.8.1', 'FD00:8:0::1'],
      mac: '0a:58:00:00:08:91',
      dns: {},
    },
  ]);
  return {
    source: 'k8snetworkplumbingwg/whereabouts#722 (its dual-stack counterpart)',
    cluster,
    checks: [
      none('findings[rule=ipam-inconsistent]'),
      none('findings[rule=network-config-invalid]'),
      is('ipPools[range=fd00:8::/64].networks', ['net:shop/dual']),
      found('interfaces[id=if:shop/a/net1][ips~fd00:8::1]'),
    ],
    sayings: [{ command: 'lookup', words: 'fd00:8::1', says: /shop\/a/ }],
  };
}

/** Rook names its public network by a selector of its own; its pods carry it in their annotation. */
function sameNetworkInTwoNamespaces(): Situation {
  const { cluster, node } = start();
  for (const namespace of ['rook', 'csi']) cluster.nad(`${namespace}/public`, onRange());
  ipPool(cluster, '192.168.8.0-24', '192.168.8.0/24', { '1': 'rook/osd', '2': 'csi/plugin' });
  for (const [pod, ip] of [
    ['rook/osd', '192.168.8.1'],
    ['csi/plugin', '192.168.8.2'],
  ] as const) {
    const [namespace = ''] = pod.split('/');
    running(
      cluster,
      pod,
      node,
      'public',
      [entry(`${namespace}/public`, 'net1', ip, `0a:58:00:00:09:0${ip.slice(-1)}`)],
      {
        annotations: { [NETWORKS]: 'public@net1' },
      },
    );
  }
  return {
    source: 'rook/rook (one range, a NAD in each namespace)',
    cluster,
    checks: [
      none('findings[rule=ipam-inconsistent]'),
      none('findings[rule=duplicate-address]'),
      none('findings[severity=error]'),
      count('ipPools', 1),
    ],
  };
}

export const leases: Readonly<Record<string, () => Situation>> = {
  'healthy node slices': slicesAtWork,
  'node slice full': sliceFull,
  'node without a slice': noSliceLeft,
  'pod that returned with another address': () => cameBack(false),
  'pod with one network twice': () => cameBack(true),
  'fixed address as text': addressAsText,
  'fixed address that is ignored': () => addressNotTaken(false),
  'fixed address already taken': () => addressNotTaken(true),
  'finished pod and its successor': finishedBesideItsHeir,
  'pod of a lost node keeps the range': goingPodKeepsTheRange,
  'two families of one network': twoRangesOneList,
  'one range in two namespaces': sameNetworkInTwoNamespaces,
};
