/**
 * An interface that both its claim and network-status report, differently (claims §5.8). The driver reports what it set up and does not
 * follow later changes; Multus reports once as well. ifscope shows network-status.
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
function differences(face: InterfaceRecord, { reported, pciAddress }: PodDevice): readonly Difference[] {
  const found: Difference[] = [];
  const put = (what: string, claim: string | null, status: string | null): void => {
    if (claim !== null && status !== null && claim !== status) found.push({ what, claim, status });
  };
  put('name', reported?.name ?? null, face.name);
  put('MAC', reported?.mac ?? null, face.mac);
  put('PCI address', pciAddress, face.device?.pciAddress ?? null);
  const alone = (reported?.ips ?? []).filter((ip) => !face.ips.includes(ip));
  if (alone.length > 0 && face.ips.length > 0)
    found.push({ what: 'address', claim: listed(alone), status: listed(face.ips) });
  return found;
}

export default defineRule({
  id: 'claim-status-mismatch',
  severity: 'warning',
  scope: 'interfaces',
  needs: [PODS, RESOURCE_CLAIMS],
  check(face, context) {
    if (face.claim === null || isDeviceClass(face.network) || !isExtra(face)) return [];
    const pod = podOf(context, face);
    if (pod === null || !isLive(pod)) return [];
    const claimed = devicesOf(pod).find(({ device }) => device.interface === face.id);
    const found = claimed === undefined ? [] : differences(face, claimed.device);
    if (claimed === undefined || found.length === 0) return [];
    const named = claimName(pod, claimed.claim);
    return [
      {
        subjects: [face.id, pod.id, face.network],
        title: 'Claim and network-status disagree',
        detail: `${nameOf(face.id)}: ${found.map(({ what, claim, status }) => `${what} ${claim} by ${named}, ${status} by network-status`).join('; ')}. One of them is out of date, or two devices were taken for one.`,
        evidence: found.flatMap(({ what, claim, status }) => [
          `Kubernetes: ${claimed.device.driver} reports ${what} ${claim}`,
          `Kubernetes: network-status reports ${what} ${status}`,
        ]),
        advice: 'Run `ip -d link` and `ip addr` in the pod: they show what it has.',
        command: shell`kubectl -n ${pod.namespace} get resourceclaim ${claimed.claim.claim ?? ''} -o yaml`,
      },
    ];
  },
});
