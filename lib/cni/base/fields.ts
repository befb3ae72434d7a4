/**
 * The JSON keys and types of a plugin's Go struct. Go rejects the config if one value has the wrong type, and ignores
 * undeclared keys.
 */
import { isObject } from '../../model/is-object';
import { foldKey } from '../go/decode';
import { goParseCidr, goParseIp } from '../go/net';
import { MAX_ELEMENTS, type ConfigReader } from './reader';
import { lettersOf, lintKeys, type Elsewhere } from './unread-keys';

/** `address` is `net.IP`, `range` is `types.IPNet`: strings that are parsed while decoding. `any` accepts everything. */
type Scalar = 'string' | 'bool' | 'int' | 'uint' | 'uint32' | 'uint64' | 'address' | 'range' | 'object' | 'any';

/** A list is a one-element tuple, a map has the key `*`; any other object is a struct. */
export type Field = Scalar | readonly [Field] | Fields;
/** The keys of a struct and the types of their values. */
export interface Fields {
  readonly [key: string]: Field;
}

const isList = (field: Field): field is readonly [Field] => Array.isArray(field);

/** A route that pods get; `gw` is null for the default gateway of the range. */
export interface Route {
  /** Canonical CIDR. */
  readonly dst: string;
  readonly gw: string | null;
}

/** A route in any plugin's config (`types.Route`). */
export const ROUTE = {
  dst: 'range',
  gw: 'address',
  mtu: 'int',
  advmss: 'int',
  priority: 'int',
  table: 'int',
  scope: 'int',
} as const satisfies Fields;

/** The `dns` section of any plugin's config or result (`types.DNS`). */
export const DNS = {
  nameservers: ['string'],
  domain: 'string',
  search: ['string'],
  options: ['string'],
} as const satisfies Fields;

const WANTED: Readonly<Record<Scalar, string>> = {
  string: 'a string',
  bool: 'true or false',
  int: 'a whole number',
  uint: 'a whole number from 0',
  uint32: 'a whole number from 0 to 4294967295',
  uint64: 'a whole number from 0',
  address: 'a string',
  range: 'a string',
  object: 'an object',
  any: '',
};

const fits: Readonly<Record<Scalar, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  bool: (value) => typeof value === 'boolean',
  int: Number.isInteger,
  uint: (value) => Number.isInteger(value) && Number(value) >= 0,
  uint32: (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) < 2 ** 32,
  uint64: (value) => Number.isInteger(value) && Number(value) >= 0,
  address: (value) => typeof value === 'string',
  range: (value) => typeof value === 'string',
  object: isObject,
  any: () => true,
};

/** Reports every value that Go cannot decode. */
export function checkFields(config: ConfigReader, fields: Fields): void {
  checkObject(config, config.raw, fields, '');
}

function checkObject(config: ConfigReader, raw: Readonly<Record<string, unknown>>, fields: Fields, path: string): void {
  const every = fields['*'];
  const byKey = every === undefined ? new Map(Object.keys(fields).map((key) => [foldKey(key), key])) : null;
  for (const written of Object.keys(raw)) {
    const key = byKey === null ? written : written.length > 128 ? undefined : byKey.get(foldKey(written));
    const field = key === undefined ? undefined : (every ?? fields[key]);
    if (key !== undefined && field !== undefined) checkValue(config, raw[written], field, `${path}${key.slice(0, 64)}`);
    if (config.faults.isFull) return;
  }
}

/** `wanted`: what the message asks for, which for an element is the whole list. */
function checkValue(config: ConfigReader, value: unknown, field: Field, path: string, wanted = wantedOf(field)): void {
  if (config.faults.isFull) return;
  if (value === null) {
    // A range decodes `null` as an empty string, which is invalid; every other type keeps its zero value.
    if (field === 'range') config.error(`"${path}": invalid CIDR address: `);
  } else if (isList(field)) {
    if (!Array.isArray(value)) config.refuse(path, value, wanted);
    else for (const item of value.slice(0, MAX_ELEMENTS)) checkValue(config, item, field[0], path, wantedOf(field));
  } else if (typeof field === 'object') {
    if (!isObject(value)) config.refuse(path, value, wanted);
    else checkObject(config, value, field, `${path}.`);
  } else if (!fits[field](value)) {
    config.refuse(path, value, wanted);
  } else if (typeof value === 'string') {
    if (field === 'address' && value !== '' && goParseIp(value) === null) {
      config.error(`"${path}": invalid IP address: ${value.slice(0, 64)}`);
    } else if (field === 'range') {
      const read = goParseCidr(value.slice(0, 128));
      if ('error' in read) config.error(`"${path}": ${read.error}`);
    }
  }
}

function wantedOf(field: Field): string {
  if (!isList(field)) return typeof field === 'object' ? 'an object' : WANTED[field];
  const [of] = field;
  if (isList(of)) return 'a list of lists';
  if (typeof of === 'object' || of === 'object') return 'a list of objects';
  return of === 'any'
    ? 'a list'
    : of === 'bool'
      ? 'a list of true or false'
      : of.startsWith('u') || of === 'int'
        ? 'a list of whole numbers'
        : 'a list of strings';
}

/** Keys that other components write or read, so they are not checked here. */
const SHARED = new Set(['args', 'runtimeConfig', 'dns']);

/** Reports every unused key, also in nested objects: Go ignores it silently (multus §2.2). */
export function lintFields(
  config: ConfigReader,
  fields: Fields,
  also: readonly string[] = [],
  elsewhere?: Elsewhere,
): void {
  lintKeys(config, [...Object.keys(fields), ...also], elsewhere, (letters) => sectionWith(fields, letters));
  for (const [key, field] of Object.entries(fields)) {
    if (typeof field === 'object' && !SHARED.has(key)) lintNested(config, config.get(key), field, key);
  }
}

/** Whether one of the fields has this key, without case and separators. */
export const hasField = (fields: Fields, letters: string): boolean =>
  Object.keys(fields).some((key) => lettersOf(key) === letters);

/** The section whose objects have the key, in words. */
function sectionWith(fields: Fields, letters: string): string | null {
  for (const [key, field] of Object.entries(fields)) {
    const of = isList(field) ? field[0] : field;
    if (typeof of === 'object' && !isList(of) && !SHARED.has(key) && hasField(of, letters))
      return `it belongs in "${key}"`;
  }
  return null;
}

function lintNested(config: ConfigReader, value: unknown, field: Field, key: string): void {
  if (value === null || config.faults.isFull) return;
  if (isList(field)) {
    if (typeof field[0] !== 'object' || !Array.isArray(value)) return;
    for (const item of value.slice(0, MAX_ELEMENTS)) lintNested(config, item, field[0], key);
  } else if (typeof field === 'object' && isObject(value) && field['*'] === undefined) {
    lintFields(config.within(value, key), field);
  }
}
