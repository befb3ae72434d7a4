/** What KubeVirt says of a machine whose pod runs: its Events are about the VirtualMachineInstance. */
import type { Cluster } from '../kit/cluster';
import { ago } from '../kit/node';
import type { Json } from '../kit/types';
import { entry, launcher, running, start } from './attaching';
import { none, says, silentOn, type Situation } from './situation';

function syncFailed(c: Cluster, machine: string, message: string, secondsAgo = 60, component = 'virt-handler'): void {
  c.extraFiles.push({
    path: `kubernetes/vmi-event-${String(c.extraFiles.length)}.json`,
    text: JSON.stringify({
      apiVersion: 'v1',
      kind: 'Event',
      type: 'Warning',
      metadata: { namespace: 'vms', name: `${machine}.${String(c.extraFiles.length)}`, uid: `ev-${machine}` },
      involvedObject: { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachineInstance', namespace: 'vms', name: machine },
      reason: 'SyncFailed',
      message,
      count: 12,
      firstTimestamp: ago(1200 + secondsAgo),
      lastTimestamp: ago(secondsAgo),
      source: { component },
    }),
  });
}

function machine(config: Json, text: string, secondsAgo?: number, component?: string): Cluster {
  const { cluster, node } = start();
  cluster.nad('vms/london', config);
  running(
    cluster,
    'vms/virt-launcher-fedora-abcde',
    node,
    '[{"name":"london","namespace":"vms","interface":"net1"}]',
    [entry('vms/london', 'net1', '10.1.0.4', node.primary.mac)],
    launcher('fedora'),
  );
  syncFailed(cluster, 'fedora', text, secondsAgo, component);
  return cluster;
}

const IPVLAN: Json = {
  cniVersion: '0.3.1',
  type: 'ipvlan',
  mode: 'l2',
  master: 'eth0',
  ipam: { type: 'static', addresses: [{ address: '10.1.0.4/19' }] },
};
const BRIDGE: Json = {
  cniVersion: '0.3.1',
  type: 'bridge',
  bridge: 'br1',
  ipam: { type: 'static', addresses: [{ address: '10.1.0.4/19' }] },
};
const POD = 'findings[rule=pod-start-failed][subjects~pod:vms/virt-launcher-fedora-abcde]';
const NO_GATEWAY =
  "failed to configure vmi network: setup failed, err: failed plugging phase1 at nic 'net1': No gateway address found in routes for net1";

/** A bridge to the machine over ipvlan. */
const overIpvlan = (): Situation => ({
  source: 'kubevirt/kubevirt#7001',
  cluster: machine(IPVLAN, NO_GATEWAY),
  checks: [
    says(POD, 'No gateway address found in routes for net1'),
    says(POD, 'fedora'),
    says(`${POD}.advice`, '(?i)ipvlan'),
    silentOn(POD, '(?i)sandbox|out of addresses'),
  ],
});

/** A bridge network with IPAM and no gateway. */
const withoutGateway = (): Situation => ({
  source: 'kubevirt/kubevirt#7001 (its bridge binding)',
  cluster: machine(BRIDGE, NO_GATEWAY),
  checks: [
    says(`${POD}.advice`, '(?i)ipam'),
    says(`${POD}.advice`, '(?i)gateway'),
    silentOn(`${POD}.advice`, 'ipvlan'),
  ],
});

/** The interface that KubeVirt looks for is not in the pod. */
const linkNotFound = (): Situation => ({
  source: 'kubevirt/kubevirt#9658, #5260, #8719',
  cluster: machine(
    BRIDGE,
    "failed to configure vmi network: setup failed, err: failed plugging phase1 at nic 'net1': Link not found",
  ),
  checks: [says(POD, "nic 'net1': Link not found"), none('findings[rule=parent-interface-missing]')],
});

/** What was an hour ago, what is about a disk, and what another component says. */
const calm = (text: string, secondsAgo?: number, component?: string) => (): Situation => ({
  source: 'kubevirt/kubevirt#9658 (mended since), #161',
  cluster: machine(BRIDGE, text, secondsAgo, component),
  checks: [none('findings[rule=pod-start-failed]')],
});

/** passt of KubeVirt ends at once; the text lists its options first, and at its end the reason. */
const passtEnded = (): Situation => ({
  source: 'kubevirt/kubevirt#10583, #11471, #16735',
  cluster: machine(
    BRIDGE,
    'server error. command SyncVMI failed: "LibvirtError(Code=1, Domain=0, Message=\'internal error: Child process (/usr/bin/passt --one-off --mac-addr 52:54:00:aa:03:9e --tcp-ports 22) unexpected exit status 1: Failed to bind port 22 (Permission denied)\')"',
  ),
  checks: [
    says(POD, 'Failed to bind port 22'),
    says(`${POD}.advice`, 'ip_unprivileged_port_start'),
    silentOn(`${POD}.advice`, 'bridge'),
  ],
});

export const machineWords: Readonly<Record<string, () => Situation>> = {
  'virtual machine whose passt ended': passtEnded,
  'virtual machine over ipvlan': overIpvlan,
  'virtual machine whose network has no gateway': withoutGateway,
  'virtual machine whose interface is missing': linkNotFound,
  'virtual machine that has recovered': calm(NO_GATEWAY, 2400),
  'virtual machine with a broken disk': calm(
    'server error. command SyncVMI failed: "virError(Code=1, Message=\'internal error: disk\')"',
  ),
  'virtual machine with an Event of another component': calm(NO_GATEWAY, 60, 'virtualmachine-controller'),
};
