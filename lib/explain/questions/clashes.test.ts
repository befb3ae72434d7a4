import { describe, expect, it } from 'vitest';
import { answers, type QuestionCase } from '../../../e2e/testing/explain';
import { network, node, subnet } from '../../../e2e/testing/findings';

const ranged = (name: string, type: string, ...ranges: string[]): ReturnType<typeof network> =>
  network(name, { ipam: { type, ranges, used: 0, size: 1, gateways: [], routes: [] } });
const cluster = (...serviceCidrs: string[]): ReturnType<typeof network> => ({
  ...network('cluster', { ipam: null, serviceCidrs }),
  id: 'cluster',
  namespace: null,
});
const services = { 'kubernetes/servicecidrs': 'absent' } as const;
const a = { words: 'network core/a clashes' };

const CLASHES: readonly QuestionCase[] = [
  { what: 'none', words: 'clashes', records: [node(), network()], says: /^No clash/ },
  {
    what: 'unknown, because the definitions were not read',
    words: 'clashes',
    records: [node(), network('cluster', { ipam: null })],
    states: { 'kubernetes/network-attachment-definitions': 'absent' },
    says: /^NetworkAttachmentDefinitions are not known/,
    certainty: 'unknown',
  },
  {
    what: 'no network names a range',
    words: 'clashes',
    records: [ranged('a', 'dhcp')],
    says: /^No network names a range of addresses, so none can clash\.$/,
    certainty: 'observed',
    evidence: /core\/a \(IPAM dhcp\)/,
  },
  {
    what: 'in its subnet without a reservation',
    words: 'network core/ipvlan-a clashes',
    records: [network(), subnet('subnet-m', { cidr: '10.6.0.0/16' })],
    says: /10\.6\.0\.0\/24 of core\/ipvlan-a lies in subnet-m \(10\.6\.0\.0\/16\) without a reservation/,
  },
  {
    what: 'in its subnet, reserved',
    words: 'network core/ipvlan-a clashes',
    records: [
      network(),
      subnet('subnet-m', { cidr: '10.6.0.0/16', reservations: [{ cidr: '10.6.0.0/24', type: 'explicit' }] }),
    ],
    says: /^No clash/,
  },
  {
    what: 'two IPAM plugins',
    words: 'clashes',
    records: [ranged('a', 'host-local', '10.9.0.10-10.9.0.20'), ranged('b', 'static', '10.9.0.20/32')],
    says: /^1 possible clash of the 2 networks/,
    evidence: /do not know|does not know of each other/,
  },
  {
    what: 'two whereabouts networks',
    words: 'clashes',
    records: [ranged('a', 'whereabouts', '10.9.0.0/24'), ranged('b', 'whereabouts', '10.9.0.0/24')],
    says: /^No clash/,
  },
  {
    what: 'the addresses of nodes',
    words: 'clashes',
    records: [node(), ranged('a', 'host-local', '10.0.0.0/24')],
    says: /holds the addresses of 1 node \(n1\)/,
  },
  {
    what: 'the Service CIDR',
    ...a,
    records: [cluster('10.100.0.0/16'), ranged('a', 'host-local', '10.100.4.10-10.100.4.20')],
    says: /^1 possible clash of core\/a .*overlaps the Service CIDR 10\.100\.0\.0\/16/,
    evidence: /DNS/,
  },
  {
    what: 'the Service CIDR of the same family, of two',
    ...a,
    records: [cluster('10.100.0.0/16', 'fd00:10::/108'), ranged('a', 'host-local', 'fd00:10::5-fd00:10::9')],
    says: /overlaps the Service CIDR fd00:10::\/108\./,
  },
  {
    what: 'the Service CIDR known, and elsewhere',
    ...a,
    records: [cluster('172.20.0.0/16'), node(), subnet(), ranged('a', 'host-local', '192.168.0.0/24')],
    says: /with a known subnet, another network, a node’s address or the Service CIDR\.$/,
    evidence: /compared with the Service CIDR 172\.20\.0\.0\/16/,
  },
  {
    what: 'the Service CIDR API not served',
    ...a,
    records: [subnet(), ranged('a', 'host-local', '192.168.0.0/24')],
    states: services,
    says: /Not known: whether it clashes with the Service CIDR\.$/,
    evidence: /kubernetes\/servicecidrs is absent.*from Kubernetes 1\.33 on/,
  },
  {
    what: 'the Service CIDR forbidden',
    ...a,
    records: [subnet(), ranged('a', 'host-local', '192.168.0.0/24')],
    states: { 'kubernetes/servicecidrs': 'denied' },
    says: /Not known: whether it clashes with the Service CIDR\.$/,
    evidence: /not compared with the Service CIDR: kubernetes\/servicecidrs is denied/,
  },
  {
    what: 'without EC2',
    ...a,
    records: [cluster('172.20.0.0/16'), ranged('a', 'host-local', '192.168.0.0/24')],
    states: { 'ec2/subnets': 'denied' },
    says: /Not known: whether it clashes with the VPC’s subnets\.$/,
    evidence: /not compared with the VPC: ec2\/subnets is denied/,
  },
  {
    what: 'pod CIDRs of nodes',
    ...a,
    records: [
      node({ podCidrs: ['10.244.1.0/24'] }),
      node({ id: 'node:n2', name: 'n2', podCidrs: ['10.244.2.0/24', 'fd00::/64'] }),
      ranged('a', 'host-local', '10.244.0.0/16'),
    ],
    says: /overlaps the pod CIDR of 2 nodes \(n1: 10\.244\.1\.0\/24 and n2: 10\.244\.2\.0\/24, fd00::\/64\)/,
  },
  {
    what: 'pod CIDRs beside the range',
    ...a,
    records: [node({ podCidrs: ['10.244.1.0/24'] }), ranged('a', 'host-local', '10.244.2.0/24')],
    says: /^No clash of .* or a pod CIDR\./,
  },
  {
    what: 'in no subnet, but maybe in the VPC',
    ...a,
    records: [subnet('subnet-m', { cidr: '10.6.0.0/24', vpc: 'vpc-1' }), ranged('a', 'host-local', '10.6.9.0/24')],
    says: /^No clash of core\/a \(10\.6\.9\.0\/24\) with a known subnet/,
    evidence: /in no known subnet; if the VPC’s CIDR block around subnet-m \(10\.6\.0\.0\/24\) reaches that far/,
    command: /^aws ec2 describe-vpcs --vpc-ids vpc-1 /,
  },
  {
    what: 'a network without a range beside one',
    words: 'clashes',
    records: [ranged('a', 'host-local', '10.9.0.0/24'), ranged('b', 'dhcp')],
    says: /^No clash of the 1 network with ranges/,
    evidence: /because they name no range: core\/b \(IPAM dhcp\)/,
  },
  {
    what: 'no range',
    words: 'network core/a clashes',
    records: [ranged('a', 'dhcp')],
    says: /names no range of addresses \(IPAM dhcp\)/,
    certainty: 'unknown',
  },
];

describe('the answer to', () => {
  const rows = Object.entries({ CLASHES }).flatMap(([group, list]) =>
    list.map((row) => [`${group}: ${row.what}`, row] as const),
  );
  it.each(rows)('%s', (_what, { words, records, says, certainty, evidence, states, command }) => {
    const [answer] = answers(words, records, states);
    expect(answer?.sentence).toMatch(says);
    if (certainty !== undefined) expect(answer?.certainty).toBe(certainty);
    if (command !== undefined) expect(answer?.command).toMatch(command);
    if (evidence !== undefined) expect(answer?.evidence.map(({ text }) => text).join('\n')).toMatch(evidence);
  });
});
