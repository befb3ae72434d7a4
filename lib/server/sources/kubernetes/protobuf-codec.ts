/** Decodes protobuf: a list is one message, a watch one frame per event. Objects are decoded on demand. */
import { objectKey } from '../../../model/facts';
import { openEnvelope, openList, openWatchEvent, readIdentity, readStatus } from '../../../normalise/protobuf/envelope';
import { decode, message, type Message } from '../../../normalise/protobuf/message';
import { Wire, WireError } from '../../../normalise/protobuf/wire';
import type { Codec, Item, Page, WatchEvent } from './codec';
import { createFrameSplitter } from './frames';
import { reason, type Reason } from '../reason';
import { garbled, TroubleError, troubleOfStatusObject } from './trouble';

/** An object is at most 1.5 MiB in etcd. */
const LONGEST_FRAME = 16 << 20;

const BOOKMARK = message(['metadata', 1, { one: message(['annotations', 12, 'textMap']) }]);
const INITIAL_EVENTS_END = 'k8s.io/initial-events-end';

interface Metadata {
  readonly resourceVersion?: string;
  readonly continue?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Runs `read`; turns malformed protobuf into a `TroubleError`. */
function guarded<T>(what: Reason, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof WireError) throw garbled(reason`${what} is not protobuf`, error.message);
    throw error;
  }
}

/** The same bytes, read from the start. */
const again = ({ bytes, at, end }: Wire): Wire => new Wire(bytes, at, end);

const metadataOf = (wire: Wire, of: Message): Metadata => decode(again(wire), of)['metadata'] ?? {};

function itemOf(wire: Wire, of: Message): Item {
  const identity = readIdentity(wire);
  return {
    key: objectKey(identity),
    uid: identity.uid === '' ? null : identity.uid,
    isNamed: identity.name !== '',
    version: identity.version,
    read: () => guarded(reason`an object`, () => decode(again(wire), of)),
  };
}

function readPage(body: Buffer, of: Message): Page {
  const { metadata, items } = guarded(reason`a list`, () => openList(body));
  const { resourceVersion: version = '', continue: next }: Metadata = metadata;
  if (version === '') throw garbled(reason`a list without a resourceVersion`);
  return { items: itemsOf(items, of), next: next ?? null, version, bytes: body.length };
}

function* itemsOf(items: Generator<Wire>, of: Message): Generator<Item> {
  for (;;) {
    const item = guarded(reason`an object of a list`, () => {
      const next = items.next();
      return next.done === true ? null : itemOf(next.value, of);
    });
    if (item === null) return;
    yield item;
  }
}

function readEvent(frame: Buffer, of: Message): WatchEvent {
  const { type, object } = openWatchEvent(frame);
  if (type === 'ERROR') throw new TroubleError(troubleOfStatusObject(readStatus(object), 500, null));
  const item = itemOf(object, of);
  const { version } = item;
  if (version === '') throw garbled(reason`a watch event without a resourceVersion`);
  if (type !== 'BOOKMARK' && !item.isNamed) throw garbled(reason`a watch event about an object without a name`);
  if (type === 'ADDED' || type === 'MODIFIED') return { type: 'put', item, version };
  if (type === 'DELETED') return { type: 'delete', item, version };
  if (type !== 'BOOKMARK') throw garbled(reason`a watch event of unknown type`, type.slice(0, 40));
  return {
    type: 'bookmark',
    version,
    endsList: metadataOf(object, BOOKMARK).annotations?.[INITIAL_EVENTS_END] === 'true',
  };
}

/** The codec for a kind with this message. */
export const protobufCodec = (of: Message): Codec => ({
  page: (body) => readPage(body, of),
  events() {
    const splitter = createFrameSplitter(LONGEST_FRAME);
    return {
      push: (chunk) =>
        splitter.push(chunk).map((frame) => () => guarded(reason`an event of the watch`, () => readEvent(frame, of))),
    };
  },
  status(body) {
    try {
      return readStatus(openEnvelope(body));
    } catch (error) {
      if (error instanceof WireError) return null;
      throw error;
    }
  },
});
