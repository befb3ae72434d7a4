import { describe, expect, it } from 'vitest';
import type { EniFact, PodFact } from '../../model/facts';
import type { Observation } from '../../model/observation';
import {
  AT,
  awsNode,
  batch,
  engineOf,
  eni,
  entry,
  get,
  ipamdAddress,
  ipamdEni,
  ipamdEnis,
  iso,
  nad,
  node,
  ownEni,
  pod,
  remove,
  replaceAll,
  status,
  subnet,
  upsert,
} from '../../../e2e/testing/facts';
import type { Engine } from '../engine';

const states = (engine: Engine, id: string): Readonly<Record<string, string>> =>
  Object.fromEntries(get(engine, 'enis', id).addresses.map(({ ip, state }) => [ip, state]));

interface Case {
  readonly what: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly eni: Partial<EniFact>;
  readonly more?: readonly Observation[];
  readonly wanted: Readonly<Record<string, string>>;
}

const PREFIX = { ENABLE_PREFIX_DELEGATION: 'true' };
const CASES: readonly Case[] = [
  {
    what: 'held and free',
    eni: { secondaryIps: ['10.0.0.5', '10.0.0.6'] },
    wanted: { '10.0.0.4': 'primary', '10.0.0.5': 'assigned', '10.0.0.6': 'warm' },
  },
  {
    what: 'unmanaged',
    eni: { deviceIndex: 1, tags: { 'node.k8s.amazonaws.com/no_manage': 'true' }, secondaryIps: ['10.0.0.6'] },
    wanted: { '10.0.0.4': 'primary', '10.0.0.6': 'unclaimed' },
  },
  {
    what: 'a trunk',
    eni: { deviceIndex: 1, interfaceType: 'trunk', secondaryIps: ['10.0.0.6'] },
    wanted: { '10.0.0.4': 'primary', '10.0.0.6': 'warm' },
  },
  {
    what: 'custom networking: single addresses on the primary ENI are in the pool',
    env: { AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true' },
    eni: { secondaryIps: ['10.0.0.5', '10.0.0.6'] },
    wanted: { '10.0.0.4': 'primary', '10.0.0.5': 'assigned', '10.0.0.6': 'warm' },
  },
  {
    what: 'a subnet that is excluded for the CNI',
    eni: { deviceIndex: 1, secondaryIps: ['10.0.0.6'] },
    more: [upsert('subnet', subnet('subnet-1', { tags: { 'kubernetes.io/role/cni': '0' } }))],
    wanted: { '10.0.0.4': 'primary', '10.0.0.6': 'excluded' },
  },
  {
    what: 'leftover single addresses in prefix mode',
    env: PREFIX,
    eni: { secondaryIps: ['10.0.0.5', '10.0.0.6'], ipv4Prefixes: ['10.0.0.32/28'] },
    wanted: { '10.0.0.4': 'primary', '10.0.0.5': 'assigned', '10.0.0.6': 'excluded' },
  },
  {
    what: 'prefixes list their held addresses',
    env: PREFIX,
    eni: { ipv4Prefixes: ['10.0.0.0/28'] },
    wanted: { '10.0.0.4': 'primary', '10.0.0.5': 'assigned' },
  },
  {
    what: 'an IPv6 address outside prefixes is assigned to nobody',
    env: { ENABLE_IPv4: 'false', ENABLE_IPv6: 'true', ENABLE_PREFIX_DELEGATION: 'true' },
    eni: { secondaryIps: [], ipv6Addresses: ['2001:db8::5'], ipv6Prefixes: ['2001:db8:0:0:1::/80'] },
    wanted: { '10.0.0.4': 'primary', '2001:db8::5': 'excluded' },
  },
  {
    what: 'a node of another CNI',
    env: undefined,
    eni: { secondaryIps: ['10.0.0.6'] },
    more: [remove('pod', awsNode())],
    wanted: { '10.0.0.4': 'primary', '10.0.0.6': 'unclaimed' },
  },
  {
    what: 'unreadable pods',
    eni: { secondaryIps: ['10.0.0.6'] },
    more: [
      upsert('daemonSet', {
        namespace: 'kube-system',
        name: 'aws-node',
        uid: 'd',
        createdAt: null,
        deleting: false,
        awsNode: { version: null, env: {} },
        selective: false,
        multus: null,
        multusDefaultNetworks: false,
        policyPlugins: null,
      }),
      remove('pod', awsNode()),
      status('kubernetes/pods', 'denied', null),
    ],
    wanted: { '10.0.0.4': 'primary', '10.0.0.6': 'unknown' },
  },
];

describe('address states', () => {
  it.each(CASES)('$what', ({ env, eni: given, more, wanted }) => {
    const engine = engineOf([
      upsert('node', node()),
      upsert('pod', awsNode(env ?? {})),
      upsert('pod', pod('a', { ips: ['10.0.0.5'] })),
      upsert('eni', ownEni('eni-x', { primaryIp: '10.0.0.4', ...given })),
      ...(more ?? []),
    ]);
    expect(states(engine, 'eni-x')).toEqual(wanted);
  });

  it('counts held addresses per prefix; a /80 has no size', () => {
    const engine = engineOf([
      upsert('node', node()),
      upsert('pod', awsNode(PREFIX)),
      upsert('pod', pod('a', { ips: ['10.0.0.17'] })),
      upsert('pod', pod('b', { ips: ['10.0.0.18'] })),
      upsert(
        'eni',
        ownEni('eni-x', { ipv4Prefixes: ['10.0.0.32/28', '10.0.0.16/28'], ipv6Prefixes: ['2001:db8::/80'] }),
      ),
    ]);
    expect(get(engine, 'enis', 'eni-x').prefixes).toEqual([
      { cidr: '10.0.0.16/28', size: 16, assigned: 2 },
      { cidr: '10.0.0.32/28', size: 16, assigned: 0 },
      { cidr: '2001:db8::/80', size: null, assigned: 0 },
    ]);
    expect(get(engine, 'nodes', 'node:n1').pools[0]).toMatchObject({ total: 32, assigned: 2, available: 30 });
  });

  it('treats released addresses as cooling for the node’s own cooldown, unless reassigned', () => {
    const engine = engineOf([
      upsert('node', node()),
      upsert('pod', awsNode({ IP_COOLDOWN_PERIOD: '10' })),
      upsert('eni', ownEni('eni-x', { primaryIp: '10.0.0.4', secondaryIps: ['10.0.0.5', '10.0.0.6'] })),
      upsert('pod', pod('a', { ips: ['10.0.0.5'] })),
      upsert('pod', pod('b', { ips: ['10.0.0.6'] })),
    ]);
    engine.apply(
      batch([upsert('pod', pod('a', { ips: ['10.0.0.5'], phase: 'Succeeded' })), remove('pod', pod('b'))], AT + 1000),
    );
    expect(states(engine, 'eni-x')).toMatchObject({ '10.0.0.5': 'cooling', '10.0.0.6': 'cooling' });
    engine.apply(batch([upsert('pod', pod('c', { ips: ['10.0.0.6'] }))], AT + 2000));
    expect(states(engine, 'eni-x')).toMatchObject({ '10.0.0.5': 'cooling', '10.0.0.6': 'assigned' });
    expect(engine.nextTickAt).toBe(AT + 11_000);
    engine.tick(AT + 11_000);
    expect(states(engine, 'eni-x')).toMatchObject({ '10.0.0.5': 'warm' });
  });
});

describe('address states', () => {
  describe('cooling addresses are known', () => {
    const setup = (env: Readonly<Record<string, string>>) => {
      const engine = engineOf([
        upsert('node', node()),
        upsert('eni', ownEni('eni-x', { secondaryIps: ['10.0.0.5', '10.0.0.6'] })),
      ]);
      const list = (at: number, ...pods: readonly PodFact[]) =>
        engine.apply(batch([replaceAll('pod', [awsNode(env), ...pods])], at));
      const alive = (at: number) => engine.apply(batch([status('kubernetes/pods', 'live', at)], at));
      const pool = (at: number) => {
        while ((engine.nextTickAt ?? Infinity) <= at) engine.tick(at);
        return get(engine, 'nodes', 'node:n1').pools[0];
      };
      return { engine, list, alive, pool };
    };

    it.each([
      ['30 s by default', {}, 30_000],
      ['IP_COOLDOWN_PERIOD', { IP_COOLDOWN_PERIOD: '90' }, 90_000],
      ['a shorter cooldown', { IP_COOLDOWN_PERIOD: '5' }, 5000],
    ])('only after a full cooldown of watching pods: %s', (_what, env, span) => {
      const { list, alive, pool } = setup(env);
      list(AT);
      const coolingKnownAt = new Date(AT + span).toISOString();
      expect(pool(AT)).toMatchObject({ available: 2, cooling: null, coolingKnownAt, warm: null });
      alive(AT + span - 1);
      // Time alone proves nothing: the watch must have run for a whole cooldown.
      expect(pool(AT + span + 60_000)).toMatchObject({ cooling: null, warm: null });
      alive(AT + span);
      expect(pool(AT + span)).toMatchObject({ available: 2, cooling: 0, coolingKnownAt: null, warm: 2 });
    });

    it('at once without a cooldown', () => {
      const { list, alive, pool } = setup({ IP_COOLDOWN_PERIOD: '0' });
      list(AT);
      alive(AT);
      expect(pool(AT)).toMatchObject({ cooling: 0, warm: 2 });
    });

    it('no longer after a relist of pods, until another cooldown has passed', () => {
      const { list, alive, pool } = setup({});
      list(AT);
      alive(AT + 40_000);
      expect(pool(AT + 40_000)).toMatchObject({ cooling: 0 });
      list(AT + 50_000);
      expect(pool(AT + 50_000)).toMatchObject({ cooling: null, warm: null });
      alive(AT + 79_999);
      expect(pool(AT + 79_999)).toMatchObject({ cooling: null });
      alive(AT + 80_000);
      expect(pool(AT + 80_000)).toMatchObject({ cooling: 0, warm: 2 });
    });

    it('not while pods cannot be watched', () => {
      const { engine, list, alive, pool } = setup({});
      list(AT);
      alive(AT + 40_000);
      engine.apply(batch([status('kubernetes/pods', 'stale', AT + 40_000)], AT + 50_000));
      expect(pool(AT + 50_000)).toMatchObject({ available: 2, cooling: null, coolingKnownAt: null, warm: null });
    });

    it('no longer after aws-node restarted', () => {
      const { engine, list, alive, pool } = setup({ IP_COOLDOWN_PERIOD: '60' });
      const user = pod('a', { ips: ['10.0.0.5'] });
      list(AT, user);
      alive(AT + 60_000);
      engine.apply(batch([remove('pod', user)], AT + 61_000));
      expect(pool(AT + 61_000)).toMatchObject({ available: 2, cooling: 1, warm: 1 });
      const restarted = { ...awsNode({ IP_COOLDOWN_PERIOD: '60' }), startedAt: iso(AT + 70_000) };
      engine.apply(batch([upsert('pod', restarted)], AT + 70_000));
      expect(pool(AT + 70_000)).toMatchObject({ available: 2, cooling: 0, warm: 2 });
      expect(states(engine, 'eni-x')).toMatchObject({ '10.0.0.5': 'warm' });
    });
  });

  it("uses ipamd's own list for cooling addresses", () => {
    const engine = engineOf([
      upsert('node', node()),
      upsert('pod', awsNode()),
      upsert('eni', ownEni('eni-x', { secondaryIps: ['10.0.0.5', '10.0.0.6', '10.0.0.7'] })),
      upsert(
        'ipamdEnis',
        ipamdEnis('n1', [
          ipamdEni('eni-x', [
            ipamdAddress('10.0.0.5', { unassignedAt: iso(AT - 5000) }),
            ipamdAddress('10.0.0.6', { unassignedAt: iso(AT - 50_000) }),
            ipamdAddress('10.0.0.7'),
          ]),
        ]),
      ),
    ]);
    expect(states(engine, 'eni-x')).toMatchObject({ '10.0.0.5': 'cooling', '10.0.0.6': 'warm', '10.0.0.7': 'warm' });
    expect(get(engine, 'nodes', 'node:n1').pools[0]).toMatchObject({
      available: 3,
      cooling: 1,
      warm: 2,
      certainty: 'observed',
    });
  });
});

describe('address states', () => {
  describe('an address or prefix listed by two ENIs of a node counts once', () => {
    const twice = (first: Partial<EniFact>, second: Partial<EniFact>, env = {}, ...more: readonly Observation[]) =>
      engineOf([
        upsert('node', node('n1', { maxPods: 110 })),
        upsert('pod', awsNode(env)),
        upsert('eni', ownEni('eni-a', { primaryIp: '10.0.0.4', ...first })),
        upsert('eni', ownEni('eni-b', { deviceIndex: 1, primaryIp: '10.0.0.5', ...second })),
        ...more,
      ]);
    const pool = (engine: Engine) => get(engine, 'nodes', 'node:n1').pools[0];
    const both = { secondaryIps: ['10.0.0.10', '10.0.0.11'] };

    it('if it is free and has no known holder', () => {
      const engine = twice(both, { secondaryIps: ['10.0.0.11', '10.0.0.12'] });
      expect(pool(engine)).toMatchObject({ total: 3, assigned: 0, available: 3 });
      expect(states(engine, 'eni-a')).toMatchObject({ '10.0.0.10': 'warm', '10.0.0.11': 'unknown' });
      expect(states(engine, 'eni-b')).toMatchObject({ '10.0.0.11': 'unknown', '10.0.0.12': 'warm' });
    });

    it('if a pod holds it', () => {
      const engine = twice(both, both, {}, upsert('pod', pod('a', { ips: ['10.0.0.11'] })));
      expect(pool(engine)).toMatchObject({ total: 2, assigned: 1, available: 1 });
      // The pod has it on one of them; on which one is unknown.
      expect(states(engine, 'eni-a')).toMatchObject({ '10.0.0.11': 'assigned' });
      expect(states(engine, 'eni-b')).toMatchObject({ '10.0.0.11': 'assigned' });
      expect(get(engine, 'interfaces', 'if:default/a/eth0').eni).toBeNull();
    });

    it('if a pod holds it in a prefix', () => {
      const prefix = { ipv4Prefixes: ['10.0.0.16/28'] };
      const env = { ENABLE_PREFIX_DELEGATION: 'true', WARM_PREFIX_TARGET: '1' };
      const engine = twice(prefix, prefix, env, upsert('pod', pod('a', { ips: ['10.0.0.17'] })));
      expect(pool(engine)).toMatchObject({ total: 16, assigned: 1, available: 15 });
    });

    it('if it is a prefix', () => {
      const one = { ipv4Prefixes: ['10.0.0.32/28'] };
      const engine = twice(one, one, PREFIX);
      expect(pool(engine)).toMatchObject({ total: 16, available: 16 });
      expect(get(engine, 'enis', 'eni-b').prefixes).toEqual([{ cidr: '10.0.0.32/28', size: 16, assigned: null }]);
    });

    it('and an unmanaged ENI does not reduce the pool', () => {
      const engine = twice(both, { ...both, tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } });
      expect(pool(engine)).toMatchObject({ total: 2, available: 2 });
      expect(states(engine, 'eni-a')).toMatchObject({ '10.0.0.10': 'warm', '10.0.0.11': 'warm' });
    });
  });
});

