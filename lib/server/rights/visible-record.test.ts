import { describe, expect, it } from 'vitest';
import { attachment, eni, ipPool, node, otherEni, signal, subnet } from '../../../e2e/testing/findings';
import { aFinding } from '../../../e2e/testing/records';
import { isWithin } from '../../model/ip';
import type { EniAddress, EniRecord, FindingRecord } from '../../model/records';
import { visibleRecord } from './visible-record';

const visibility = { visible: new Set(['shop']), hidden: new Set(['bank']), used: new Set<string>() };
const seen = (description: string) =>
  visibleRecord(
    'subnets',
    subnet('subnet-a', { others: [otherEni('eni-0a', { description, ips: ['10.0.0.9'] })] }),
    visibility,
  );

it.each([
  // The names of load balancers contain a namespace and an Ingress or Service.
  ['ELB app/k8s-bank-ledger-0a1b2c/77', ''],
  ['ELB net/k8s-bank-ledger-0a1b2c/77', ''],
  ['AWS Lambda VPC ENI-bank', ''],
  ['Interface for NAT Gateway nat-0a1b', 'Interface for NAT Gateway nat-0a1b'],
  ['RDSNetworkInterface', 'RDSNetworkInterface'],
])('shows the description “%s” of a foreign ENI as “%s”, and its addresses unchanged', (description, wanted) => {
  expect(seen(description)?.others).toEqual([otherEni('eni-0a', { description: wanted, ips: ['10.0.0.9'] })]);
});

it('hides the names of hidden pods in addresses of ipamd’s list', () => {
  const address = (ip: string, pod: string) => ({ ip, pod, held: false });
  const assigned = [address('10.0.0.5', 'bank/ledger'), address('10.0.0.6', 'shop/web')];
  const record = node({ ipamdEnis: [{ id: 'eni-a', card: 0, ranges: [], assigned }] });
  const enis = visibleRecord('nodes', record, visibility)?.ipamdEnis ?? [];
  expect(enis.flatMap((eni) => eni.assigned.map(({ pod }) => pod))).toEqual(['shop/web', null]);
});

it('omits the names of hidden pods from ipamd’s view of an ENI', () => {
  const believed = { known: true, addresses: 9, assigned: 2, unheld: [], taken: [], missing: [], extra: [] };
  const record = eni('eni-a', { ipamd: { ...believed, unheldBy: ['bank/ledger', 'shop/web'] } });
  expect(visibleRecord('enis', record, visibility)?.ipamd?.unheldBy).toEqual(['shop/web']);
});

const slot = (ip: string, state: EniAddress['state'], holder: string | null = null): EniAddress => ({
  ip,
  state,
  interface: holder,
});
const LEDGER = 'if:bank/ledger/eth0';
const WEB = 'if:shop/web/eth0';
const addressesOf = (change: Partial<EniRecord>): string[] =>
  (visibleRecord('enis', eni('eni-a', change), visibility)?.addresses ?? []).map(({ ip, state }) => `${ip} ${state}`);

describe('the addresses of an ENI', () => {
  it('are shown for the ENI itself and visible pods; all others are numbered by state', () => {
    const before = [
      slot('10.0.0.4', 'primary'),
      slot('10.0.0.5', 'warm'),
      slot('10.0.0.6', 'assigned', LEDGER),
      slot('10.0.0.7', 'assigned', WEB),
      slot('10.0.0.8', 'cooling'),
      slot('fd00::5', 'assigned'),
    ];
    const wanted = ['10.0.0.4 primary', '10.0.0.7 assigned', 'hidden-1 assigned', 'hidden-2 warm', 'hidden-3 cooling'];
    expect(addressesOf({ addresses: before })).toEqual([...wanted, 'hidden:1 assigned']);
    // The pods have exchanged their addresses with free ones: the visitor cannot tell.
    const after = before.map((one) =>
      one.ip === '10.0.0.5' ? slot(one.ip, 'assigned', LEDGER) : one.ip === '10.0.0.6' ? slot(one.ip, 'warm') : one,
    );
    expect(addressesOf({ addresses: after })).toEqual([...wanted, 'hidden:1 assigned']);
  });

  it('in a prefix keep their prefix if hidden', () => {
    const prefixes = [{ cidr: '10.0.0.16/28', size: 16, assigned: 2 }];
    const addresses = [
      slot('10.0.0.4', 'primary', LEDGER),
      slot('10.0.0.17', 'assigned', LEDGER),
      slot('10.0.0.18', 'assigned', WEB),
    ];
    const record = visibleRecord('enis', eni('eni-a', { addresses, prefixes }), visibility);
    expect(record?.addresses).toEqual([
      slot('10.0.0.4', 'primary'),
      slot('10.0.0.18', 'assigned', WEB),
      slot('hidden-1@10.0.0.16/28', 'assigned'),
    ]);
    expect(record?.prefixes).toBe(prefixes);
    expect(isWithin('10.0.0.16/28', 'hidden-1@10.0.0.16/28')).toBe(true);
    expect(isWithin('10.0.0.32/28', 'hidden-1@10.0.0.16/28')).toBe(false);
  });

  it.each([
    ['pod:bank/ledger', ['hidden-1 primary'], null, ['hidden-1']],
    ['pod:shop/web', ['10.0.0.9 primary'], '0a:00:00:00:00:01', ['192.0.2.1']],
  ])('of a branch ENI are those of %s', (branchPod, addresses, mac, publicIps) => {
    const change = {
      role: 'branch',
      branchPod,
      mac: '0a:00:00:00:00:01',
      addresses: [slot('10.0.0.9', 'primary')],
      publicIps: ['192.0.2.1'],
    } as const;
    expect(addressesOf(change)).toEqual(addresses);
    expect(visibleRecord('enis', eni('eni-a', change), visibility)).toMatchObject({ mac, publicIps });
  });

  it('include no hidden one in ipamd’s view', () => {
    const ipamd = {
      known: true,
      addresses: 9,
      assigned: 2,
      unheld: ['10.0.0.5'],
      unheldBy: [],
      taken: ['10.0.0.7'],
      missing: ['10.0.0.16/28', '10.0.0.6'],
      extra: ['10.0.0.9', '10.0.0.8'],
    };
    const addresses = [slot('10.0.0.7', 'assigned', WEB), slot('10.0.0.6', 'assigned', LEDGER)];
    expect(visibleRecord('enis', eni('eni-a', { addresses, ipamd }), visibility)?.ipamd).toMatchObject({
      unheld: ['hidden-1'],
      taken: ['10.0.0.7'],
      missing: ['10.0.0.16/28', 'hidden-1'],
      extra: ['hidden-1', 'hidden-2'],
    });
  });

  it('are the same object if none is hidden', () => {
    const record = eni('eni-a', { addresses: [slot('10.0.0.4', 'primary'), slot('10.0.0.7', 'assigned', WEB)] });
    expect(visibleRecord('enis', record, visibility)).toBe(record);
  });
});

