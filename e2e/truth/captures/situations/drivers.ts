/** DRA on the node and in the scheduler: a driver that does not run, claims that nobody made, devices that are tainted. */
import type { Cluster } from '../kit/cluster';
import type { Json } from '../kit/types';
import { claim, claimingPod, nic, ready, slice, sliceOf, startClaims, unscheduled, type Device } from './claiming';
import { none, OLD, says, silentOn, warning, type Situation } from './situation';

const prepared = (c: Cluster, pod: string, text: string): void =>
  warning(c, pod, 'FailedPrepareDynamicResources', `Failed to prepare dynamic resources: ${text}`, 'kubelet');

/** The kubelet knows no such driver: its pod does not run on the node, or has not registered itself. */
function driverNotThere(text: string): Situation {
  const { cluster, node } = startClaims();
  slice(cluster, 'n1', 'dra.net', [nic('ens6', 'ens6', '06:1f:5c:00:02:0a')]);
  claim(cluster, { key: 'ai/c1', pods: ['p1'], device: 'ens6', node: 'n1' });
  claimingPod(cluster, 'ai/p1', node, 'c1', [], { phase: 'Pending', createdAt: OLD });
  prepared(cluster, 'ai/p1', text);
  return {
    source: 'kubernetes-sigs/dra-driver-nvidia-gpu#814, kubernetes/kubernetes#131957',
    cluster,
    checks: [
      says('findings[subjects~pod:ai/p1]', 'dra\\.net'),
      says('findings[subjects~pod:ai/p1]', '(?i)driver.*(n1|regist|run)'),
      says('findings[subjects~pod:ai/p1].advice', '(?i)driver'),
      silentOn('findings[subjects~pod:ai/p1]', '(?i)ipamd|out of addresses|not one ifscope knows'),
      none('findings[rule=pod-ip-failed]'),
    ],
    sayings: [{ command: 'explain', words: 'pod ai/p1 address', says: /dra\.net/ }],
  };
}

/** A workload unbound the NIC from its kernel driver: the driver still offers it, and can prepare it for nobody. */
function unboundNic(): Situation {
  const { cluster, node } = startClaims();
  const device: Device = {
    name: 'pci-0000-00-09-0',
    attributes: {
      'dra.net/pciAddress': { string: '0000:00:09.0' },
      'dra.net/rdma': { bool: false },
      'resource.kubernetes.io/pciBusID': { string: '0000:00:09.0' },
    },
  };
  slice(cluster, 'n1', 'dra.net', [device]);
  claim(cluster, { key: 'ai/c1', pods: ['p1'], device: device.name, node: 'n1' });
  claimingPod(cluster, 'ai/p1', node, 'c1', [], { phase: 'Pending', createdAt: OLD });
  prepared(cluster, 'ai/p1', 'claim ai/c1: device pci-0000-00-09-0 has no interface name in local store');
  return {
    source: 'kubernetes-sigs/dranet#193',
    cluster,
    checks: [
      says('findings[subjects~pod:ai/p1]', 'pci-0000-00-09-0'),
      says('findings[subjects~pod:ai/p1]', '(?i)no interface name in local store'),
      none('findings[rule=claimed-device-gone]'),
      silentOn('findings[subjects~pod:ai/p1]', '(?i)ipamd|out of addresses'),
    ],
    sayings: [{ command: 'explain', words: 'pod ai/p1 address', says: /pci-0000-00-09-0/ }],
  };
}

const tainted = (one: Device, effect: string): Json => ({
  name: one.name,
  attributes: one.attributes,
  taints: [{ key: 'dra.net/unhealthy', value: 'link-down', effect, timeAdded: '2026-09-01T10:00:00Z' }],
});

/** The one free device has a taint that the claim does not tolerate. */
function onlyTainted(): Situation {
  const { cluster } = startClaims();
  sliceOf(cluster, 'n1', 'dra.net', {
    pool: { name: 'n1', generation: 1, resourceSliceCount: 1 },
    devices: [tainted(nic('ens6', 'ens6', '06:1f:5c:00:02:0a'), 'NoSchedule')],
  });
  claim(cluster, { key: 'ai/c1', pods: [], device: null, node: 'n1' });
  claimingPod(cluster, 'ai/p1', null, 'c1', [], { phase: 'Pending', createdAt: OLD });
  unscheduled(
    cluster,
    'ai/p1',
    '0/1 nodes are available: 1 cannot allocate all claims. still not schedulable, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
  );
  return {
    source: 'kubernetes/kubernetes#134434, KEP-5055 (device taints)',
    cluster,
    checks: [
      says('findings[subjects~pod:ai/p1]', 'cannot allocate all claims'),
      says('findings[subjects~pod:ai/p1]', '(?i)taint'),
      silentOn('findings[subjects~pod:ai/p1]', '(?i)no (driver|node|slice) (publishes|offers)|are all allocated'),
    ],
    sayings: [{ command: 'explain', words: 'pod ai/p1 address', says: /taint/i }],
  };
}

