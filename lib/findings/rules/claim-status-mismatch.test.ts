import type { InterfaceRecord, PodDevice } from '../../model/records';
import { face, network } from '../../../e2e/testing/findings';
import { CLAIMED, claimFace, claimPod } from '../../../e2e/testing/claimed';
import { cases } from '../../../e2e/testing/finding-cases';

const both = (change: Parameters<typeof claimFace>[0] = {}) =>
  claimFace({ network: 'net:core/ipvlan-a', requestIndex: 0, ...change });

const SRIOV = 'sriovnetwork.k8snetworkplumbingwg.io';

/** p1 has function 1 by its claim, and network-status reports function 2. */
const handed = (
  change: Partial<InterfaceRecord> = {},
  claimed: Partial<PodDevice> = {},
  resourceName: string | null = 'openshift.io/vf',
) => [
  network('sriov', { resourceName }),
  claimPod({ driver: SRIOV, device: 'vf1', pciAddress: '0000:3b:00.1', reported: null, ready: null, ...claimed }),
  claimFace({
    state: 'requested',
    mac: null,
    claim: { name: 'c1', driver: SRIOV, device: 'vf1', kind: 'network', whole: true, pods: 1, rdmaDevice: null },
  }),
  face('net1', { network: 'net:core/sriov', device: { type: 'pci', pciAddress: '0000:3b:00.2' }, ...change }),
];

cases('claim-status-mismatch', [
  {
    name: 'another MAC',
    records: [network(), claimPod(), both({ mac: '02:00:00:00:00:aa' })],
    subjects: [CLAIMED],
    says: /MAC 02:00:00:00:00:0f by ResourceClaim core\/c1, 02:00:00:00:00:aa by network-status/,
    commands: /get resourceclaim c1/,
  },
  { name: 'another address', records: [network(), claimPod(), both({ ips: ['10.6.0.99'] })], subjects: [CLAIMED] },
  {
    name: 'another name',
    records: [network(), claimPod({ reported: { name: 'net9', ips: [], mac: null } }), both()],
    subjects: [CLAIMED],
  },
  {
    name: 'another PCI address',
    records: [network(), claimPod(), both({ device: { type: 'pci', pciAddress: '0000:30:01.0' } })],
    subjects: [CLAIMED],
  },
  { name: 'they agree', records: [network(), claimPod(), both()], subjects: [] },
  {
    name: 'guard: network-status has one address more',
    records: [network(), claimPod(), both({ ips: ['10.6.0.14', '2001:db8::7'] })],
    subjects: [],
  },
  {
    name: 'guard: one of them reports nothing',
    records: [
      network(),
      claimPod({ reported: { name: null, ips: [], mac: null }, pciAddress: null }),
      both({ mac: '02:00:00:00:00:aa', ips: [] }),
    ],
    subjects: [],
  },
  {
    name: 'guard: reported only by the claim',
    records: [claimPod(), claimFace({ mac: '02:00:00:00:00:aa' })],
    subjects: [],
  },
  {
    name: 'guard: requested from Multus, but not reported',
    records: [network(), claimPod(), both({ mac: '02:00:00:00:00:aa', state: 'requested' })],
    subjects: [],
  },
  {
    name: 'SR-IOV, Multus mode: a function other than the claimed one',
    records: handed(),
    subjects: ['if:core/p1/net1'],
    says: /core\/p1\/net1 is function 0000:3b:00\.2[^]*has 0000:3b:00\.1/,
  },
  {
    name: 'guard: SR-IOV, the other function is claimed too',
    records: [
      ...handed({
        claim: { name: 'c2', driver: SRIOV, device: 'vf2', kind: 'network', whole: true, pods: 1, rdmaDevice: null },
      }),
    ],
    subjects: [],
  },
  {
    name: 'guard: SR-IOV, the driver itself reports the claimed function',
    records: handed({}, { reported: { name: 'vf', ips: [], mac: null } }),
    subjects: [],
  },
  {
    name: 'guard: SR-IOV, a function of a network without a resource',
    records: handed({}, {}, null),
    subjects: [],
  },
]);
