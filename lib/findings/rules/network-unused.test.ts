import { NOW, ago, network } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const idle = network('a', { podCount: 0, createdAt: ago(600) });

cases('network-unused', [
  { name: 'a network of exactly ten minutes', records: [idle], subjects: [] },
  { name: 'a millisecond older', records: [{ ...idle, createdAt: ago(600.001) }], subjects: ['net:core/a'] },
  { name: 'a missing one is another finding', records: [{ ...idle, createdAt: null, missing: true }], subjects: [] },
]);

cases('network-unused', [
  { name: 'nobody uses it', records: [network('a', { podCount: 0 })], subjects: ['net:core/a'] },
  { name: 'a pod does', records: [network()], subjects: [] },
  {
    name: 'guard: just created',
    records: [network('a', { podCount: 0, createdAt: new Date(NOW - 60_000).toISOString() })],
    subjects: [],
  },
  {
    name: 'guard: a daemon’s own namespace',
    records: [network('a', { podCount: 0, namespace: 'kube-system' })],
    subjects: [],
  },
]);
