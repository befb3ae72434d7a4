import { expect, it } from 'vitest';
import { Engine } from './engine';
import { allLive, AT, awsNode, batch, eni, iso, node, ownEni, pod, remove, upsert } from '../../e2e/testing/facts';

it('uses only the time of batches and ticks', () => {
  const engine = new Engine();
  engine.apply(
    batch([
      ...allLive(),
      upsert('node', node()),
      upsert('pod', awsNode()),
      upsert('eni', ownEni('eni-1', { primaryIp: '10.0.0.4', secondaryIps: ['10.0.0.5'] })),
      upsert('pod', pod('a', { ips: ['10.0.0.5'] })),
    ]),
  );
  const state = () => engine.replica.records.enis.get('eni-1')?.addresses[1]?.state;
  expect(state()).toBe('assigned');
  engine.apply(batch([remove('pod', pod('a'))], AT + 1000));
  expect(state()).toBe('cooling');
  expect(engine.nextTickAt).toBe(AT + 31_000);
  expect(engine.tick(AT + 30_999)).toBeNull();
  expect(engine.tick(AT + 31_000)?.tables.enis?.patch).toHaveLength(1);
  expect(state()).toBe('warm');
  expect(engine.nextTickAt).toBeNull();
  expect(iso(AT)).toBe('2026-09-01T12:00:00.000Z');
});

it('re-derives a pod when another ENI gets its address, without a dependency edge', () => {
  const engine = new Engine();
  const rival = eni('eni-2', { instanceId: 'i-0bbbbbbbbbbbbbbbb', secondaryIps: ['10.0.0.5'] });
  engine.apply(
    batch([
      ...allLive(),
      upsert('node', node()),
      upsert('pod', awsNode()),
      upsert('eni', ownEni('eni-1', { primaryIp: '10.0.0.4', secondaryIps: ['10.0.0.5'] })),
      upsert('pod', pod('a', { ips: ['10.0.0.5'] })),
    ]),
  );
  const link = () => engine.replica.records.interfaces.get('if:default/a/eth0')?.link;
  const alone = link();
  expect(alone).toMatchObject({ certainty: 'observed', candidates: [] });
  engine.apply(batch([upsert('eni', rival)]));
  expect(link()).toMatchObject({ certainty: 'inferred', candidates: ['eni-1', 'eni-2'] });
  engine.apply(batch([remove('eni', rival)]));
  expect(link()).toEqual(alone);
  const spaces = [...engine.reads()].flatMap(([[unit], keys]) => (unit === 'pods' ? keys.map(([space]) => space) : []));
  expect(spaces).not.toContain('enisByIp');
});

it('an address that is added to or removed from an ENI affects only its pod and the node', () => {
  const engine = new Engine();
  const listed = (...secondaryIps: readonly string[]) =>
    upsert('eni', ownEni('eni-1', { primaryIp: '10.0.0.4', secondaryIps }));
  engine.apply(
    batch([
      ...allLive(),
      upsert('node', node()),
      upsert('pod', awsNode()),
      listed('10.0.0.5', '10.0.0.6'),
      upsert('pod', pod('a', { ips: ['10.0.0.5'] })),
      upsert('pod', pod('b', { ips: ['10.0.0.6'] })),
    ]),
  );
  const backed = (name: string) =>
    engine.replica.records.interfaces.get(`if:default/${name}/eth0`)?.addresses[0]?.backed;
  expect([backed('a'), backed('b')]).toEqual(['eni', 'eni']);
  // The addresses of an ENI are read by this key: of all units, only the node may read it.
  const readers = [...engine.reads()].flatMap(([[unit], keys]) =>
    keys.some(([space]) => space === 'eni') ? unit : [],
  );
  expect(readers).toEqual(['nodes']);
  engine.apply(batch([listed('10.0.0.5', '10.0.0.7')]));
  expect([backed('a'), backed('b')]).toEqual(['eni', 'none']);
  expect(engine.replica.records.enis.get('eni-1')?.addresses.map(({ ip, state }) => `${ip} ${state}`)).toEqual([
    '10.0.0.4 primary',
    '10.0.0.5 assigned',
    '10.0.0.7 warm',
  ]);
});

it.each(['plain', 'custom networking'])('a late source re-derives no existing node (%s)', (mode) => {
  const engine = new Engine();
  const env: Record<string, string> = mode === 'plain' ? {} : { AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true' };
  engine.apply(
    batch([
      ...allLive(),
      upsert('node', node()),
      upsert('pod', awsNode(env)),
      upsert('eni', ownEni('eni-1', { primaryIp: '10.0.0.4', secondaryIps: ['10.0.0.5'] })),
      upsert('pod', pod('a', { ips: ['10.0.0.5'] })),
    ]),
  );
  // Under load, one source after another is late: if 5,000 nodes ran again each time, they would never catch up.
  const readers = [...engine.reads()].flatMap(([[unit], keys]) =>
    keys.some(([space]) => space === 'live') ? unit : [],
  );
  expect(readers).toEqual([]);
});

it('ignores a late delete of an older pod with the same name', () => {
  const engine = new Engine();
  engine.apply(batch([upsert('node', node()), upsert('pod', pod('a', { uid: 'new', ips: ['10.0.0.5'] }))]));
  expect(engine.apply(batch([remove('pod', pod('a', { uid: 'old' }))]))).toBeNull();
  expect(engine.replica.records.pods.get('pod:default/a')?.uid).toBe('new');
});
