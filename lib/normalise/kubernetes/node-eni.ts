/** NodeENI (networking.k8s.aws/v1alpha1): ENIs that aws-multi-eni-controller attached to nodes (multus §4.6). */
import { objectKey } from '../../model/facts';
import { count, fields, readEach, text } from '../read/guards';
import type { Keyed } from '../read/keyed';
import { openObject } from './object';

export function normaliseNodeEni(value: unknown): Keyed<'nodeEni'> | null {
  const object = openObject(value);
  if (object === null) return null;
  return {
    key: objectKey(object.meta),
    fact: {
      ...object.meta,
      attachments: readEach(object.status['attachments'], (item) => {
        const one = fields(item);
        const node = text(one['nodeID']);
        const eni = text(one['eniID']);
        if (node === null || eni === null) return null;
        return {
          node,
          eni,
          instanceId: text(one['instanceID']),
          deviceIndex: count(one['deviceIndex']),
          subnet: text(one['subnetID']),
        };
      }),
    },
  };
}
