/** What drivers offer and pods have of it, as single kinds of objects tell; and networks whose parts disagree. */
import { Cluster } from '../kit/cluster';
import { NETWORKS, STATUS } from '../kit/pod';
import type { Json } from '../kit/types';
import { asking, entry, ipPool, multusSays, reservation, running, start } from './attaching';
import { claim, claimingPod, nic, podWith, ready, slice, sliceOf, startClaims } from './claiming';
import { labPod, startLab } from './lab';
import { count, found, is, none, OLD, refused, says, silentOn, type Situation } from './situation';

const KEPT = { 'node.k8s.amazonaws.com/no_manage': 'true' };
const SRIOV = 'sriovnetwork.k8snetworkplumbingwg.io';

const efa = (
  name: string,
  root: string,
): { readonly name: string; readonly attributes: Readonly<Record<string, Json>> } => ({
  name,
  attributes: {
    'dra.net/pciAddress': { string: `0000:${root}:00.0` },
    'dra.net/pciDevice': { string: 'Elastic Fabric Adapter (EFA)' },
    'dra.net/rdma': { bool: true },
    'resource.kubernetes.io/pcieRoot': { string: `pci0000:${root}` },
  },
});

const rdmaReady = (device: string): Json => ({
  driver: 'dra.net',
  pool: 'n1',
  device,
  conditions: [
    {
      type: 'Ready',
      status: 'True',
      reason: 'RDMAOnlyDeviceReady',
      message: '',
      lastTransitionTime: '2026-09-01T09:00:05Z',
    },
  ],
});

/** aws-dranet: several pods share one EFA device by one claim; it has no address, and lacks none. */
function sharedEfa(): Situation {
  const { cluster, node } = startClaims();
  const eni = node.eni({ dev: 2, type: 'efa-only', ip: null, tags: KEPT });
  slice(cluster, 'n1', 'dra.net', [efa('pci-0000-4f-00-0', '4f')]);
  claim(cluster, {
    key: 'ml/efa',
    pods: ['w0', 'w1'],
    device: 'pci-0000-4f-00-0',
    node: 'n1',
    told: rdmaReady('pci-0000-4f-00-0'),
  });
  for (const at of [0, 1])
    claimingPod(cluster, `ml/w${String(at)}`, node, 'efa', [node.primary.addresses[at]?.ip ?? '']);
  return {
    source: 'awsdocs/amazon-eks-user-guide (device-management-efa: several pods may share one EFA device)',
    cluster,
    checks: [
      count('findings[rule=claim-not-ready]', 0),
      none('findings[rule=host-device-conflict]'),
      none('findings[rule=eni-without-ipv4]'),
      none('findings[severity=error]'),
      says(`enis[id=${eni.id}].claimedBy`, 'ml/w0.*ml/w1'),
    ],
    sayings: [{ command: 'lookup', words: eni.id, says: /ml\/w0|w0/ }],
  };
}

/** Nothing but ResourceSlices and ENIs: which link is which ENI. */
function slicesAlone(): Situation {
  const { cluster, kept } = startClaims();
  slice(cluster, 'n1', 'dra.net', [nic('pci-0000-00-06-0', 'ens6', kept.mac)]);
  return {
    source: 'posted: kubectl get resourceslices -o yaml (kubernetes-sigs/dranet#99)',
    cluster,
    checks: [is('hostNics[name=ens6].eni', kept.id), none('findings[severity=error]')],
    sayings: [
      { command: 'lookup', words: kept.mac, says: new RegExp(kept.id) },
      { command: 'lookup', words: 'pci-0000-00-06-0', says: /n1|ens6|eni-/ },
    ],
  };
}

/** Nothing but claims. */
function claimsAlone(): Situation {
  const cluster = new Cluster({ daemon: false, withoutEc2: true });
  cluster.extraFiles.push({
    path: 'claims.yaml',
    text: [
      'apiVersion: v1',
      'kind: List',
      'items:',
      '- apiVersion: resource.k8s.io/v1',
      '  kind: ResourceClaim',
      '  metadata: { name: train-nic, namespace: ml, uid: c1 }',
      '  spec: { devices: { requests: [{ name: nic, exactly: { deviceClassName: nics } }] } }',
      '  status:',
      '    allocation: { devices: { results: [{ request: nic, driver: dra.net, pool: n1, device: ens6 }] } }',
      '    reservedFor: [{ resource: pods, name: train-0, uid: u1 }]',
      '    devices:',
      '    - driver: dra.net',
      '      pool: n1',
      '      device: ens6',
      "      networkData: { interfaceName: eth9, ips: [10.6.0.14/24], hardwareAddress: '06:00:00:00:00:0a' }",
      '',
    ].join('\n'),
  });
  return {
    source: 'posted: kubectl get resourceclaims -o yaml',
    cluster,
    checks: [none('findings[severity=error]')],
    sayings: [
      // Without pods it has no interface to name; it says what it lacks.
      { command: 'lookup', words: '10.6.0.14', says: /not certain: kubernetes\/pods is absent/ },
      { command: 'lookup', words: '06:00:00:00:00:0a', says: /not certain: kubernetes\/pods is absent/ },
    ],
  };
}

