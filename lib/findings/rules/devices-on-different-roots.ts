/**
 * A pod's NIC and GPU are on different PCIe roots (claims §5.5): traffic between them crosses the processor. Reported only if the driver
 * offers a device on a root of the pod's GPUs.
 */
import { NODES, PODS, RESOURCE_CLAIMS, RESOURCE_SLICES } from '../../model/source-ids';
import { deviceName, devicesOf } from '../guards/claim';
import { isLive } from '../guards/pod';
import { listed, nameOf } from '../guards/words';
import { defineRule } from '../rule/rule';

export default defineRule({
  id: 'devices-on-different-roots',
  severity: 'info',
  scope: 'pods',
  needs: [NODES, PODS, RESOURCE_CLAIMS, RESOURCE_SLICES],
  check(pod, context) {
    if (!isLive(pod) || pod.claims.length === 0) return null;
    const devices = devicesOf(pod).map(({ device }) => device);
    const gpus = devices.filter(({ kind }) => kind === 'gpu');
    const roots = new Set(gpus.map(({ pcieRoot }) => pcieRoot));
    if (gpus.length === 0 || roots.has(null)) return null;
    const pools = context.read.one('nodes', pod.node)?.devicePools ?? [];
    const apart = devices.filter(
      ({ kind, pcieRoot, driver, pool }) =>
        kind !== 'gpu' &&
        pcieRoot !== null &&
        !roots.has(pcieRoot) &&
        pools.some(
          (one) => one.driver === driver && one.pool === pool && one.pcieRoots.some((root) => roots.has(root)),
        ),
    );
    if (apart.length === 0) return null;
    return {
      subjects: [pod.id, ...apart.flatMap((device) => device.interface ?? []), pod.node],
      title: 'NIC and GPU on different PCIe roots',
      detail: `${nameOf(pod.id)} has ${listed(apart.map((device) => `${deviceName(device)} on ${device.pcieRoot ?? ''}`))}, and its GPUs on ${listed([...roots].flatMap((root) => root ?? []))}: traffic between them crosses the processor, which costs throughput.`,
      evidence: [...apart, ...gpus].map(
        (device) => `Kubernetes: the ResourceSlice lists ${deviceName(device)} on PCIe root ${device.pcieRoot ?? ''}`,
      ),
      advice:
        'Ask for both in one claim, with the constraint matchAttribute: resource.kubernetes.io/pcieRoot over their requests.',
    };
  },
});
