/** The keys by which reads are tracked: a collection and a key in it. */
import type { FactKind } from '../../model/facts';
import type { IndexName } from './indexes';

/**
 * A fact kind: the fact under the key. An index: the facts under the key, and what they say. `all`: every fact of a kind.
 * `some`: whether an index is empty. `live`, `known`, `awaited`: a source's state. `usage`, `held`: sums of what nodes add to a network, a subnet.
 */
export type Collection =
  | FactKind
  | IndexName
  | 'all'
  | 'some'
  | 'live'
  | 'known'
  | 'awaited'
  | 'vpc'
  | 'watchingSince'
  | 'releases'
  | 'endedMultiNic'
  | 'rises'
  | 'usage'
  | 'held';

export type Changed = (collection: Collection, key: string) => void;

/** Collections whose key is a node's name. All that is known of one node is one key, so that a node needs few edges. */
const OF_NODE: ReadonlySet<Collection> = new Set<Collection>([
  'node',
  'cniNode',
  'awsNodeMetrics',
  'ipamdEnis',
  'podsByNode',
  'sriovStatesByNode',
  'networkStatesByNode',
  'nodeEnisByNode',
  'releases',
  'endedMultiNic',
  'rises',
]);

export const keyOf = (collection: Collection, key: string): string =>
  OF_NODE.has(collection) ? `of-node/${key}` : `${collection}/${key}`;
