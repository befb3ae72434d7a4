import type { NetworkRecord } from '../../model/records';
import { face, network, pod } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const BOND = 'net:core/bond-net';

const bond = (change: Partial<NetworkRecord> = {}): NetworkRecord => {
  const base = network('bond-net', {
    plugins: ['bond'],
    parent: { kind: 'container-link', value: 'net1,net2' },
    mode: 'active-backup',
    ...change,
  });
  return { ...base, semantics: base.semantics === null ? null : { ...base.semantics, linkInContainer: true } };
};
const of = (type: string): NetworkRecord => network('ipvlan-a', { plugins: [type] });
const faces = [
  face('net1'),
  face('net2', { ips: ['10.6.0.8'] }),
  face('bond0', { network: 'net:core/bond-net', ips: [] }),
];

cases('bond-mode-unfit', [
  {
    name: 'LACP over virtual functions',
    records: [pod(), of('sriov'), bond({ mode: '802.3ad' }), ...faces],
    subjects: [BOND],
    says: /802\.3ad \(LACP\)[^]*active-backup/,
    commands: /-n core edit network-attachment-definitions bond-net/,
    nowhere: true,
  },
  {
    name: 'LACP over macvlan',
    records: [pod(), of('macvlan'), bond({ mode: '802.3ad' }), ...faces],
    subjects: [BOND],
    nowhere: true,
  },
  {
    name: 'guard: LACP over whole cards',
    records: [pod(), of('host-device'), bond({ mode: '802.3ad' }), ...faces],
    subjects: [],
  },
  {
    name: 'active-backup over virtual functions without failOverMac',
    records: [pod(), of('sriov'), bond(), ...faces],
    subjects: [BOND],
    says: /"failOverMac" is not set[^]*Set "failOverMac": 1/,
    nowhere: true,
  },
  {
    name: 'active-backup with failOverMac',
    records: [pod(), of('sriov'), bond({ failOverMac: 1 }), ...faces],
    subjects: [],
  },
  { name: 'active-backup over macvlan', records: [pod(), of('macvlan'), bond(), ...faces], subjects: [] },
  {
    name: 'guard: the pod has finished',
    records: [pod('p1', { phase: 'Failed' }), of('sriov'), bond(), ...faces],
    subjects: [],
  },
]);
