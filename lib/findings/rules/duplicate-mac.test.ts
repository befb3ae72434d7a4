import { ago, face, network, node, pod, request } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const MAC = '0a:00:00:00:00:01';
const macvlan = (name: string, change: object = {}) =>
  network(name, {
    semantics: {
      leavesNodeOnEni: false,
      macPolicy: 'own',
      onePodPerDevice: false,
      perNode: false,
      linkInContainer: false,
      kernelInterface: true,
      ...change,
    },
  });
const on = { mac: MAC, eni: null };
const two = [node(), pod('p1'), pod('p2'), face('net1', on), face('net1', { podName: 'p2', ...on })];
const BOTH = ['if:core/p1/net1', 'if:core/p2/net1'];
const vm = (name: string) => ({ owner: { kind: 'VirtualMachineInstance', name } });

cases('duplicate-mac', [
  {
    name: 'on one network',
    records: [...two, macvlan('ipvlan-a')],
    subjects: BOTH,
    says: /core\/p1, core\/p2 have 0a:00/,
  },
  {
    name: 'a MAC that a workload annotation requests',
    records: [
      node(),
      pod('p1', { requested: [request('ipvlan-a', { mac: '0A:00:00:00:00:01' })] }),
      pod('p2', { requested: [request('ipvlan-a', { mac: '0A:00:00:00:00:01' })] }),
      face('net1', on),
      face('net1', { podName: 'p2', ...on }),
      macvlan('ipvlan-a'),
    ],
    subjects: BOTH,
    says: /in the annotation of a workload is for one replica/,
  },
  {
    name: 'a MAC that no annotation requests',
    records: [...two, macvlan('ipvlan-a')],
    subjects: BOTH,
    says: /look for "mac" in the config of the network/,
  },
  { name: 'guard: lent by the parent', records: [...two, network()], subjects: [] },
  {
    name: 'guard: on bridges of two nodes',
    records: [
      node(),
      node({ name: 'n2' }),
      pod('p1'),
      pod('p2', { node: 'node:n2' }),
      face('net1', on),
      face('net1', { podName: 'p2', node: 'node:n2', ...on }),
      macvlan('ipvlan-a', { perNode: true }),
    ],
    subjects: [],
  },
  {
    name: 'guard: on unconnected networks',
    records: [
      node(),
      pod('p1'),
      pod('p2'),
      face('net1', on),
      face('net1', { podName: 'p2', network: 'net:core/b', ...on }),
      macvlan('ipvlan-a'),
      { ...macvlan('b'), parent: { kind: 'host-device', value: 'ens9' } },
    ],
    subjects: [],
  },
  {
    name: 'guard: a live migration',
    records: [
      node(),
      pod('p1', vm('a')),
      pod('p2', vm('a')),
      face('net1', on),
      face('net1', { podName: 'p2', ...on }),
      macvlan('ipvlan-a'),
    ],
    subjects: [],
  },
  {
    name: 'two virtual machines',
    records: [
      node(),
      pod('p1', vm('a')),
      pod('p2', vm('b')),
      face('net1', on),
      face('net1', { podName: 'p2', ...on }),
      macvlan('ipvlan-a'),
    ],
    subjects: BOTH,
  },
  {
    name: 'guard: one is only requested',
    records: [
      node(),
      pod('p1'),
      pod('p2'),
      face('net1', on),
      face('net1', { podName: 'p2', ...on, state: 'requested' }),
      macvlan('ipvlan-a'),
    ],
    subjects: [],
  },
  {
    name: 'guard: one has just replaced the other',
    records: [
      node(),
      pod('p1'),
      pod('p2', { startedAt: ago(20) }),
      face('net1', on),
      face('net1', { podName: 'p2', ...on }),
      macvlan('ipvlan-a'),
    ],
    subjects: [],
  },
]);