/** Cilium's driver tells the name in the pod alone. */
function nameAlone(): Situation {
  const { cluster, node } = startClaims();
  const driver = 'networkdriver.cilium.io';
  sliceOf(cluster, 'n1', driver, {
    pool: { name: 'pool-n1', generation: 1, resourceSliceCount: 1 },
    devices: [
      { name: '0000-00-06-0', attributes: { pciAddr: { string: '0000:00:06.0' }, ifName: { string: 'ens6' } } },
    ],
  });
  cluster.object({
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceClaim',
    metadata: { namespace: 'ai', name: 'c1', uid: 'claim-c1' },
    spec: { devices: { requests: [{ name: 'nic', exactly: { deviceClassName: 'nics' } }] } },
    status: {
      allocation: { devices: { results: [{ request: 'nic', driver, pool: 'pool-n1', device: '0000-00-06-0' }] } },
      reservedFor: [{ resource: 'pods', name: 'p1', uid: 'pod-ai-p1' }],
      devices: [
        {
          driver,
          pool: 'pool-n1',
          device: '0000-00-06-0',
          conditions: [{ type: 'Ready', status: 'True', reason: 'Ready', message: '', lastTransitionTime: OLD }],
          data: { config: { podIfName: 'net0' } },
          networkData: { interfaceName: 'net0' },
        },
      ],
    },
  });
  podWith(cluster, 'ai/p1', node, [node.primary.addresses[0]?.ip ?? ''], ['c1']);
  return {
    source: 'cilium/cilium#48923, PR #44081 (networkData has the name only)',
    cluster,
    checks: [is('interfaces[id=if:ai/p1/net0].state', 'reported'), silentOn('findings.rule', 'claim|device')],
    sayings: [{ command: 'lookup', words: '0000:00:06.0', says: /ai\/p1/ }],
  };
}

/** In its Multus mode the driver reports nothing; the status tells of another function than the claim's. */
function functionOfAnother(): Situation {
  const { cluster, node } = start();
  const attributes = (vf: string): Readonly<Record<string, Json>> => ({
    [`${SRIOV}/pciAddress`]: { string: vf },
    'k8s.cni.cncf.io/resourceName': { string: 'openshift.io/vf' },
    'k8s.cni.cncf.io/deviceID': { string: vf },
  });
  cluster.nad(
    'telco/sriov',
    { cniVersion: '0.3.1', type: 'sriov' },
    { 'k8s.v1.cni.cncf.io/resourceName': 'openshift.io/vf' },
  );
  slice(cluster, node.name, SRIOV, [
    { name: '0000-3b-00-1', attributes: attributes('0000:3b:00.1') },
    { name: '0000-3b-00-2', attributes: attributes('0000:3b:00.2') },
  ]);
  claim(cluster, { key: 'telco/vf', pods: ['cu'], device: '0000-3b-00-1', node: node.name, driver: SRIOV });
  const held = node.primary.addresses[0]?.ip ?? '';
  claimingPod(cluster, 'telco/cu', node, 'vf', [held], {
    annotations: {
      [NETWORKS]: 'sriov',
      [STATUS]: JSON.stringify([
        { name: 'aws-cni', interface: 'eth0', ips: [held], default: true, dns: {} },
        {
          ...(entry('telco/sriov', 'net1', null, '0a:58:00:00:0a:01') as object),
          'device-info': { type: 'pci', version: '1.1.0', pci: { 'pci-address': '0000:3b:00.2' } },
        },
      ]),
    },
  });
  return {
    source: 'k8snetworkplumbingwg/dra-driver-sriov (MULTUS mode), multus-cni#1492',
    cluster,
    checks: [
      // The pod has a function that the claim does not give it, and perhaps another pod gets it.
      says('findings[subjects~pod:telco/cu]', '0000:3b:00\\.2'),
      says('findings[subjects~pod:telco/cu]', '0000:3b:00\\.1|0000-3b-00-1'),
    ],
  };
}

