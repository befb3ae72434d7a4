/** Devices that are granted: virtual functions that are fewer than asked for, and networks whose devices come by claim. */
import type { Json } from '../kit/types';
import { asking, entry, multusSays, running, start } from './attaching';
import { claim, claimingPod, slice } from './claiming';
import { NETWORKS, STATUS } from '../kit/pod';
import { count, none, OLD, refused, says, silentOn, warning, type Situation } from './situation';

const RESOURCE = 'openshift.io/ens_dpdk';
const DRIVER = 'sriovnetwork.k8snetworkplumbingwg.io';

const sriov: Json = { cniVersion: '0.3.1', type: 'sriov' };
const named = { 'k8s.v1.cni.cncf.io/resourceName': RESOURCE };

/** Four networks and three functions. */
function fewerThanNetworks(): Situation {
  const { cluster, node } = start({ capacity: { [RESOURCE]: '8' } });
  cluster.nad('telco/sriov', sriov, named);
  asking(cluster, 'telco/cu', node, 'sriov,sriov,sriov', { resources: { [RESOURCE]: '2' } });
  refused(
    cluster,
    'telco/cu',
    multusSays('telco/cu', 'sriov', 'SRIOV-CNI failed to load netconf: LoadConf(): VF pci addr is required'),
  );
  return {
    source: 'nokia/danm#251, k8snetworkplumbingwg/sriov-network-device-plugin#401',
    cluster,
    checks: [
      says('findings[subjects~pod:telco/cu]', RESOURCE),
      says('findings[subjects~pod:telco/cu]', '3'),
      says('findings[subjects~pod:telco/cu]', '2'),
      silentOn('findings[subjects~pod:telco/cu].advice', '(?i)annotation .*resourceName to the network'),
    ],
    sayings: [{ command: 'explain', words: 'pod telco/cu address', says: /ens_dpdk/ }],
  };
}

/** The operator could not set up the card: nothing is offered, and it says why. */
function operatorFailed(): Situation {
  const { cluster, node } = start({ capacity: { [RESOURCE]: '0' } });
  cluster.nad('telco/sriov', sriov, named);
  cluster.object({
    apiVersion: 'sriovnetwork.openshift.io/v1',
    kind: 'SriovNetworkNodeState',
    metadata: { namespace: 'sriov', name: node.name, uid: 'snns-1' },
    spec: {},
    status: {
      syncStatus: 'Failed',
      lastSyncError: 'Mellanox device detected when in lockdown mode',
      interfaces: [{ name: 'ens6', pciAddress: '0000:00:06.0', driver: 'ena', mac: node.primary.mac }],
    },
  });
  asking(cluster, 'telco/cu', null, 'sriov', { resources: { [RESOURCE]: '1' } });
  warning(
    cluster,
    'telco/cu',
    'FailedScheduling',
    `0/1 nodes are available: 1 Insufficient ${RESOURCE}.`,
    'default-scheduler',
  );
  return {
    source: 'k8snetworkplumbingwg/sriov-network-operator#103, #306',
    cluster,
    checks: [
      says('findings[subjects~pod:telco/cu]', RESOURCE),
      says('findings[subjects~pod:telco/cu]', '(?i)lockdown mode|syncStatus'),
      none('findings[rule=network-unused]'),
    ],
    sayings: [{ command: 'explain', words: 'pod telco/cu address', says: /ens_dpdk/ }],
  };
}

const attributes = (vf: string): Readonly<Record<string, Json>> => ({
  'sriovnetwork.k8snetworkplumbingwg.io/pciAddress': { string: vf },
  'sriovnetwork.k8snetworkplumbingwg.io/vfID': { int: 1 },
  'k8s.cni.cncf.io/resourceName': { string: RESOURCE },
  'k8s.cni.cncf.io/deviceID': { string: vf },
  'resource.kubernetes.io/pciBusID': { string: vf },
});

