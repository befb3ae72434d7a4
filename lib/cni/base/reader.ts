/**
 * A CNI config object as Go's plugins read it: keys are case-insensitive, `null` is absent, and the plugin rejects the
 * whole config if one value has the wrong type. Nothing here throws; faults are collected.
 */
import { isObject } from '../../model/is-object';
import { foldKey, kindInWords } from '../go/decode';

/** `error`: Multus or the plugin rejects the config, or every pod with it. `warning`: it runs but does not work as intended. `info`: other information. */
export interface ConfigFault {
  readonly severity: 'error' | 'warning' | 'info';
  readonly text: string;
}

/** Enough to explain the faults of a config of any length. */
const MAX_FAULTS = 40;

/** No plugin has longer keys. */
const MAX_KEY = 128;

/** Lists of ranges, routes and links hold a handful; a longer one is hostile. */
export const MAX_ELEMENTS = 4096;

/** The faults of one config, at most 40, each text once. */
export class Faults {
  readonly list: ConfigFault[] = [];
  /** Set if a list was too long to be read completely, so nothing may be counted from it. */
  truncated = false;

  get isFull(): boolean {
    return this.list.length >= MAX_FAULTS;
  }

  /** Ignores a text that is already listed: a value is checked both where it is used and where all types are checked. */
  add(severity: ConfigFault['severity'], text: string): void {
    if (!this.isFull && !this.list.some((fault) => fault.text === text)) this.list.push({ severity, text });
  }
}

/** A view of one config object. Getters return null for an absent value and report one of the wrong type. */
export class ConfigReader {
  /**
   * Folded key → value. libcni passes sorted keys to plugins: of two spellings the later, lower-case one wins, unless it is
   * `null`.
   */
  readonly #values: ReadonlyMap<string, unknown>;

  constructor(
    readonly raw: Readonly<Record<string, unknown>>,
    readonly faults: Faults,
    /** The object's name in messages: `ipvlan`, `host-local`. */
    readonly owner: string,
    /** Its path in the config, for messages: `routes.`; empty at the top. */
    readonly path = '',
  ) {
    const values = new Map<string, unknown>();
    for (const key of Object.keys(raw).sort()) {
      const folded = foldKey(key);
      if (key.length <= MAX_KEY && (raw[key] !== null || !values.has(folded))) values.set(folded, raw[key]);
    }
    this.#values = values;
  }

  get(key: string): unknown {
    return this.#values.get(foldKey(key)) ?? null;
  }

  has(key: string): boolean {
    return this.get(key) !== null;
  }

  /** A reader for an object inside this config. */
  within(raw: Readonly<Record<string, unknown>>, key: string): ConfigReader {
    return new ConfigReader(raw, this.faults, this.owner, `${this.path}${key}.`);
  }

  /** Reports a value of the wrong type. */
  refuse(key: string, value: unknown, wanted: string): void {
    const text = typeof value === 'number' && wanted.startsWith('a whole number') ? String(value) : kindInWords(value);
    this.faults.add('error', `${this.owner}: "${this.path}${key}" is ${text}, ${wanted} is wanted`);
  }

  /** A non-empty string; null if absent or empty. */
  text(key: string): string | null {
    const value = this.get(key);
    if (value === null || value === '') return null;
    if (typeof value === 'string') return value;
    this.refuse(key, value, 'a string');
    return null;
  }

  whole(key: string): number | null {
    const value = this.get(key);
    if (value === null) return null;
    if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
    this.refuse(key, value, 'a whole number');
    return null;
  }

  flag(key: string): boolean {
    const value = this.get(key);
    if (value === null) return false;
    if (typeof value === 'boolean') return value;
    this.refuse(key, value, 'true or false');
    return false;
  }

  #list(key: string, wanted: string): readonly unknown[] {
    const value = this.get(key);
    if (value === null) return [];
    if (!Array.isArray(value)) {
      this.refuse(key, value, wanted);
      return [];
    }
    if (value.length <= MAX_ELEMENTS) return value;
    this.faults.truncated = true;
    this.warn(`"${this.path}${key}" has ${value.length} elements, of which the first ${MAX_ELEMENTS} are read`);
    return value.slice(0, MAX_ELEMENTS);
  }

  texts(key: string): readonly string[] {
    return this.#list(key, 'a list of strings').flatMap((item) => {
      if (typeof item === 'string') return [item];
      if (item === null) return [''];
      this.refuse(key, item, 'a list of strings');
      return [];
    });
  }

  object(key: string): ConfigReader | null {
    const value = this.get(key);
    if (value === null) return null;
    if (isObject(value)) return this.within(value, key);
    this.refuse(key, value, 'an object');
    return null;
  }

  objects(key: string): readonly ConfigReader[] {
    return this.#list(key, 'a list of objects').flatMap((item) => {
      if (isObject(item)) return [this.within(item, key)];
      // Go decodes null as an empty struct; for a list of pointers, the plugin reports it (`noNulls`).
      if (item === null) return [this.within({}, key)];
      this.refuse(key, item, 'a list of objects');
      return [];
    });
  }

  /** A list of lists of objects; other elements are skipped. */
  lists(key: string): readonly (readonly ConfigReader[])[] {
    return this.#list(key, 'a list of lists').flatMap((set) =>
      Array.isArray(set)
        ? [set.flatMap((item: unknown) => (item === null || isObject(item) ? [this.within(item ?? {}, key)] : []))]
        : set === null
          ? [[]]
          : [],
    );
  }

  error(text: string): void {
    this.faults.add('error', `${this.owner}: ${text}`);
  }

  warn(text: string): void {
    this.faults.add('warning', `${this.owner}: ${text}`);
  }

  note(text: string): void {
    this.faults.add('info', `${this.owner}: ${text}`);
  }
}
