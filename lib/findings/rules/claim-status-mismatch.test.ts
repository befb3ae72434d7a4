import { network } from '../../../e2e/testing/findings';
import { CLAIMED, claimFace, claimPod } from '../../../e2e/testing/claimed';
import { cases } from '../../../e2e/testing/finding-cases';

const both = (change: Parameters<typeof claimFace>[0] = {}) =>
  claimFace({ network: 'net:core/ipvlan-a', requestIndex: 0, ...change });

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
    name: 'guard: network-status knows one address more',
    records: [network(), claimPod(), both({ ips: ['10.6.0.14', '2001:db8::7'] })],
    subjects: [],
  },
  {
    name: 'guard: one of them does not say',
    records: [
      network(),
      claimPod({ reported: { name: null, ips: [], mac: null }, pciAddress: null }),
      both({ mac: '02:00:00:00:00:aa', ips: [] }),
    ],
    subjects: [],
  },
  {
    name: 'guard: only the claim reports it',
    records: [claimPod(), claimFace({ mac: '02:00:00:00:00:aa' })],
    subjects: [],
  },
  {
    name: 'guard: requested of Multus, and not reported',
    records: [network(), claimPod(), both({ mac: '02:00:00:00:00:aa', state: 'requested' })],
    subjects: [],
  },
]);