/** Multus takes the device of a network from the pod's claim: no container asks for the resource, and nothing is wrong with that. */
function resourceByClaim(works: boolean): Situation {
  const { cluster, node } = start();
  const vf = '0000:3b:00.1';
  cluster.nad('telco/sriov', sriov, named);
  slice(cluster, node.name, DRIVER, [{ name: '0000-3b-00-1', attributes: attributes(vf) }]);
  claim(cluster, { key: 'telco/vf', pods: ['cu'], device: '0000-3b-00-1', node: node.name, driver: DRIVER });
  const held = node.primary.addresses[0]?.ip ?? '';
  claimingPod(
    cluster,
    'telco/cu',
    node,
    'vf',
    works ? [held] : [],
    works
      ? {
          annotations: {
            [NETWORKS]: 'sriov',
            [STATUS]: JSON.stringify([
              { name: 'aws-cni', interface: 'eth0', ips: [held], default: true, dns: {} },
              {
                ...(entry('telco/sriov', 'net1', null, '0a:58:00:00:0a:01') as object),
                'device-info': { type: 'pci', version: '1.1.0', pci: { 'pci-address': vf } },
              },
            ]),
          },
        }
      : { phase: 'Pending', createdAt: OLD, annotations: { [NETWORKS]: 'sriov' } },
  );
  if (!works)
    refused(
      cluster,
      'telco/cu',
      multusSays('telco/cu', 'sriov', 'SRIOV-CNI failed to load netconf: LoadConf(): VF pci addr is required'),
    );
  return {
    source: 'k8snetworkplumbingwg/multus-cni#1492',
    cluster,
    checks: works
      ? [
          // The claim and the status tell of one interface.
          count('interfaces[pod=pod:telco/cu]', 2),
          none('findings[rule=device-exhausted]'),
          none('findings[rule=claim-not-ready]'),
          none('findings[severity=error]'),
          none('findings[severity=warning]'),
        ]
      : [
          says('findings[subjects~pod:telco/cu]', '(?i)claim'),
          // The pod has its device by claim: to ask the device plugin for another one is no help.
          says('findings[subjects~pod:telco/cu].advice', '(?i)Multus'),
        ],
    sayings: works
      ? [{ command: 'lookup', words: '0a:58:00:00:0a:01', says: /telco\/cu/ }]
      : [{ command: 'explain', words: 'pod telco/cu address', says: /claim/i }],
  };
}

/** Two claims on one device that may be shared: each has its share, and there is no conflict. */
function sharesOfOneDevice(): Situation {
  const { cluster, node } = start();
  slice(cluster, node.name, 'dra.net', [
    { name: 'ens6', attributes: { 'dra.net/ifName': { string: 'ens6' }, 'dra.net/rdma': { bool: false } } },
  ]);
  for (const at of ['1', '2']) {
    claim(cluster, {
      key: `ai/share-${at}`,
      pods: [`p${at}`],
      device: 'ens6',
      node: node.name,
      share: `share-id-${at}`,
    });
    claimingPod(cluster, `ai/p${at}`, node, `share-${at}`, [node.primary.addresses[Number(at)]?.ip ?? '']);
  }
  return {
    source: 'kubernetes/enhancements#5075 (consumable capacity)',
    cluster,
    checks: [
      none('findings[rule=device-offered-twice]'),
      none('findings[rule=duplicate-address]'),
      none('findings[severity=error]'),
      count('interfaces[pod=pod:ai/p1]', 2),
      count('interfaces[pod=pod:ai/p2]', 2),
    ],
  };
}

/** An old Multus takes the claim's name out of the pod's status again and again: the claim still says whose it is. */
function claimNameLost(): Situation {
  const { cluster, node } = start();
  const kept = node.eni({ dev: 1, tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } });
  slice(cluster, node.name, 'dra.net', [{ name: 'ens6', attributes: { 'dra.net/rdma': { bool: false } } }]);
  claim(cluster, {
    key: 'ai/p1-nic-x7k2p',
    pods: ['p1'],
    device: 'ens6',
    node: node.name,
    owner: { pod: 'p1', name: 'nic' },
    told: {
      driver: 'dra.net',
      pool: node.name,
      device: 'ens6',
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          reason: 'NetworkDeviceReady',
          lastTransitionTime: '2026-09-01T09:00:05Z',
          message: '',
        },
      ],
      networkData: { interfaceName: 'eth9', hardwareAddress: kept.mac, ips: [`${kept.ip ?? ''}/20`] },
    },
  });
  claimingPod(cluster, 'ai/p1', node, null, [node.primary.addresses[0]?.ip ?? '']);
  return {
    source: 'kubernetes/kubernetes#139772',
    cluster,
    checks: [
      says('interfaces[id=if:ai/p1/eth9].eni', kept.id),
      none('findings[severity=error]'),
      none('findings[rule=claimed-device-gone]'),
    ],
    sayings: [{ command: 'explain', words: `mac ${kept.mac} who`, says: /ai\/p1/ }],
  };
}

