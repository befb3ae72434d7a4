/**
 * The scheduler allocates no device from a pool with missing slices, and of several generations only from the newest; nodes
 * whose slices have the same driver and pool name share one pool (claims §5.6).
 */
import { NODES, RESOURCE_SLICES } from '../../model/source-ids';
import type { NodeRecord } from '../../model/records';
import { isEstablished } from '../guards/node';
import { heldAtLeast, MINUTE } from '../guards/time';
import { counted, listed, shell } from '../guards/words';
import { defineRule, type RuleContext, type Sighting } from '../rule/rule';
import type { Steady } from '../rule/steady';

type DevicePool = NodeRecord['devicePools'][number];

const nameOf = ({ driver, pool }: DevicePool): string => `pool ${pool} of ${driver}`;

const show = (): string | null => shell`kubectl get resourceslices -o wide`;

const shared = (node: Steady<'nodes'>, of: DevicePool): Sighting => ({
  subjects: [node.id],
  title: `Several nodes share ${nameOf(of)}`,
  detail: `ResourceSlices of ${node.name} and of ${listed(of.sharedWith)} have the same driver and pool. The scheduler treats them as one pool and uses only its newest generation: devices of the other nodes cannot be claimed.`,
  evidence: [
    `Kubernetes: ResourceSlices of ${node.name}: ${nameOf(of)}, generation ${of.generation}`,
    `Kubernetes: ${counted(of.sharedWith.length, 'more node has', 'more nodes have')} slices of ${nameOf(of)}`,
  ],
  advice: 'Give the pool a name for each node in the configuration of the driver.',
  command: show(),
});

const incomplete = (node: Steady<'nodes'>, of: DevicePool): Sighting => ({
  subjects: [node.id],
  title: `The ${nameOf(of)} is not complete`,
  detail: `${node.name} has ${counted(of.slices, 'ResourceSlice', 'ResourceSlices')} of generation ${of.generation} of ${nameOf(of)}, which should have ${of.expected}. Until it has them, the scheduler allocates none of its ${counted(of.devices, 'device')}.`,
  evidence: [
    `Kubernetes: resourceSliceCount ${of.expected}, ${counted(of.slices, 'slice is', 'slices are')} there`,
    of.outdated === 0
      ? null
      : `Kubernetes: ${counted(of.outdated, 'slice is', 'slices are')} still of an older generation`,
  ],
  advice: `Read the log of the driver ${of.driver} on the node: it publishes the slices.`,
  command: show(),
});

const outdated = (node: Steady<'nodes'>, of: DevicePool): Sighting => ({
  subjects: [node.id],
  severity: 'info',
  title: `Old slices of ${nameOf(of)} remain`,
  detail: `${node.name} has ${counted(of.outdated, 'ResourceSlice', 'ResourceSlices')} of an older generation than ${of.generation}, the newest of ${nameOf(of)}. The scheduler ignores them.`,
  evidence: [`Kubernetes: ${counted(of.outdated, 'slice')} older than generation ${of.generation}`],
  advice: `Restart the driver ${of.driver} on the node: it deletes slices that it does not publish.`,
  command: show(),
});

/** Problems within the pool. A driver that republishes its slices is between two generations for a moment. */
function ofOneNode(node: Steady<'nodes'>, of: DevicePool, context: RuleContext): Sighting | null {
  const isWhole = of.slices === of.expected;
  const since = heldAtLeast(`${of.driver}/${of.pool}`, !isWhole || of.outdated > 0, MINUTE, context);
  if (since === null) return null;
  return { ...(isWhole ? outdated(node, of) : incomplete(node, of)), since: new Date(since).toISOString() };
}

export default defineRule({
  id: 'device-pool-incomplete',
  severity: 'warning',
  scope: 'nodes',
  isSteady: true,
  needs: [NODES, RESOURCE_SLICES],
  check: (node, context) =>
    isEstablished(node, context)
      ? node.devicePools.flatMap((of) =>
          of.sharedWith.length > 0 ? shared(node, of) : (ofOneNode(node, of, context) ?? []),
        )
      : [],
});
