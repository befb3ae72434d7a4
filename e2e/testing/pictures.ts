/** Pictures for tests of the canvas. */
import type { CanvasProps } from '../../components/canvas/props';
import type { ViewSource } from '../../lib/view/view-source';
import { rankNetworks } from '../../lib/view/network-colours';
import { createCluster, pool, type Cluster } from './layout';

/** A cluster of this many nodes, with one ENI each, to which a test adds more. */
export function clusterOf(nodes: number): Cluster {
  const made = createCluster();
  for (let index = 0; index < nodes; index++)
    made
      .node(`n-${index}`, { pools: [pool(1, 1, 0, 2)] })
      .eni(`n-${index}`, { id: `eni-${index}`, states: 'paw', net: `10.0.${index}` });
  return made;
}

const nothing = (): void => undefined;

/** The props of a picture in the light theme, without a selection or a filter. */
export const canvasProps = (replica: ViewSource, given: Partial<CanvasProps> = {}): CanvasProps => ({
  replica,
  revision: 1,
  theme: 'light',
  grouping: 'zone',
  networkRanks: rankNetworks(replica),
  filter: null,
  selection: null,
  stale: null,
  now: null,
  viewTarget: null,
  initialView: null,
  onSelect: nothing,
  onOpenNode: nothing,
  onViewChange: nothing,
  ...given,
});
