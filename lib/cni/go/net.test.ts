import { describe, expect, it } from 'vitest';
import { goParseCidr, goParseIp, goParseMac } from './net';
import { byteLength, goQuote, goTrim, quoteByte } from './quote';

describe('goParseIp', () => {
  it.each([
    ['10.0.0.1', '10.0.0.1'],
    ['01.0.0.1', null],
    ['10.0.1', null],
    ['10.0.0.256', null],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['1:2:3:4:5:6:7::8', null],
    ['00001::', null],
    ['::1%eth0', null],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['::ffff:a00:1', '10.0.0.1'],
    ['::ffff:010.0.0.1', null],
    ['FD00::00A1', 'fd00::a1'],
    ['1::2::3', null],
    [':::', null],
    ['', null],
    [' 10.0.0.1', null],
  ])('%s → %s', (text, want) => expect(goParseIp(text)).toBe(want));
});

describe('goParseCidr', () => {
  it.each([
    ['10.0.0.1/24', { ip: '10.0.0.1', prefixLength: 24 }],
    ['10.0.0.1/024', { ip: '10.0.0.1', prefixLength: 24 }],
    ['fd00::1/64', { ip: 'fd00::1', prefixLength: 64 }],
    ['::ffff:10.0.0.1/120', { ip: '10.0.0.1', prefixLength: 24 }],
    ['10.0.0.1/33', { error: 'invalid CIDR address: 10.0.0.1/33' }],
    ['10.0.0.1/24/3', { error: 'invalid CIDR address: 10.0.0.1/24/3' }],
    ['10.0.0.1/-1', { error: 'invalid CIDR address: 10.0.0.1/-1' }],
    ['10.0.0.1', { error: 'invalid CIDR address: 10.0.0.1' }],
    ['/24', { error: 'invalid CIDR address: /24' }],
  ])('%s', (text, want) => expect(goParseCidr(text)).toEqual(want));
});

describe('goParseMac', () => {
  it.each([
    ['AA-bb-cc-dd-ee-ff', { mac: 'aa:bb:cc:dd:ee:ff' }],
    ['aabb.ccdd.eeff', { mac: 'aa:bb:cc:dd:ee:ff' }],
    ['24:8a:07:03:00:8d:ae:2f', { mac: '24:8a:07:03:00:8d:ae:2f' }],
    [Array(20).fill('0f').join(':'), { mac: Array(20).fill('0f').join(':') }],
    ['aa:bb:cc:dd:ee', { error: 'address aa:bb:cc:dd:ee: invalid MAC address' }],
    ['aa:bb-cc:dd:ee:ff', { error: 'address aa:bb-cc:dd:ee:ff: invalid MAC address' }],
    ['aabbccddeeff', { error: 'address aabbccddeeff: invalid MAC address' }],
    ['254', { error: 'address 254: invalid MAC address' }],
  ])('%s', (text, want) => expect(goParseMac(text)).toEqual(want));
});

describe('text as Go prints it', () => {
  it('is quoted', () => {
    expect(goQuote('a"b\\c\n\u0001é\u00a0\u200b\u007f“')).toBe('"a\\"b\\\\c\\n\\x01é\\u00a0\\u200b\\x7f“"');
    expect(quoteByte(34)).toBe(`'"'`);
    expect(quoteByte(39)).toBe(`'\\''`);
  });
  it('is trimmed of Unicode white space, but not of a byte order mark', () => {
    expect(goTrim('\u0085\u00a0 a \u3000\n')).toBe('a');
    expect(goTrim('\ufeffa')).toBe('\ufeffa');
    expect(goTrim(' \t')).toBe('');
  });
  it('is measured in bytes, not characters', () => {
    expect(byteLength('añ€😀')).toBe(1 + 2 + 3 + 4);
  });
});
