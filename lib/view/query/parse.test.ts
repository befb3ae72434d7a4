import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hasKey } from './facts/index';
import { KEYS, KINDS, specOf, type Key, type Kind } from './facts/keys';
import { inferKind } from './infer-kind';
import { parseQuery } from './parse';
import { printQuery, type Query, type QueryValue, type Term } from './query';

const read = (text: string): Query => {
  const { query, problem } = parseQuery(text);
  if (query === null) throw new Error(problem);
  return query;
};

describe('parsing', () => {
  test.each<[text: string, printed: string]>([
    ['', ''],
    ['   ', ''],
    ['eni managed:no', 'eni managed:no'],
    ['ENIs managed:NO', 'eni managed:no'],
    ['nodes room:0', 'node room:0'],
    ['subnet free<5%', 'subnet free<5%'],
    ['eni free<=03 eni:eni-1', 'eni free<=3 eni:eni-1'],
    ['room=0', 'room:0'],
    ['room:unknown', 'room:unknown'],
    ['NS:core', 'ns:core'],
    ['ns:core,shop  -state:warm', 'ns:core,shop -state:warm'],
    ['ns:"a b",c', 'ns:"a b",c'],
    ['"a phrase" -"another one"', '"a phrase" -"another one"'],
    ['-upf -', '-upf "-"'],
    ['"eni"', '"eni"'],
    ['upf eni', 'upf "eni"'],
    ['"ns:core"', '"ns:core"'],
    [String.raw`"say \"no\" \\"`, String.raw`"say \"no\" \\"`],
    ['ip:10.0.0.0/24', 'ip:10.0.0.0/24'],
    ['ip:10.26.', 'ip:10.26.'],
    ['ip:FD00::1', 'ip:fd00::1'],
    // Addresses and MACs look like keys.
    ['fd00::1', 'fd00::1'],
    ['fe80::/10', 'fe80::/10'],
    ['de:ad:be:ef:00:01', '"de:ad:be:ef:00:01"'],
    ['app=web', '"app=web"'],
    ['mac:02:5E:18', 'mac:02:5e:18'],
    ['mac:02-5e-18-a2-00-01', 'mac:02:5e:18:a2:00:01'],
    ['mac:025e.18a2.0001', 'mac:02:5e:18:a2:00:01'],
    ['mac:025e18', 'mac:02:5e:18'],
    ['mac:02:*:01,:18', 'mac:02:*:01,:18'],
    ['mac:"zz"', 'mac:"zz"'],
    ['eni:0A1F eni:eni-0a*,eni-', 'eni:0A1F eni:eni-0a*,eni-'],
    ['finding:any rule:pool-*', 'finding:any rule:pool-*'],
    ['eni tag:team=core', 'eni tag:team=core'],
    ['pod:core/upf-0', 'pod:core/upf-0'],
    ['finding:error -rule:pool-low', 'finding:error -rule:pool-low'],
  ])('%s is %s', (text, printed) => {
    expect(printQuery(read(text))).toBe(printed);
    expect(read(printed)).toEqual(read(text));
  });

  test.each<[text: string, problem: string]>([
    ['ns:', 'ns:: a value is missing, as in ns:kube-system'],
    ['ns:"x', '"x: the quote is not closed; put a " at its end'],
    ['ns:"x"y', '"x"y: put a space or a comma after the quote'],
    ['""', '"": an empty text matches everything; leave it out'],
    ['roo:0', 'roo:0: there is no key "roo"; did you mean room? Or quote "roo:0" to search for it as text'],
    ['image:app', 'image:app: there is no key "image"; quote "image:app" to search for it as text'],
    ['room:many', 'room:many: room takes a number or unknown, as in room:0 or room<3'],
    ['room<unknown', 'room<unknown: room takes a number or unknown, as in room:0 or room<3'],
    ['room<5%', 'room<5%: room is not a share of anything; leave out the %'],
    ['managed:maybe', 'managed:maybe: managed is one of yes, no, unknown'],
    ['ns<3', 'ns<3: ns is not a number; write ns:kube-system'],
    ['ip:300.', 'ip:300.: ip takes an address, a range or the first octets, as in ip:10.0.0.0/24'],
    ['ip:10.0.999', 'ip:10.0.999: ip takes an address, a range or the first octets, as in ip:10.0.0.0/24'],
    ['ip:ten', 'ip:ten: ip takes an address, a range or the first octets, as in ip:10.0.0.0/24'],
    ['mac:zz', 'mac:zz: mac takes a MAC address or some of its octets, as in mac:02:5e:18'],
    ['mac:02:5e:zz', 'mac:02:5e:zz: mac takes a MAC address or some of its octets, as in mac:02:5e:18'],
    ['mac:02:5e:018', 'mac:02:5e:018: mac takes a MAC address or some of its octets, as in mac:02:5e:18'],
    ['mac:02:5e,web', 'mac:02:5e,web: mac takes a MAC address or some of its octets, as in mac:02:5e:18'],
    ['mac:10.0.0.1', 'mac:10.0.0.1: mac takes a MAC address or some of its octets, as in mac:02:5e:18'],
    ['mac<02', 'mac<02: mac is not a number; write mac:02:5e:18'],
    ['ip:10.0.0.0/33', 'ip:10.0.0.0/33: ip takes an address, a range or the first octets, as in ip:10.0.0.0/24'],
    ['ip:10.0.0.1-9', 'ip:10.0.0.1-9: ip takes an address, a range or the first octets, as in ip:10.0.0.0/24'],
    [
      'ip:02:5e:18:a2:00:01',
      'ip:02:5e:18:a2:00:01: ip takes an address, a range or the first octets, as in ip:10.0.0.0/24',
    ],
    ['eni:zz', 'eni:zz: eni takes an id or its first digits, as in eni:eni-0a1f'],
    ['eni:i-0a1f', 'eni:i-0a1f: eni takes an id or its first digits, as in eni:eni-0a1f'],
    ['subnet:10.0.0.0/24', 'subnet:10.0.0.0/24: subnet takes an id or its first digits, as in subnet:subnet-0b2c'],
    ['sg:default', 'sg:default: sg takes an id or its first digits, as in sg:sg-0c3d'],
    ['eni instance:web', 'instance:web: instance takes an id or its first digits, as in instance:i-0a1f'],
    ['free<', 'free<: a value is missing, as in free:3'],
    ['eni free<-1', 'free<-1: free takes a number or unknown, as in free:0 or free<3'],
    ['eni free<>1', 'free<>1: free takes a number or unknown, as in free:0 or free<3'],
    ['eni card:one', 'card:one: card takes a number or unknown, as in card:0 or card<3'],
    ['severity:fatal', 'severity:fatal: severity is one of error, warning, info'],
    [
      'finding:erorr',
      'finding:erorr: finding takes error, warning, info, any, none or the id of a rule, as in finding:eni-leaked',
    ],
    ['rule:leaked', 'rule:leaked: rule takes the id of a rule, as in rule:eni-leaked'],
    ['rule:eni_leaked', 'rule:eni_leaked: rule takes the id of a rule, as in rule:eni-leaked'],
    [
      'free<5%',
      'free<5%: several kinds have free; say which, as in node free<5% or eni free<5% or subnet free<5% or network free<5%',
    ],
    ['pod room:0', 'room:0: pods have no room; leave it out, or ask for nodes'],
    ['room:0 managed:no', 'managed:no: only ENIs have managed, and they lack another key of this query; leave one out'],
  ])('%s cannot be parsed', (text, problem) => expect(parseQuery(text)).toEqual({ query: null, problem }));
});