/** An administrator's rule taints devices; no slice shows that. */
function taintedByRule(version: string, rule: Json, isTold: boolean): Situation {
  const { cluster } = startClaims();
  slice(cluster, 'n1', 'dra.net', [nic('ens6', 'ens6', '06:1f:5c:00:02:0a')]);
  cluster.object({
    apiVersion: `resource.k8s.io/${version}`,
    kind: 'DeviceTaintRule',
    metadata: { name: 'maintenance', uid: 'rule-1' },
    spec: rule,
  });
  claim(cluster, { key: 'ai/c1', pods: [], device: null, node: 'n1' });
  claimingPod(cluster, 'ai/p1', null, 'c1', [], { phase: 'Pending', createdAt: OLD });
  unscheduled(cluster, 'ai/p1', '0/1 nodes are available: 1 cannot allocate all claims.');
  const told = 'DeviceTaintRule maintenance';
  return {
    source: 'kubernetes/kubernetes (api/resource: DeviceTaintRule), KEP-5055',
    cluster,
    checks: isTold
      ? [
          says('findings[subjects~pod:ai/p1]', told),
          says('findings[subjects~pod:ai/p1].detail', '(?i)taint'),
          says('findings[subjects~pod:ai/p1].advice', '(?i)tolerat'),
          silentOn('findings[subjects~pod:ai/p1].advice', '(?i)check that the driver'),
        ]
      : [silentOn('findings[subjects~pod:ai/p1]', '(?i)taint')],
    sayings: [
      { command: 'explain', words: 'pod ai/p1 address', ...(isTold ? { says: /taint/i } : { silentOn: /taint/i }) },
    ],
  };
}

const TAINT = { key: 'example.com/maintenance', effect: 'NoSchedule' };

/** The claim that the pod names was never made. */
function noSuchClaim(): Situation {
  const { cluster } = startClaims();
  slice(cluster, 'n1', 'dra.net', [nic('ens6', 'ens6', '06:1f:5c:00:02:0a')]);
  claimingPod(cluster, 'ai/p1', null, 'c9', [], { phase: 'Pending', createdAt: OLD });
  unscheduled(
    cluster,
    'ai/p1',
    '0/1 nodes are available: waiting for dynamic resource controller to create the resourceclaim "c9". resourceclaim "c9" not found. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
  );
  return {
    source: 'kubernetes/kubernetes (scheduler, dynamicresources: podResourceClaims)',
    cluster,
    checks: [
      says('findings[subjects~pod:ai/p1]', 'c9'),
      says('findings[subjects~pod:ai/p1].advice', '(?i)(create|make|name).*claim|ResourceClaim'),
      silentOn('findings[subjects~pod:ai/p1]', '(?i)ipamd|not one ifscope knows'),
    ],
    sayings: [{ command: 'explain', words: 'pod ai/p1 address', says: /c9/ }],
  };
}

/** The same, in a capture whose Events have expired. */
function noSuchClaimNoEvent(): Situation {
  const { cluster } = startClaims();
  claim(cluster, { key: 'ai/other', pods: [], device: null, node: 'n1' });
  claimingPod(cluster, 'ai/p1', null, 'c9', [], { phase: 'Pending', createdAt: OLD });
  return {
    source: 'kubernetes/kubernetes (scheduler, dynamicresources: PreEnqueue makes no Event)',
    cluster,
    checks: [
      says('findings[subjects~pod:ai/p1]', 'c9'),
      says('findings[subjects~pod:ai/p1]', '(?i)does not exist'),
      silentOn('findings[subjects~pod:ai/p1]', '(?i)is not known|free device'),
    ],
    sayings: [{ command: 'explain', words: 'pod ai/p1 address', says: /c9/ }],
  };
}

