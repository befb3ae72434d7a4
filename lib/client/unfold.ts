/** Unfolds the group of a record that is opened. */
import type { NodeRecord } from '../model/records';
import { groupKeyNow } from '../view/node-groups';
import { nodeOfRecord } from '../view/partial-set';
import type { ViewSource } from '../view/view-source';
import type { PageLocation } from './location';
import type { Cell } from './cell';
import type { Reveal } from './reveal';

const nodeOf = (source: ViewSource, record: string): NodeRecord | undefined =>
  source.records.nodes.get(record) ?? source.records.nodes.get(nodeOfRecord(source, record) ?? '');

/** The key of the group of a record's node; null for a record without a node. */
export function groupOfRecord(
  source: ViewSource,
  record: string,
  grouping: Parameters<typeof groupKeyNow>[2],
): string | null {
  const node = nodeOf(source, record);
  return node === undefined ? null : groupKeyNow(source, node, grouping);
}

/**
 * Unfolds the group of the record and repeats the reveal request, because the record had no place when the picture
 * first received it.
 */
export function unfoldFor(
  source: ViewSource,
  record: string,
  location: PageLocation,
  revealer: Cell<Reveal | null>,
): void {
  const { folded, group } = location.getState();
  const key = groupOfRecord(source, record, group);
  if (key === null || !folded.includes(key)) return;
  location.go({ folded: folded.filter((one) => one !== key), camera: null });
  revealer.set({ to: 'record', id: record });
}