/** One NAD, two families: the IPv6 range is fine, the other is full. */
function oneFamilyFull(): Situation {
  const { cluster, node } = startLab();
  cluster.nad('shop/dual', {
    cniVersion: '0.3.1',
    type: 'macvlan',
    master: 'eth0',
    ipam: {
      type: 'whereabouts',
      ipRanges: [{ range: '192.168.9.0/30' }, { range: 'fd00:9::/64' }],
    },
  });
  ipPool(cluster, '192.168.9.0-30', '192.168.9.0/30', { '1': 'shop/a', '2': 'shop/b' });
  ipPool(cluster, 'fd00-9---64', 'fd00:9::/64', { '1': 'shop/a', '2': 'shop/b' });
  for (const [at, name] of ['a', 'b'].entries()) {
    const last = String(at + 1);
    labPod(cluster, `shop/${name}`, node, 'dual', [
      {
        name: 'shop/dual',
        interface: 'net1',
        ips: [`192.168.9.${last}`, `fd00:9::${last}`],
        mac: `0a:58:00:00:0f:0${last}`,
        dns: {},
      },
    ]);
  }
  asking(cluster, 'shop/c', node, 'dual');
  refused(
    cluster,
    'shop/c',
    multusSays(
      'shop/c',
      'dual',
      'error at storage engine: Could not allocate IP in range: ip: 192.168.9.1 / - 192.168.9.2 / range: 192.168.9.0/30 / excludeRanges: []',
    ),
  );
  return {
    source: 'k8snetworkplumbingwg/whereabouts doc/extended-configuration.md (dual stack)',
    cluster,
    checks: [
      says('findings[rule=ipam-pool-full].title', '192\\.168\\.9\\.0/30'),
      silentOn('findings[rule=ipam-pool-full].title', 'fd00'),
      says('findings[rule=ipam-pool-full]', '2 of 2'),
    ],
    sayings: [{ command: 'lookup', words: 'fd00:9::2', says: /shop\/b/ }],
  };
}

/** A reservation stays although the allocation is gone: the address is given to nobody. */
function strayReservation(): Situation {
  const { cluster, node } = startLab();
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    type: 'macvlan',
    master: 'eth0',
    ipam: { type: 'whereabouts', range: '192.168.9.0/24' },
  });
  ipPool(cluster, '192.168.9.0-24', '192.168.9.0/24', { '1': 'shop/a' });
  reservation(cluster, '192.168.9.1', 'shop/a');
  reservation(cluster, '192.168.9.2', 'shop/gone-7c9f');
  labPod(cluster, 'shop/a', node, 'lan', [entry('shop/lan', 'net1', '192.168.9.1', '0a:58:00:00:0f:01')]);
  return {
    source: 'k8snetworkplumbingwg/whereabouts#712',
    cluster,
    checks: [
      says('findings[rule=ipam-inconsistent]', '192\\.168\\.9\\.2'),
      silentOn('findings[rule=ipam-inconsistent]', '192\\.168\\.9\\.1\\b'),
    ],
    sayings: [{ command: 'lookup', words: '192.168.9.2', says: /reserved.*gone-7c9f/ }],
  };
}

