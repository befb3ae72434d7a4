/** The identity of an object, read without its normaliser. */
import { objectKey } from '../../../model/facts';

/** Name and uid from the metadata: enough to remove the fact of an object that was deleted. */
export interface Identity {
  readonly key: string;
  readonly uid: string | null;
  readonly isNamed: boolean;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const property = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;

/** The identity of an object in JSON. Missing fields read as empty; `isNamed` tells whether there is a name. */
export function identityOf(object: unknown): Identity {
  const metadata = property(object, 'metadata');
  const uid = text(property(metadata, 'uid'));
  const name = text(property(metadata, 'name'));
  return {
    key: objectKey({ namespace: text(property(metadata, 'namespace')), name }),
    uid: uid === '' ? null : uid,
    isNamed: name !== '',
  };
}
