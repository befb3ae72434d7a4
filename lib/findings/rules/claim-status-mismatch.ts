/**
 * An interface that its claim and network-status report differently (claims §5.8). The driver reports what it set up and
 * does not follow later changes; Multus reports only once as well. ifscope shows network-status.
 */
import { PODS, RESOURCE_CLAIMS } from '../../model/source-ids';
import { isDeviceClass } from '../../model/ids';
import type { InterfaceRecord, PodDevice } from '../../model/records';
import { claimName, devicesOf } from '../guards/claim';
import { isExtra, isLive, podOf } from '../guards/pod';
import { listed, nameOf, shell } from '../guards/words';
import { defineRule } from '../rule/rule';

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

export default defineRule({
  id: 'claim-status-mismatch',
  severity: 'warning',
  scope: 'interfaces',
  needs: [PODS, RESOURCE_CLAIMS],
  check(iface, context) {
    if (iface.claim === null || isDeviceClass(iface.network) || !isExtra(iface)) return null;
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
