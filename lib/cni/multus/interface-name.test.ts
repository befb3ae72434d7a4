import { describe, expect, it } from 'vitest';
import { interfaceNames, multusInterfaceName } from './interface-name';

describe('multusInterfaceName', () => {
  it.each([
    [0, null, 0, 'net1'],
    [1, null, 0, 'net2'],
    [0, 'foo', 0, 'foo'],
    [0, null, 1, 'net2'],
  ])('position %i, asked for %s, %i before: %s', (index, requested, before, want) => {
    expect(multusInterfaceName(index, requested, before)).toBe(want);
  });
});

describe('interfaceNames', () => {
  const names = (...requested: (string | null)[]) =>
    interfaceNames(requested.map((name, index) => ({ index, interface: name }))).map(({ name, problem }) =>
      problem === null ? name : `${name}!`,
    );

  it('counts explicit names, too: a@foo,b is foo and net2 (multus.md §1.4)', () => {
    expect(names('foo', null)).toEqual(['foo', 'net2']);
  });
  it('never gives net0', () => {
    expect(names(null, null, null)).toEqual(['net1', 'net2', 'net3']);
  });
  it('names clashes: with each other, with a number that Multus gives, with eth0', () => {
    expect(names('net2', null, 'net2', 'eth0')).toEqual(['net2', 'net2!', 'net2!', 'eth0!']);
    expect(interfaceNames([{ index: 0, interface: 'eth0' }])[0]?.problem).toBe(
      'validateIfName: interface name eth0 already exists',
    );
  });
  it('knows what the kernel takes', () => {
    expect(names('abcdefghijklmno', 'abcdefghijklmnop', 'a b', 'a/b')).toEqual([
      'abcdefghijklmno',
      'abcdefghijklmnop!',
      'a b!',
      'a/b!',
    ]);
  });
  it('makes room for default networks of the daemon', () => {
    expect(
      interfaceNames(
        [
          { index: 0, interface: null },
          { index: 1, interface: 'net1' },
        ],
        1,
      ),
    ).toMatchObject([
      { name: 'net2', problem: null },
      { name: 'net1', problem: 'validateIfName: interface name net1 already exists' },
    ]);
  });
});
