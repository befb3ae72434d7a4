/** The keys by which reads are tracked: a collection and a key in it. */
import type { FactKind } from '../../model/facts';
import type { IndexName } from './indexes';

/**
 * A fact kind: the fact under the key. An index: the ids and the content of the facts under the key; for ENIs, the ids
 * and the shape. `eniShape`: an ENI's shape. `blocks`: the blocks of a subnet that ENIs use. `all`: every fact of a
 * kind. `some`: whether an index is empty. `live`, `answers`, `known`, `awaited`: the state of a source. `usage`,
 * `held`: sums over the nodes of a network or a subnet. `recordsOfPods`: the records that the units of a node's pods
 * derived.
 */
export type Collection =
  | FactKind
  | IndexName
  | 'eniShape'
  | 'blocks'
  | 'all'
  | 'some'
  | 'live'
  | 'answers'
  | 'known'
  | 'awaited'
  | 'vpc'
  | 'watchingSince'
  | 'releases'
  | 'endedMultiNic'
  | 'rises'
  | 'macsOfDevices'
  | 'recordsOfPods'
  | 'usage'
  | 'held';

/** Called for each key of a collection that has changed. */
export type Changed = (collection: Collection, key: string) => void;

/**
 * Collections keyed by node name share a space, so that a node needs few edges: `of-node` for what its pods read as
 * well, `on-node` for what only the node reads, most of which its pods change.
 */
const SHARED: ReadonlyMap<Collection, 'of-node' | 'on-node'> = new Map<Collection, 'of-node' | 'on-node'>([
  ['node', 'of-node'],
  ['cniNode', 'of-node'],
  ['ipamdEnis', 'of-node'],
  ['agentsByNode', 'of-node'],
  ['multusByNode', 'of-node'],
  ['branchPodsByNode', 'of-node'],
  ['sriovStatesByNode', 'of-node'],
  ['networkStatesByNode', 'of-node'],
  ['nodeEnisByNode', 'of-node'],
  ['slicesByNode', 'of-node'],
  ['macsOfDevices', 'of-node'],
  ['podsByNode', 'on-node'],
  ['recordsOfPods', 'on-node'],
  ['releases', 'on-node'],
  ['endedMultiNic', 'on-node'],
  ['rises', 'on-node'],
]);

/** The space of a collection's keys. */
export const spaceOf = (collection: Collection): string => SHARED.get(collection) ?? collection;
