import { cni, eni, foreignEni, node, subnet } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

cases('subnet-excluded', [
  {
    name: 'cluster tags are read since v1.22.1, role/cni=0 since v1.22.0',
    records: [
      node({ cni: cni({ version: 'v1.22.0' }) }),
      eni(),
      subnet('subnet-a', { tags: { 'kubernetes.io/role/cni': '0' } }),
    ],
    subjects: ['eni-0000000000000000a'],
  },
  {
    name: 'guard: v1.22.0 reads other cluster tags',
    records: [
      node({ cni: cni({ version: 'v1.22.0' }) }),
      eni('eni-p', { tags: { 'cluster.k8s.amazonaws.com/name': 'ours' } }),
      subnet('subnet-a', { tags: { 'kubernetes.io/role/cni': '1', 'cni.networking.k8s.aws/cluster/other': '1' } }),
    ],
    subjects: [],
  },
]);

const CLUSTER = { 'cluster.k8s.amazonaws.com/name': 'ours' };

cases('subnet-excluded', [
  {
    name: 'its subnet is tagged 0',
    records: [node(), eni(), subnet('subnet-a', { tags: { 'kubernetes.io/role/cni': '0' } })],
    subjects: ['eni-0000000000000000a'],
  },
  {
    name: 'tagged for another cluster',
    records: [
      node(),
      eni('eni-p', { tags: CLUSTER }),
      subnet('subnet-a', { tags: { 'kubernetes.io/role/cni': '1', 'cni.networking.k8s.aws/cluster/other': '1' } }),
    ],
    subjects: ['eni-p'],
  },
  {
    name: 'tagged for this cluster, too',
    records: [
      node(),
      eni('eni-p', { tags: CLUSTER }),
      subnet('subnet-a', {
        tags: {
          'kubernetes.io/role/cni': '1',
          'cni.networking.k8s.aws/cluster/other': '1',
          'cni.networking.k8s.aws/cluster/ours': '1',
        },
      }),
    ],
    subjects: [],
  },
  {
    name: 'guard: CLUSTER_NAME is empty',
    records: [
      node(),
      eni('eni-p'),
      subnet('subnet-a', { tags: { 'kubernetes.io/role/cni': '1', 'cni.networking.k8s.aws/cluster/other': '1' } }),
    ],
    subjects: [],
  },
  {
    name: 'guard: before v1.22.0, the tag is not read',
    records: [
      node({ cni: cni({ version: 'v1.21.1' }) }),
      eni(),
      subnet('subnet-a', { tags: { 'kubernetes.io/role/cni': '0' } }),
    ],
    subjects: [],
  },
  {
    name: 'guard: nor is it under custom networking',
    records: [
      node({ cni: cni({ customNetworking: true }) }),
      eni(),
      subnet('subnet-a', { tags: { 'kubernetes.io/role/cni': '0' } }),
    ],
    subjects: [],
  },
  {
    name: 'guard: without subnet discovery ipamd reads no subnet tags',
    records: [
      node({ cni: cni({ subnetDiscovery: false }) }),
      eni(),
      subnet('subnet-a', { tags: { 'kubernetes.io/role/cni': '0' } }),
    ],
    subjects: [],
  },
  {
    name: 'tagged 1',
    records: [node(), eni(), subnet('subnet-a', { tags: { 'kubernetes.io/role/cni': '1' } })],
    subjects: [],
  },
  {
    name: 'guard: an unmanaged ENI',
    records: [
      node(),
      foreignEni({ subnet: 'subnet-a' }),
      subnet('subnet-a', { tags: { 'kubernetes.io/role/cni': '0' } }),
    ],
    subjects: [],
  },
]);
