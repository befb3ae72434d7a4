/** Groupings, orders and colour modes in words. */
import type { ColourMode } from './colour-mode';
import type { Grouping, Order } from './node-groups';

/** The name of each grouping. */
export const GROUP_WORDS: Readonly<Record<Grouping, string>> = {
  zone: 'zone',
  'instance-type': 'instance type',
  'node-group': 'node group',
  subnet: 'subnet',
  'worst-finding': 'worst finding',
  none: 'nothing',
};

/** The name of each order. */
export const ORDER_WORDS: Readonly<Record<Order, { readonly label: string; readonly note?: string }>> = {
  name: { label: 'name' },
  fullness: { label: 'fullness', note: 'fullest first' },
  'free-pods': { label: 'room for pods', note: 'least first' },
  findings: { label: 'findings', note: 'worst first' },
};

/** The name of each colour mode. */
export const COLOUR_WORDS: Readonly<Record<ColourMode, string>> = {
  network: 'network',
  state: 'slot state',
  fullness: 'fullness',
  findings: 'findings',
};
