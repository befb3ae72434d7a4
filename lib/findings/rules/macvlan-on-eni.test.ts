import { face, network, node, pod, waitingPod } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const unattached = face('net1', { podName: 'w1', state: 'requested', ips: [], eni: null });

cases('macvlan-on-eni', [
  {
    name: 'on the default-route interface',
    records: [
      node(),
      network('ipvlan-a', { plugins: ['macvlan'], parent: { kind: 'default-route', value: null } }),
      pod(),
      face('net1', { mac: '02:aa:00:00:00:01' }),
    ],
    subjects: ['net:core/ipvlan-a'],
    says: /primary ENI.*\(02:aa/,
  },
  {
    name: 'guard: not attached yet',
    records: [node(), network('ipvlan-a', { plugins: ['macvlan'] }), waitingPod('w1'), { ...unattached }],
    subjects: [],
  },
]);

cases('macvlan-on-eni', [
  {
    name: 'macvlan on an EC2 node',
    records: [node(), network('ipvlan-a', { plugins: ['macvlan'] }), pod(), face()],
    subjects: ['net:core/ipvlan-a'],
  },
  {
    name: 'several pods are one finding of their network',
    records: [
      node(),
      network('ipvlan-a', { plugins: ['macvlan'] }),
      pod(),
      face(),
      pod('p2'),
      face('net1', { podName: 'p2', ips: ['10.6.0.9'] }),
    ],
    subjects: ['net:core/ipvlan-a'],
    says: /Its 2 interfaces reach nothing[^]*1 more interface of core\/ipvlan-a/,
  },
  { name: 'ipvlan', records: [node(), network(), pod(), face()], subjects: [] },
  {
    name: 'macvlan in another cloud',
    records: [
      node({ instanceId: null, cloud: 'hcloud', computeType: 'other' }),
      network('ipvlan-a', { plugins: ['macvlan'] }),
      pod(),
      face(),
    ],
    subjects: ['net:core/ipvlan-a'],
    severity: 'warning',
    says: /Hetzner Cloud delivers only to MACs that it assigned/,
  },
  {
    name: 'macvlan on a configurable hypervisor',
    records: [
      node({ instanceId: null, cloud: 'vsphere', computeType: 'other' }),
      network('ipvlan-a', { plugins: ['macvlan'] }),
      pod(),
      face(),
    ],
    subjects: ['net:core/ipvlan-a'],
    severity: 'info',
    says: /may not reach anything outside[^]*forged transmits/,
    nowhere: true,
  },
  {
    name: 'guard: a providerID of the user’s own machines',
    records: [
      node({ instanceId: null, cloud: 'metal3', computeType: 'other' }),
      network('ipvlan-a', { plugins: ['macvlan'] }),
      pod(),
      face(),
    ],
    subjects: [],
  },
  {
    name: 'guard: bare metal',
    records: [
      node({ instanceId: null, computeType: 'other' }),
      network('ipvlan-a', { plugins: ['macvlan'] }),
      pod(),
      face(),
    ],
    subjects: [],
  },
]);