/** The scheduler names what else is wrong with a claim. */
function refusedClaim(text: string, source: string, expected: string): Situation {
  const { cluster, node, kept } = startClaims();
  slice(cluster, 'n1', 'dra.net', [nic('ens6', null, null)]);
  claim(cluster, { key: 'ai/c1', pods: ['p0'], device: 'ens6', node: 'n1', told: ready('n1', 'ens6', 'eth9', kept) });
  claimingPod(cluster, 'ai/p0', node, 'c1', [node.primary.addresses[0]?.ip ?? '']);
  claimingPod(cluster, 'ai/p1', null, 'c1', [], { phase: 'Pending', createdAt: OLD });
  unscheduled(cluster, 'ai/p1', text);
  return {
    source,
    cluster,
    checks: [
      says('findings[subjects~pod:ai/p1]', expected),
      silentOn('findings[subjects~pod:ai/p1]', '(?i)ipamd|does not know this message|none of the reasons'),
    ],
    sayings: [{ command: 'explain', words: 'pod ai/p1 address', says: new RegExp(expected, 'i') }],
  };
}

/** The kubelet could not have the claim prepared. */
function unprepared(text: string, source: string, expected: string): Situation {
  const { cluster, node } = startClaims();
  slice(cluster, 'n1', 'dra.net', [nic('ens6', 'ens6', '06:1f:5c:00:02:0a')]);
  claim(cluster, { key: 'ai/c1', pods: ['p1'], device: 'ens6', node: 'n1' });
  claimingPod(cluster, 'ai/p1', node, 'c1', [], { phase: 'Pending', createdAt: OLD });
  prepared(cluster, 'ai/p1', text);
  return {
    source,
    cluster,
    checks: [
      says('findings[subjects~pod:ai/p1]', expected),
      silentOn('findings[subjects~pod:ai/p1]', '(?i)does not know this message|sandbox cannot be created'),
    ],
    sayings: [{ command: 'explain', words: 'pod ai/p1 address', says: new RegExp(expected, 'i') }],
  };
}

/** The class that the claim asks for does not exist. */
function noSuchClass(): Situation {
  const { cluster } = startClaims();
  slice(cluster, 'n1', 'dra.net', [nic('ens6', 'ens6', '06:1f:5c:00:02:0a')]);
  cluster.object({
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceClaim',
    metadata: { namespace: 'ai', name: 'c1', uid: 'claim-c1' },
    spec: { devices: { requests: [{ name: 'nic', exactly: { deviceClassName: 'nic' } }] } },
    status: {},
  });
  claimingPod(cluster, 'ai/p1', null, 'c1', [], { phase: 'Pending', createdAt: OLD });
  unscheduled(
    cluster,
    'ai/p1',
    '0/1 nodes are available: request nic: device class nic does not exist. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
  );
  return {
    source: 'kubernetes/kubernetes (scheduler, dynamicresources: validateDeviceClass)',
    cluster,
    checks: [
      says('findings[subjects~pod:ai/p1]', '(?i)device ?class.{0,12}nic\\b'),
      says('findings[subjects~pod:ai/p1].advice', 'deviceclasses'),
      silentOn('findings[subjects~pod:ai/p1]', '(?i)ipamd|not one ifscope knows'),
    ],
    sayings: [{ command: 'explain', words: 'pod ai/p1 address', says: /class/i }],
  };
}

/** A resource of a DeviceClass: no device plugin has to offer it. */
function extendedUnscheduled(): Situation {
  const { cluster, node, kept } = startClaims();
  cluster.object({
    apiVersion: 'resource.k8s.io/v1',
    kind: 'DeviceClass',
    metadata: { name: 'vfs', uid: 'class-vfs' },
    spec: {
      extendedResourceName: 'example.com/vf',
      selectors: [{ cel: { expression: 'device.driver == "dra.net"' } }],
    },
  });
  slice(cluster, 'n1', 'dra.net', [nic('ens6', null, null)]);
  claim(cluster, { key: 'ai/c1', pods: ['p1'], device: 'ens6', node: 'n1', told: ready('n1', 'ens6', 'eth9', kept) });
  claimingPod(cluster, 'ai/p1', node, 'c1', [node.primary.addresses[0]?.ip ?? '']);
  cluster.write('ai/p2', null, [], { phase: 'Pending', createdAt: OLD, resources: { 'example.com/vf': '1' } });
  unscheduled(
    cluster,
    'ai/p2',
    '0/1 nodes are available: 1 cannot allocate all claims. still not schedulable, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
  );
  return {
    source: 'KEP-5004 (extended resources backed by DRA)',
    cluster,
    checks: [
      says('findings[subjects~pod:ai/p2]', 'example\\.com/vf|cannot allocate all claims'),
      silentOn('findings', '(?i)device plugin (offers|registers|must|has)'),
      silentOn('findings[subjects~pod:ai/p2]', '(?i)ipamd'),
    ],
    sayings: [{ command: 'explain', words: 'pod ai/p2 address', says: /vf|claim/ }],
  };
}

