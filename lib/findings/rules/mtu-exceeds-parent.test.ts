import { attachment, hostNic, network, node } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const NIC = 'nic:n1/ens6';
const around = [node(), attachment('ipvlan-a', { hostNic: NIC })];
const of = (plugin: string, mtu: number | null) => network('ipvlan-a', { plugins: [plugin], mainPlugin: 0, mtu });
const link = (mtu: number | null) => hostNic('ens6', { mtu, source: 'NodeNetworkState' });

cases('mtu-exceeds-parent', [
  {
    name: 'macvlan refuses an MTU above that of its parent',
    records: [...around, of('macvlan', 9000), link(1500)],
    subjects: ['net:core/ipvlan-a'],
    severity: 'error',
    says: /^Its MTU 9000 exceeds that of ens6 on n1[^]*macvlan refuses[^]*NodeNetworkState: ens6 of n1 has MTU 1500[^]*Set "mtu" to 1500 or remove it/,
  },
  {
    name: 'ipvlan accepts it, and large packets are dropped',
    records: [...around, of('ipvlan', 9000), link(1500)],
    subjects: ['net:core/ipvlan-a'],
    severity: 'warning',
    says: /dropped/,
  },
  { name: 'the parent has the same MTU', records: [...around, of('macvlan', 9000), link(9000)], subjects: [] },
  { name: 'the config sets none', records: [...around, of('macvlan', null), link(1500)], subjects: [] },
  { name: 'a bridge has an MTU of its own', records: [...around, of('bridge', 9000), link(1500)], subjects: [] },
  {
    name: 'guard: the MTU of the parent is not known',
    records: [...around, of('macvlan', 9000), link(null)],
    subjects: [],
  },
  {
    name: 'guard: the inventory can no longer be read',
    records: [...around, of('macvlan', 9000), link(1500)],
    states: { 'kubernetes/nodenetworkstates': 'stale' },
    subjects: [],
  },
]);