test.each<[text: string, kind: Kind, any: boolean]>([
  ['', 'interface', true],
  ['upf', 'interface', true],
  ['node:1-17 net:ipvlan', 'interface', true],
  ['managed:no', 'eni', false],
  ['room:0 zone:a', 'node', false],
  ['blocks:0', 'subnet', false],
  ['plugin:macvlan', 'network', false],
  ['phase:Pending ns:core', 'pod', false],
  ['severity:error', 'finding', false],
  ['-severity:error', 'interface', true],
  ['severity:error upf', 'interface', true],
  ['node severity:error', 'node', false],
])('%s selects the kind %s', (text, kind, any) => expect(inferKind(read(text))).toEqual({ kind, any }));

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
const quotedText = fc.record({ text, exact: fc.constant(true) });
const name = fc.oneof(
  fc.record({ text: fc.stringMatching(/^[a-zA-Z0-9*./:_-]{1,9}$/), exact: fc.boolean() }),
  quotedText,
);

function value(key: Key): fc.Arbitrary<QueryValue> {
  const { type, words = [], of } = specOf(key);
  const plain = (one: fc.Arbitrary<string>): fc.Arbitrary<QueryValue> =>
    one.map((said) => ({ text: said, exact: false }));
  switch (type) {
    case 'word':
      return plain(fc.constantFrom(...words));
    case 'number':
      return plain(fc.nat(5000).map((number) => `${number / 4}${of !== undefined && number % 2 === 1 ? '%' : ''}`));
    case 'address':
      return plain(fc.constantFrom('10.0.0.0/24', '10.1.2.3', 'fd00::1', 'fd00::/64', '10.26.', '10'.concat('.1')));
    case 'mac':
      return plain(fc.constantFrom('02', '02:5e:18', ':18', '02:*:01', '02:5e:18:a2:00:01', '02:5'));
    case 'id':
      return fc.oneof(plain(fc.constantFrom('0a1f', `${specOf(key).prefix ?? ''}0a*`, '*')), quotedText);
    case 'rule':
      return fc.oneof(plain(fc.constantFrom('eni-leaked', 'pool-*', ...words)), quotedText);
    case 'name':
    case 'whole':
      return name;
  }
}

