/** Settings with an unknown value remain unknown through pool and headroom, and never count as the default (vpc-cni §2.1, §2.4). */
import { describe, expect, it } from 'vitest';
import { awsNode, engineOf, get, node, ownEni, pod, upsert } from '../../../e2e/testing/facts';
import type { NodeFact, PodFact } from '../../model/facts';
import type { NodeRecord } from '../../model/records';

type Environment = NonNullable<PodFact['awsNode']>['env'];

/** Nine addresses on the primary ENI, three of which are held. */
function nodeWith(env: Environment, more: Partial<NodeFact> = {}, prefixes: readonly string[] = []): NodeRecord {
  const ips = Array.from({ length: 9 }, (_, index) => `10.0.0.${index + 10}`);
  const agent = awsNode({}, 'n1');
  const engine = engineOf([
    upsert('node', node('n1', { maxPods: 110, ...more })),
    upsert('pod', { ...agent, awsNode: { version: 'v1.23.1', env } }),
    upsert(
      'eni',
      ownEni('eni-1', {
        primaryIp: '10.0.0.1',
        ...(prefixes.length > 0 ? { ipv4Prefixes: prefixes } : { secondaryIps: ips }),
      }),
    ),
    ...ips.slice(0, 3).map((ip, index) => upsert('pod', pod(`p${index}`, { ips: [ip] }))),
  ]);
  return get(engine, 'nodes', 'node:n1');
}

const UNKNOWN_HEADROOM = { pods: null, limitedBy: 'unknown' };