/** The scheduler makes the claim of an extended resource itself: no device plugin offers it, and no node lists it. */
function extendedByClaim(): Situation {
  const { cluster, node } = start();
  const vf = '0000:3b:00.1';
  cluster.nad('telco/sriov', sriov, named);
  cluster.object({
    apiVersion: 'resource.k8s.io/v1',
    kind: 'DeviceClass',
    metadata: { name: 'vfs', uid: 'class-vfs' },
    spec: { extendedResourceName: RESOURCE, selectors: [] },
  });
  slice(cluster, node.name, DRIVER, [{ name: '0000-3b-00-1', attributes: attributes(vf) }]);
  claim(cluster, {
    key: 'telco/cu-extended-resources-4fz2q',
    pods: ['cu'],
    device: '0000-3b-00-1',
    node: node.name,
    driver: DRIVER,
  });
  const held = node.primary.addresses[0]?.ip ?? '';
  claimingPod(cluster, 'telco/cu', node, null, [held], {
    resources: { [RESOURCE]: '1' },
    extendedClaim: { claim: 'cu-extended-resources-4fz2q', resource: RESOURCE },
    annotations: {
      [NETWORKS]: 'sriov',
      [STATUS]: JSON.stringify([
        { name: 'aws-cni', interface: 'eth0', ips: [held], default: true, dns: {} },
        {
          ...(entry('telco/sriov', 'net1', null, '0a:58:00:00:0a:01') as object),
          'device-info': { type: 'pci', version: '1.1.0', pci: { 'pci-address': vf } },
        },
      ]),
    },
  });
  return {
    source: 'kubernetes/enhancements#5004 (extended resources by claim)',
    cluster,
    checks: [
      none('findings[rule=device-exhausted]'),
      none('findings[severity=error]'),
      none('findings[severity=warning]'),
      count('interfaces[pod=pod:telco/cu]', 2),
    ],
  };
}

/** After a restart of the node the device is where the pod before it had it: one that has finished is no rival. */
function hostDeviceAfterReboot(): Situation {
  const { cluster, node } = start();
  node.eni({ dev: 1, tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } });
  cluster.nad('shop/hd', { cniVersion: '0.3.1', type: 'host-device', device: 'eth1' });
  running(
    cluster,
    'shop/before',
    node,
    'hd',
    [{ name: 'shop/hd', interface: 'net1', mac: '00:22:48:40:1e:c9', dns: {} }],
    {
      phase: 'Failed',
    },
  );
  asking(cluster, 'shop/after', node, 'hd');
  refused(cluster, 'shop/after', multusSays('shop/after', 'hd', 'failed to find host device: Link not found'));
  return {
    source: 'k8snetworkplumbingwg/multus-cni#542',
    cluster,
    checks: [
      says('findings[subjects~pod:shop/after]', 'eth1'),
      none('findings[rule=host-device-conflict]'),
      silentOn('findings[subjects~pod:shop/after]', 'shop/before'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/after address', says: /eth1/ }],
  };
}

export const granted: Readonly<Record<string, () => Situation>> = {
  'fewer functions than networks': fewerThanNetworks,
  'card that the operator could not configure': operatorFailed,
  'device of a network by claim': () => resourceByClaim(true),
  'device by claim, with a Multus unaware of claims': () => resourceByClaim(false),
  'shares of one device': sharesOfOneDevice,
  'name of the claim lost': claimNameLost,
  'extended resource by claim': extendedByClaim,
  'host device after a reboot': hostDeviceAfterReboot,
};
