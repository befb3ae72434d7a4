import { attachment, eni, eth0, face, foreignEni, network, node, pod } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';
import { hostDevice } from '../../../e2e/testing/finding-examples';
import { MANAGED } from '../../../e2e/testing/claimed';

const IP = '10.0.1.9';
const OWN = 'eni-0000000000000000a';
const on = (change: Parameters<typeof eni>[1] = {}) =>
  eni(OWN, { addresses: [{ ip: IP, state: 'warm', interface: null }], ...change });
const extra = face('net1', { ips: [IP], eni: OWN });
const SUBJECT = extra.id;

cases('address-in-ipamd-pool', [
  {
    name: 'a secondary address of the primary ENI',
    records: [node(), pod(), network(), attachment(), on(), extra],
    subjects: [SUBJECT],
    severity: 'warning',
    says: /ipamd may give 10\.0\.1\.9 to another pod[^]*no_manage=true/,
  },
  {
    name: 'an address inside a prefix',
    records: [
      node(),
      pod(),
      network(),
      on({ addresses: [], prefixes: [{ cidr: '10.0.1.0/28', assigned: 0, size: 16 }] }),
      extra,
    ],
    subjects: [SUBJECT],
  },
  {
    name: 'guard: the primary address, which is never assigned',
    records: [node(), pod(), network(), on({ addresses: [{ ip: IP, state: 'primary', interface: null }] }), extra],
    subjects: [],
  },
  {
    name: 'guard: an address that ipamd ignores',
    records: [node(), pod(), network(), on({ addresses: [{ ip: IP, state: 'excluded', interface: null }] }), extra],
    subjects: [],
  },
  {
    name: 'guard: an ENI that ipamd does not manage',
    records: [
      node(),
      pod(),
      network(),
      foreignEni({ addresses: [{ ip: IP, state: 'unclaimed', interface: null }] }),
      face('net1', { ips: [IP] }),
    ],
    subjects: [],
  },
  {
    name: 'guard: an ENI adopted by ipamd has its own finding',
    records: [
      node(),
      pod(),
      network(),
      foreignEni({ management: MANAGED, addresses: [{ ip: IP, state: 'warm', interface: null }] }),
      face('net1', { ips: [IP] }),
    ],
    subjects: [],
  },
  { name: 'guard: the cluster network', records: [node(), pod(), on(), eth0({ ips: [IP] })], subjects: [] },
  {
    name: 'guard: the VPC CNI as an additional network uses ipamd',
    records: [node(), pod(), network('ipvlan-a', { plugins: ['aws-cni'] }), on(), extra],
    subjects: [],
  },
  {
    name: 'guard: a device that moves into the pod as a whole',
    records: [node(), pod(), network('ipvlan-a', { semantics: hostDevice.semantics }), on(), extra],
    subjects: [],
  },
  {
    name: 'guard: only requested',
    records: [node(), pod(), network(), on(), { ...extra, state: 'requested' }],
    subjects: [],
  },
  {
    name: 'guard: the pod has finished',
    records: [node(), pod('p1', { phase: 'Succeeded' }), network(), on(), extra],
    subjects: [],
  },
  {
    name: 'guard: no ipamd on the node',
    records: [node({ cni: null, ipamd: null }), pod(), network(), on(), extra],
    subjects: [],
  },
]);
