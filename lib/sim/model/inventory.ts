/** A node's links in the form of an inventory: SriovNetworkNodeState, NodeNetworkState (multus §4.3, §4.5). */
import { rfc3339 } from './clock';
import { uid } from './identity';
import type { HostLink, SimNode } from './node';
import { objectsOf, type ClusterState, type KubeObject } from './state';

const SRIOV_STATES = 'sriovnetwork.openshift.io/sriovnetworknodestates';
const NETWORK_STATES = 'nmstate.io/nodenetworkstates';

/** Writes the objects in which the SR-IOV operator or nmstate lists a node's NICs. */
export function writeInventory(state: ClusterState, node: SimNode): void {
  const { name } = node.facts;
  const metadata = { name, uid: uid(state.random), creationTimestamp: rfc3339(node.facts.createdAt + 60_000) };
  const object: KubeObject =
    node.inventory === 'sriov'
      ? {
          apiVersion: 'sriovnetwork.openshift.io/v1',
          kind: 'SriovNetworkNodeState',
          metadata: { ...metadata, namespace: 'sriov-network-operator' },
          spec: { interfaces: [] },
          status: {
            syncStatus: 'Succeeded',
            lastSyncTime: rfc3339(state.now()),
            interfaces: node.links.map((link) => sriovLink(link)),
          },
        }
      : {
          apiVersion: 'nmstate.io/v1beta1',
          kind: 'NodeNetworkState',
          metadata,
          status: {
            lastSuccessfulUpdateTime: rfc3339(state.now()),
            currentState: { interfaces: [...node.links.map(nmstateLink), LOOPBACK] },
          },
        };
  objectsOf(state, node.inventory === 'sriov' ? SRIOV_STATES : NETWORK_STATES).put(object);
}

const isVirtual = ({ eniId }: HostLink): boolean => eniId === null;

/**
 * Keys as spelled by the operator's Go type (some start with upper case). ENI MACs are in upper case, as some drivers
 * report them.
 */
const sriovLink = (link: HostLink): Record<string, unknown> => ({
  name: link.name,
  mac: isVirtual(link) ? link.mac : link.mac.toUpperCase(),
  pciAddress: link.pciAddress,
  driver: isVirtual(link) ? 'mlx5_core' : 'ena',
  vendor: isVirtual(link) ? '15b3' : '1d0f',
  deviceID: isVirtual(link) ? '101d' : 'ec20',
  mtu: 1500,
  ...(link.vfs.length === 0 ? {} : { numVfs: link.vfs.length, totalvfs: link.vfs.length }),
  linkSpeed: '25000 Mb/s',
  linkType: 'ETH',
  Vfs: link.vfs.map((vf) => ({
    pciAddress: vf.pciAddress,
    vfID: vf.id,
    mac: vf.mac,
    name: `${link.name}v${vf.id}`,
    driver: 'iavf',
    Vlan: 0,
    mtu: 1500,
  })),
});

const nmstateLink = (link: HostLink): Record<string, unknown> => ({
  name: link.name,
  type: 'ethernet',
  state: 'up',
  'mac-address': link.mac.toUpperCase(),
  mtu: 9001,
  ipv4: { enabled: false },
});

const LOOPBACK = { name: 'lo', type: 'loopback', state: 'up', 'mac-address': '00:00:00:00:00:00', mtu: 65536 };
