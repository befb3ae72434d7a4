/**
 * A device is allocated to a pod, and its driver reports that it is not ready, or does not report it (claims §5.1). A driver that hands the
 * device to Multus leaves reporting to network-status; a device without a link has no interface to report.
 */
import { NODES, PODS, RESOURCE_CLAIMS, RESOURCE_SLICES } from '../../model/source-ids';
import { isDeviceClass } from '../../model/ids';
import type { PodRecord } from '../../model/records';
import { reaches } from '../../model/version';
import { claimName, deviceName, devicesOf, DRANET, SRIOV_DRIVER, type Claimed } from '../guards/claim';
import { nodeOf } from '../guards/node';
import { isLive } from '../guards/pod';
import { MINUTE, olderThan } from '../guards/time';
import { listed, nameOf, shell } from '../guards/words';
import { defineRule, type RuleContext, type Sighting } from '../rule/rule';

/** Before 1.33 the API server drops status.devices (KEP-4817); null if its version is not known. */
const hasDeviceStatus = (context: RuleContext): boolean | null =>
  reaches(context.read.cluster.kubernetesVersion, [1, 33, 0]);

/** What the driver failed to report, to follow “the driver”; null if nothing is missing. */
function missing(pod: PodRecord, { device }: Claimed, context: RuleContext): string | null {
  if (device.reported !== null || device.kind === 'rdma' || device.kind === 'gpu') return null;
  if (device.interface === null || pod.phase !== 'Running') return null;
  const iface = context.read.one('interfaces', device.interface);
  // In its Multus mode the SR-IOV driver reports nothing; network-status does.
  if (iface === null || !isDeviceClass(iface.network)) return null;
  if (device.driver === SRIOV_DRIVER && pod.requested.length > 0) return null;
  if (hasDeviceStatus(context) === false) return null;
  if (device.ready === null) return 'has reported neither its condition nor an interface';
  return device.kind === 'network' ? 'says that it is ready but reports no interface for it' : null;
}

/**
 * A claimed device is tainted: it is not fit for use, or about to be taken away. A claim that tolerates the taint has
 * been given it on purpose.
 */
function taintedOf(pod: PodRecord, { claim, device }: Claimed, context: RuleContext): Sighting | null {
  if (device.tolerates || device.adminAccess || device.kind === 'gpu') return null;
  const node = nodeOf(context, pod.node);
  if (node === null) return null;
  const pool = node.devicePools.find(({ driver, pool: name }) => driver === device.driver && name === device.pool);
  const taints = (pool?.tainted ?? []).flatMap((line) =>
    line.startsWith(`${device.device}: `) ? line.slice(device.device.length + 2) : [],
  );
  if (taints.length === 0) return null;
  const evicts = taints.some((taint) => taint.includes(':NoExecute'));
  return {
    subjects: [device.interface, pod.id, node.id],
    severity: evicts ? 'warning' : 'info',
    title: `Claimed device ${device.device} is tainted`,
    detail: `${nameOf(pod.id)} has ${deviceName(device)} by ${claimName(pod, claim)}, and it is tainted: ${listed(taints)}. ${
      evicts
        ? 'Kubernetes ends the pods of such a device, but for those that have it by an extended resource (kubernetes #141290).'
        : 'Pods that have it keep it; no other pod gets it.'
    }`,
    evidence: taints.map((taint) => `Kubernetes: ${device.device} of ${device.driver} has the taint ${taint}`),
    advice:
      'Find out why the device is tainted: a driver sets a taint in its ResourceSlice, an administrator by a DeviceTaintRule (kubectl get devicetaintrules). Recreate the pod, so that it gets another device.',
    command: shell`kubectl get resourceslices -o yaml --field-selector spec.nodeName=${node.name}`,
  };
}

/** DRANET lists a link's name only while the link is on the host. A link on top of another one, and a share, stay there. */
const isOnHost = ({ device }: Claimed): boolean =>
  device.driver === DRANET && device.hostLink !== null && device.pciAddress !== null;

function sightingOf(pod: PodRecord, claimed: Claimed, context: RuleContext): Sighting | null {
  const { claim, device } = claimed;
  const silent = device.reason === null ? missing(pod, claimed, context) : null;
  if (device.reason === null && silent === null) return null;
  const named = claimName(pod, claim);
  const isVersionKnown = hasDeviceStatus(context) !== null;
  return {
    subjects: [device.interface, pod.id, pod.node],
    severity: device.ready === false ? 'error' : 'warning',
    title:
      silent === null ? `Claimed device ${device.device} is not ready` : `No report of claimed device ${device.device}`,
    detail:
      silent === null
        ? `${nameOf(pod.id)} has ${deviceName(device)} by ${named}, and the driver has not set it up.`
        : `${nameOf(pod.id)} runs with ${deviceName(device)} by ${named}, and the driver ${silent}. ${
            isOnHost(claimed)
              ? `Its link ${device.hostLink ?? ''} is still on the node, so the pod does not have it: most likely the driver did not run while the pod’s sandbox was created.`
              : 'Whether the pod has the interface is not known.'
          }`,
    evidence: [
      device.reason === null
        ? `Kubernetes: status.devices of ${named} holds no networkData for it`
        : `Kubernetes: status.devices of ${named}: ${device.reason}`,
      `Kubernetes: status.allocation of ${named} names it, in pool ${device.pool}`,
      silent !== null && isOnHost(claimed)
        ? `Kubernetes: the ResourceSlice of ${device.driver} lists the link ${device.hostLink ?? ''} for it`
        : null,
      silent === null || isVersionKnown
        ? null
        : 'The version of the API server is not known; before 1.33 it drops status.devices',
    ],
    advice:
      silent !== null && isOnHost(claimed)
        ? `Delete the pod once the driver ${device.driver} runs on its node, so that it is created again with the link.`
        : `Read the log of the driver ${device.driver} on the pod's node.`,
    command: shell`kubectl -n ${pod.namespace} get resourceclaim ${claim.claim ?? ''} -o yaml`,
  };
}

export default defineRule({
  id: 'claim-not-ready',
  severity: 'error',
  scope: 'pods',
  needs: [NODES, PODS, RESOURCE_CLAIMS],
  uses: [RESOURCE_SLICES],
  check(pod, context) {
    if (pod.claims.length === 0 || pod.node === null || !isLive(pod)) return [];
    const sightings = devicesOf(pod).flatMap(
      (claimed) => sightingOf(pod, claimed, context) ?? taintedOf(pod, claimed, context) ?? [],
    );
    // The driver needs a few seconds to set a device up.
    return sightings.length > 0 && olderThan(pod.startedAt ?? pod.createdAt, MINUTE, context) ? sightings : [];
  },
});
