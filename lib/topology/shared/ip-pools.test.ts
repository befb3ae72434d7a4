/** Address pools of whereabouts. */
import { describe, expect, it } from 'vitest';
import type { WhereaboutsPoolFact } from '../../model/facts';
import { batch, engineOf, get, nad, pod, remove, status, upsert } from '../../../e2e/testing/facts';

const object = (namespace: string, name: string) => ({
  namespace,
  name,
  uid: `u-${name}`,
  createdAt: null,
  deleting: false,
});

const pool = (more: Partial<WhereaboutsPoolFact> = {}): WhereaboutsPoolFact => ({
  ...object('kube-system', '10.1.0.0-24'),
  range: '10.1.0.0/24',
  allocations: [
    { offset: '5', podRef: 'default/a', ifname: 'net1' },
    { offset: '6', podRef: 'default/gone', ifname: null },
  ],
  problems: [],
  ...more,
});

const lan = upsert(
  'nad',
  nad('lan', { cniVersion: '0.3.1', type: 'ipvlan', ipam: { type: 'whereabouts', range: '10.1.0.0/24' } }),
);

const reservation = (ip: string) => ({ ...object('kube-system', ip), ip, podRef: 'default/a', ifname: null });

const reserve = (ip: string) => upsert('whereaboutsReservation', reservation(ip));

describe('whereabouts pools', () => {
  it('link allocations with pods, reservations and networks; offsets count from the network address', () => {
    const engine = engineOf([
      lan,
      upsert('pod', pod('a')),
      upsert('whereaboutsPool', pool()),
      reserve('10.1.0.5'),
      reserve('10.1.0.9'),
      reserve('10.2.0.1'),
    ]);
    expect(get(engine, 'ipPools', 'pool:kube-system/10.1.0.0-24')).toMatchObject({
      range: '10.1.0.0/24',
      networks: ['net:default/lan'],
      used: 2,
      allocations: [
        { ip: '10.1.0.5', pod: 'pod:default/a', interface: 'if:default/a/net1', live: true, reserved: true },
        { ip: '10.1.0.6', pod: 'pod:default/gone', interface: null, live: false, reserved: false },
      ],
      orphanReservations: ['10.1.0.9'],
      problems: [],
    });
    expect(get(engine, 'networks', 'net:default/lan').ipam?.used).toBe(2);
  });

  it('follow the life of a pod with one entry, not with the whole list', () => {
    const engine = engineOf([upsert('pod', pod('a')), upsert('whereaboutsPool', pool())]);
    const change = engine.apply(batch([upsert('pod', pod('a', { phase: 'Failed' }))]));
    expect(change?.tables.ipPools?.patch).toEqual([
      {
        id: 'pool:kube-system/10.1.0.0-24',
        set: {},
        allocations: {
          put: [{ ip: '10.1.0.5', pod: 'pod:default/a', interface: 'if:default/a/net1', live: false, reserved: false }],
          drop: [],
        },
      },
    ]);
  });

  it('of overlapping ranges share their reservations: an orphan is one without an allocation in any pool', () => {
    const inner = pool({
      ...object('kube-system', '10.1.0.0-28'),
      range: '10.1.0.0/28',
      allocations: [{ offset: '9', podRef: 'default/a', ifname: null }],
    });
    const engine = engineOf([upsert('whereaboutsPool', pool()), upsert('whereaboutsPool', inner), reserve('10.1.0.9')]);
    const orphans = () =>
      ['10.1.0.0-24', '10.1.0.0-28'].map(
        (name) => get(engine, 'ipPools', `pool:kube-system/${name}`).orphanReservations,
      );
    expect(orphans()).toEqual([[], []]);
    // The outer pool's record follows the inner pool's allocations.
    engine.apply(batch([upsert('whereaboutsPool', { ...inner, allocations: [] })]));
    expect(orphans()).toEqual([['10.1.0.9'], ['10.1.0.9']]);
    engine.apply(batch([remove('whereaboutsPool', inner)]));
    engine.apply(batch([remove('whereaboutsReservation', reservation('10.1.0.9'))]));
    expect(get(engine, 'ipPools', 'pool:kube-system/10.1.0.0-24').orphanReservations).toEqual([]);
  });
});

