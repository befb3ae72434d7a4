/** The parts that all Kubernetes objects share. An object without a name is invalid. */
import type { ObjectFact } from '../../model/facts';
import { fields, objectOrNull, text, timestamp } from '../read/guards';
import type { Fields } from '../read/guards';
import { intern } from '../read/intern';

export interface KubernetesObject {
  readonly meta: ObjectFact;
  readonly labels: Fields;
  readonly annotations: Fields;
  readonly metadata: Fields;
  readonly spec: Fields;
  readonly status: Fields;
  readonly root: Fields;
}

/** Opens an object for a normaliser; null when `metadata.name` is missing or no string. */
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
