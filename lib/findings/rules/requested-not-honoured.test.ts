import { face, network, pod, request } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const NO_RANGES = { ranges: [], used: null, size: null, gateways: [], routes: [] };
const wanted = (change: Parameters<typeof request>[1]) => pod('p1', { requested: [request('ipvlan-a', change)] });

cases('requested-not-honoured', [
  {
    name: 'one of two addresses is missing',
    records: [network(), wanted({ ips: ['10.6.0.14/24', '10.6.0.15/24'] }), face()],
    subjects: ['if:core/p1/net1'],
    says: /address 10\.6\.0\.15 asked for/,
  },
  {
    name: 'an IPv6 address in another spelling',
    records: [network(), wanted({ ips: ['FD00:0::E/64'] }), face('net1', { ips: ['fd00::e'] })],
    subjects: [],
  },
  {
    name: 'a static network without the capability has no address',
    records: [
      network('ipvlan-a', { ipam: { ...NO_RANGES, type: 'static' }, capabilities: [] }),
      wanted({ ips: ['10.6.0.99/24'] }),
      face('net1', { ips: [] }),
    ],
    subjects: ['if:core/p1/net1'],
    says: /10\.6\.0\.99 asked for, none reported/,
  },
  {
    name: 'guard: another IPAM may have given an address that is not reported',
    records: [
      network('ipvlan-a', { ipam: { ...NO_RANGES, type: 'dhcp' }, capabilities: [] }),
      wanted({ ips: ['10.6.0.99/24'] }),
      face('net1', { ips: [] }),
    ],
    subjects: [],
  },
  {
    name: 'guard: not attached yet',
    records: [network(), wanted({ ips: ['10.6.0.99'] }), face('net1', { state: 'requested' })],
    subjects: [],
  },
]);

cases('requested-not-honoured', [
  {
    name: 'another MAC',
    records: [
      network(),
      pod('p1', { requested: [request('ipvlan-a', { mac: '02:AA:00:00:00:01' })] }),
      face('net1', { mac: '02:bb:00:00:00:02' }),
    ],
    subjects: ['if:core/p1/net1'],
  },
  {
    name: 'the same value in another spelling',
    records: [
      network(),
      pod('p1', { requested: [request('ipvlan-a', { mac: '02-AA-00-00-00-01', ips: ['10.6.0.14/24'] })] }),
      face('net1', { mac: '02:aa:00:00:00:01' }),
    ],
    subjects: [],
  },
  {
    name: 'another address',
    records: [network(), pod('p1', { requested: [request('ipvlan-a', { ips: ['10.6.0.99/24'] })] }), face()],
    subjects: ['if:core/p1/net1'],
    says: /10\.6\.0\.99/,
  },
  {
    name: 'no reported MAC proves nothing',
    records: [network(), pod('p1', { requested: [request('ipvlan-a', { mac: '02:aa:00:00:00:01' })] }), face()],
    subjects: [],
  },
]);
