/** What an object says of itself, before any normaliser has read it. */
import { objectKey } from '../../../model/facts';

/** The name that an object itself gives: enough to say which one went when nothing else of it is kept. */
export interface Identity {
  readonly key: string;
  readonly uid: string | null;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const property = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;

export function identityOf(object: unknown): Identity {
  const metadata = property(object, 'metadata');
  const uid = text(property(metadata, 'uid'));
  return {
    key: objectKey({ namespace: text(property(metadata, 'namespace')), name: text(property(metadata, 'name')) }),
    uid: uid === '' ? null : uid,
  };
}
