/** Headroom under warm targets that never require more (vpc-cni §2.4), and the slot reserved for a trunk (§6). */
import { describe, expect, it } from 'vitest';
import {
  awsNode,
  engineOf,
  eni,
  get,
  instance,
  ipamdAddress,
  ipamdEni,
  ipamdEnis,
  node,
  ownEni,
  pod,
  upsert,
} from '../../../e2e/testing/facts';

const NODE = 'node:n1';

/** An m5.large whose primary ENI has `total` addresses, `held` of which pods hold. */
function nodeWith(env: Readonly<Record<string, string>>, total: number, held: number, version = 'v1.23.1') {
  const ips = Array.from({ length: total }, (_, index) => `10.0.0.${index + 10}`);
  const pods = ips.slice(0, held).map((ip, index) => upsert('pod', pod(`p${index}`, { ips: [ip] })));
  const engine = engineOf([
    upsert('node', node('n1', { maxPods: 110 })),
    upsert('instance', instance()),
    upsert('pod', awsNode(env, 'n1', version)),
    upsert('eni', ownEni('eni-1', { primaryIp: '10.0.0.1', secondaryIps: ips })),
    ...pods,
  ]);
  return get(engine, 'nodes', NODE);
}

describe('headroom under warm targets', () => {
  it.each([
    ['MINIMUM_IP_TARGET is reached, and nothing is free', { MINIMUM_IP_TARGET: '4', WARM_IP_TARGET: '0' }, 4, 4, 0],
    ['without WARM_IP_TARGET at all', { MINIMUM_IP_TARGET: '4' }, 4, 4, 0],
    ['available addresses are still assigned', { MINIMUM_IP_TARGET: '4' }, 4, 1, 3],
    ['addresses missing to the minimum are still added', { MINIMUM_IP_TARGET: '8' }, 5, 5, 3],
    ['in prefix mode by whole prefixes', { MINIMUM_IP_TARGET: '22', ENABLE_PREFIX_DELEGATION: 'true' }, 0, 0, 32],
  ])('%s', (_, env, total, held, pods) => {
    expect(nodeWith(env, total, held).headroom).toEqual({ pods, limitedBy: 'targets' });
  });

  it.each([
    ['WARM_IP_TARGET keeps an address free', { MINIMUM_IP_TARGET: '4', WARM_IP_TARGET: '1' }],
    ['so does WARM_ENI_TARGET=0', { WARM_ENI_TARGET: '0' }],
    ['no target is set', {}],
  ])('guard: %s', (_, env) => {
    expect(nodeWith(env, 4, 4).headroom.limitedBy).toBe('slots');
  });
});

describe('the slot reserved for a trunk', () => {
  it.each([
    ['a type without trunks, before v1.20.4', 't3.medium', 'v1.20.3', 1],
    ['a type without trunks, from v1.20.4 on', 't3.medium', 'v1.20.4', 0],
    ['a type without trunks, unknown version', 't3.medium', 'latest', null],
    ['a type with trunks', 'm5.large', 'v1.23.1', 1],
  ])('%s', (_, instanceType, version, reserved) => {
    const engine = engineOf([
      upsert('node', node('n1', { instanceType })),
      upsert('instance', instance(undefined, { instanceType })),
      upsert('pod', awsNode({ ENABLE_POD_ENI: 'true' }, 'n1', version)),
      upsert('eni', eni('eni-1', { primaryIp: '10.0.0.1' })),
    ]);
    expect(get(engine, 'nodes', NODE).eniSlots.reserved).toBe(reserved);
  });
});

// vpc-cni §1.3.
describe('free slots of card 0 with ENIs on other cards', () => {
  it.each([
    ['which count before v1.16.4', 'v1.16.3', 5],
    ['which do not count from v1.16.4 on', 'v1.16.4', 7],
  ])('%s', (_, version, free) => {
    const instanceType = 'c6in.32xlarge';
    const engine = engineOf([
      upsert('node', node('n1', { instanceType })),
      upsert('instance', instance(undefined, { instanceType })),
      upsert('pod', awsNode({}, 'n1', version)),
      upsert('eni', eni('eni-1', { primaryIp: '10.0.0.1' })),
      ...[0, 1].map((deviceIndex) => upsert('eni', eni(`eni-c${deviceIndex}`, { networkCardIndex: 1, deviceIndex }))),
    ]);
    expect(get(engine, 'nodes', NODE).eniSlots).toMatchObject({ limit: 8, used: 1, free });
  });
});

// vpc-cni §2.4, rule 0.
describe('headroom of a pool with addresses that ipamd keeps for deleted pods', () => {
  const headroom = (maxPods: number, version: string) => {
    const ips = Array.from({ length: 9 }, (_, index) => `10.0.0.${index + 10}`);
    const gone = ips.map((ip, index) =>
      ipamdAddress(ip, { assigned: index < 8, podNamespace: 'a', podName: index < 8 ? `gone-${index}` : null }),
    );
    const engine = engineOf([
      upsert('node', node('n1', { maxPods })),
      upsert('instance', instance()),
      upsert('pod', awsNode({}, 'n1', version)),
      upsert('eni', ownEni('eni-1', { primaryIp: '10.0.0.1', secondaryIps: ips })),
      upsert('ipamdEnis', ipamdEnis('n1', [ipamdEni('eni-1', gone)])),
    ]);
    return get(engine, 'nodes', NODE).headroom;
  };

  it.each([
    ['has as many addresses as max pods: it does not grow', 9, 'v1.16.3', { pods: 1, limitedBy: 'targets' }],
    ['has fewer: it gets a whole ENI', 10, 'v1.16.3', { pods: 9, limitedBy: 'max-pods' }],
    ['has as many, before v1.16.3: it grows regardless', 9, 'v1.16.2', { pods: 8, limitedBy: 'max-pods' }],
  ])('which %s', (_, maxPods, version, wanted) => {
    expect(headroom(maxPods, version)).toEqual(wanted);
  });
});
