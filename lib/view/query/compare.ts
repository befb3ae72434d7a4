import { canonicalIp, cidrContains, cidrOverlaps, familyOf, parseCidr, type Cidr } from '../../model/ip';
import type { Fact } from './facts/fact';
import { specOf } from './facts/keys';
import { globTest } from './glob';
import type { Operator, QueryValue, Term } from './query';

type Compare = (fact: Fact) => boolean;

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Compares the texts of a fact; an unknown fact matches only `unknown`. */
const overTexts =
  (test: (text: string) => boolean, matchesUnknown = false): Compare =>
  (fact) =>
    fact === null ? matchesUnknown : Array.isArray(fact) && fact.some(test);

const isAscii = (text: string): boolean => /^[\0-\x7f]*$/.test(text);

const isLowerAscii = (text: string): boolean => /^[\0-@[-\x7f]*$/.test(text);

const exactly = (value: string): Compare => {
  const wanted = value.toLowerCase();
  // ASCII text has the same length in another case, so most texts need no further comparison.
  if (!isAscii(wanted)) return overTexts((text) => text.toLowerCase() === wanted);
  const { length } = wanted;
  return overTexts((text) => text.length === length && (text === wanted || text.toLowerCase() === wanted));
};

const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;
const isEdge = (character: string | undefined): boolean => character === undefined || !LETTER_OR_DIGIT.test(character);

/** Matches whole parts of a name, delimited by characters other than letters and digits. */
function partOfName(value: string): Compare {
  if (value.includes('*'))
    return overTexts(
      globTest(
        value,
        (text, at) => isEdge(text[at - 1]),
        (text, at) => isEdge(text[at]),
      ),
    );
  const expression = new RegExp(`(?<![\\p{L}\\p{N}])${escaped(value)}(?![\\p{L}\\p{N}])`, 'iu');
  const lower = value.toLowerCase();
  // Kubernetes names are lower-case, so text that does not contain an ASCII value as it is cannot match.
  const isSure = isAscii(value);
  return overTexts((text) => (isSure && !text.includes(lower) && isLowerAscii(text) ? false : expression.test(text)));
}

/** Matches the whole text. */
const whole = (value: string): Compare =>
  overTexts(
    globTest(
      value,
      (_, at) => at === 0,
      (text, at) => at === text.length,
    ),
  );

/** Matches from the start of the id, with or without its prefix: `eni-0a1f`, `0a1f`. */
const startOfId = (value: string): Compare =>
  overTexts(
    globTest(
      value,
      (text, at) => at === 0 || (text[at - 1] === '-' && /^[a-z]+-$/.test(text.slice(0, at))),
      () => true,
    ),
  );

/** Matches octets of a MAC, the last of which may have one digit. */
function macPart(value: string, exact: boolean): Compare {
  if (exact || value.includes('*')) return exact ? exactly(value) : partOfName(value);
  return partOfName(/(?:^|:)[\da-f]$/.test(value) ? `${value}*` : value);
}

interface Numbers {
  readonly first: number;
  readonly last: number;
}

/** The range of an address, a range or first octets; null for other text. */
function queriedRange(text: string): Cidr | null {
  const octets = text.split('.').filter((part) => part !== '');
  if (!text.includes(':') && !text.includes('/') && octets.length < 4)
    return parseCidr(`${[...octets, '0', '0', '0'].slice(0, 4).join('.')}/${octets.length * 8}`);
  const ip = canonicalIp(text);
  return parseCidr(ip === null ? text : `${ip}/${familyOf(ip) === 4 ? 32 : 128}`);
}

/**
 * `10.26.` for a range that ends at an octet boundary: a canonical address is in the range if it starts with this text.
 */
function leadingOctets({ family, prefixLength, text }: Cidr): string | null {
  if (family !== 4 || ![8, 16, 24].includes(prefixLength)) return null;
  return `${text.split('.', prefixLength / 8).join('.')}.`;
}

/** An IPv4 address as a number; null for a range and for IPv6. */
function plainIpv4(text: string): number | null {
  let value = 0;
  let octet = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57) octet = octet * 10 + code - 48;
    else if (code === 46) {
      value = value * 256 + octet;
      octet = 0;
    } else return null;
  }
  return value * 256 + octet;
}

/** Matches addresses in the range, and ranges that overlap it. */
function inRange(value: string): Compare {
  const range = queriedRange(value);
  if (range === null) return () => false;
  const octets = leadingOctets(range);
  if (octets !== null)
    return overTexts((text) => text.startsWith(octets) || (text.includes('/') && cidrOverlaps(range, text)));
  const ipv4: Numbers | null = range.family === 4 ? { first: Number(range.first), last: Number(range.last) } : null;
  return overTexts((text) => {
    // Nearly all addresses of a cluster are plain IPv4.
    const number = ipv4 === null ? null : plainIpv4(text);
    if (ipv4 !== null && number !== null) return number >= ipv4.first && number <= ipv4.last;
    if (text.includes('/')) return cidrOverlaps(range, text);
    return ipv4 === null && cidrContains(range, text);
  });
}

const COMPARISONS: Readonly<Record<Operator, (a: number, b: number) => boolean>> = {
  ':': (a, b) => a === b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

function byNumber(operator: Operator, text: string): Compare {
  if (text === 'unknown') return (fact) => fact === null;
  const limit = parseFloat(text);
  const compare = COMPARISONS[operator];
  const isShare = text.endsWith('%');
  return (fact) => {
    if (fact === null || !('value' in fact)) return false;
    if (!isShare) return compare(fact.value, limit);
    return fact.of !== null && fact.of > 0 && compare((fact.value / fact.of) * 100, limit);
  };
}

function compareValue({ key, operator }: Term, { text, exact }: QueryValue): Compare {
  if (key === null) return () => false;
  const { type } = specOf(key);
  switch (type) {
    case 'name':
      return exact ? exactly(text) : partOfName(text);
    case 'mac':
      return macPart(text, exact);
    case 'whole':
    case 'rule':
      return exact || !text.includes('*') ? exactly(text) : whole(text);
    case 'id':
      return exact ? exactly(text) : startOfId(text);
    case 'address':
      return inRange(text);
    case 'number':
      return byNumber(operator, text);
    case 'word':
      return overTexts((word) => word === text, text === 'unknown');
  }
}

/** The comparison for a term with a key, ignoring negation. */
export function compareBy(term: Term): Compare {
  const tests = term.values.map((value) => compareValue(term, value));
  const [only] = tests;
  // This runs for every record of a cluster, nearly always with one value.
  return only !== undefined && tests.length === 1 ? only : (fact) => tests.some((test) => test(fact));
}