export const drivers: Readonly<Record<string, () => Situation>> = {
  'DRA driver that is not registered': () =>
    driverNotThere('prepare dynamic resources: DRA driver dra.net is not registered'),
  'DRA driver missing in the list': () =>
    driverNotThere(
      'failed to get gRPC client for driver dra.net: plugin name dra.net not found in the list of registered DRA plugins',
    ),
  'NIC unbound from its kernel driver': unboundNic,
  'claim whose only device is tainted': onlyTainted,
  'devices tainted by a rule': () =>
    taintedByRule('v1', { deviceSelector: { driver: 'dra.net', device: 'ens6' }, taint: TAINT }, true),
  'devices of a pool tainted by a rule': () =>
    taintedByRule('v1beta2', { deviceSelector: { pool: 'n1' }, taint: { ...TAINT, effect: 'NoExecute' } }, true),
  'all devices tainted by a rule': () => taintedByRule('v1alpha3', { deviceSelector: {}, taint: TAINT }, true),
  'rule without a selector': () => taintedByRule('v1', { taint: TAINT }, false),
  'rule about another device': () => taintedByRule('v1', { deviceSelector: { device: 'ens7' }, taint: TAINT }, false),
  'rule about another driver': () =>
    taintedByRule('v1beta2', { deviceSelector: { driver: 'gpu.example.com', pool: 'n1' }, taint: TAINT }, false),
  'rule without effect': () => taintedByRule('v1', { deviceSelector: {}, taint: { ...TAINT, effect: 'None' } }, false),
  'rule that selects by class': () =>
    taintedByRule('v1alpha3', { deviceSelector: { deviceClassName: 'gpus' }, taint: TAINT }, false),
  'claim never created': noSuchClaim,
  'claim never created, without an event': noSuchClaimNoEvent,
  'selector that fails on a device': () =>
    refusedClaim(
      'running Filter plugin "DynamicResources": claim ai/c1: selector #0: CEL runtime error: no such key: ifName',
      'kubernetes/kubernetes (dynamicresources_test.go: CEL-runtime-error), google/dranet#97',
      'selector.*no such key: ifName',
    ),
  'claim that is in use': () =>
    refusedClaim(
      '0/1 nodes are available: resourceclaim in use. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
      'kubernetes/kubernetes (scheduler, dynamicresources: PreFilter)',
      'as many pods as it may',
    ),
  'claim allocated elsewhere': () =>
    refusedClaim(
      '0/2 nodes are available: 1 Insufficient cpu, 1 resourceclaim not available on the node. preemption: 0/2 nodes are available.',
      'kubernetes/kubernetes (scheduler, dynamicresources: Filter)',
      'allocated already',
    ),
  'claim being deleted': () =>
    refusedClaim(
      '0/1 nodes are available: resourceclaim "c1" is being deleted. preemption: 0/1 nodes are available.',
      'kubernetes/kubernetes (scheduler, dynamicresources: foreachPodResourceClaim)',
      'c1 is being deleted',
    ),
  'previous claim of the same name': () =>
    unprepared(
      'prepare dynamic resources: old ResourceClaim with same name c1 and different UID 0a1b still exists (previous pod force-deleted?!)',
      'kubernetes/kubernetes pkg/kubelet/cm/dra/manager.go',
      'former c1.*by force',
    ),
  'claim deleted under its pod': () =>
    unprepared(
      'prepare dynamic resources: fetch ResourceClaim c1: resourceclaims.resource.k8s.io "c1" not found',
      'kubernetes/kubernetes pkg/kubelet/cm/dra/manager.go',
      'c1 does not exist',
    ),
  'DHCP by claim, and no server': () =>
    unprepared(
      'prepare dynamic resources: NodePrepareResources failed for ResourceClaim c1: claim 0a1b contain errors: fail to get configuration via DHCP for ens6: context deadline exceeded',
      'kubernetes-sigs/dranet pkg/driver/dra_hooks.go',
      'no DHCP server answered on ens6',
    ),
  'unresponsive DRA driver': () =>
    unprepared(
      'prepare dynamic resources: NodePrepareResources: rpc error: code = DeadlineExceeded desc = context deadline exceeded',
      'kubernetes/kubernetes pkg/kubelet/cm/dra/manager.go',
      'did not answer the kubelet in time',
    ),
  'device class that does not exist': noSuchClass,
  'extended resource without a device': extendedUnscheduled,
};
