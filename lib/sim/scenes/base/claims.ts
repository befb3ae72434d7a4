/** Machines whose network cards and virtual functions are assigned to pods by claims. */
import { NO_MANAGE_KEY } from '../../model/eni-tags';
import type { ClaimRequest } from '../../model/claim';
import type { SimDevice } from '../../model/device';
import { addDeviceClass, DRANET, GPU, runDranet, runGpuDriver, SRIOV } from '../../model/devices';
import { addNode } from '../../model/ec2-nodes';
import type { ExtraEni } from '../../model/extra-enis';
import type { SimNode } from '../../model/node';
import type { ClusterState } from '../../model/state';
import type { SimSubnet } from '../../model/subnet';

/** DeviceClass of EFA devices. */
export const EFA_CLASS = 'efa.networking.k8s.aws';
/** DeviceClass of NICs. */
export const NIC_CLASS = 'nics';
/** DeviceClass of GPUs. */
export const GPU_CLASS = 'gpus';
/** DeviceClass of virtual functions. */
export const FUNCTION_CLASS = 'fast-functions';

const isEfa = ({ link, driver }: SimDevice): boolean => driver === DRANET && link === null;

/** Creates the device classes that pods request; call it once. */
export function installDeviceClasses(state: ClusterState): void {
  if (state.deviceClasses.size > 0) return;
  const efa = 'device.attributes["dra.net"].pciDevice == "Elastic Fabric Adapter (EFA)"';
  addDeviceClass(state, { name: NIC_CLASS, driver: DRANET, fits: (device) => !isEfa(device) }, `!(${efa})`);
  addDeviceClass(state, { name: EFA_CLASS, driver: DRANET, fits: isEfa }, efa);
  addDeviceClass(state, { name: GPU_CLASS, driver: GPU, fits: () => true });
  addDeviceClass(state, { name: FUNCTION_CLASS, driver: SRIOV, fits: () => true });
}

/** DRANET's filter: ENIs of ipamd are not for claims. */
export const isForClaims = ({ type, tags }: { readonly type: string; readonly tags: ExtraEni['tags'] }): boolean =>
  type === 'efa-only' || tags?.[NO_MANAGE_KEY] === 'true';

/** A p5 for claims. Each GPU shares its PCIe root with four cards: the second has a whole ENI, `efa` further ones are EFA-only. */
export function addClaimsNode(
  state: ClusterState,
  { subnet, nodeGroup, efa }: { readonly subnet: SimSubnet; readonly nodeGroup: string; readonly efa: number },
): SimNode {
  const extra = Array.from({ length: 8 }, (_, gpu): readonly ExtraEni[] => [
    {
      subnet,
      card: 4 * gpu + 1,
      device: 0,
      description: 'for claims',
      tags: { Name: 'fabric', [NO_MANAGE_KEY]: 'true' },
    },
    ...Array.from({ length: efa }, (_each, index) => ({
      subnet,
      card: 4 * gpu + 2 + index,
      device: 0,
      type: 'efa-only',
      description: 'EFA',
      tags: { Name: 'efa' },
    })),
  ]).flat();
  const node = addNode(state, {
    subnet,
    type: 'p5.48xlarge',
    nodeGroup,
    env: { WARM_IP_TARGET: '16' },
    extra,
    efaPlugin: false,
  });
  runDranet(state, node, isForClaims);
  runGpuDriver(state, node, 8);
  return node;
}

/** A GPU and the NIC next to it. */
export const RANK: ClaimRequest = {
  name: 'rank',
  requests: [
    { name: 'gpu', deviceClass: GPU_CLASS },
    { name: 'nic', deviceClass: NIC_CLASS },
  ],
  together: true,
};
