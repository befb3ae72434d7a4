/** The identity of an object, read without its normaliser. */
import { objectKey } from '../../../model/facts';
import { fields, text } from '../../../normalise/read/guards';

/** Name and uid from the metadata: enough to remove the fact of an object that was deleted. */
export interface Identity {
  readonly key: string;
  readonly uid: string | null;
  readonly isNamed: boolean;
}

/** The identity of a JSON object. Missing fields read as empty; `isNamed`: whether there is a name. */
export function identityOf(object: unknown): Identity {
  const metadata = fields(fields(object)['metadata']);
  const name = text(metadata['name']) ?? '';
  return {
    key: objectKey({ namespace: text(metadata['namespace']) ?? '', name }),
    uid: text(metadata['uid']),
    isNamed: name !== '',
  };
}
