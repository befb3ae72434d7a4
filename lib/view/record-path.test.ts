import { describe, expect, it } from 'vitest';
import { decodedParts, recordOfPath, recordPath } from './record-path';

const CASES: readonly (readonly [id: string, path: string])[] = [
  ['pod:core/upf-0', '/pod/core/upf-0'],
  ['node:ip-10-0-1-9.eu-west-1.compute.internal', '/node/ip-10-0-1-9.eu-west-1.compute.internal'],
  ['eni-0d3e44', '/eni/eni-0d3e44'],
  ['net:core/n4-a', '/network/core/n4-a'],
  ['cluster', '/network/cluster'],
  ['subnet-0a', '/subnet/subnet-0a'],
  // Not a valid Kubernetes name, but a file may contain it.
  ['pod:a%2Fb/c d', '/pod/a%2Fb/c%20d'],
];

describe('the page of a record', () => {
  it.each(CASES)('%s', (id, path) => {
    expect(recordPath(id)).toBe(path);
    const [, kind = '', ...parts] = path.split('/');
    expect(recordOfPath(kind, decodedParts(parts))).toBe(id);
  });

  it.each([
    ['if:core/upf-0/net1', '/pod/core/upf-0'],
    ['eni-1/10.0.0.4', '/eni/eni-1'],
    ['f:pool-low/node:n1', null],
    ['card:n1/0', null],
    ['nic:n1/ens5', null],
    ['class:nics', null],
    ['pool:a/b', null],
  ])('of a record on another page, or without a page: %s', (id, path) => {
    expect(recordPath(id)).toBe(path);
  });

  it.each([
    ['pod', ['core']],
    ['pod', ['core', 'a', 'b']],
    ['pod', ['core', '']],
    ['node', []],
    ['eni', ['subnet-1']],
    ['network', ['other']],
    ['api', ['export']],
  ])('a path without a record: /%s/%j', (kind, parts) => {
    expect(recordOfPath(kind, parts)).toBeNull();
  });

  it('leaves an invalid encoding unchanged', () => {
    expect(decodedParts(['%E0%A4%A', 'a%20b'])).toEqual(['%E0%A4%A', 'a b']);
  });
});
