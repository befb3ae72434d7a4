/** Decodes JSON: a list is one document, a watch one object per line. */
import type { Codec, Item, Page, WatchEvent } from './codec';
import { fields, text } from '../../../normalise/read/guards';
import { reason, type Reason } from '../reason';
import { identityOf } from './identity';
import { createLineSplitter } from './lines';
import { garbled, TroubleError, troubleOfStatusObject } from './trouble';

const LONGEST_LINE = 64 << 20;

const versionOf = (object: unknown): string => text(fields(fields(object)['metadata'])['resourceVersion']) ?? '';

/** A JSON object as an item. */
export const itemOf = (object: unknown): Item => ({
  ...identityOf(object),
  version: versionOf(object),
  read: () => object,
});

function parse(body: string, what: Reason): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw garbled(reason`${what} is not JSON`, error instanceof Error ? error.message : String(error));
  }
}

function readPage(body: Buffer): Page {
  const page = fields(parse(body.toString(), reason`a list`));
  const items = page['items'] ?? [];
  const version = versionOf(page);
  if (!Array.isArray(items)) throw garbled(reason`a list without items`);
  if (version === '') throw garbled(reason`a list without a resourceVersion`);
  return { items: items.map(itemOf), next: text(fields(page['metadata'])['continue']), version, bytes: body.length };
}

const INITIAL_EVENTS_END = 'k8s.io/initial-events-end';

/** Decodes one line of a watch. An ERROR event throws, whether or not the server then closes the watch. */
export function readEvent(line: string): WatchEvent {
  const { object, type } = fields(parse(line, reason`a line of the watch`));
  if (type === 'ERROR') throw new TroubleError(troubleOfStatusObject(object, 500, null));
  const item = itemOf(object);
  const { version } = item;
  if (version === '') throw garbled(reason`a watch event without a resourceVersion`);
  if (type !== 'BOOKMARK' && !item.isNamed) throw garbled(reason`a watch event about an object without a name`);
  if (type === 'ADDED' || type === 'MODIFIED') return { type: 'put', item, version };
  if (type === 'DELETED') return { type: 'delete', item, version };
  if (type !== 'BOOKMARK') throw garbled(reason`a watch event of unknown type`, JSON.stringify(type));
  const annotations = fields(fields(fields(object)['metadata'])['annotations']);
  return { type: 'bookmark', version, endsList: annotations[INITIAL_EVENTS_END] === 'true' };
}

/** The JSON codec, for every kind. */
export const JSON_CODEC: Codec = {
  page: readPage,
  events() {
    const splitter = createLineSplitter(LONGEST_LINE);
    return { push: (chunk) => splitter.push(chunk).map((line) => () => readEvent(line)) };
  },
  status(body) {
    try {
      return JSON.parse(body.toString()) as unknown;
    } catch {
      // A proxy's HTML or plain text.
      return null;
    }
  },
};
