/** What programs around a plugin fail at: its meaning, and what to do. */
import type { PROGRAM_FAILURE_KINDS } from '../../cni/errors-of-programs';
import type { Explained } from './plugin-texts';

/** By kind of failure; `subject`: what the message names. */
export const PROGRAM_TEXTS: Readonly<
  Partial<Record<(typeof PROGRAM_FAILURE_KINDS)[number], (subject: string) => Explained>>
> = {
  'library-missing': (version) => [
    `The plugin’s program was built for a newer C library than that of the node’s system: it needs ${version}.`,
    'Use a release of the plugin that is linked statically or was built for the node’s system (for Multus: another image tag, whose init container copies the program to the node), or newer nodes. The message names the program.',
  ],
  'bond-link-refused': (said) => [
    `The kernel did not take a link into the bond: ${said}.`,
    'Check in the pod’s other networks that the link is Ethernet and in no other bond or bridge. A virtual function changes its MAC for the bond only with "trust": "on"; otherwise set "failOverMac": 1, with which each link keeps its own. “operation not supported”: the link is InfiniBand, or userspace has it.',
  ],
  'status-not-written': (said) => [
    `Multus has attached its interfaces, and could not write network-status to the pod: ${said}. The kubelet starts over with a new sandbox.`,
    'The kubelet tries again. “has been modified”: something else wrote to the pod at the same time, and it passes. “not found”: the pod was deleted meanwhile. If it lasts, check that Multus may update pods/status, and that no webhook refuses it.',
  ],
  'rdma-not-moved': (said) => [
    `The RDMA device of the virtual function could not be moved into the pod: ${said}.`,
    'The node must be in RDMA mode exclusive (rdma system show) since before any pod used RDMA, and no program may have the device open. Free it, or restart the node in that mode (the SR-IOV operator: rdmaMode in SriovNetworkPoolConfig). Without isolation, leave rdma (rdmaIsolation) out of the network.',
  ],
  'ib-kubernetes-pending': () => [
    'The network has ibKubernetesEnabled, so that ib-kubernetes must give its interface a GUID and note that in the pod’s networks annotation (mellanox.infiniband.app: configured), which it has not done.',
    'Check the pod of ib-kubernetes: its log, and whether it reaches the subnet manager (UFM). Its partition key must exist there. Where ib-kubernetes does not run, leave ibKubernetesEnabled out of the network.',
  ],
  'dhcp-unsupported': () => [
    'The plugin does not support the IPAM dhcp.',
    'Give the network another IPAM: whereabouts, host-local or static.',
  ],
  'result-without-address': () => [
    'The network gives no address, and its config has a cniVersion whose results must contain one (0.2.0 or earlier, also if it is missing).',
    'Set "cniVersion" of the network (and of Multus’ own config) to "0.3.1" or later, or give the network an "ipam". A default-route for an interface without an address needs one as well.',
  ],
};
