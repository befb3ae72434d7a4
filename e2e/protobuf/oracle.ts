/**
 * Kubernetes' published `generated.proto` in an independent library: encodes objects from JSON, and decodes bytes. The
 * reader in `lib/normalise/protobuf` and the simulator's writer are compared with it.
 */
import path from 'node:path';
import protobuf from 'protobufjs';

type Fields = Record<string, unknown>;

const root = new protobuf.Root();
root.resolvePath = (_origin, target) => path.join(import.meta.dirname, target);
root.loadSync(
  ['core', 'apps', 'batch', 'networking'].map((group) => `k8s.io/api/${group}/v1/generated.proto`),
  { keepCase: true },
);

const META = 'k8s.io.apimachinery.pkg.apis.meta.v1';
const RUNTIME = 'k8s.io.apimachinery.pkg.runtime';

/** `Pod`, `PodList` and so on, in the package of its group. */
const packageOf = (group: string): string =>
  group === '' ? 'k8s.io.api.core.v1' : `k8s.io.api.${group.replace('.k8s.io', '')}.v1`;

const typeOf = (name: string): protobuf.Type => root.lookupType(name);

/** Types whose JSON form differs from their fields. */
const FROM_JSON: Readonly<Record<string, (value: unknown) => unknown>> = {
  Time: (value) => timeOf(String(value)),
  MicroTime: (value) => timeOf(String(value)),
  Quantity: (value) => ({ string: String(value) }),
  IntOrString: (value) => (typeof value === 'number' ? { type: 0, intVal: value } : { type: 1, strVal: String(value) }),
  FieldsV1: (value) => ({ Raw: Buffer.from(JSON.stringify(value)) }),
};

const TO_JSON: Readonly<Record<string, (value: Fields) => unknown>> = {
  Time: (value) => jsonTime(value, () => ''),
  MicroTime: (value) => jsonTime(value, (nanos) => `.${String(Math.floor(nanos / 1000)).padStart(6, '0')}`),
  Quantity: ({ string }) => string,
  IntOrString: ({ type, intVal, strVal }) => (Number(type ?? 0) === 0 ? Number(intVal ?? 0) : strVal),
  FieldsV1: ({ Raw }) => JSON.parse(Buffer.from(Raw as Uint8Array).toString()) as unknown,
};

function timeOf(text: string): Fields {
  const at = Date.parse(text);
  const fraction = /\.(\d+)Z$/.exec(text)?.[1] ?? '';
  return { seconds: Math.floor(at / 1000), nanos: Number(fraction.padEnd(9, '0')) };
}

function jsonTime(value: Fields, fraction: (nanos: number) => string): string | null {
  if (!Object.hasOwn(value, 'seconds')) return null;
  const text = new Date(Number(value['seconds']) * 1000).toISOString().slice(0, 19);
  return `${text}${fraction(Number(value['nanos'] ?? 0))}Z`;
}

/** The embedded structs that JSON writes inline. */
const INLINE: Readonly<Record<string, string>> = {
  Volume: 'volumeSource',
  Probe: 'handler',
  EphemeralContainer: 'ephemeralContainerCommon',
  ConfigMapProjection: 'localObjectReference',
};

function toMessage(type: protobuf.Type, json: Fields): Fields {
  const result: Fields = {};
  const inline = INLINE[type.name] ?? '';
  const inner = inline === '' ? undefined : type.fields[inline]?.resolve().resolvedType;
  if (inner instanceof protobuf.Type) {
    const part = toMessage(inner, json);
    if (Object.keys(part).length > 0) result[inline] = part;
  }
  for (const field of type.fieldsArray) {
    const value = json[field.name];
    if (value === undefined || value === null) continue;
    field.resolve();
    const one = (item: unknown): unknown =>
      field.resolvedType instanceof protobuf.Type ? fromJson(field.resolvedType, item) : item;
    if (field.map) result[field.name] = mapValues(value as Fields, one);
    else result[field.name] = field.repeated ? (value as unknown[]).map(one) : one(value);
  }
  return result;
}

