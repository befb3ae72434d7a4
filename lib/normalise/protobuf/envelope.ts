/** The API server's protobuf wrappers: `k8s\0` and `runtime.Unknown`, a list, a watch event, a `Status`. Throws only `WireError`. */
import { decode, message, type Decoded } from './message';
import { BYTES, Wire, WireError } from './wire';

const PREFIX = Buffer.from('k8s\0');
const METADATA = (1 << 3) | BYTES;
const ITEM = (2 << 3) | BYTES;
const RAW = (2 << 3) | BYTES;

const LIST_META = message(['resourceVersion', 2, 'text'], ['continue', 3, 'text']);
const STATUS = message(
  ['message', 3, 'text'],
  ['reason', 4, 'text'],
  ['details', 5, { one: message(['retryAfterSeconds', 5, 'integer']) }],
  ['code', 6, 'integer'],
);

/** Opens the object in an envelope, which is all of `bytes` or the given part. */
export function openEnvelope(
  bytes: Buffer,
  { at, end }: Pick<Wire, 'at' | 'end'> = { at: 0, end: bytes.length },
): Wire {
  const isEnvelope = end - at >= PREFIX.length && PREFIX.every((byte, index) => bytes[at + index] === byte);
  if (!isEnvelope) throw new WireError('not an object of a Kubernetes API: its first bytes are not "k8s"');
  return fieldOf(new Wire(bytes, at + PREFIX.length, end), RAW);
}

/** The content of a length-delimited field; empty if absent. */
function fieldOf(wire: Wire, wanted: number): Wire {
  while (wire.at < wire.end) {
    const tag = wire.varint32();
    if (tag === wanted) return partOf(wire);
    wire.skip(tag & 7);
  }
  return new Wire(wire.bytes, wire.end);
}

/** The next field as a message of its own; advances past it. */
function partOf(wire: Wire): Wire {
  const length = wire.length();
  const part = new Wire(wire.bytes, wire.at, wire.at + length);
  wire.at += length;
  return part;
}

/** Identity and resource version of an object; empty texts are absent. */
export interface ObjectIdentity {
  namespace: string;
  name: string;
  uid: string;
  version: string;
}

const NAME = (1 << 3) | BYTES;
const NAMESPACE = (3 << 3) | BYTES;
const UID = (5 << 3) | BYTES;
const VERSION = (6 << 3) | BYTES;

/**
 * Reads an object's identity and version, which are the same for every kind; absent fields are empty. Called for every
 * object of a list.
 */
export function readIdentity({ bytes, at, end }: Wire): ObjectIdentity {
  const identity = { namespace: '', name: '', uid: '', version: '' };
  const wire = new Wire(bytes, at, end);
  while (wire.at < wire.end) {
    const tag = wire.varint32();
    if (tag === METADATA) identify(partOf(wire), identity);
    else wire.skip(tag & 7);
  }
  return identity;
}

function identify(metadata: Wire, identity: ObjectIdentity): void {
  while (metadata.at < metadata.end) {
    const tag = metadata.varint32();
    if (tag === NAME) identity.name = metadata.ownText();
    else if (tag === NAMESPACE) identity.namespace = metadata.text();
    else if (tag === UID) identity.uid = metadata.ownText();
    else if (tag === VERSION) identity.version = metadata.ownText();
    else metadata.skip(tag & 7);
  }
}

/** A list: its metadata, and its items one by one, so that the reader can pause between them. */
export interface ListBytes {
  readonly metadata: Decoded;
  readonly items: Generator<Wire>;
}

/** Opens a list in its envelope. `items` decodes lazily and may throw `WireError` as well. */
export function openList(bytes: Buffer): ListBytes {
  const wire = openEnvelope(bytes);
  const metadata = decode(fieldOf(new Wire(wire.bytes, wire.at, wire.end), METADATA), LIST_META);
  return { metadata, items: itemsOf(wire) };
}

function* itemsOf(wire: Wire): Generator<Wire> {
  while (wire.at < wire.end) {
    const tag = wire.varint32();
    if (tag === ITEM) yield partOf(wire);
    else wire.skip(tag & 7);
  }
}

/** A `WatchEvent` without its length prefix: its type, and the object, which has its own envelope. */
export function openWatchEvent(bytes: Buffer): { readonly type: string; readonly object: Wire } {
  const wire = new Wire(bytes);
  let type = '';
  let object = new Wire(bytes, wire.end);
  while (wire.at < wire.end) {
    const tag = wire.varint32();
    if (tag === ((1 << 3) | BYTES)) type = wire.text();
    else if (tag === ((2 << 3) | BYTES)) object = fieldOf(partOf(wire), (1 << 3) | BYTES);
    else wire.skip(tag & 7);
  }
  return { type, object: openEnvelope(bytes, object) };
}

/** A `metav1.Status` in its JSON form. */
export const readStatus = (wire: Wire): Decoded => decode(wire, STATUS);
