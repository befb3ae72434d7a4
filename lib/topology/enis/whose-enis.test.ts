/** Which ENIs belong to this cluster, and to which node. */
import { describe, expect, it } from 'vitest';
import type { EniFact } from '../../model/facts';
import { batch, engineOf, eni, get, node, pod, upsert } from '../../../e2e/testing/facts';

const FARGATE = { computeType: 'fargate', instanceId: null, internalIps: ['10.0.0.9'] } as const;
const THEIRS = 'i-0bbbbbbbbbbbbbbbb';

describe('an ENI that belongs to no node of the cluster', () => {
  const CASES: readonly [what: string, more: Partial<EniFact>, shown: boolean][] = [
    ['attached to a foreign instance', { instanceId: THEIRS }, true],
    ['a load balancer', { instanceId: null, interfaceType: 'network_load_balancer' }, false],
    ['a NAT gateway', { instanceId: null, interfaceType: 'nat_gateway' }, false],
    ['available, created by ipamd', { instanceId: null, status: 'available', description: 'aws-K8S-i-0cc' }, true],
    [
      'available, created by the controller',
      { instanceId: null, status: 'available', description: 'aws-k8s-branch-eni' },
      true,
    ],
    ['available, unknown creator', { instanceId: null, status: 'available' }, false],
    ['of any kind, with an address of a pod', { instanceId: null, secondaryIps: ['10.0.0.8'] }, true],
    ['of any kind, with a prefix around it', { instanceId: null, ipv4Prefixes: ['10.0.0.0/28'] }, true],
  ];
  it.each(CASES)('%s', (_what, more, shown) => {
    const engine = engineOf([
      upsert('node', node()),
      upsert('pod', pod('web', { ips: ['10.0.0.8'] })),
      upsert('eni', eni('eni-x', more)),
    ]);
    expect(engine.replica.records.enis.has('eni-x')).toBe(shown);
    if (shown) expect(get(engine, 'enis', 'eni-x')).toMatchObject({ node: null, management: { state: 'outside' } });
  });
});

describe("a Fargate pod's ENI", () => {
  const own = eni('eni-f', { instanceId: null, primaryIp: '10.0.0.9' });

  it('is identified by the address of its node, whether or not the pod still runs', () => {
    const engine = engineOf([upsert('node', node('n1', FARGATE)), upsert('eni', own)]);
    expect(get(engine, 'enis', 'eni-f')).toMatchObject({
      node: 'node:n1',
      card: null,
      management: { state: 'outside', rule: 'no-ipamd' },
    });
  });

  it('is never in another VPC, where the same address may be in use, even if the VPC is known late', () => {
    const foreign = eni('eni-a', { instanceId: THEIRS, primaryIp: '10.0.0.9', vpc: 'vpc-2' });
    const engine = engineOf([
      upsert('node', node('n1', FARGATE)),
      upsert('eni', { ...own, vpc: 'vpc-1' }),
      upsert('eni', foreign),
    ]);
    engine.apply(batch([{ op: 'cluster', cluster: { vpcId: 'vpc-1' } }]));
    expect(get(engine, 'enis', 'eni-f').node).toBe('node:n1');
    expect(get(engine, 'enis', 'eni-a').node).toBe(null);
  });

  it('follows when the node reports its address late', () => {
    const engine = engineOf([upsert('node', node('n1', { ...FARGATE, internalIps: [] })), upsert('eni', own)]);
    expect(engine.replica.records.enis.size).toBe(0);
    engine.apply(batch([upsert('node', node('n1', FARGATE))]));
    expect(get(engine, 'enis', 'eni-f').node).toBe('node:n1');
    engine.apply(batch([upsert('node', node('n1', { ...FARGATE, internalIps: ['10.0.0.77'] }))]));
    expect(engine.replica.records.enis.size).toBe(0);
  });
});
