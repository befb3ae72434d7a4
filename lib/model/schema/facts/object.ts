/** The fields that every fact of a Kubernetes object has. */
import { boolean, nullable, text, time } from '../shape';
import type { ObjectOf } from '../shape';

export const objectFields = {
  /** Empty for cluster-scoped objects. */
  namespace: text,
  /** metadata.name */
  name: text,
  /** metadata.uid */
  uid: text,
  /** metadata.creationTimestamp */
  createdAt: nullable(time),
  /** metadata.deletionTimestamp is set. */
  deleting: boolean,
};
/** The fields of `objectFields` as a type. */
export interface ObjectFact extends ObjectOf<typeof objectFields> {}
