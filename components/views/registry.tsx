'use client';
import { lazy, type ComponentType } from 'react';
import type { View } from '../../lib/view/views';
import { TopologyView, type ViewProps } from './TopologyView';

/** The component of each view. All but the topology are loaded when they are first shown. */
export const VIEW_COMPONENTS: Readonly<Record<View, ComponentType<ViewProps>>> = {
  topology: TopologyView,
  nodes: lazy(() => import('./NodesView').then((m) => ({ default: m.NodesView }))),
  enis: lazy(() => import('./EnisView').then((m) => ({ default: m.EnisView }))),
  networks: lazy(() => import('./NetworksView').then((m) => ({ default: m.NetworksView }))),
  subnets: lazy(() => import('./SubnetsView').then((m) => ({ default: m.SubnetsView }))),
  interfaces: lazy(() => import('./InterfacesView').then((m) => ({ default: m.InterfacesView }))),
  changes: lazy(() => import('./ChangesView').then((m) => ({ default: m.ChangesView }))),
  capacity: lazy(() => import('./CapacityView').then((m) => ({ default: m.CapacityView }))),
  findings: lazy(() => import('./FindingsView').then((m) => ({ default: m.FindingsView }))),
};
