import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import {
  bareIp,
  bigIntToIp,
  canonicalIp,
  canonicalMac,
  cidrContains,
  cidrOverlaps,
  compareIps,
  familyOf,
  ipToBigInt,
  parseCidr,
} from './ip';

describe('canonicalIp', () => {
  it.each([
    ['10.0.1.9', '10.0.1.9'],
    ['010.0.1.9', null],
    ['10.1', null],
    ['0x0a.0.0.1', null],
    ['256.0.0.1', null],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['fe80::1%eth0', null],
    ['::ffff:10.0.0.1', '::ffff:a00:1'],
    ['::10.0.0.1', '::a00:1'],
    ['fd00::255.255.0.1', 'fd00::ffff:1'],
    ['1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5:6:102:304'],
    ['::010.0.0.1', null],
    ['::256.0.0.1', null],
    ['::1.2.3', null],
    ['', null],
    ['<nil>', null],
  ])('%s → %s', (text, want) => expect(canonicalIp(text)).toBe(want));
});

describe('parseCidr', () => {
  it.each([
    ['10.0.1.23/28', '10.0.1.16/28'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['2a05:d018::5/80', '2a05:d018::/80'],
    ['10.0.0.1/33', null],
    ['10.0.0.1', null],
    ['x/8', null],
    ['10.0.0.0/-1', null],
  ])('%s → %s', (text, want) => expect(parseCidr(text)?.text ?? null).toBe(want));

  it('includes first and last address and nothing beyond', () => {
    const cidr = parseCidr('10.0.1.16/28');
    expect(
      cidr && ['10.0.1.15', '10.0.1.16', '10.0.1.31', '10.0.1.32', '::1'].map((ip) => cidrContains(cidr, ip)),
    ).toEqual([false, true, true, false, false]);
  });
});

it('conversions between numbers and addresses are inverse', () => {
  for (const ip of ['0.0.0.0', '10.0.1.255', '255.255.255.255', '::', '2001:db8::1', 'ffff::']) {
    const value = ipToBigInt(ip);
    expect(value === null ? null : bigIntToIp(value, familyOf(ip))).toBe(ip);
  }
});

it('sorts by value, IPv4 first', () => {
  expect(['::1', '10.0.0.10', '10.0.0.9', '2001:db8::'].sort(compareIps)).toEqual([
    '10.0.0.9',
    '10.0.0.10',
    '::1',
    '2001:db8::',
  ]);
});

it.each([
  ['10.0.0.4/24', '10.0.0.4'],
  [' 10.0.0.4', '10.0.0.4'],
  ['10.0.0.4/x', null],
])('bareIp %s → %s', (text, want) => expect(bareIp(text)).toBe(want));

it.each([
  ['02:5E:18:A2:0C:44', '02:5e:18:a2:0c:44'],
  [' 02-5e-18-a2-0c-44 ', '02:5e:18:a2:0c:44'],
  ['0', null],
  ['254', null],
  ['', null],
  ['02:5e:18:a2:0c', null],
])('canonicalMac %s → %s', (text, want) => expect(canonicalMac(text)).toBe(want));

describe('IPv6 compared with another implementation', () => {
  const group = fc.oneof(fc.constant('0'), fc.stringMatching(/^[0-9a-fA-F]{1,5}$/), fc.constant(''), fc.constant('g'));
  const texts = fc.array(group, { minLength: 1, maxLength: 10 }).map((groups) => groups.join(':'));
  const theirs = (text: string): string | null =>
    text.includes(':') && ipaddr.IPv6.isValid(text) ? ipaddr.IPv6.parse(text).toRFC5952String() : null;

  it('reads and writes the same', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(canonicalIp(text)).toBe(theirs(text));
      }),
      { numRuns: 5_000, seed: 20260901 },
    );
  });

  it('formats every number in the same way', () => {
    const word = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(0xffff));
    fc.assert(
      fc.property(fc.array(word, { minLength: 8, maxLength: 8 }), (words) => {
        const text = new ipaddr.IPv6(words).toRFC5952String();
        expect(canonicalIp(words.map((one) => one.toString(16)).join(':'))).toBe(text);
        expect(bigIntToIp(ipToBigInt(text) ?? -1n, 6)).toBe(text);
      }),
      { numRuns: 2_000, seed: 20260901 },
    );
  });
});

it.each<[asked: string, range: string, overlaps: boolean]>([
  ['10.0.1.0/24', '10.0.1.16/28', true],
  ['10.0.1.20/32', '10.0.1.16/28', true],
  ['10.0.1.32/28', '10.0.1.16/28', false],
  ['0.0.0.0/0', '255.255.255.240/28', true],
  ['10.0.1.0/24', 'fd00::/80', false],
  ['fd00::/64', 'fd00::1:0:0:0/80', true],
  ['fd00::/64', '10.0.0.0/8', false],
])('%s and %s overlap: %s', (asked, range, overlaps) => {
  const cidr = parseCidr(asked);
  expect(cidr === null ? null : cidrOverlaps(cidr, range)).toBe(overlaps);
});
