/** The parts that all Kubernetes objects share. An object without a name is invalid. */
import { objectKey, type FactByKind, type FactKind, type ObjectFact } from '../../model/facts';
import { fields, objectOrNull, text, timestamp } from '../read/guards';
import type { Fields } from '../read/guards';
import { intern } from '../read/intern';
import type { Keyed } from '../read/keyed';

/** An opened Kubernetes object. Absent maps are empty; `root` is the whole object. */
export interface KubernetesObject {
  readonly meta: ObjectFact;
  readonly labels: Fields;
  readonly annotations: Fields;
  readonly metadata: Fields;
  readonly spec: Fields;
  readonly status: Fields;
  readonly root: Fields;
}

/** Opens an object for a normaliser; null if `metadata.name` is missing or not a string. */
export function openObject(value: unknown): KubernetesObject | null {
  const root = objectOrNull(value);
  if (root === null) return null;
  const metadata = fields(root['metadata']);
  const name = text(metadata['name']);
  if (name === null) return null;
  return {
    meta: {
      namespace: intern(text(metadata['namespace']) ?? ''),
      name,
      uid: text(metadata['uid']) ?? '',
      createdAt: timestamp(metadata['creationTimestamp']),
      deleting: text(metadata['deletionTimestamp']) !== null,
    },
    labels: fields(metadata['labels']),
    annotations: fields(metadata['annotations']),
    metadata,
    spec: fields(root['spec']),
    status: fields(root['status']),
    root,
  };
}

/** Creates a normaliser that adds the result of `read` to the object's metadata. If `read` returns null, the object is not kept. */
export const normaliser =
  <K extends FactKind>(read: (object: KubernetesObject) => Omit<FactByKind[K], keyof ObjectFact> | null) =>
  (value: unknown): Keyed<K> | null => {
    const object = openObject(value);
    const own = object === null ? null : read(object);
    if (object === null || own === null) return null;
    return { key: objectKey(object.meta), fact: { ...object.meta, ...own } as FactByKind[K] };
  };
