/** Settings of a node that depend on EC2 or on the DaemonSet (vpc-cni §9). */
import { describe, expect, it } from 'vitest';
import type { Observation } from '../../model/observation';
import { awsNode, daemonSet, engineOf, get, node, ownEni, upsert } from '../../../e2e/testing/facts';

const EGRESS = { ENABLE_V6_EGRESS: 'true' };
const cniOf = (env: Readonly<Record<string, string>>, version: string, ...more: readonly Observation[]) => {
  const agent = awsNode(env);
  const engine = engineOf([
    upsert('node', node('n1')),
    upsert('pod', { ...agent, awsNode: agent.awsNode === null ? null : { ...agent.awsNode, version } }),
    ...more,
  ]);
  return get(engine, 'nodes', 'node:n1').cni;
};
const primary = (ipv6Addresses: readonly string[]) => upsert('eni', ownEni('eni-0', { ipv6Addresses }));

describe('IPv6 egress in an IPv4 cluster', () => {
  it.each<[string, Parameters<typeof cniOf>, { readonly ignored: string | null; readonly refused: string | null }]>([
    [
      'has no effect if the primary ENI has no IPv6 address',
      [EGRESS, 'v1.23.1', primary([])],
      { ignored: 'ENABLE_V6_EGRESS', refused: null },
    ],
    [
      'kept aws-node from starting there before v1.16.3',
      [EGRESS, 'v1.16.2', primary([])],
      { ignored: null, refused: 'ENABLE_V6_EGRESS' },
    ],
    [
      'requires nothing more than the address',
      [EGRESS, 'v1.16.2', primary(['fd00::5'])],
      { ignored: null, refused: null },
    ],
    ['is of unknown effect without EC2', [EGRESS, 'v1.23.1'], { ignored: null, refused: null }],
    [
      'is not supported by aws-node before v1.13.0',
      [EGRESS, 'v1.12.6', primary([])],
      { ignored: 'ENABLE_V6_EGRESS', refused: null },
    ],
    ['is off', [{ ENABLE_V6_EGRESS: 'false' }, 'v1.16.2', primary([])], { ignored: null, refused: null }],
  ])('%s', (_what, setup, wanted) => {
    const cni = cniOf(...setup);
    expect(cni?.ignored.find(({ name }) => name.includes('EGRESS'))?.name ?? null).toBe(wanted.ignored);
    expect(cni?.refused.some((reason) => reason.includes('EGRESS'))).toBe(wanted.refused !== null);
  });
});

describe('a new aws-node pod', () => {
  const next = (env: Readonly<Record<string, string>>) =>
    cniOf(
      { ENABLE_PREFIX_DELEGATION: 'false' },
      'v1.23.1',
      upsert('daemonSet', daemonSet('aws-node', { awsNode: { version: 'v1.23.1', env } })),
    )?.refusedNext.join('; ');

  it('would not start with the DaemonSet’s current settings', () => {
    expect(next({ ENABLE_PREFIX_DELEGATION: 'true', WARM_PREFIX_TARGET: '0' })).toMatch(
      /ENABLE_PREFIX_DELEGATION is on/,
    );
  });

  it('starts with the DaemonSet’s current settings', () => {
    expect(next({ ENABLE_PREFIX_DELEGATION: 'true', WARM_PREFIX_TARGET: '1' })).toBe('');
  });
});