describe('a setting with an unknown value', () => {
  it.each<[string, Environment]>([
    ['WARM_IP_TARGET', { WARM_IP_TARGET: null }],
    ['MINIMUM_IP_TARGET', { MINIMUM_IP_TARGET: null }],
    ['a decisive WARM_ENI_TARGET', { WARM_ENI_TARGET: null }],
    ['MINIMUM_IP_TARGET next to a known WARM_IP_TARGET', { WARM_IP_TARGET: '2', MINIMUM_IP_TARGET: null }],
  ])('%s: the addresses are known, the target is not', (_, env) => {
    expect(nodeWith(env).pools[0]).toMatchObject({
      total: 9,
      assigned: 3,
      available: 6,
      target: null,
      short: null,
      over: null,
      low: null,
      next: null,
    });
  });

  it.each<[string, Environment]>([
    ['WARM_ENI_TARGET next to an address target', { WARM_ENI_TARGET: null, WARM_IP_TARGET: '2' }],
    ['WARM_PREFIX_TARGET outside prefix mode', { WARM_PREFIX_TARGET: null, WARM_IP_TARGET: '2' }],
  ])('%s does not matter', (_, env) => {
    expect(nodeWith(env).pools[0]).toMatchObject({ target: 2, low: false });
  });

  it('a pool with as many addresses as max pods is not low, whatever the targets', () => {
    expect(nodeWith({ WARM_IP_TARGET: null }, { maxPods: 9 }).pools[0]).toMatchObject({ low: false, target: null });
  });

  it.each<[string, Environment]>([
    ['ENABLE_PREFIX_DELEGATION', { ENABLE_PREFIX_DELEGATION: null }],
    ['ENABLE_IPv6', { ENABLE_IPv6: null }],
  ])('%s: everything about the pool is unknown', (name, env) => {
    const record = nodeWith(env);
    expect(record.cni).toMatchObject({ mode: null, unresolved: [name] });
    expect(record.pools[0]).toMatchObject({ total: null, assigned: null, target: null, low: null });
    expect(record.headroom).toEqual(UNKNOWN_HEADROOM);
    expect(record.limits?.maxPodsByFormula).toBeNull();
  });

  it('custom networking in prefix mode: unknown whether the prefixes of the primary ENI count', () => {
    const env = { ENABLE_PREFIX_DELEGATION: 'true', AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: null };
    const record = nodeWith(env, {}, ['10.0.0.0/28']);
    expect(record.pools[0]).toMatchObject({ total: null, low: null });
    expect(record.headroom).toEqual(UNKNOWN_HEADROOM);
  });

  it.each<[string, Environment]>([
    ['WARM_IP_TARGET next to MINIMUM_IP_TARGET', { WARM_IP_TARGET: null, MINIMUM_IP_TARGET: '4' }],
    ['MINIMUM_IP_TARGET alone', { MINIMUM_IP_TARGET: null }],
    ['MAX_ENI', { MAX_ENI: null }],
    ['ENABLE_POD_ENI', { ENABLE_POD_ENI: null }],
    ['custom networking', { AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: null }],
    ['whether ipamd calls EC2', { DISABLE_NETWORK_RESOURCE_PROVISIONING: null }],
  ])('%s: the headroom is unknown', (_, env) => {
    expect(nodeWith(env).headroom).toEqual(UNKNOWN_HEADROOM);
  });

  it.each<[string, Environment, object]>([
    [
      'WARM_IP_TARGET alone: any value keeps an address free',
      { WARM_IP_TARGET: null },
      { limitedBy: 'slots', pods: 24 },
    ],
    [
      'MINIMUM_IP_TARGET next to WARM_IP_TARGET',
      { WARM_IP_TARGET: '1', MINIMUM_IP_TARGET: null },
      { limitedBy: 'slots', pods: 24 },
    ],
  ])('headroom does not depend on %s', (_, env, wanted) => {
    expect(nodeWith(env).headroom).toEqual(wanted);
  });

  it('headroom is limited by max pods if the available addresses suffice', () => {
    expect(nodeWith({ MINIMUM_IP_TARGET: null }, { maxPods: 8 }).headroom).toEqual({ pods: 4, limitedBy: 'max-pods' });
  });

  it('IP_COOLDOWN_PERIOD: cooling addresses are unknown', () => {
    expect(nodeWith({ IP_COOLDOWN_PERIOD: null }).pools[0]).toMatchObject({ cooling: null, warm: null });
  });

  it('MANAGE_UNTAGGED_ENI: the management of untagged ENIs is unknown', () => {
    const agent = awsNode({}, 'n1');
    const engine = engineOf([
      upsert('node', node('n1')),
      upsert('pod', { ...agent, awsNode: { version: 'v1.23.1', env: { MANAGE_UNTAGGED_ENI: null } } }),
      upsert('eni', ownEni('eni-1', { primaryIp: '10.0.0.1' })),
      upsert('eni', { ...ownEni('eni-2', { deviceIndex: 1, primaryIp: '10.0.0.2' }), tags: {} }),
    ]);
    expect(get(engine, 'enis', 'eni-2').management.state).toBe('unknown');
    expect(get(engine, 'nodes', 'node:n1').eniSlots.unmanaged).toBeNull();
  });

  it('ENABLE_MULTI_NIC: the cards above 0 are unknown', () => {
    const record = nodeWith({ ENABLE_MULTI_NIC: null }, { instanceType: 'hpc7a.96xlarge' });
    expect(record.pools.map(({ card }) => card)).toEqual([0]);
    expect(record.headroom).toEqual(UNKNOWN_HEADROOM);
  });
});

describe('the relevant aws-node pod', () => {
  it('is the running one, not one that was evicted or is waiting', () => {
    const one = (name: string, phase: string, target: string, createdAt: string): PodFact => ({
      ...awsNode({ WARM_IP_TARGET: target }, 'n1'),
      name,
      uid: name,
      phase,
      createdAt,
    });
    const engine = engineOf([
      upsert('node', node('n1')),
      upsert('pod', one('aws-node-a', 'Failed', '1', '2026-09-01T11:00:00Z')),
      upsert('pod', one('aws-node-b', 'Running', '2', '2026-09-01T10:00:00Z')),
      upsert('pod', one('aws-node-0', 'Pending', '3', '2026-09-01T11:30:00Z')),
    ]);
    expect(get(engine, 'nodes', 'node:n1').cni?.warmIpTarget).toBe(2);
  });
});
