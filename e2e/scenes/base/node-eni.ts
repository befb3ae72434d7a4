import { rfc3339 } from '../../../lib/sim/model/clock';
import { attachedEnis } from '../../../lib/sim/model/enis';
import { uid } from '../../../lib/sim/model/identity';
import type { SimNode } from '../../../lib/sim/model/node';
import { objectsOf, type ClusterState } from '../../../lib/sim/model/state';

const NODE_ENIS = 'networking.k8s.aws/nodeenis';

/** aws-multi-eni-controller's record of the ENIs that it attached (multus §4.6). */
export function writeNodeEni(state: ClusterState, node: SimNode, name: string): void {
  objectsOf(state, NODE_ENIS).put({
    apiVersion: 'networking.k8s.aws/v1alpha1',
    kind: 'NodeENI',
    metadata: { name, uid: uid(state.random), creationTimestamp: rfc3339(node.facts.createdAt) },
    spec: { nodeSelector: { 'kubernetes.io/hostname': node.facts.name }, deviceIndex: 1 },
    status: {
      attachments: attachedEnis(state, node)
        .filter(({ id }) => id !== node.primaryEni)
        .map((eni) => ({
          nodeID: node.facts.name,
          instanceID: node.instanceId,
          eniID: eni.id,
          attachmentID: eni.attachment?.id,
          subnetID: eni.subnetId,
          subnetCIDR: state.ec2.subnet(eni.subnetId).cidr,
          deviceIndex: eni.attachment?.device,
          status: 'attached',
        })),
    },
  });
}
