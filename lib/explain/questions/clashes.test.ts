import { describe, expect, it } from 'vitest';
import { answers, type QuestionCase } from '../../../e2e/testing/explain';
import { network, node, subnet } from '../../../e2e/testing/findings';

const ranged = (name: string, type: string, ...ranges: string[]): ReturnType<typeof network> =>
  network(name, { ipam: { type, ranges, used: 0, size: 1, routes: [] } });
const CLASHES: readonly QuestionCase[] = [
  { what: 'none', words: 'clashes', records: [node(), network()], says: /^No clash/ },
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
    what: 'two IPAMs',
    words: 'clashes',
    records: [ranged('a', 'host-local', '10.9.0.10-10.9.0.20'), ranged('b', 'static', '10.9.0.20/32')],
    says: /^1 possible clash of the 2 networks/,
    evidence: /do not know|does not know of each other/,
  },
  {
    what: 'two of whereabouts',
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
  it.each(rows)('%s', (_what, { words, records, says, certainty, evidence, states }) => {
    const [answer] = answers(words, records, states);
    expect(answer?.sentence).toMatch(says);
    if (certainty !== undefined) expect(answer?.certainty).toBe(certainty);
    if (evidence !== undefined) expect(answer?.evidence.map(({ text }) => text).join('\n')).toMatch(evidence);
  });
});
