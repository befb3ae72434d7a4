/**
 * A pod has a device that the driver no longer lists (claims §5.7): it has left the node, or its link is broken. DRANET names a device
 * without a PCI address after its link, and drops it from the slice while a pod has the link.
 */
import { NODES, PODS, RESOURCE_CLAIMS, RESOURCE_SLICES } from '../../model/source-ids';
import type { PodDevice, PodRecord } from '../../model/records';
import { claimName, deviceName, devicesOf, DRANET, SRIOV_DRIVER } from '../guards/claim';
import { isLive } from '../guards/pod';
import { nameOf, shell } from '../guards/words';
import { defineRule, type RuleContext, type Sighting } from '../rule/rule';

/** Whether the driver lists the device for as long as the node has it. */
const isAlwaysListed = ({ driver, device }: PodDevice): boolean =>
  driver === SRIOV_DRIVER || (driver === DRANET && device.startsWith('pci-'));

/** The pod is bound to a node, and its claim has a device of another one (kubernetes#140087). */
function onAnotherNode(pod: PodRecord, context: RuleContext): readonly Sighting[] {
  const node = context.read.one('nodes', pod.node);
  if (node === null) return [];
  const strange = devicesOf(pod).filter(
    ({ device: { driver, pool } }) =>
      node.devicePools.some((one) => one.driver === driver) &&
      !node.devicePools.some((one) => one.driver === driver && one.pool === pool),
  );
  if (strange.length === 0) return [];
  return strange.flatMap(({ claim, device }) => {
    const owners = [...context.read.every('nodes')].filter(({ devicePools }) =>
      devicePools.some(({ driver, pool }) => driver === device.driver && pool === device.pool),
    );
    const [owner] = owners;
    if (owner === undefined || owners.length > 1) return [];
    return [
      {
        subjects: [device.interface, pod.id, node.id, owner.id],
        severity: 'error' as const,
        title: `Claimed device ${device.device} is on another node`,
        detail: `${nameOf(pod.id)} is bound to ${node.name}, and ${claimName(pod, claim)} is allocated ${deviceName(device)}, a device of ${owner.name}. The driver on ${node.name} cannot prepare it for the pod.`,
        evidence: [
          `Kubernetes: status.allocation of ${claimName(pod, claim)} names it, in pool ${device.pool}`,
          `Kubernetes: a ResourceSlice of ${owner.name} lists pool ${device.pool}, and none of ${node.name} does`,
          `Kubernetes: spec.nodeName of ${nameOf(pod.id)} is ${node.name}`,
        ],
        advice:
          'Delete this pod. Pods that share a claim must run on the node of its device: give each pod its own claim (resourceClaimTemplateName), or keep the pods on one node. Do not set spec.nodeName: it bypasses the scheduler, which accounts for this.',
        command: shell`kubectl -n ${pod.namespace} get resourceclaim ${claim.claim ?? ''} -o yaml`,
      },
    ];
  });
}

export default defineRule({
  id: 'claimed-device-gone',
  severity: 'warning',
  scope: 'pods',
  needs: [NODES, PODS, RESOURCE_CLAIMS, RESOURCE_SLICES],
  check(pod, context) {
    if (!isLive(pod) || pod.claims.length === 0) return [];
    const elsewhere = onAnotherNode(pod, context);
    if (elsewhere.length > 0) return elsewhere;
    const gone = devicesOf(pod).filter(({ device }) => device.listed === false && isAlwaysListed(device));
    const node = gone.length === 0 ? null : context.read.one('nodes', pod.node);
    if (node === null || node.gone || node.deleting) return [];
    return gone.flatMap(({ claim, device }) => {
      const pool = node.devicePools.find((one) => one.driver === device.driver && one.pool === device.pool);
      // While slices are missing, the device may be in one of them.
      if (pool?.slices !== pool?.expected || pool === undefined) return [];
      return [
        {
          subjects: [device.interface, pod.id, node.id],
          title: `Claimed device ${device.device} is gone`,
          detail: `${nameOf(pod.id)} has ${deviceName(device)} by ${claimName(pod, claim)}, but ${node.name} no longer lists it: the pod may have lost the interface.`,
          evidence: [
            `Kubernetes: status.allocation of ${claimName(pod, claim)} names it, in pool ${device.pool}`,
            `Kubernetes: no ResourceSlice of generation ${pool.generation} of the pool lists it; the pool is complete`,
          ],
          advice:
            'Check that the ENI, or the physical function, is still attached to the instance; then recreate the pod, which allocates another device.',
          command: shell`kubectl get resourceslices --field-selector spec.nodeName=${node.name} -o yaml`,
        },
      ];
    });
  },
});
