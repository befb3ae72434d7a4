import { pod, request } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const P = 'pod:core/p1';

cases('networks-on-host-network', [
  {
    name: 'networks of Multus',
    records: [pod('p1', { hostNetwork: true, requested: [request()] })],
    subjects: [P],
    severity: 'info',
    says: /cni\.cncf\.io\/networks has no effect/,
  },
  {
    name: 'multi-NIC of the VPC CNI',
    records: [pod('p1', { hostNetwork: true, nicConfig: 'multi-nic-attachment' })],
    subjects: [P],
    says: /nicConfig has no effect/,
  },
  { name: 'its own network', records: [pod('p1', { requested: [request()] })], subjects: [] },
  { name: 'requests nothing', records: [pod('p1', { hostNetwork: true })], subjects: [] },
  {
    name: 'guard: the pod has finished',
    records: [pod('p1', { hostNetwork: true, requested: [request()], phase: 'Succeeded' })],
    subjects: [],
  },
]);
