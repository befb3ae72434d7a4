/**
 * Messages of the scheduler, the kubelet and drivers about a pod's claims (claims §5.9): their meaning, and what to do.
 * The messages differ between Kubernetes versions.
 */
import type { PodRecord } from '../../model/records';
import type { TextExplanation } from './known-texts';
import { listed } from './words';

const driverMissing = (driver: string): TextExplanation => ({
  why: `The kubelet of the node knows no driver ${driver}: its pod does not run there, or has not registered itself since a restart.`,
  advice: `Check the pod of the driver ${driver} on the node: whether its DaemonSet places one there, its restarts and its log. It registers itself through a socket in /var/lib/kubelet/plugins_registry.`,
});

const claimMissing = (claim: string): TextExplanation => ({
  why: `ResourceClaim ${claim} does not exist in the pod’s namespace.`,
  advice:
    'Create the ResourceClaim in the namespace of the pod, or correct its name in spec.resourceClaims. A claim for each pod comes from a ResourceClaimTemplate, which is another field there (resourceClaimTemplateName).',
});

const driverSilent = (error: string): TextExplanation => ({
  why: `The driver of the device did not answer the kubelet in time (${error}).`,
  advice: 'Check the restarts and the log of the driver’s pod on the node.',
});

/** The first match decides. Group 1 is the subject. */
const TEXTS: readonly (readonly [RegExp, (subject: string) => TextExplanation])[] = [
  [/DRA driver (\S{1,253}) is not registered/, driverMissing],
  [/(?:plugin|driver) name (\S{1,253}) not found in the list of registered DRA plugins/, driverMissing],
  [
    /device (\S{1,253}) has no interface name in local store/,
    (device) => ({
      why: `DRANET offers device ${device}, and the node has no network link for it: it is bound to no driver or to another one (vfio-pci), or its link is still inside another pod.`,
      advice: `Find ${device} with lspci -k on the node and bind it to its network driver again; a reboot of the node does so as well. A privileged pod that unbinds the device it was given leaves it like this.`,
    }),
  ],
  [
    /failed to get netlink to interface (\S{1,64}?): Link not found/,
    (link) => ({
      why: `The claim has the device behind the link ${link}, and DRANET finds no such link on the node: it was renamed, it is still inside another pod, or it is gone since the ResourceSlice was written.`,
      advice: `Look for ${link} on the node (ip link; in the network namespace of the pod that had it last). If it is gone for good, delete the claim, so that the pod gets another device.`,
    }),
  ],
  [
    /device (\S{1,253}) not found in store/,
    (device) => ({
      why: `DRANET has no device ${device} in its own list of the node, although the scheduler allocated it from the ResourceSlice: the link left the node since then, or the driver has restarted and not listed the node again.`,
      advice: `Compare the ResourceSlice of dra.net for the node with ip link there. If ${device} is on the node, restart the pod of the DRANET DaemonSet; if not, delete the claim, so that the pod gets another device.`,
    }),
  ],
  [
    /fail(?:ed)? to get configuration via DHCP for (\S{1,64}?):? /,
    (link) => ({
      why: `The claim’s configuration asks for DHCP, and no DHCP server answered on ${link}.`,
      advice:
        'Give the address in the claim’s configuration, or leave dhcp out of it: DRANET then keeps the address that the link has on the node.',
    }),
  ],
  [
    /failed to fetch ResourceClaim \S{1,253} referenced by pod \S{1,253}: the server could not find the requested (resource)/,
    () => ({
      why: 'The kubelet asks for its claim in a version of resource.k8s.io that the API server does not serve: the kubelet’s version differs from the control plane’s, or the group was switched on for the API server alone.',
      advice:
        'Compare kubectl api-versions (resource.k8s.io/…) with the version of the node’s kubelet: v1 needs Kubernetes 1.34 on both, v1beta2 1.33, v1beta1 1.32. Bring both to one version, or serve the version that the kubelet asks for (--runtime-config of the API server), and restart the kubelet.',
    }),
  ],
  [
    /old ResourceClaim with same name (\S{1,253}) and different UID/,
    (claim) => ({
      why: `The kubelet still has the former ${claim} prepared: the pod that used it was deleted by force.`,
      advice:
        'It passes once the driver has unprepared the former claim: check that the driver’s pod runs on the node. If it does, restart the kubelet.',
    }),
  ],
  [
    /is not allowed to use resource ?claim (\S{1,253})/i,
    (claim) => ({
      why: `The kubelet prepares a claim’s devices only for pods that it is reserved for, by UID: status.reservedFor of ${claim} does not have this pod. It may have a former pod of that name.`,
      advice:
        'Read status.reservedFor of the claim. If the pod there is gone, delete the claim and create it again; a claim that a template makes for each pod does not get into this state.',
    }),
  ],
  [
    /resourceclaimtemplate\S{0,60} "([^"\n]{1,253})" not found/i,
    (template) => ({
      why: `Its claim is created from ResourceClaimTemplate ${template}, which is not in the pod’s namespace; without the claim it is not scheduled.`,
      advice:
        'Create the ResourceClaimTemplate in the namespace of the pod, or correct its name in spec.resourceClaims.',
    }),
  ],
  [
    /device class (\S{1,253}?) does not exist/,
    (name) => ({
      why: `Its claim asks for DeviceClass ${name}, which does not exist.`,
      advice: `Create DeviceClass ${name}, which the driver’s installation usually does, or name an existing class (kubectl get deviceclasses) in a new claim or in the template: the requests of a claim cannot be changed.`,
    }),
  ],
  [/could not find \S{0,20}ResourceClaim "([^"\n]{1,300})"/i, claimMissing],
  [/resourceclaims?(?:\.resource\.k8s\.io)? "([^"\n]{1,300})" not found/i, claimMissing],
  [
    /resourceclaim "?([^\s"]{1,253})"? is being deleted/i,
    (claim) => ({
      why: `ResourceClaim ${claim} is being deleted; it ends once no pod uses it.`,
      advice:
        'Wait until the claim has ended, then create it again. Its status.reservedFor lists the pods that still use it.',
    }),
  ],
  [
    /(ResourceClaim not created yet)/i,
    () => ({
      why: 'Its claim has not been created from the template yet.',
      advice: 'If this lasts, read the log of kube-controller-manager, which creates claims from templates.',
    }),
  ],
  [
    /(resourceclaim (?:\S{1,506} )?was not created for (?:the )?pod)/i,
    () => ({
      why: 'A claim with the name that its template would give exists, and belongs to something else.',
      advice: 'Delete or rename that claim: the controller then creates the pod’s own.',
    }),
  ],
  [
    /(resourceclaim in use)/i,
    () => ({
      why: 'Its claim is allocated, and as many pods as it may have already use it.',
      advice: 'Give the pod a claim of its own, from a ResourceClaimTemplate.',
    }),
  ],
  [
    /(resourceclaim not available on the node)/i,
    () => ({
      why: 'Its claim is allocated already, to devices that only some node has, and the pod does not fit there.',
      advice:
        'Make room on the node of the claim (status.allocation.nodeSelector), or delete the claim and create it again so that it is allocated for another node.',
    }),
  ],
  [
    /CEL runtime error: ([^\n]{1,200})/,
    (error) => ({
      why: `A selector of its claim or of the class fails on a device: ${error.replace(/[.\s]+$/, '')}. One such device ends the allocation on all nodes. DRANET leaves ifName, mac and addresses out for a device whose link is inside a pod.`,
      advice:
        'Let the selector test for the attribute before it uses it: "ifName" in device.attributes["dra.net"] && …',
    }),
  ],
  [
    /(timed out trying to allocate devices)/,
    () => ({
      why: 'The scheduler found no combination of devices for its claims within its time limit.',
      advice: 'Ask for fewer devices in one claim, or make selectors and constraints narrower.',
    }),
  ],
  [
    /(DRAPrioritizedList) feature is disabled/,
    () => ({
      why: 'Its claim lists alternatives (firstAvailable), and the scheduler does not support them.',
      advice:
        'Ask for one class in the claim (exactly), or enable DRAPrioritizedList (on by default since Kubernetes 1.34).',
    }),
  ],
  [
    /error getting net attach def for net attach def (\S{1,300}?): /,
    (network) => ({
      why: `The claim’s configuration names NetworkAttachmentDefinition ${network}, which the SR-IOV driver cannot read or which does not exist.`,
      advice: `Create ${network}, or correct netAttachDefName (and netAttachDefNamespace: without it, the claim’s namespace) in the configuration of the claim or its DeviceClass.`,
    }),
  ],
  [
    /error binding device (\S{1,64}) to driver: /,
    (device) => ({
      why: `The claim’s configuration asks for another driver of ${device}, and the node cannot bind the device to it.`,
      advice: `Check on the node that the driver is loaded (modprobe vfio-pci) and that the IOMMU is on (intel_iommu=on or amd_iommu=on), and what has ${device} now: lspci -k -s ${device}.`,
    }),
  ],
  [
    /device (\S{1,253}) not found in allocatable devices/,
    (device) => ({
      why: `The driver has no device ${device} on the node any more, although the scheduler allocated it from the ResourceSlice.`,
      advice: `If the functions of the card were made again, restart the driver’s pod on the node, so that it publishes them anew; then delete the claim, so that the pod gets another device.`,
    }),
  ],
  [
    /claim [0-9a-f-]{36} contain errors: ([^\n]{1,300})/,
    (error) => ({
      why: `DRANET cannot set up what the claim’s configuration asks for: ${error.replace(/[.\s]+$/, '')}.`,
      advice:
        'Correct the opaque parameters for dra.net in the claim, its template or the DeviceClass (spec.config), and create the claim again: the configuration of an allocated claim does not change.',
    }),
  ],
  [
    /(admin access to devices requires)/i,
    () => ({
      why: 'Its claim asks for admin access (adminAccess), which Kubernetes allows only in namespaces with the label resource.kubernetes.io/admin-access: "true".',
      advice:
        'If the pod is to use the device, leave adminAccess out of its claim or template. Admin access is for monitoring and gives access to devices that other pods have: an administrator labels the namespaces for it.',
    }),
  ],
  [
    /device "?(\S{1,253}?)"? (?:is |was )?already (?:allocated|prepared|in use)/i,
    (device) => ({
      why: `The driver has given device ${device} to another claim, although the scheduler allocated it to this one: an earlier pod has not released it, or a device plugin offers it as well.`,
      advice: `Look for the holder of ${device}: status.allocation of all claims (kubectl get resourceclaims -A -o yaml), and pods that end on that node. If none has it, restart the driver’s pod on the node, which then reads its devices again.`,
    }),
  ],
  [/NodePrepareResources: rpc error: code = (\w{1,40})/, driverSilent],
  [/NodePrepareResources[^\n]{0,300}(context deadline exceeded)/, driverSilent],
];

/** Null if the message is not about a claim, or is not known. */
export function claimTextOf(text: string): TextExplanation | null {
  for (const [pattern, explain] of TEXTS) {
    const subject = pattern.exec(text)?.[1];
    if (subject !== undefined) return explain(subject);
  }
  return null;
}

const missingOf = ({ claims }: PodRecord): readonly string[] =>
  claims.flatMap(({ state, claim, name }) => (state === 'missing' ? [claim ?? name] : []));

/** What the records say about a claim that does not exist; null if no claim is known to be missing. */
export function missingClaimOf(pod: PodRecord): TextExplanation | null {
  const missing = missingOf(pod);
  return missing.length === 0 ? null : claimMissing(listed(missing));
}
