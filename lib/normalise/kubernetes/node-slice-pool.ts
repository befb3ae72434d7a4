/** NodeSlicePool (whereabouts.cni.cncf.io/v1alpha1): a range cut into one slice per node (multus §4.2). */
import { objectKey } from '../../model/facts';
import { fields, readEach, text } from '../read/guards';
import type { Keyed } from '../read/keyed';
import { openObject } from './object';

export function normaliseNodeSlicePool(value: unknown): Keyed<'nodeSlicePool'> | null {
  const object = openObject(value);
  if (object === null) return null;
  return {
    key: objectKey(object.meta),
    fact: {
      ...object.meta,
      range: text(object.spec['range']),
      sliceSize: text(object.spec['sliceSize']),
      allocations: readEach(object.status['allocations'], (item) => {
        const slice = fields(item);
        const node = text(slice['nodeName']);
        const range = text(slice['sliceRange']);
        // A slice that no node has yet has an empty nodeName.
        return node === null || range === null ? null : { node, range };
      }),
    },
  };
}
