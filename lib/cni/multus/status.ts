/**
 * The annotation `k8s.v1.cni.cncf.io/network-status`: what was attached, as recorded by Multus or another writer (multus
 * §0, §1.5–1.6). Its entries are interfaces, not networks. Readable parts are kept; the others are listed in `problems`.
 * Never throws.
 */
import { isObject } from '../../model/is-object';
import { canonicalIp, canonicalMac } from '../../model/ip';
import type { NetworkStatusEntry } from '../../model/facts';
import type { AnnotationState } from '../../model/records';
import { kindInWords } from '../go/decode';
import { parseGoJson } from '../go/json';
import { goParseCidr } from '../go/net';
import { goQuote } from '../go/quote';
import { readDeviceInfo } from './device-info';

/** Key of the annotation since Multus 3.4.1. */
export const STATUS_KEY = 'k8s.v1.cni.cncf.io/network-status';
/** The only key up to Multus 3.4; in 3.4.1–3.9.3 both have the same text (multus §1.1). */
export const OLD_STATUS_KEY = 'k8s.v1.cni.cncf.io/networks-status';

/** The parsed annotation. */
export interface NetworkStatusAnnotation {
  /** A valid annotation without entries is `[]`; the error of `invalid` distinguishes invalid JSON from JSON that is not a list. */
  readonly annotation: AnnotationState;
  readonly entries: readonly NetworkStatusEntry[];
  readonly problems: readonly string[];
}

/** Reads the new key, and the old one only if the new one is absent (multus §0.6). */
export function parseNetworkStatus(newKey: string | null, oldKey: string | null): NetworkStatusAnnotation {
  const text = newKey ?? oldKey;
  if (text === null) return { annotation: { state: 'absent', error: null }, entries: [], problems: [] };
  // Multus up to 3.4 blanked the value on teardown (multus §1.5): empty, not invalid.
  if (text === '') return { annotation: { state: 'empty', error: null }, entries: [], problems: [] };
  const json = parseGoJson(text);
  if ('error' in json) return invalid(`network-status is not JSON: ${json.error}`);
  if (!Array.isArray(json.value)) return invalid(`network-status is not a list but ${kindInWords(json.value)}`);
  const problems: string[] = [];
  const list: readonly unknown[] = json.value;
  const budget = { addresses: MAX_ADDRESSES };
  const entries = list.slice(0, MAX_ENTRIES).flatMap((item, index) => readEntry(item, index, problems, budget) ?? []);
  if (budget.addresses < 0)
    problems.unshift(`network-status has more than ${MAX_ADDRESSES} addresses, of which the first are read`);
  if (list.length > MAX_ENTRIES) {
    problems.unshift(`network-status has ${list.length} entries, of which the first ${MAX_ENTRIES} are read`);
  }
  return { annotation: { state: 'valid', error: null }, entries, problems };
}

/** No pod has more interfaces; a longer text is hostile. */
const MAX_ENTRIES = 10_000;
/** Over all entries. */
const MAX_ADDRESSES = 20_000;

const invalid = (error: string): NetworkStatusAnnotation => ({
  annotation: { state: 'invalid', error },
  entries: [],
  problems: [error],
});

/** Limits the problems of a large broken text: the first few are sufficient. */
const MAX_PROBLEMS = 50;

function readEntry(
  item: unknown,
  index: number,
  problems: string[],
  budget: { addresses: number },
): NetworkStatusEntry | null {
  const addProblem = (text: string): void => {
    if (problems.length < MAX_PROBLEMS) problems.push(`entry ${index}: ${text}`);
    else if (problems.length === MAX_PROBLEMS) problems.push('more entries have problems');
  };
  if (!isObject(item)) {
    addProblem(`is ${kindInWords(item)}, not an object`);
    return null;
  }
  const field = (key: string): unknown => (Object.hasOwn(item, key) ? (item[key] ?? null) : null);
  const text = (key: string): string => {
    const value = field(key);
    if (typeof value === 'string') return value;
    if (value !== null) addProblem(`"${key}" is ${kindInWords(value)}, not a string`);
    return '';
  };
  const list = (key: string): string[] => {
    const value = field(key);
    const texts: string[] = [];
    if (value === null) return texts;
    if (!Array.isArray(value)) {
      addProblem(`"${key}" is ${kindInWords(value)}, not a list`);
      return texts;
    }
    for (const element of value as readonly unknown[]) {
      if (typeof element === 'string') texts.push(element);
      else addProblem(`"${key}" holds ${kindInWords(element)}`);
    }
    return texts;
  };
  const addresses = (key: string, texts: readonly string[]): string[] => {
    const ips: string[] = [];
    for (const written of texts) {
      if (--budget.addresses < 0) break;
      const ip = bareAddress(written.trim());
      if (ip === null) addProblem(`"${key}" holds ${goQuote(written.slice(0, 64))}, which is no address`);
      else ips.push(ip);
    }
    return ips;
  };

  const rawMac = text('mac');
  const gateways = list('gateway');
  const isDefault = field('default');
  if (isDefault !== null && typeof isDefault !== 'boolean') addProblem('"default" is not a boolean');
  return {
    index,
    name: text('name'),
    interface: text('interface') || null,
    ips: addresses('ips', list('ips')),
    rawMac: rawMac === '' ? null : rawMac,
    mac: canonicalMac(rawMac.slice(0, 64)),
    mtu: readMtu(field('mtu'), addProblem),
    default: isDefault === true,
    gateways: addresses(
      'gateway',
      gateways.filter((gateway) => gateway !== NO_GATEWAY),
    ),
    routeWithoutGateway: gateways.includes(NO_GATEWAY),
    device: readDeviceInfo(field('device-info'), field('device'), addProblem),
  };
}

/** Canonical form of an address with or without a prefix length (multus §0.4). */
function bareAddress(text: string): string | null {
  const slash = text.indexOf('/');
  if (slash < 0) return canonicalIp(text);
  return 'error' in goParseCidr(text) ? null : canonicalIp(text.slice(0, slash));
}

/** Go's output for a default route without a gateway (multus §1.5). */
const NO_GATEWAY = '<nil>';

function readMtu(value: unknown, addProblem: (text: string) => void): number | null {
  if (value === null) return null;
  if (typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= 0xffff_ffff) return value;
  if (value !== 0) addProblem('"mtu" is not a positive whole number');
  return null;
}