describe('whereabouts pools', () => {
  it('have a record for each network name, so equal addresses of two do not collide', () => {
    const blue = pool({ ...object('kube-system', 'blue-10.1.0.0-24'), allocations: [] });
    const named = nad('blue', {
      cniVersion: '0.3.1',
      type: 'ipvlan',
      ipam: { type: 'whereabouts', range: '10.1.0.0/24', network_name: 'blue' },
    });
    const engine = engineOf([
      lan,
      upsert('nad', named),
      upsert('whereaboutsPool', pool()),
      upsert('whereaboutsPool', blue),
      reserve('10.1.0.5'),
      upsert('whereaboutsReservation', {
        ...object('kube-system', 'blue-10.1.0.6'),
        ip: '10.1.0.6',
        podRef: 'default/a',
        ifname: null,
      }),
    ]);
    expect(get(engine, 'ipPools', 'pool:kube-system/10.1.0.0-24')).toMatchObject({
      networks: ['net:default/lan'],
      allocations: [
        { ip: '10.1.0.5', reserved: true },
        { ip: '10.1.0.6', reserved: false },
      ],
      orphanReservations: [],
    });
    expect(get(engine, 'ipPools', 'pool:kube-system/blue-10.1.0.0-24')).toMatchObject({
      networks: ['net:default/blue'],
      orphanReservations: ['10.1.0.6'],
    });
    expect(get(engine, 'networks', 'net:default/lan').ipam?.used).toBe(2);
    expect(get(engine, 'networks', 'net:default/blue').ipam?.used).toBe(0);
  });

  it('count for a network only addresses in its own part of the range', () => {
    const part = (name: string, range: string) =>
      upsert('nad', nad(name, { cniVersion: '0.3.1', type: 'ipvlan', ipam: { type: 'whereabouts', range } }));
    const engine = engineOf([
      part('low', '10.1.0.4-10.1.0.5/24'),
      part('high', '10.1.0.6-10.1.0.9/24'),
      upsert('whereaboutsPool', pool()),
    ]);
    expect(get(engine, 'networks', 'net:default/low').ipam).toMatchObject({ used: 1, size: 2 });
    expect(get(engine, 'networks', 'net:default/high').ipam).toMatchObject({ used: 1, size: 4 });
    expect(get(engine, 'ipPools', 'pool:kube-system/10.1.0.0-24').used).toBe(2);
  });

  it('ignore allocations outside of a range that was moved', () => {
    const moved = nad('lan', {
      cniVersion: '0.3.1',
      type: 'ipvlan',
      ipam: { type: 'whereabouts', range: '10.1.0.0/24', range_start: '10.1.0.6', range_end: '10.1.0.9' },
    });
    const engine = engineOf([upsert('nad', moved), upsert('whereaboutsPool', pool())]);
    expect(get(engine, 'ipPools', 'pool:kube-system/10.1.0.0-24')).toMatchObject({
      size: 4,
      used: 1,
      allocations: [{ ip: '10.1.0.5' }, { ip: '10.1.0.6' }],
    });
  });

  it('are as large as the networks’ ranges within them, minus excludes', () => {
    const two = nad('two', {
      cniVersion: '0.3.1',
      type: 'ipvlan',
      ipam: {
        type: 'whereabouts',
        ipRanges: [{ range: '10.1.0.10-10.1.0.19/24', exclude: ['10.1.0.12/31'] }, { range: 'fd00::/120' }],
      },
    });
    const other = nad('other', {
      cniVersion: '0.3.1',
      type: 'ipvlan',
      ipam: { type: 'whereabouts', range: '10.1.0.0/24', range_start: '10.1.0.18', range_end: '10.1.0.20' },
    });
    const engine = engineOf([
      upsert('nad', two),
      upsert('nad', other),
      upsert('whereaboutsPool', pool()),
      upsert('whereaboutsPool', pool({ ...object('kube-system', 'fd00---120'), range: 'fd00::/120', allocations: [] })),
    ]);
    expect(get(engine, 'ipPools', 'pool:kube-system/10.1.0.0-24').size).toBe(9);
    expect(get(engine, 'ipPools', 'pool:kube-system/fd00---120').size).toBe(254);
    expect(get(engine, 'networks', 'net:default/two').ipam?.size).toBe(8 + 254);
  });
});

describe('whereabouts pools', () => {
  it('conclude nothing from an unreadable source', () => {
    const engine = engineOf([
      upsert('whereaboutsPool', pool()),
      status('kubernetes/pods', 'denied', null),
      status('kubernetes/overlappingrangeipreservations', 'absent', null),
    ]);
    expect(get(engine, 'ipPools', 'pool:kube-system/10.1.0.0-24').allocations[0]).toMatchObject({
      live: null,
      reserved: null,
    });
  });

  it('keep unreadable allocations', () => {
    const engine = engineOf([
      upsert(
        'whereaboutsPool',
        pool({
          allocations: [
            { offset: '999', podRef: 'x', ifname: null },
            { offset: '1', podRef: 'x', ifname: 'net1' },
          ],
        }),
      ),
    ]);
    expect(get(engine, 'ipPools', 'pool:kube-system/10.1.0.0-24')).toMatchObject({
      used: 1,
      allocations: [{ ip: '10.1.0.1', pod: null, interface: null }],
      problems: [expect.stringContaining('999')],
    });
  });

  it('of node slices are added up in the pool that is divided', () => {
    const sliced = nad('s', {
      cniVersion: '0.3.1',
      type: 'ipvlan',
      ipam: { type: 'whereabouts', range: '10.1.0.0/24', node_slice_size: '/28' },
    });
    const engine = engineOf([
      upsert('nad', sliced),
      upsert('nodeSlicePool', {
        ...object('kube-system', 'slices'),
        range: '10.1.0.0/24',
        sliceSize: '/28',
        allocations: [{ node: 'n1', range: '10.1.0.16/28' }],
      }),
      upsert('whereaboutsPool', pool({ ...object('kube-system', 'n1-10.1.0.16-28'), range: '10.1.0.16/28' })),
    ]);
    expect(get(engine, 'ipPools', 'pool:kube-system/slices')).toMatchObject({
      networks: ['net:default/s'],
      used: 2,
      // Sixteen slices, each without its first and last address.
      size: 224,
    });
    expect(get(engine, 'networks', 'net:default/s').ipam).toMatchObject({ used: 2, size: 224 });
    expect(get(engine, 'ipPools', 'pool:kube-system/n1-10.1.0.16-28')).toMatchObject({
      networks: ['net:default/s'],
      size: 14,
    });
    // The record of the divided pool follows its slices.
    engine.apply(
      batch([
        upsert(
          'whereaboutsPool',
          pool({ ...object('kube-system', 'n1-10.1.0.16-28'), range: '10.1.0.16/28', allocations: [] }),
        ),
      ]),
    );
    expect(get(engine, 'ipPools', 'pool:kube-system/slices').used).toBe(0);
  });
});