const keyed = (keys: readonly Key[]): fc.Arbitrary<Term> =>
  fc.constantFrom(...keys).chain((key) =>
    fc.record({
      negated: fc.boolean(),
      key: fc.constant(key),
      operator:
        specOf(key).type === 'number'
          ? fc.constantFrom(...([':', '<', '<=', '>', '>='] as const))
          : fc.constant(':' as const),
      values: fc.array(value(key), { minLength: 1, maxLength: 3 }),
    }),
  );
const worded: fc.Arbitrary<Term> = fc.record({
  negated: fc.boolean(),
  key: fc.constant(null),
  operator: fc.constant(':' as const),
  values: fc.tuple(fc.record({ text, exact: fc.constant(false) })),
});
const query: fc.Arbitrary<Query> = fc.constantFrom(...KINDS).chain((kind) => {
  const keys = (Object.keys(KEYS) as Key[]).filter((key) => hasKey(kind, key));
  return fc.record({
    kind: fc.constantFrom(kind, null),
    terms: fc.array(fc.oneof(keyed(keys), worded), { maxLength: 5 }),
  });
});

test('a printed query is parsed back unchanged', () => {
  fc.assert(
    fc.property(query, (asked) => {
      fc.pre(inferKind(asked).kind !== null);
      expect(parseQuery(printQuery(asked))).toEqual({ query: asked, problem: null });
    }),
    { seed: 11, numRuns: 1000 },
  );
});

test('any text is parsed or rejected in one line, and the result is stable', () => {
  const typed = fc.array(
    fc.constantFrom('eni', 'ns', ':', '"', '-', ',', '<', '=', ' ', '5%', '*', 'x', '\\', 'room', '\n'),
    {
      maxLength: 14,
    },
  );
  fc.assert(
    fc.property(typed, (parts) => {
      const { query: found, problem } = parseQuery(parts.join(''));
      if (found === null)
        expect(problem.split('\n').length).toBeLessThanOrEqual(1 + parts.filter((part) => part === '\n').length);
      else expect(read(printQuery(found))).toEqual(found);
    }),
    { seed: 12, numRuns: 2000 },
  );
});
