/** What ipamd's checkpoint shows about a node's addresses, and what it does not (vpc-cni §2.4). */
import { describe, expect, it } from 'vitest';
import type { IpamdCheckpointFact } from '../../model/facts';
import {
  awsNode,
  engineOf,
  get,
  ipamdAddress,
  ipamdEni,
  ipamdEnis,
  iso,
  AT,
  node,
  ownEni,
  pod,
  upsert,
} from '../../../e2e/testing/facts';

const given = (ip: string, podName: string | null, assignedAt: string | null = '2026-09-01T11:00:00Z') => ({
  ip,
  podNamespace: podName === null ? null : 'default',
  podName,
  assignedAt,
});

const checkpoint = (assigned: IpamdCheckpointFact['assigned'], cards = [0]) =>
  upsert('ipamdCheckpoint', { node: 'n1', readAt: iso(AT), cards, assigned });

const SECONDARY = ownEni('eni-a', { primaryIp: '10.0.0.4', secondaryIps: ['10.0.0.5', '10.0.0.6', '10.0.0.7'] });
const PREFIX = ownEni('eni-a', { primaryIp: '10.0.0.4', secondaryIps: [], ipv4Prefixes: ['10.0.0.16/28'] });
const WEB = pod('web', { ips: ['10.0.0.5'], startedAt: '2026-09-01T10:00:00Z' });

const engineWith = (
  more: Parameters<typeof engineOf>[0],
  eni = SECONDARY,
  env: Readonly<Record<string, string>> = {},
) => engineOf([upsert('node', node()), upsert('pod', awsNode(env)), upsert('eni', eni), ...more]);

describe('secondary addresses', () => {
  const engine = engineWith([upsert('pod', WEB), checkpoint([given('10.0.0.5', 'web'), given('10.0.0.6', 'gone')])]);

  it('that the checkpoint assigns are assigned, whoever holds them', () => {
    const { addresses, ipamd } = get(engine, 'enis', 'eni-a');
    expect(addresses).toMatchObject([
      { ip: '10.0.0.4', state: 'primary' },
      { ip: '10.0.0.5', state: 'assigned', interface: 'if:default/web/eth0' },
      { ip: '10.0.0.6', state: 'assigned', interface: null },
      { ip: '10.0.0.7', state: 'warm' },
    ]);
    expect(ipamd).toMatchObject({
      known: true,
      addresses: null,
      assigned: 2,
      unheld: ['10.0.0.6'],
      unheldBy: ['default/gone'],
      taken: [],
      missing: [],
      extra: [],
    });
  });

  it('count in the pool as ipamd counts them', () => {
    expect(get(engine, 'nodes', 'node:n1').pools).toMatchObject([
      { total: 3, assigned: 2, available: 1, certainty: 'observed' },
    ]);
  });
});

it('lists addresses in prefixes individually', () => {
  const engine = engineWith([checkpoint([given('10.0.0.17', 'gone'), given('10.0.0.20', 'gone')])], PREFIX, {
    ENABLE_PREFIX_DELEGATION: 'true',
  });
  const { addresses, prefixes } = get(engine, 'enis', 'eni-a');
  expect(prefixes).toEqual([{ cidr: '10.0.0.16/28', size: 16, assigned: 2 }]);
  expect(addresses.filter(({ state }) => state === 'assigned').map(({ ip }) => ip)).toEqual(['10.0.0.17', '10.0.0.20']);
});

describe('the address of a live pod that the checkpoint lacks', () => {
  const of = (startedAt: string, assignedAt: string | null) => {
    const engine = engineWith([
      upsert('pod', pod('web', { ips: ['10.0.0.5'], startedAt })),
      checkpoint([given('10.0.0.6', 'gone', assignedAt)]),
    ]);
    return get(engine, 'enis', 'eni-a').ipamd;
  };

  it('counts as free to ipamd if the file is newer than the pod', () => {
    expect(of('2026-09-01T10:00:00Z', '2026-09-01T11:00:00Z')).toMatchObject({ taken: ['10.0.0.5'] });
  });

  it.each([
    ['the pod is newer than any entry', '2026-09-01T11:30:00Z', '2026-09-01T11:00:00Z'],
    ['no entry has a time', '2026-09-01T10:00:00Z', null],
  ])('does not if %s', (_what, startedAt, assignedAt) => {
    expect(of(startedAt, assignedAt)).toMatchObject({ taken: [] });
  });
});

it('keeps an address reserved for its pod that has not reported it yet', () => {
  const engine = engineWith([upsert('pod', pod('web', { ips: [] })), checkpoint([given('10.0.0.5', 'web')])]);
  expect(get(engine, 'enis', 'eni-a').ipamd).toMatchObject({ assigned: 1, unheld: [] });
});

it('derives nothing for a card whose file was not read', () => {
  const engine = engineWith([upsert('pod', WEB), checkpoint([given('10.0.0.6', 'gone')], [1])]);
  expect(get(engine, 'enis', 'eni-a').ipamd).toBeNull();
});

it('derives nothing next to ipamd’s own list, which is more detailed', () => {
  const list = ipamdEnis('n1', [ipamdEni('eni-a', [ipamdAddress('10.0.0.5', { assigned: true })])]);
  const engine = engineWith([upsert('pod', WEB), upsert('ipamdEnis', list), checkpoint([given('10.0.0.5', 'web')])]);
  expect(get(engine, 'enis', 'eni-a').ipamd).toMatchObject({ addresses: 1, missing: ['10.0.0.6', '10.0.0.7'] });
});

it('without EC2, provides the number of assigned addresses but no total', () => {
  const engine = engineOf([
    upsert('node', node()),
    upsert('pod', awsNode()),
    checkpoint([given('10.0.0.5', 'web'), given('10.0.0.6', 'gone')]),
  ]);
  expect(get(engine, 'nodes', 'node:n1').pools).toMatchObject([
    { total: null, assigned: 2, available: null, low: null, certainty: 'observed' },
  ]);
});
