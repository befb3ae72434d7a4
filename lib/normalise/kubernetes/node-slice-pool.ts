/** NodeSlicePool (whereabouts.cni.cncf.io/v1alpha1): a range divided into one slice per node (multus §4.2). */
import { fields, readEach, text } from '../read/guards';
import { normaliser } from './object';

/** Only slices that belong to a node become allocations. */
export const normaliseNodeSlicePool = normaliser<'nodeSlicePool'>((object) => ({
  range: text(object.spec['range']),
  sliceSize: text(object.spec['sliceSize']),
  allocations: readEach(object.status['allocations'], (item) => {
    const slice = fields(item);
    const node = text(slice['nodeName']);
    const range = text(slice['sliceRange']);
    // A slice without a node has an empty nodeName.
    return node === null || range === null ? null : { node, range };
  }),
}));
