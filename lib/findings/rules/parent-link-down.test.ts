import { attachment, hostNic, network, node } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const NODE = 'node:n1';
const NIC = 'nic:n1/ens6';
const ENI = 'eni-0000000000000000f';
const on = attachment('ipvlan-a', { hostNic: NIC });
const around = [node(), network(), on];

cases('parent-link-down', [
  {
    name: 'the link of an ENI that was not brought up',
    records: [...around, hostNic('ens6', { up: false, eni: ENI })],
    subjects: [NODE],
    severity: 'warning',
    says: /^ens6 of n1 is down[^]*NodeNetworkState: ens6 \(eni-0000000000000000f\) is down; core\/ipvlan-a uses it[^]*tagged no_manage/,
    commands: null,
  },
  {
    name: 'a link without an ENI, as the SR-IOV operator reports it',
    records: [
      node(),
      network(),
      attachment('ipvlan-a', { hostNic: NIC, eni: null }),
      hostNic('ens6', { up: false, source: 'SriovNetworkNodeState' }),
    ],
    subjects: [NODE],
    says: /SriovNetworkNodeState: ens6 is down[^]*have its configuration do so at each boot/,
    commands: null,
  },
  { name: 'the link is up', records: [...around, hostNic('ens6', { up: true })], subjects: [] },
  {
    name: 'guard: the state of the link is unknown',
    records: [...around, hostNic('ens6', { up: null })],
    subjects: [],
  },
  {
    name: 'guard: the link is not used',
    records: [node(), network(), attachment('ipvlan-a', { hostNic: null }), hostNic('ens6', { up: false })],
    subjects: [],
  },
  {
    name: 'guard: the inventory can no longer be read',
    records: [...around, hostNic('ens6', { up: false })],
    states: { 'kubernetes/nodenetworkstates': 'stale' },
    subjects: [],
  },
]);
