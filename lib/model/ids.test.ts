import { expect, it } from 'vitest';
import { findingId, idParts, interfaceId, kindOfId, nodeId } from './ids';
import { byNaturalName } from './order';

it('encodes only parts that contain a slash, and decodes them', () => {
  expect(interfaceId('core', 'upf-0', 'net1')).toBe('if:core/upf-0/net1');
  expect(interfaceId('core', 'upf-0', 'a/b')).toBe('if:core/upf-0/a%2Fb');
  expect(idParts('if:core/upf-0/a%2Fb')).toEqual(['core', 'upf-0', 'a/b']);
  expect(idParts('eni-0a1')).toEqual(['eni-0a1']);
});

it('knows the kind of every id', () => {
  expect(['cluster', 'eni-1', nodeId('a'), findingId('network-missing', 'pod:a/b'), 'hello'].map(kindOfId)).toEqual([
    'network',
    'eni',
    'node',
    'finding',
    null,
  ]);
});

it('sorts names in natural order', () => {
  expect(['ip-10-0-1-17', 'ip-10-0-1-9', 'ip-10-0-1-09', 'ip-10-0-1', 'a'].sort(byNaturalName)).toEqual([
    'a',
    'ip-10-0-1',
    'ip-10-0-1-09',
    'ip-10-0-1-9',
    'ip-10-0-1-17',
  ]);
});
