import { ago, face, node, pod, request } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const POD = 'pod:core/p1';

const valid = {
  networksAnnotation: { state: 'valid' as const, error: null },
  statusAnnotation: { state: 'valid' as const, error: null },
};

const multus = (version: string | null, change: object = {}) =>
  node({ multus: { ready: true, version, startedAt: ago(80_000), installedAt: ago(864_000), ...change } });

const silent = (change: object = {}) =>
  pod('p1', { networksAnnotation: valid.networksAnnotation, requested: [request()], ...change });

const unreported = face('net1', { state: 'requested', ips: [], eni: null });

cases('network-status-missing', [
  {
    name: 'guard: older than Multus itself',
    records: [multus('v4.1.4', { installedAt: ago(60) }), silent(), unreported],
    subjects: [],
  },
  {
    name: 'as old as Multus itself',
    records: [multus('v4.1.4', { installedAt: ago(7_200) }), silent(), unreported],
    subjects: [POD],
    severity: 'warning',
  },
  {
    name: 'started before the Multus pod of its node, long after Multus was installed',
    records: [multus('v4.1.4', { startedAt: ago(60) }), silent(), unreported],
    subjects: [POD],
    severity: 'warning',
    says: /before the Multus that runs there now/,
    commands: /delete pod p1$/,
  },
  {
    name: 'unknown when Multus was installed: it may be legitimate',
    records: [multus('v4.1.4', { startedAt: ago(60), installedAt: null }), silent(), unreported],
    subjects: [POD],
    severity: 'info',
  },
  {
    name: 'the whole node: Multus is not first',
    records: [multus('v4.1.4'), silent(), unreported],
    subjects: [POD],
    says: /may not be first in the CNI folder/,
    commands: /--field-selector spec\.nodeName=n1$/,
  },
  {
    name: 'Multus wrote its status, so the config of the network is the cause',
    records: [multus('v4.1.4'), silent(valid)],
    subjects: [POD],
    says: /it ran for this pod: a chained config without cniVersion/,
  },
  {
    name: 'only this pod: a chained config without cniVersion',
    records: [multus('v4.1.4'), silent(), unreported, pod('p2', valid)],
    subjects: [POD],
    says: /without cniVersion/,
  },
  {
    name: 'no Multus on the node',
    records: [node({ multus: null }), silent(), unreported],
    subjects: [POD],
    says: /not seen on this node/,
  },
]);

const silent3 = { networksAnnotation: { state: 'valid' as const, error: null }, requested: [request()] };

cases('network-status-missing', [
  { name: 'runs without a report', records: [node(), pod('p1', silent3), unreported], subjects: [POD] },
  {
    name: 'started before Multus',
    records: [
      node({ multus: { ready: true, version: 'v4', startedAt: ago(60), installedAt: null } }),
      pod('p1', silent3),
      unreported,
    ],
    subjects: [POD],
    severity: 'info',
    says: /before the Multus/,
  },
  {
    name: 'its report is unusable',
    records: [
      node(),
      pod('p1', {
        ...silent3,
        statusAnnotation: { state: 'invalid' as const, error: 'network-status is not JSON: x' },
      }),
      unreported,
    ],
    subjects: [POD],
    says: /cannot be used[^]*network-status is not JSON: x/,
  },
  { name: 'has a report', records: [node(), pod('p1', silent3), face()], subjects: [] },
  { name: 'requested no network', records: [node(), pod()], subjects: [] },
  {
    name: 'does not run yet',
    records: [node(), pod('p1', { ...silent3, phase: 'Pending' }), unreported],
    subjects: [],
  },
]);