describe('address states', () => {
  it('on an adopted ENI: an address held by Multus is assigned, though free to ipamd, which may free the ENI', () => {
    const nine = Array.from({ length: 9 }, (_, i) => `10.0.0.${10 + i}`);
    const multus = pod('m', {
      ips: ['10.0.0.10'],
      reported: [
        entry('aws-cni', { interface: 'eth0', ips: ['10.0.0.10'], default: true }),
        entry('default/net', { index: 1, interface: 'net1', ips: ['10.0.0.20'] }),
      ],
      statusAnnotation: { state: 'valid', error: null },
    });
    const engine = engineOf([
      upsert('node', node()),
      upsert('pod', awsNode({ WARM_IP_TARGET: '1' })),
      upsert('nad', nad('net', { cniVersion: '0.3.1', type: 'ipvlan', master: 'eth1', ipam: { type: 'static' } })),
      upsert('eni', ownEni('eni-0', { primaryIp: '10.0.0.4', secondaryIps: nine })),
      upsert('eni', eni('eni-1', { deviceIndex: 1, primaryIp: '10.0.0.5', secondaryIps: ['10.0.0.20'] })),
      upsert('pod', multus),
    ]);
    expect(get(engine, 'enis', 'eni-1').management).toMatchObject({ state: 'managed', rule: 'untagged-adopted' });
    expect(states(engine, 'eni-1')).toMatchObject({ '10.0.0.20': 'assigned' });
    expect(get(engine, 'nodes', 'node:n1').pools[0]).toMatchObject({ total: 10, assigned: 1, available: 9, over: 8 });
    engine.apply(batch([upsert('pod', awsNode({ WARM_ENI_TARGET: '0' }))]));
    expect(get(engine, 'nodes', 'node:n1').pools[0]?.next).toMatchObject({ action: 'detach-eni', count: 1 });
  });

  it('counts slots by instance type: addresses per ENI − 1, times 16 with prefixes', () => {
    const capacity = (env: Readonly<Record<string, string>>, more: Partial<EniFact> = {}) => {
      const engine = engineOf([upsert('node', node()), upsert('pod', awsNode(env)), upsert('eni', eni('eni-x', more))]);
      const { capacity: slots, addressCapacity } = get(engine, 'enis', 'eni-x');
      return [slots, addressCapacity];
    };
    expect(capacity({})).toEqual([9, 9]);
    expect(capacity(PREFIX)).toEqual([9, 144]);
    expect(capacity(PREFIX, { deviceIndex: 1, tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } })).toEqual([9, 9]);
    expect(capacity({}, { deviceIndex: 1, interfaceType: 'efa-only' })).toEqual([0, 0]);
  });
});
