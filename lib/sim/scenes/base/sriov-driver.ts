import { publish, SRIOV } from '../../model/devices';
import type { SimDevice } from '../../model/device';
import type { SimNode } from '../../model/node';
import type { ClusterState } from '../../model/state';

/** dra-driver-sriov publishes the virtual functions of the node's links; in its Multus mode it reports none of them. */
export function runSriovDriver(
  state: ClusterState,
  node: SimNode,
  resourceName: string,
  report: SimDevice['report'] = 'all',
): void {
  for (const pf of node.links) {
    for (const vf of pf.vfs) {
      node.devices.push({
        driver: SRIOV,
        name: vf.pciAddress.replaceAll(/[:.]/g, '-'),
        attributes: {
          [`${SRIOV}/pciAddress`]: { string: vf.pciAddress },
          [`${SRIOV}/PFName`]: { string: pf.name },
          [`${SRIOV}/pfPciAddress`]: { string: pf.pciAddress },
          [`${SRIOV}/vfID`]: { int: vf.id },
          [`${SRIOV}/vendor`]: { string: '15b3' },
          [`${SRIOV}/linkType`]: { string: 'ethernet' },
          'k8s.cni.cncf.io/resourceName': { string: resourceName },
          'resource.kubernetes.io/pciBusID': { string: vf.pciAddress },
          'resource.kubernetes.io/pcieRoot': { string: `pci0000:${pf.pciAddress.slice(5, 7)}` },
        },
        pciAddress: vf.pciAddress,
        pcieRoot: `pci0000:${pf.pciAddress.slice(5, 7)}`,
        eniId: null,
        link: { name: `${pf.name}v${vf.id}`, mac: vf.mac, ips: [] },
        pfName: pf.name,
        report,
        claim: null,
        moved: false,
      });
    }
  }
  publish(state, node, SRIOV);
}
