/** Encodes the API server's responses in protobuf: objects, lists, watch events and errors, each in its envelope. */
import { MESSAGES, type Field } from './schema';
import { Writer } from './writer';

/** The media type of Kubernetes’ protobuf. */
export const PROTOBUF = 'application/vnd.kubernetes.protobuf';

/** The kind of an object. */
export interface Kind {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Null for a built-in kind. */
  readonly crdOf: string | null;
}

const groupVersion = ({ group, version }: Kind): string => (group === '' ? version : `${group}/${version}`);

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const NONE: Fields = {};
const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : NONE);

/** Whether the kind is answered in protobuf: the built-in ones. */
export const speaksProtobuf = (resource: Kind): boolean => resource.crdOf === null && MESSAGES.has(resource.kind);

/** Shared by all writes: each is copied out before the next begins. */
const scratch = new Writer();

/** The bytes of what `write` writes. */
function written(write: (writer: Writer) => void): Buffer {
  scratch.begin();
  write(scratch);
  return scratch.take();
}

/** The bytes of frozen values, by the field in which they stand: these never change, and most pods have the same ones. */
const constants = new WeakMap<object, Map<Field, Uint8Array>>();

/** Writes the field with a frozen value, from the bytes of the first time. */
function writeConstant(writer: Writer, field: Field, value: object, write: (to: Writer) => void): void {
  const byField = constants.get(value) ?? new Map<Field, Uint8Array>();
  constants.set(value, byField);
  let bytes = byField.get(field);
  if (bytes === undefined) {
    const own = new Writer();
    write(own);
    byField.set(field, (bytes = own.take()));
  }
  writer.raw(bytes);
}

function writeList(writer: Writer, field: Field, items: readonly unknown[]): void {
  for (const item of items.toReversed()) writeField(writer, field, item);
}

/** Writes a message; the caller writes its length. */
function writeMessage(writer: Writer, type: string, object: Fields): void {
  for (const field of MESSAGES.get(type) ?? []) {
    const value = field.isInline ? object : object[field.name];
    if (field.isList) {
      if (!Array.isArray(value)) continue;
      if (Object.isFrozen(value)) writeConstant(writer, field, value, (to) => writeList(to, field, value));
      else writeList(writer, field, value);
    } else if (field.type === 'map' || field.type === 'quantities') {
      for (const entry of Object.entries(fieldsOf(value)).reverse()) writeEntry(writer, field, entry);
    } else if (isFields(value) && !field.isInline && Object.isFrozen(value)) {
      writeConstant(writer, field, value, (to) => writeField(to, field, value));
    } else if (!field.isPointer || (value !== undefined && value !== null)) writeField(writer, field, value);
  }
}

/** Writes the output of `write` as the field with this number, preceded by its length. */
function within(writer: Writer, number: number, write: () => void): void {
  const before = writer.size;
  write();
  writer.varint(writer.size - before);
  writer.tag(number, 2);
}

function writeText(writer: Writer, number: number, value: string): void {
  writer.text(value);
  writer.tag(number, 2);
}

function writeNumber(writer: Writer, number: number, value: number): void {
  writer.varint(value);
  writer.tag(number, 0);
}

function writeEntry(writer: Writer, field: Field, [key, value]: readonly [string, unknown]): void {
  within(writer, field.number, () => {
    if (field.type === 'map') writeText(writer, 2, String(value));
    else within(writer, 2, () => writeText(writer, 1, String(value)));
    writeText(writer, 1, key);
  });
}

function writeField(writer: Writer, field: Field, value: unknown): void {
  const { number, type } = field;
  switch (type) {
    case 'text':
      writeText(writer, number, typeof value === 'string' ? value : '');
      return;
    case 'int':
      writeNumber(writer, number, typeof value === 'number' ? value : 0);
      return;
    case 'bool':
      writeNumber(writer, number, value === true ? 1 : 0);
      return;
    case 'time':
    case 'microTime':
      within(writer, number, () => writeTime(writer, typeof value === 'string' ? value : null));
      return;
    case 'json':
      within(writer, number, () => writeText(writer, 1, JSON.stringify(value)));
      return;
    case 'intOrString':
      within(writer, number, () => {
        writeText(writer, 3, typeof value === 'string' ? value : '');
        writeNumber(writer, 2, typeof value === 'number' ? value : 0);
        writeNumber(writer, 1, typeof value === 'string' ? 1 : 0);
      });
      return;
    default:
      within(writer, number, () => writeMessage(writer, type, fieldsOf(value)));
  }
}

/** The last time that was written: most times of an object are equal. */
let lastTime = { text: '', seconds: 0, nanoseconds: 0 };

/** An unset time is a message without fields. */
function writeTime(writer: Writer, text: string | null): void {
  if (text === null) return;
  if (text !== lastTime.text) {
    const fraction = /\.(\d+)Z$/.exec(text)?.[1] ?? '';
    lastTime = {
      text,
      seconds: Math.floor(Date.parse(text) / 1000),
      nanoseconds: Number(fraction.padEnd(9, '0')),
    };
  }
  writeNumber(writer, 2, lastTime.nanoseconds);
  writeNumber(writer, 1, lastTime.seconds);
}

const PREFIX = Buffer.from('k8s\0');

/** `k8s\0` and a runtime.Unknown: type meta 1, raw 2, content encoding 3, content type 4. */
function envelope(apiVersion: string, kind: string, raw: Uint8Array): Buffer {
  const unknown = written((writer) => {
    writeText(writer, 4, '');
    writeText(writer, 3, '');
    writer.bytes(raw);
    writer.tag(2, 2);
    within(writer, 1, () => {
      writeText(writer, 2, kind);
      writeText(writer, 1, apiVersion);
    });
  });
  return Buffer.concat([PREFIX, unknown]);
}

const messageBytes = (type: string, object: Fields): Buffer => written((writer) => writeMessage(writer, type, object));

/** An object in the envelope of Kubernetes’ protobuf. */
export const encodeObject = (resource: Kind, object: Fields): Buffer =>
  envelope(groupVersion(resource), resource.kind, messageBytes(resource.kind, object));

/** An error in the same envelope. */
export const encodeStatus = (status: object): Buffer =>
  envelope('v1', 'Status', messageBytes('Status', status as Fields));

/** A whole list, its items rendered one by one. */
export function encodeList(resource: Kind, metadata: Fields, items: readonly (() => Fields)[]): Buffer {
  const list = written((writer) => {
    for (const item of items.toReversed()) within(writer, 2, () => writeMessage(writer, resource.kind, item()));
    within(writer, 1, () => writeMessage(writer, 'ListMeta', metadata));
  });
  return envelope(groupVersion(resource), `${resource.kind}List`, list);
}

/** The beginning of a frame of 256 bytes. */
export const CUT_FRAME = Buffer.from([0, 0, 1, 0, 10, 8, 77]);

/** The first half of what a frame contains, as a complete frame. */
export function truncatedFrame(frame: Buffer): Buffer {
  const half = frame.subarray(0, 4 + ((frame.length - 4) >> 1));
  const cut = Buffer.from(half);
  cut.writeUInt32BE(cut.length - 4);
  return cut;
}

/** One frame of a watch: four bytes of length and a WatchEvent (type 1, object 2, whose raw bytes are field 1). */
export function encodeEvent(type: string, object: Uint8Array): Buffer {
  const event = written((writer) => {
    within(writer, 2, () => {
      writer.bytes(object);
      writer.tag(1, 2);
    });
    writeText(writer, 1, type);
  });
  const length = Buffer.alloc(4);
  length.writeUInt32BE(event.length);
  return Buffer.concat([length, event]);
}
