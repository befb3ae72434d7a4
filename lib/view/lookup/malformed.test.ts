/** Texts that look like an address, a range, a MAC or a query but are not valid. */
import { expect, it } from 'vitest';
import { node, pod, subnet, world } from '../../../e2e/testing/findings';
import { lookup, lookupOrProblem } from './lookup';

const replica = world([node(), pod('web'), subnet()]);

it.each([
  ['10.0.0.999', 'not an address or range: an octet is over 255'],
  ['999.1.1.1', 'not an address or range'],
  ['172.310.0', 'not an address or range'],
  ['10.0.0.22/33', 'not an address or range'],
  ['10.0.0.22/24/8', 'not an address or range'],
  ['10.0.0.0.1', 'not an address or range'],
  ['010.000.000.0220', 'not an address or range'],
  ['10.0.0.1-10.0.0.9', 'not a range: write it with its prefix length, as in 10.0.1.0/24'],
  ['0a:1b:2c:3d:4e:zz', 'not a MAC'],
  ['0a-1b-2c-3d-4e-zz', 'not a MAC'],
  ['2001:db8:::1', 'not an IPv6 address'],
  ['fd00::/129', 'not an IPv6 address'],
])('%s gives a note while it is typed, and an error that quotes it', (query, said) => {
  expect(lookup(replica, query)).toMatchObject({
    asked: 'name',
    hits: [],
    note: expect.stringMatching(said) as string,
  });
  expect(lookupOrProblem(replica, query)).toMatch(`"${query}" is ${said}`);
});

it.each([
  ['ns:', /^ns:: a value is missing/],
  ['eni free<x', /^free<x: free takes a number/],
])('the malformed query %s gives an error', (query, said) => expect(lookupOrProblem(replica, query)).toMatch(said));

it.each(['10.0.0.22', '172.31.0', '172.31.', 'fd00:6::99', '0a:1b:2c:3d:4e:5f', 'web', '10-0-0-999', 'ns:nowhere', ''])(
  '%j is not malformed, but may have no hits',
  (query) => expect(lookupOrProblem(replica, query)).toEqual(lookup(replica, query)),
);

it('finds a record with such a name', () => {
  const named = world([pod('10.0.0.999')]);
  expect(lookupOrProblem(named, '10.0.0.999')).toMatchObject({ hits: [{ id: 'pod:core/10.0.0.999' }] });
});
