import { lazy, type ComponentType } from 'react';
import type { View } from '../../lib/view/views';
import { TopologyView, type ViewProps } from './TopologyView';

type Body = ComponentType<ViewProps>;
type LaterView = Exclude<View, 'topology'>;

/** The code of the views that are loaded when they are first shown, or ahead of that (`late/ahead`). */
export const LATER_VIEWS: Readonly<Record<LaterView, () => Promise<{ readonly default: Body }>>> = {
  findings: () => import('./FindingsView'),
  nodes: () => import('./NodesView'),
  enis: () => import('./EnisView'),
  networks: () => import('./NetworksView'),
  subnets: () => import('./SubnetsView'),
  interfaces: () => import('./InterfacesView'),
  changes: () => import('./ChangesView'),
  capacity: () => import('./CapacityView'),
};

const later = Object.entries(LATER_VIEWS).map(([view, load]) => [view, lazy(load)]);

/** The component of each view. */
export const VIEW_COMPONENTS: Readonly<Record<View, Body>> = {
  topology: TopologyView,
  ...(Object.fromEntries(later) as Record<LaterView, Body>),
};
