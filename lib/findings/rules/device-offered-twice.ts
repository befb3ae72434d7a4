/** A device plugin and a claim driver offer the same devices (claims §5.4); neither of them accounts for the other's allocations. */
import { NODES, RESOURCE_SLICES } from '../../model/source-ids';
import { isEstablished } from '../guards/node';
import { listed, shell } from '../guards/words';
import { defineRule } from '../rule/rule';

export default defineRule({
  id: 'device-offered-twice',
  severity: 'warning',
  scope: 'nodes',
  isSteady: true,
  needs: [NODES, RESOURCE_SLICES],
  check(node, context) {
    const both = node.devicePools.flatMap(({ driver, resources }) =>
      resources.filter((resource) => (node.allocatable[resource] ?? 0) > 0).map((resource) => ({ driver, resource })),
    );
    if (both.length === 0 || !isEstablished(node, context)) return null;
    const drivers = [...new Set(both.map(({ driver }) => driver))];
    const resources = [...new Set(both.map(({ resource }) => resource))];
    return {
      subjects: [node.id],
      title: `${listed(resources)} and ${listed(drivers)} offer the same devices`,
      detail: `On ${node.name} a device plugin offers devices as ${listed(resources)}, and ${listed(drivers)} ${drivers.length === 1 ? 'offers' : 'offer'} them to claims. Neither knows what the other has allocated, so two pods may get one device.`,
      evidence: [
        ...resources.map(
          (resource) => `Kubernetes: allocatable of ${node.name}: ${resource} ${node.allocatable[resource] ?? 0}`,
        ),
        ...both.map(({ driver, resource }) => `Kubernetes: a ResourceSlice of ${driver} lists devices of ${resource}`),
      ],
      advice:
        'Run only one of them on a node: keep them on separate nodes by node selectors, or remove the device plugin.',
      command: shell`kubectl get node ${node.name} -o ${'jsonpath={.status.allocatable}'}`,
    };
  },
});
