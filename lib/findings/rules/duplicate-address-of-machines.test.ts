/** Addresses of other machines: the gateway of a network, and nodes that report one InternalIP. */
import type { NetworkRecord } from '../../model/records';
import { ago, face, network, node, pod, request } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const ipam: NetworkRecord['ipam'] = {
  type: 'whereabouts',
  ranges: ['10.6.0.0/24'],
  used: 1,
  size: 254,
  gateways: ['10.6.0.1'],
  routes: [],
};
const onGateway = face('net1', { ips: ['10.6.0.1'] });

cases('duplicate-address', [
  {
    name: 'a pod on the gateway’s address',
    records: [node(), network('ipvlan-a', { ipam }), pod('p1'), onGateway],
    subjects: ['if:core/p1/net1'],
    severity: 'warning',
    says: /10\.6\.0\.1 is the gateway's address/,
  },
  {
    name: 'guard: the pod requests the gateway’s address: it is the gateway',
    records: [
      node(),
      network('ipvlan-a', { ipam }),
      pod('p1', { requested: [request('ipvlan-a', { ips: ['10.6.0.1/24'] })] }),
      onGateway,
    ],
    subjects: [],
  },
  {
    name: 'guard: the pod is deleted, and the gateway’s address with it',
    records: [node(), network('ipvlan-a', { ipam }), pod('p1', { phase: 'Failed' }), onGateway],
    subjects: [],
  },
  {
    name: 'two Ready nodes on one InternalIP',
    records: [node(), node({ name: 'n2', internalIps: ['10.0.0.4'], instanceId: 'i-2' })],
    subjects: ['node:n1'],
    says: /n1, n2 are all Ready and report the InternalIP 10\.0\.0\.4/,
  },
  {
    name: 'one machine under two names',
    records: [node(), node({ name: 'n2', internalIps: ['10.0.0.4'] })],
    subjects: ['node:n1'],
    says: /delete the Node object of the name/,
  },
  {
    name: 'guard: one of the nodes is not Ready',
    records: [node(), node({ name: 'n2', internalIps: ['10.0.0.4'], ready: false, instanceId: 'i-2' })],
    subjects: [],
  },
  {
    name: 'one instance under two names, of which one is not Ready',
    records: [node(), node({ name: 'a0', internalIps: [], ready: false })],
    subjects: ['node:n1'],
    says: /n1 and a0 are the same instance[^]*delete the Node object of the name/,
  },
  {
    name: 'guard: no name of the instance is Ready',
    records: [node({ ready: false }), node({ name: 'a0', internalIps: [], ready: false })],
    subjects: [],
  },
  {
    name: 'guard: an additional InternalIP, as of a bridge on every node',
    records: [
      node({ internalIps: ['10.0.0.4', '172.17.0.1'] }),
      node({ name: 'n2', internalIps: ['10.0.0.5', '172.17.0.1'] }),
    ],
    subjects: [],
  },
  {
    name: 'guard: a node that has just joined',
    records: [node(), node({ name: 'n2', internalIps: ['10.0.0.4'], createdAt: ago(20) })],
    subjects: [],
  },
]);
