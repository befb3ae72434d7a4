/** P12 (multus.md §6): a pod waits for an SR-IOV (or other) device of a network, and the node or the cluster has none left. */
import { signalsOf } from '../guards';
import { defineRule } from '../rule';

/** Resources of the scheduler's own and of the VPC CNI's are other findings'. */
const isDevice = (resource: string): boolean =>
  resource.includes('/') && !resource.startsWith('vpc.amazonaws.com/') && !resource.startsWith('kubernetes.io/');

export default defineRule({
  id: 'device-exhausted',
  severity: 'error',
  scope: 'pods',
  needs: ['kubernetes/pods', 'kubernetes/nodes'],
  check(pod, context) {
    if (pod.phase !== 'Pending' || pod.deleting) return [];
    const events = signalsOf(context, pod.id, 'FailedScheduling');
    if (events.length === 0) return [];
    const { networks, nodes } = context.replica.records;
    const named = new Set(
      [...networks.values()].map(({ resourceName }) => resourceName).filter((name) => name !== null),
    );
    const wanted = Object.keys(pod.resources).filter(
      (resource) => isDevice(resource) && (named.has(resource) || /sriov|vf|rdma|hugepages|dpdk|nic/i.test(resource)),
    );
    return wanted.flatMap((resource) => {
      const refused = events.filter(({ text }) => text.includes(`Insufficient ${resource}`));
      if (refused.length === 0) return [];
      const offering = [...nodes.values()].filter((node) => (node.allocatable[resource] ?? 0) > 0);
      const users = [...networks.values()].filter(({ resourceName }) => resourceName === resource).map(({ id }) => id);
      return [
        {
          subjects: [pod.id, ...users],
          title: `No ${resource} left`,
          detail: `${pod.namespace}/${pod.name} asks for ${pod.resources[resource] ?? 1} ${resource}, and ${offering.length === 0 ? 'no node offers any' : `all that ${offering.length} nodes offer is taken`}.`,
          evidence: refused.map(({ text }) => `event FailedScheduling: ${text}`),
          advice:
            offering.length === 0
              ? 'Look at the device plugin and its policy: no node allocates this resource.'
              : 'Free devices, or add nodes that have them.',
          since: pod.createdAt,
        },
      ];
    });
  },
});