it('shows ranges of ipamd’s list, and single addresses only of visible pods', () => {
  const address = (ip: string, pod: string | null) => ({ ip, pod, held: true });
  const assigned = [address('10.0.0.17', 'bank/ledger'), address('10.0.0.40', 'shop/web'), address('10.0.0.41', null)];
  const ranges = ['10.0.0.16/28', '10.0.0.40/32', '10.0.0.41/32', '10.0.0.42/32'];
  const record = node({ ipamdEnis: [{ id: 'eni-a', card: 0, ranges, assigned }] });
  const [seenEni] = visibleRecord('nodes', record, visibility)?.ipamdEnis ?? [];
  expect(seenEni?.ranges).toEqual(['10.0.0.16/28', '10.0.0.40/32', 'hidden-1', 'hidden-2']);
  expect(seenEni?.assigned.map(({ ip, pod }) => [ip, pod])).toEqual([
    ['10.0.0.40', 'shop/web'],
    ['hidden-1', null],
    ['hidden-1@10.0.0.16/28', null],
  ]);
});

it('keeps number and state of a pool’s allocations and reservations, without addresses of hidden pods', () => {
  const allocation = (ip: string, pod: string | null, live: boolean) => ({
    ip,
    pod,
    interface: 'net1',
    live,
    reserved: null,
  });
  const pool = ipPool({
    allocations: [
      allocation('10.9.0.1', 'pod:bank/ledger', false),
      allocation('10.9.0.2', 'pod:shop/web', true),
      allocation('10.9.0.3', null, true),
    ],
    orphanReservations: ['10.9.0.4', '10.9.0.5'],
    orphans: [
      { ip: '10.9.0.4', pod: 'pod:bank/ledger', createdAt: null },
      { ip: '10.9.0.5', pod: 'pod:shop/web', createdAt: null },
    ],
  });
  const record = visibleRecord('ipPools', pool, { ...visibility, visible: new Set(['shop', 'kube-system']) });
  expect(record?.allocations).toEqual([
    allocation('10.9.0.2', 'pod:shop/web', true),
    { ...allocation('hidden-1', null, true), interface: null },
    { ...allocation('hidden-2', null, false), interface: null },
  ]);
  expect(record?.orphanReservations).toEqual(['10.9.0.5', 'hidden-1']);
  expect(record?.orphans.map(({ ip }) => ip)).toEqual(['10.9.0.5', 'hidden-1']);
});

describe('an address in a text', () => {
  const finding = (subject: string): FindingRecord =>
    aFinding('duplicate-address', 'error', [subject], {
      title: 'has 10.0.0.5',
      detail: '10.0.0.5 is in 10.0.0.0/24.',
      evidence: ['MAC 0a:00:00:00:00:01'],
      advice: 'Free 10.0.0.5.',
      command: 'ping 10.0.0.5',
    });

  it('of a finding is shown only about the visitor’s own pods', () => {
    expect(visibleRecord('findings', finding('pod:shop/web'), visibility)).toEqual(finding('pod:shop/web'));
    expect(visibleRecord('findings', finding('node:n1'), visibility)).toMatchObject({
      title: 'has (not shown)',
      detail: '(not shown) is in 10.0.0.0/24.',
      evidence: ['MAC (not shown)'],
      advice: 'Free (not shown).',
      command: null,
    });
  });

  it.each([
    ['node:n1', 'no address (not shown)'],
    ['pod:shop/web', 'no address 10.0.0.5'],
  ])('of an Event about %s', (subject, wanted) => {
    const record = signal(subject, 'Failed', 'no address 10.0.0.5');
    expect(visibleRecord('signals', record, visibility)?.text).toBe(wanted);
  });

  it('of a node is not shown', () => {
    const record = node({
      agentTrouble: 'exits: 10.0.0.5',
      problems: ['10.0.0.5'],
      eniConfigProblems: ['10.0.0.5'],
      networkConditions: [{ type: 'NetworkingReady', reason: '', message: 'for 10.0.0.5', since: null }],
    });
    expect(JSON.stringify(visibleRecord('nodes', record, visibility))).not.toContain('10.0.0.5');
  });

  it('of the evidence for a network on a node is not shown', () => {
    const record = attachment('vlan', { network: 'net:shop/vlan', evidence: 'ens6 has 10.0.0.5' });
    expect(visibleRecord('attachments', record, visibility)?.evidence).toBe('ens6 has (not shown)');
  });
});