const mapValues = (value: Fields, one: (item: unknown) => unknown): Fields =>
  Object.fromEntries(Object.entries(value).map(([key, item]) => [key, one(item)]));

const fromJson = (type: protobuf.Type, value: unknown): unknown =>
  FROM_JSON[type.name]?.(value) ?? toMessage(type, value as Fields);

function toJson(type: protobuf.Type, value: Fields): unknown {
  const special = TO_JSON[type.name];
  if (special !== undefined) return special(value);
  let result: Fields = {};
  for (const field of type.fieldsArray) {
    const own = value[field.name];
    if (own === undefined || own === null || (Array.isArray(own) && own.length === 0)) continue;
    field.resolve();
    const one = (item: unknown): unknown => {
      if (field.resolvedType instanceof protobuf.Type) return toJson(field.resolvedType, item as Fields);
      return typeof item === 'object' && item !== null && 'toNumber' in item ? Number(item) : item;
    };
    if (field.name === INLINE[type.name]) result = { ...result, ...(one(own) as Fields) };
    else if (field.map) {
      if (Object.keys(own).length > 0) result[field.name] = mapValues(own as Fields, one);
    } else result[field.name] = field.repeated ? (own as unknown[]).map(one) : one(own);
  }
  return result;
}

/** Adds `""`, `0` and `false` for absent fields, as Go writes fields that are not pointers. */
function withZeros(type: protobuf.Type, message: Fields): Fields {
  const result: Fields = { ...message };
  for (const field of type.fieldsArray) {
    field.resolve();
    const own = result[field.name];
    const { resolvedType } = field;
    if (own === undefined && !field.repeated && !field.map && resolvedType === null) {
      if (field.type === 'string') result[field.name] = '';
      else if (field.type === 'bool') result[field.name] = false;
      else if (field.type.startsWith('int')) result[field.name] = 0;
    } else if (own !== undefined && resolvedType instanceof protobuf.Type && !(resolvedType.name in FROM_JSON)) {
      const one = (item: unknown): unknown => withZeros(resolvedType, item as Fields);
      if (!field.map) result[field.name] = field.repeated ? (own as unknown[]).map(one) : one(own);
    }
  }
  return result;
}

/** The bytes of one object. `zeros`: with the empty fields that Go writes. */
export function encodeObject(group: string, kind: string, object: unknown, zeros = false): Buffer {
  const type = typeOf(`${packageOf(group)}.${kind}`);
  const message = toMessage(type, object as Fields);
  return Buffer.from(type.encode(zeros ? withZeros(type, message) : message).finish());
}

/** In its JSON form. */
export function decodeObject(group: string, kind: string, bytes: Uint8Array): unknown {
  const type = typeOf(`${packageOf(group)}.${kind}`);
  return toJson(type, type.decode(bytes));
}

/** The content of `k8s\0` and a runtime.Unknown. */
export function openEnvelope(bytes: Uint8Array): {
  readonly apiVersion: string;
  readonly kind: string;
  readonly raw: Uint8Array;
} {
  if (Buffer.from(bytes.subarray(0, 4)).toString() !== 'k8s\0') throw new Error('no k8s prefix');
  const { typeMeta, raw } = typeOf(`${RUNTIME}.Unknown`).decode(bytes.subarray(4)) as unknown as {
    typeMeta: { apiVersion: string; kind: string };
    raw: Uint8Array;
  };
  return { ...typeMeta, raw };
}

export function readFrame(bytes: Uint8Array): { readonly type: string; readonly object: Uint8Array } {
  const event = typeOf(`${META}.WatchEvent`).decode(bytes) as unknown as { type: string; object: { raw: Uint8Array } };
  return { type: event.type, object: event.object.raw };
}

export const decodeStatus = (raw: Uint8Array): unknown => {
  const type = typeOf(`${META}.Status`);
  return toJson(type, type.decode(raw));
};
