/**
 * An interface that its claim and network-status report differently (claims §5.8). The driver reports what it set up and
 * does not follow later changes; Multus reports only once as well. ifscope shows network-status.
 *
 * In its Multus mode the SR-IOV driver leaves reporting to network-status: a function there that no claim of the pod has,
 * while the claimed one is not there, came from elsewhere (a device plugin, `deviceID`), and another pod may get it too.
 */
import { PODS, RESOURCE_CLAIMS } from '../../model/source-ids';
import { isDeviceClass } from '../../model/ids';
import type { InterfaceRecord, PodDevice, PodRecord } from '../../model/records';
import { claimName, devicesOf, SRIOV_DRIVER } from '../guards/claim';
import { isExtra, isLive, podOf } from '../guards/pod';
import { listed, nameOf, shell } from '../guards/words';
import { defineRule, type RuleContext, type Sighting } from '../rule/rule';

interface Difference {
  readonly what: string;
  readonly claim: string;
  readonly status: string;
}

/** An address that only network-status has may have been added later, for example by router advertisements. */
function differences(iface: InterfaceRecord, { reported, pciAddress }: PodDevice): readonly Difference[] {
  const found: Difference[] = [];
  const put = (what: string, claim: string | null, status: string | null): void => {
    if (claim !== null && status !== null && claim !== status) found.push({ what, claim, status });
  };
  put('name', reported?.name ?? null, iface.name);
  put('MAC', reported?.mac ?? null, iface.mac);
  put('PCI address', pciAddress, iface.device?.pciAddress ?? null);
  const alone = (reported?.ips ?? []).filter((ip) => !iface.ips.includes(ip));
  if (alone.length > 0 && iface.ips.length > 0)
    found.push({ what: 'address', claim: listed(alone), status: listed(iface.ips) });
  return found;
}

/** A function of the pod that Multus attached, and that no claim of the pod has. */
function unclaimed(pod: PodRecord, context: RuleContext): InterfaceRecord | null {
  const claimed = new Set(devicesOf(pod).map(({ device }) => device.pciAddress));
  const found = context.read.all('interfacesByPod', pod.id).filter((face) => {
    const address = face.device?.pciAddress ?? null;
    if (face.claim !== null || face.state === 'requested' || address === null || claimed.has(address)) return false;
    return (context.read.one('networks', face.network)?.resourceName ?? null) !== null;
  });
  return found[0] ?? null;
}

/** The claimed function is on no interface of the pod, and another function is. */
function otherFunction(iface: InterfaceRecord, context: RuleContext): Sighting | null {
  if (iface.state !== 'requested' || iface.claim?.driver !== SRIOV_DRIVER) return null;
  const pod = podOf(context, iface);
  const claimed = pod === null ? undefined : devicesOf(pod).find(({ device }) => device.interface === iface.id);
  if (pod === null || claimed === undefined || !isLive(pod) || claimed.device.reported !== null) return null;
  const { pciAddress, device } = claimed.device;
  const other = pciAddress === null ? null : unclaimed(pod, context);
  if (pciAddress === null || other === null) return null;
  const named = claimName(pod, claimed.claim);
  const address = other.device?.pciAddress ?? '';
  return {
    subjects: [other.id, pod.id, iface.id, other.network],
    title: 'Another function than the claimed one',
    detail: `${nameOf(other.id)} is function ${address}, and no claim of the pod has it: ${named} has ${pciAddress}, which is on no interface of the pod. ${address} is not reserved for the pod by a claim, so another pod may get it.`,
    evidence: [
      `Kubernetes: status.allocation of ${named} names device ${device} (${pciAddress})`,
      `Kubernetes: network-status reports ${address} for ${other.name ?? 'an interface'}`,
    ],
    advice: `Check what hands ${nameOf(other.network)} its device: a "deviceID" of the pod or of the config, a device plugin with the same resource name, or a version of Multus that does not read claims.`,
    command: shell`kubectl -n ${pod.namespace} get resourceclaim ${claimed.claim.claim ?? ''} -o yaml`,
  };
}

export default defineRule({
  id: 'claim-status-mismatch',
  severity: 'warning',
  scope: 'interfaces',
  needs: [PODS, RESOURCE_CLAIMS],
  check(iface, context) {
    if (iface.claim === null) return null;
    if (isDeviceClass(iface.network)) return otherFunction(iface, context);
    if (!isExtra(iface)) return null;
    const pod = podOf(context, iface);
    if (pod === null || !isLive(pod)) return null;
    const claimed = devicesOf(pod).find(({ device }) => device.interface === iface.id);
    const found = claimed === undefined ? [] : differences(iface, claimed.device);
    if (claimed === undefined || found.length === 0) return null;
    const named = claimName(pod, claimed.claim);
    return {
      subjects: [iface.id, pod.id, iface.network],
      title: 'Claim and network-status disagree',
      detail: `${nameOf(iface.id)}: ${found.map(({ what, claim, status }) => `${what} ${claim} by ${named}, ${status} by network-status`).join('; ')}. One of them is out of date, or two devices were taken for one.`,
      evidence: found.flatMap(({ what, claim, status }) => [
        `Kubernetes: ${claimed.device.driver} reports ${what} ${claim}`,
        `Kubernetes: network-status reports ${what} ${status}`,
      ]),
      advice: 'Run `ip -d link` and `ip addr` in the pod: they show what it has.',
      command: shell`kubectl -n ${pod.namespace} get resourceclaim ${claimed.claim.claim ?? ''} -o yaml`,
    };
  },
});
