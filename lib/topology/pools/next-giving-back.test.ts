/** What ipamd releases next, and what prevents it (vpc-cni §2.4), on whole nodes. */
import { describe, expect, it } from 'vitest';
import type { EniFact } from '../../model/facts';
import type { Pool } from '../../model/records';
import { AT, batch, get, iso, ownEni, pod, upsert } from '../../../e2e/testing/facts';
import {
  ips,
  pods,
  engineWith,
  nextOf,
  PRIMARY,
  SECOND,
  UNMANAGED,
  PREFIX,
  BIG,
  ONE_PREFIX,
  type Setup,
} from '../../../e2e/testing/next-step';

type Case = readonly [what: string, setup: Setup, wanted: Partial<NonNullable<Pool['next']>>];
const two = (more: Partial<EniFact>) => [PRIMARY, { ...SECOND, ...more }];
const CASES: readonly Case[] = [
  ['exactly at the target', { enis: [PRIMARY, SECOND], pods: 5 }, { action: 'none', count: 0, blockedBy: null }],
  [
    'addresses beyond WARM_IP_TARGET',
    { env: { WARM_IP_TARGET: '2' }, enis: [PRIMARY], pods: 1 },
    { action: 'release-addresses', count: 6 },
  ],
  [
    'whole free prefixes beyond WARM_PREFIX_TARGET',
    {
      env: PREFIX,
      node: BIG,
      enis: [ownEni('eni-0', { ipv4Prefixes: ['10.0.0.16/28', '10.0.0.32/28', '10.0.0.48/28'] })],
    },
    { action: 'release-prefixes', count: 2 },
  ],
  [
    'a wholly free prefix of a card above 0, although addresses are counted there',
    {
      env: { ...PREFIX, ENABLE_MULTI_NIC: 'true' },
      node: { instanceType: 'c6in.32xlarge', maxPods: 394 },
      enis: [ONE_PREFIX, ownEni('eni-c', { networkCardIndex: 1, ipv4Prefixes: ['10.0.0.64/28'] })],
      card: 1,
    },
    { action: 'release-prefixes', count: 1 },
  ],
  [
    'no prefix of a card above 0 from which a pod has an address',
    {
      env: { ...PREFIX, ENABLE_MULTI_NIC: 'true' },
      node: { instanceType: 'c6in.32xlarge', maxPods: 394 },
      enis: [ONE_PREFIX, ownEni('eni-c', { networkCardIndex: 1, ipv4Prefixes: ['10.0.0.64/28'] })],
      more: pods(64, 1),
      card: 1,
    },
    { action: 'none', count: 0 },
  ],
  [
    'an idle ENI: available reaches (WARM_ENI_TARGET + 1) × slots',
    { enis: two({}) },
    { action: 'detach-eni', count: 1, reason: 'eni-1 is idle and not needed for WARM_ENI_TARGET=1' },
  ],
  ['one address fewer: the ENI stays', { enis: two({ secondaryIps: ips(20, 8) }) }, { action: 'none' }],
  ['an ENI with a pod stays', { enis: two({}), more: pods(20, 1), env: { WARM_ENI_TARGET: '0' } }, { action: 'none' }],
  [
    'ipamd frees any of several idle ENIs: all are named',
    { enis: [...two({}), ownEni('eni-2', { deviceIndex: 2, secondaryIps: ips(30, 9) })] },
    { reason: 'eni-1 or eni-2 is idle and not needed for WARM_ENI_TARGET=1' },
  ],
  ['the primary is never freed', { enis: [PRIMARY], env: { WARM_ENI_TARGET: '0' } }, { action: 'none' }],
  ['an idle EFA is never freed', { enis: two({ interfaceType: 'efa' }) }, { action: 'none' }],
  [
    'a trunk is never freed',
    { enis: two({ interfaceType: 'trunk' }), env: { WARM_ENI_TARGET: '0' } },
    { action: 'none' },
  ],
  [
    'an unmanaged ENI is never freed',
    { enis: [PRIMARY, UNMANAGED], env: { WARM_ENI_TARGET: '0' } },
    { action: 'none' },
  ],
  [
    'an adopted ENI is freed like one that ipamd created',
    { enis: two({ tags: {}, description: 'multus' }) },
    { action: 'detach-eni' },
  ],
  ['an ENI attached 59 s ago stays', { enis: two({ attachedAt: iso(AT - 59_000) }) }, { action: 'none' }],
  ['an ENI attached 60 s ago is freed', { enis: two({ attachedAt: iso(AT - 60_000) }) }, { action: 'detach-eni' }],
  [
    'an ENI stays 59 s after aws-node started: the datastore is as young',
    { enis: two({}), agent: { startedAt: iso(AT - 59_000) } },
    { action: 'none' },
  ],
  [
    'WARM_IP_TARGET: not needed given the addresses of the other ENIs',
    { env: { WARM_IP_TARGET: '9' }, enis: two({ secondaryIps: [] }) },
    { action: 'detach-eni' },
  ],
  [
    'MINIMUM_IP_TARGET: needed, since the others have too few addresses in total',
    { env: { MINIMUM_IP_TARGET: '10' }, enis: two({ secondaryIps: ips(20, 1) }), pods: 5 },
    { action: 'none' },
  ],
  [
    'MINIMUM_IP_TARGET: the others have enough addresses in total',
    { env: { MINIMUM_IP_TARGET: '9' }, enis: two({ secondaryIps: [] }), pods: 9 },
    { action: 'detach-eni' },
  ],
  [
    'WARM_PREFIX_TARGET: needed, since no other prefix is free',
    {
      env: PREFIX,
      node: BIG,
      enis: [ONE_PREFIX, ownEni('eni-1', { deviceIndex: 1, ipv4Prefixes: ['10.0.0.64/28'] })],
      more: pods(16, 1),
    },
    { action: 'none' },
  ],
  [
    'WARM_PREFIX_TARGET: an idle ENI, given the free prefixes of the others',
    {
      env: PREFIX,
      node: BIG,
      enis: [ONE_PREFIX, ownEni('eni-1', { deviceIndex: 1, ipv4Prefixes: [] })],
    },
    { action: 'detach-eni' },
  ],
  [
    'an ENI without prefixes stays if a pod holds a leftover address on it',
    {
      env: PREFIX,
      node: BIG,
      enis: [ONE_PREFIX, ownEni('eni-1', { deviceIndex: 1, secondaryIps: ['10.0.0.70'] })],
      more: pods(70, 1),
    },
    { action: 'none' },
  ],
  [
    'an idle ENI of a card above 0 if the card has enough without it',
    {
      env: { ENABLE_MULTI_NIC: 'true' },
      node: { instanceType: 'c6in.32xlarge', maxPods: 394 },
      enis: [
        PRIMARY,
        ownEni('eni-c', { networkCardIndex: 1, secondaryIps: ['10.0.0.70'] }),
        ownEni('eni-d', { networkCardIndex: 1, deviceIndex: 1, secondaryIps: [] }),
      ],
      card: 1,
    },
    { action: 'detach-eni', reason: 'eni-d is idle and not needed for one free address on cards above 0' },
  ],
];

describe('releasing addresses and ENIs', () => {
  it.each(CASES)('%s', (_what, setup, wanted) => {
    expect(nextOf(setup)).toMatchObject(wanted);
  });

  it('is re-evaluated when an ENI is old enough', () => {
    const engine = engineWith({ enis: two({ attachedAt: iso(AT - 20_000) }) });
    expect(engine.nextTickAt).toBe(AT + 40_000);
    engine.tick(AT + 40_000);
    expect(get(engine, 'nodes', 'node:n1').pools[0]?.next?.action).toBe('detach-eni');
  });

  it('waits while an address on the ENI is cooling', () => {
    const user = pod('a', { ips: ['10.0.0.20'] });
    const engine = engineWith({ enis: two({}), more: [upsert('pod', user)] });
    engine.apply(batch([{ op: 'remove', kind: 'pod', scope: 'pod', key: 'default/a', uid: null }], AT + 1000));
    const action = () => get(engine, 'nodes', 'node:n1').pools[0]?.next?.action;
    expect(action()).toBe('none');
    engine.tick(AT + 31_000);
    expect(action()).toBe('detach-eni');
  });
});
