import { cni, eni, network, node, subnet } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';
import { CLUSTER_NETWORK } from '../../model/ids';

const cluster = (...serviceCidrs: readonly string[]) =>
  network('cluster', { id: CLUSTER_NETWORK, namespace: null, serviceCidrs });
const SUBNET = subnet('subnet-a', { cidr: '100.64.0.0/20' });
const SERVICES = '100.64.0.0/13';

cases('subnet-in-service-cidr', [
  {
    name: 'the subnet of its ENIs',
    records: [node(), eni(), SUBNET, cluster(SERVICES)],
    subjects: ['subnet-a'],
    says: /100\.64\.0\.0\/20\) overlaps with the Service CIDR 100\.64\.0\.0\/13/,
    nowhere: true,
  },
  {
    name: 'the subnet of an ENIConfig',
    records: [
      node({
        cni: cni({ customNetworking: true }),
        eniConfig: { name: 'a', found: true, subnet: 'subnet-a', securityGroups: [] },
      }),
      SUBNET,
      cluster(SERVICES),
    ],
    subjects: ['subnet-a'],
    says: /ENIConfig of 1 node names subnet-a/,
    nowhere: true,
  },
  {
    name: 'a smaller Service range within it',
    records: [node(), eni(), SUBNET, cluster('100.64.8.0/24')],
    subjects: ['subnet-a'],
    nowhere: true,
  },
  {
    name: 'IPv6',
    records: [node(), eni(), subnet('subnet-a', { ipv6Cidr: 'fd00:1::/64' }), cluster('fd00:1::/108')],
    subjects: ['subnet-a'],
    nowhere: true,
  },
  { name: 'apart', records: [node(), eni(), SUBNET, cluster('172.20.0.0/16', 'fd00::/108')], subjects: [] },
  { name: 'guard: the subnet is not used', records: [node(), SUBNET, cluster(SERVICES)], subjects: [] },
  {
    name: 'guard: the Service CIDR is unknown',
    records: [node(), eni(), SUBNET, network('cluster', { id: CLUSTER_NETWORK, namespace: null })],
    subjects: [],
  },
]);
