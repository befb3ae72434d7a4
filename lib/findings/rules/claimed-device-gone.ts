/**
 * A pod has a device that the driver no longer lists (claims §5.7): it has left the node, or its link is broken. DRANET names a device
 * without a PCI address after its link, and drops it from the slice while a pod has the link.
 */
import { NODES, PODS, RESOURCE_CLAIMS, RESOURCE_SLICES } from '../../model/source-ids';
import type { PodDevice } from '../../model/records';
import { claimName, deviceName, devicesOf, DRANET, SRIOV_DRIVER } from '../guards/claim';
import { isLive } from '../guards/pod';
import { nameOf, shell } from '../guards/words';
import { defineRule } from '../rule/rule';

/** Whether the driver lists the device for as long as the node has it. */
const isAlwaysListed = ({ driver, device }: PodDevice): boolean =>
  driver === SRIOV_DRIVER || (driver === DRANET && device.startsWith('pci-'));

export default defineRule({
  id: 'claimed-device-gone',
  severity: 'warning',
  scope: 'pods',
  needs: [NODES, PODS, RESOURCE_CLAIMS, RESOURCE_SLICES],
  check(pod, context) {
    if (!isLive(pod) || pod.claims.length === 0) return [];
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
