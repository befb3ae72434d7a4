/** Pictures for tests of the canvas. */
import type { CanvasProps } from '../../components/canvas/props';
import type { ViewSource } from '../../lib/view/view-source';
import { rankNetworks } from '../../lib/view/network-colours';
import { createCluster, pool, type Cluster } from './layout';

/** A cluster of so many nodes, with one ENI each, before anything else is added to it. */
export function clusterOf(nodes: number): Cluster {
  const made = createCluster();
  for (let index = 0; index < nodes; index++)
    made
      .node(`n-${index}`, { pools: [pool(1, 1, 0, 2)] })
      .eni(`n-${index}`, { id: `eni-${index}`, states: 'paw', net: `10.0.${index}` });
  return made;
}

const nothing = (): void => undefined;

/** The props of a picture in light colours, of which nothing is selected or filtered. */
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