/** A range between two addresses, shared with a second network that takes another part of the same subnet. */
function partsOfASubnet(): Situation {
  const { cluster, node } = startLab();
  const part = (range: string): Json => ({
    cniVersion: '0.3.1',
    type: 'macvlan',
    master: 'eth0',
    ipam: { type: 'whereabouts', range },
  });
  cluster.nad('shop/low', part('10.0.5.10-10.0.5.11/24'));
  cluster.nad('shop/high', part('10.0.5.100-10.0.5.200/24'));
  ipPool(cluster, '10.0.5.0-24', '10.0.5.0/24', { '10': 'shop/a', '11': 'shop/b', '100': 'shop/c' });
  for (const [name, network, ip] of [
    ['a', 'low', '10.0.5.10'],
    ['b', 'low', '10.0.5.11'],
    ['c', 'high', '10.0.5.100'],
  ] as const)
    labPod(cluster, `shop/${name}`, node, network, [entry(`shop/${network}`, 'net1', ip, `0a:58:00:00:0f:1${name}`)]);
  asking(cluster, 'shop/d', node, 'low');
  refused(
    cluster,
    'shop/d',
    multusSays(
      'shop/d',
      'low',
      'error at storage engine: Could not allocate IP in range: ip: 10.0.5.10 / - 10.0.5.11 / range: 10.0.5.0/24 / excludeRanges: []',
    ),
  );
  return {
    source: 'k8snetworkplumbingwg/whereabouts README (range with both ends), #510',
    cluster,
    checks: [
      says('findings[rule=ipam-pool-full]', 'shop/low'),
      none('findings[rule=ipam-pool-full][subjects~net:shop/high]'),
      is('networks[id=net:shop/low].ipam.used', 2),
      is('networks[id=net:shop/low].ipam.size', 2),
      is('networks[id=net:shop/high].ipam.used', 1),
      is('networks[id=net:shop/high].ipam.size', 101),
    ],
    sayings: [
      { command: 'lookup', words: '10.0.5.150', says: /shop\/high/, silentOn: /shop\/low/ },
      { command: 'explain', words: 'pod shop/d address', says: /10\.0\.5\.10/ },
    ],
  };
}

/** The claim’s configuration gives a whole ENI an address that is on no ENI. */
function hostAddressByClaim(): Situation {
  const { cluster, node, kept } = startClaims();
  slice(cluster, 'n1', 'dra.net', [nic('ens6', null, null)]);
  claim(cluster, {
    key: 'ai/c1',
    pods: ['p1'],
    device: 'ens6',
    node: 'n1',
    told: {
      ...(ready('n1', 'ens6', 'eth9', kept) as { readonly [key: string]: Json }),
      networkData: { interfaceName: 'eth9', hardwareAddress: kept.mac, ips: ['172.16.9.9/24'] },
    },
  });
  claimingPod(cluster, 'ai/p1', node, 'c1', [node.primary.addresses[0]?.ip ?? '']);
  return {
    source: 'kubernetes-sigs/dranet (interface.addresses of the claim’s configuration), multus §3.2',
    cluster,
    checks: [
      is('interfaces[id=if:ai/p1/eth9].eni', kept.id),
      // The configured address is on no ENI: the VPC delivers nothing to it.
      says('findings[subjects~if:ai/p1/eth9]', '172\\.16\\.9\\.9'),
      // EC2 refuses to assign it: the ENI's subnet does not contain it.
      says('findings[rule=address-not-on-eni].advice', '10\\.40\\.0\\.0/20'),
      silentOn('findings[rule=address-not-on-eni].command', 'assign-private-ip-addresses'),
    ],
    sayings: [{ command: 'lookup', words: '172.16.9.9', says: /ai\/p1/ }],
  };
}

/** ipvlan on an ENI with its own default route, by the pod’s wish, and sbr behind it. */
function sourceRoutesAsked(): Situation {
  const { cluster, node } = start({ maxPods: 20 });
  const kept = node.eni({ dev: 1, tags: KEPT });
  const held = kept.add();
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    plugins: [
      {
        type: 'ipvlan',
        master: 'eth1',
        ipam: {
          type: 'static',
          addresses: [{ address: `${held.ip}/20`, gateway: '10.40.0.1' }],
          routes: [{ dst: '0.0.0.0/0', gw: '10.40.0.1' }],
        },
      },
      { type: 'sbr' },
    ],
  });
  const networks = '[{"name":"lan","default-route":["10.40.0.1"]}]';
  running(cluster, 'shop/a', node, networks, [entry('shop/lan', 'net1', held.ip, kept.mac)]);
  return {
    source: 'aws-samples/eks-automated-ipmgmt-multus-pods#5 (sbr), k8snetworkplumbingwg/multus-cni#1081',
    cluster,
    checks: [
      none('findings[severity=error]'),
      silentOn('findings', '(?i)more than one default route'),
      found('findings[rule=default-route-conflict][severity=info]'),
    ],
  };
}

export const offers: Readonly<Record<string, () => Situation>> = {
  'EFA shared by claim': sharedEfa,
  'only slices': slicesAlone,
  'only claims': claimsAlone,
  'claim that reports only a name': nameAlone,
  'function other than the claimed one': functionOfAnother,
  'one family full of two': oneFamilyFull,
  'stray reservation': strayReservation,
  'parts of one subnet': partsOfASubnet,
  'address from the claim’s own configuration': hostAddressByClaim,
  'default route requested, with routes by source': sourceRoutesAsked,
};
