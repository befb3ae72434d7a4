import { expect, test } from 'vitest';
import { distinctLabels } from './distinct-labels';

test.each([
  ['short ones are kept', ['core/n4', 'core/n6'], ['core/n4', 'core/n6']],
  [
    'a long one with a distinct beginning is kept',
    ['efa.networking.k8s.aws', 'core/n6'],
    ['efa.networking.k8s.aws', 'core/n6'],
  ],
  [
    'what long ones share is omitted',
    ['telecom-core/sriov-net-a', 'telecom-core/sriov-net-b', 'core/n6'],
    ['…sriov-net-a', '…sriov-net-b', 'core/n6'],
  ],
  ['even if one contains the other', ['telecom-core/sriov', 'telecom-core/sriov-b'], ['…core/sriov', '…sriov-b']],
  [
    'but not what distinguishes it from another label',
    ['telecom-core/sriov-net-a', 'telecom-core/sriov-net-b', 'xelecom-core/sriov-net-a', 'xelecom-core/sriov-net-b'],
    ['telecom-core/sriov-net-a', 'telecom-core/sriov-net-b', 'xelecom-core/sriov-net-a', 'xelecom-core/sriov-net-b'],
  ],
  ['and without a separator', ['aaaaaaaaaaaa1', 'aaaaaaaaaaaa2'], ['…1', '…2']],
])('labels of networks: %s', (_what, labels, expected) => expect(distinctLabels(labels, 12)).toEqual(expected));
