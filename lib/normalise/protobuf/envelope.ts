/**
 * What the API server wraps protobuf objects in: `k8s\0` and a `runtime.Unknown`, a list, a watch event, a `Status`.
 * The functions throw `WireError` and nothing else.
 */
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

/** The bytes of the object inside the envelope. */
export function openEnvelope(bytes: Buffer): Wire {
  if (bytes.length < PREFIX.length || PREFIX.compare(bytes, 0, PREFIX.length) !== 0) {
    throw new WireError('not an object of a Kubernetes API: its first bytes are not "k8s"');
  }
  return fieldOf(new Wire(bytes, PREFIX.length), RAW);
}

/** The content of a length-delimited field; empty when absent. */
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

/** A `WatchEvent` without its length prefix: its type, and the object in its own envelope. */
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
  return { type, object: openEnvelope(bytes.subarray(object.at, object.end)) };
}

/** A `metav1.Status` in the shape of its JSON. */
export const readStatus = (wire: Wire): Decoded => decode(wire, STATUS);
