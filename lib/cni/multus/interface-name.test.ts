import { describe, expect, it } from 'vitest';
import { interfaceNames, multusInterfaceName, primaryInterfaceName, refusedInterfaceName } from './interface-name';

describe('multusInterfaceName', () => {
  it.each([
    [0, null, 'net1'],
    [1, null, 'net2'],
    [0, 'foo', 'foo'],
  ])('position %i, requested %s: %s', (index, requested, want) => {
    expect(multusInterfaceName(index, requested)).toBe(want);
  });
});

describe('interfaceNames', () => {
  const names = (...requested: (string | null)[]) =>
    interfaceNames(requested.map((name, index) => ({ index, interface: name }))).map(({ name, problem }) =>
      problem === null ? name : `${name}!`,
    );

  it('counts explicit names, too: a@foo,b is foo and net2 (multus §1.4)', () => {
    expect(names('foo', null)).toEqual(['foo', 'net2']);
  });
  it('never assigns net0', () => {
    expect(names(null, null, null)).toEqual(['net1', 'net2', 'net3']);
  });
  it('reports name clashes: with each other, with a number that Multus assigns, with eth0', () => {
    expect(names('net2', null, 'net2', 'eth0')).toEqual(['net2', 'net2!', 'net2!', 'eth0!']);
    expect(interfaceNames([{ index: 0, interface: 'eth0' }])[0]?.problem).toBe(
      'validateIfName: interface name eth0 already exists',
    );
  });
  it('treats lo and the name requested by a pod’s own default network as taken', () => {
    expect(names('lo', 'eth0')).toEqual(['lo!', 'eth0!']);
    const face = (name: string) => ({ index: 0, interface: name });
    expect(interfaceNames([face('eth0')], 'foo')[0]?.problem).toBeNull();
    expect(interfaceNames([face('foo')], 'foo')[0]?.problem).toBe('validateIfName: interface name foo already exists');
  });
});

describe('refusedInterfaceName: ValidateInterfaceName of the CNI library', () => {
  it.each([
    ['abcdefghijklmno', null],
    ['Net_1.5', null],
    ['äääääää', null],
    ['', 'interface name is empty'],
    ['abcdefghijklmnop', 'interface name is too long; interface name should be less than 16 characters'],
    ['ääääääää', 'interface name is too long; interface name should be less than 16 characters'],
    ['.', 'interface name is . or ..'],
    ['..', 'interface name is . or ..'],
    ['...', null],
    ['a b', 'interface name contains / or : or whitespace characters'],
    ['a/b', 'interface name contains / or : or whitespace characters'],
    ['a:b', 'interface name contains / or : or whitespace characters'],
    ['a\u00a0b', 'interface name contains / or : or whitespace characters'],
    ['a\u200bb', null],
  ])('%j', (name, want) => expect(refusedInterfaceName(name)).toBe(want));
});

it('primaryInterfaceName is eth0, unless the pod replaces the network and names it', () => {
  expect([null, { interface: null }, { interface: 'foo' }].map(primaryInterfaceName)).toEqual(['eth0', 'eth0', 'foo']);
});
