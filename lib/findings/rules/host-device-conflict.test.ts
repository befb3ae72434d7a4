import { attachment, eni, face, node, pod } from '../../../e2e/testing/findings';
import { hostDevice } from '../../../e2e/testing/finding-examples';
import { cases } from '../../../e2e/testing/finding-cases';

const claim = (podName: string, change: object = {}) =>
  face('net1', { podName, network: 'net:core/hd', state: 'requested', ips: [], eni: null, ...change });

cases('host-device-conflict', [
  {
    name: 'two networks with one device',
    records: [
      node(),
      hostDevice,
      { ...hostDevice, id: 'net:core/hd2', name: 'hd2' },
      pod('p1'),
      pod('p2'),
      claim('p1'),
      claim('p2', { network: 'net:core/hd2' }),
    ],
    subjects: ['if:core/p1/net1'],
  },
  {
    name: 'macvlan in mode passthru leaves the link on the node',
    records: [
      node(),
      { ...hostDevice, plugins: ['macvlan'], mode: 'passthru' },
      pod('p1'),
      pod('p2'),
      claim('p1'),
      claim('p2'),
    ],
    subjects: ['if:core/p1/net1'],
    says: /mode passthru on ens8: it takes the link for one pod/,
  },
  {
    name: 'guard: on two nodes',
    records: [
      node(),
      node({ name: 'n2' }),
      hostDevice,
      pod('p1'),
      pod('p2', { node: 'node:n2' }),
      claim('p1'),
      claim('p2', { node: 'node:n2' }),
    ],
    subjects: [],
  },
]);

const claim3 = (podName: string) =>
  face('net1', { podName, network: 'net:core/hd', state: 'requested', ips: [], eni: null });

cases('host-device-conflict', [
  {
    name: 'two pods, one device',
    records: [node(), hostDevice, pod('p1'), pod('p2'), claim3('p1'), claim3('p2')],
    subjects: ['if:core/p1/net1'],
  },
  { name: 'one pod', records: [node(), hostDevice, pod('p1'), claim3('p1')], subjects: [] },
  {
    name: 'one pod takes away the primary ENI',
    records: [node(), eni(), hostDevice, pod('p1'), { ...claim3('p1'), eni: 'eni-0000000000000000a' }],
    subjects: ['if:core/p1/net1'],
    says: /primary ENI/,
  },
  {
    name: 'one pod receives every frame of the primary ENI',
    records: [
      node(),
      eni(),
      { ...hostDevice, plugins: ['macvlan'], mode: 'passthru' },
      pod('p1'),
      { ...claim3('p1'), eni: 'eni-0000000000000000a' },
    ],
    subjects: ['if:core/p1/net1'],
    says: /core\/p1 on n1 hands every frame of ens8 to the pod \(macvlan in mode passthru\), but that is/,
  },
  {
    name: 'one pod waits for the primary ENI',
    records: [
      node(),
      eni(),
      hostDevice,
      pod('p1'),
      claim3('p1'),
      attachment('hd', { eni: 'eni-0000000000000000a', certainty: 'inferred', evidence: 'by its name' }),
    ],
    subjects: ['if:core/p1/net1'],
    says: /primary ENI[^]*judging by its name; not observed[^]*by its name/,
  },
  {
    name: 'guard: the older of the two is being deleted',
    records: [node(), hostDevice, pod('p1'), pod('p2', { deleting: true }), claim3('p1'), claim3('p2')],
    subjects: [],
  },
  {
    name: 'guard: a device plugin assigns them',
    records: [node(), { ...hostDevice, resourceName: 'x.io/nic' }, pod('p1'), pod('p2'), claim3('p1'), claim3('p2')],
    subjects: [],
  },
]);

const pci = (podName: string, change: object = {}) =>
  face('net1', { podName, device: { type: 'pci', pciAddress: '0000:3b:00.4' }, ...change });

cases('host-device-conflict', [
  {
    name: 'two pods report one function',
    records: [node(), pod('p1'), pod('p2'), pci('p1'), pci('p2')],
    subjects: ['if:core/p1/net1'],
    says: /both report PCI device 0000:3b:00\.4/,
  },
  {
    name: 'two interfaces of one pod: a plugin that makes several copies the device to each',
    records: [node(), pod('p1'), pci('p1'), face('net2', { device: { type: 'pci', pciAddress: '0000:3b:00.4' } })],
    subjects: [],
  },
  {
    name: 'guard: every node has such an address',
    records: [
      node(),
      node({ name: 'n2' }),
      pod('p1'),
      pod('p2', { node: 'node:n2' }),
      pci('p1'),
      pci('p2', { node: 'node:n2' }),
    ],
    subjects: [],
  },
  {
    name: 'guard: vDPA devices share their parent’s address',
    records: [
      node(),
      pod('p1'),
      pod('p2'),
      pci('p1', { device: { type: 'vdpa', pciAddress: '0000:3b:00.4' } }),
      pci('p2', { device: { type: 'vdpa', pciAddress: '0000:3b:00.4' } }),
    ],
    subjects: [],
  },
  {
    name: 'guard: the status of a finished pod is outdated',
    records: [node(), pod('p1', { phase: 'Failed' }), pod('p2'), pci('p1'), pci('p2')],
    subjects: [],
  },
  {
    name: 'guard: a claim may be shared',
    records: [
      node(),
      pod('p1'),
      pod('p2'),
      ...['p1', 'p2'].map((name) =>
        pci(name, {
          claim: { name: 'c', driver: 'dra.net', device: 'd', kind: 'link', whole: true, pods: 2 },
        }),
      ),
    ],
    subjects: [],
  },
]);
