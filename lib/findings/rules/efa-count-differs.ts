/**
 * The EFA device plugin offers another number of devices than EC2 has attached to the node. Before v0.5.10 it took the NVLink controllers of
 * P6 for EFA (sagemaker-hyperpod-cli #282; before v0.5.6 by terraform-aws-eks-data-addons #53); later ones count when they start, and drop what they find unhealthy. A node without any of the
 * resource is reported by `pod-start-failed`, because claim drivers offer EFA without the plugin.
 */
import { ENIS, NODES } from '../../model/source-ids';
import { enisOf } from '../guards/eni';
import { isEstablished } from '../guards/node';
import { counted, shell } from '../guards/words';
import { defineRule } from '../rule/rule';

const EFA = 'vpc.amazonaws.com/efa';

const TYPES: ReadonlySet<string | null> = new Set(['efa', 'efa-only']);

export default defineRule({
  id: 'efa-count-differs',
  severity: 'warning',
  scope: 'nodes',
  isSteady: true,
  needs: [NODES, ENIS],
  check(node, context) {
    const offered = node.allocatable[EFA] ?? 0;
    if (offered === 0 || !isEstablished(node, context)) return null;
    const enis = enisOf(context, node);
    const attached = enis.filter(({ interfaceType }) => TYPES.has(interfaceType)).length;
    // Without a list of the node's ENIs, their number is not known.
    if (enis.length === 0 || attached === offered) return null;
    const isMore = offered > attached;
    return {
      subjects: [node.id],
      title: `Offers ${counted(offered, 'EFA device')}, and has ${attached}`,
      detail: `${node.name} allocates ${offered} ${EFA}, and EC2 has ${counted(attached, 'EFA interface')} on it. ${
        isMore
          ? 'A pod may get a device that is no EFA interface, and its traffic fails or falls back to TCP.'
          : 'Pods cannot get the rest.'
      }`,
      evidence: [
        `Kubernetes: status.allocatable of ${node.name}: ${offered} ${EFA}`,
        `EC2: ${counted(attached, 'ENI')} of type efa or efa-only`,
      ],
      advice: isMore
        ? 'Upgrade the EFA device plugin (aws-efa-k8s-device-plugin) to v0.5.10 or later: older ones also count other RDMA devices, such as the NVLink controllers of P6 instances. Then restart its pod on the node.'
        : 'Restart the pod of the EFA device plugin (aws-efa-k8s-device-plugin) on the node: it looks for devices when it starts. If it finds no more, read its log: it leaves out devices that are not healthy.',
      command: shell`kubectl get node ${node.name} -o jsonpath='{.status.allocatable}'`,
    };
  },
});
