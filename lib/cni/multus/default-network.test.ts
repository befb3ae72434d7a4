import { expect, it } from 'vitest';
import { parseDefaultNetwork } from './default-network';

it('accepts a missing annotation', () => {
  expect(parseDefaultNetwork(null)).toEqual({ annotation: { state: 'absent', error: null }, selection: null });
});

it.each([
  ['calico', 'kube-system/calico'],
  ['x/calico', 'x/calico'],
  ['[{"name":"calico"}]', 'kube-system/calico'],
])('%j', (text, want) => {
  const { annotation, selection } = parseDefaultNetwork(text);
  expect(annotation).toEqual({ state: 'valid', error: null });
  expect(`${selection?.namespace ?? ''}/${selection?.name ?? ''}`).toBe(want);
});

it('looks in the namespace configured for Multus', () => {
  expect(parseDefaultNetwork('calico', 'multus').selection?.namespace).toBe('multus');
});

it.each([
  [
    '',
    'tryLoadK8sPodDefaultNetwork: failed to parse CRD object: parsePodNetworkAnnotation: pod annotation does not have "network" as key',
  ],
  ['a,b', 'tryLoadK8sPodDefaultNetwork: more than one default network is specified: a,b'],
  ['[]', 'tryLoadK8sPodDefaultNetwork: the list is empty, on which Multus crashes'],
  [
    '[null]',
    'tryLoadK8sPodDefaultNetwork: failed to parse CRD object: parsePodNetworkAnnotation: element 0 is null, on which Multus crashes',
  ],
  [
    'a/b/c',
    "tryLoadK8sPodDefaultNetwork: failed to parse CRD object: parsePodNetworkAnnotation: parsePodNetworkObjectName: Invalid network object (failed at '/')",
  ],
])('%j is rejected', (text, error) => {
  expect(parseDefaultNetwork(text)).toEqual({ annotation: { state: 'invalid', error }, selection: null });
});
