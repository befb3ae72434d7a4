/** ipamd's own list of an ENI, compared with what EC2 lists and pods hold. */
import { describe, expect, it } from 'vitest';
import type { EniFact, IpamdEnisFact } from '../../model/facts';
import type { EniRecord } from '../../model/records';
import {
  AT,
  awsNode,
  batch,
  engineOf,
  get,
  ipamdAddress,
  ipamdEni,
  ipamdEnis,
  iso,
  node,
  ownEni,
  pod,
  status,
  upsert,
} from '../../../e2e/testing/facts';

const HELD = '10.0.0.5';

function believed(
  list: IpamdEnisFact['enis'],
  { started = '2026-09-01T10:00:00Z', secondaryIps = [HELD] as readonly string[] } = {},
): EniRecord['ipamd'] {
  const engine = engineOf([
    upsert('node', node()),
    upsert('pod', awsNode()),
    upsert('eni', ownEni('eni-a', { primaryIp: '10.0.0.4', secondaryIps })),
    upsert('pod', pod('web', { ips: [HELD], startedAt: started })),
    upsert('ipamdEnis', ipamdEnis('n1', list)),
  ]);
  return get(engine, 'enis', 'eni-a').ipamd;
}

describe('an address that a live pod holds', () => {
  const idle = ipamdAddress(HELD);

  it('is at risk if ipamd has it unassigned', () => {
    expect(believed([ipamdEni('eni-a', [idle])])).toMatchObject({ known: true, assigned: 0, taken: [HELD] });
  });

  it('is at risk if ipamd has the ENI but not the address', () => {
    expect(believed([ipamdEni('eni-a', [])])).toMatchObject({ taken: [HELD], missing: [HELD] });
  });

  it('is at risk if ipamd has the ENI but not the prefix of the address', () => {
    const engine = engineOf([
      upsert('node', node()),
      upsert('pod', awsNode({ ENABLE_PREFIX_DELEGATION: 'true' })),
      upsert('eni', ownEni('eni-a', { primaryIp: '10.0.0.4', secondaryIps: [], ipv4Prefixes: ['10.0.0.0/28'] })),
      upsert('pod', pod('web', { ips: [HELD] })),
      upsert('ipamdEnis', ipamdEnis('n1', [ipamdEni('eni-a', [])])),
    ]);
    expect(get(engine, 'enis', 'eni-a').ipamd).toMatchObject({ taken: [HELD], missing: ['10.0.0.0/28'] });
  });

  it('is at risk if ipamd does not know the ENI', () => {
    expect(believed([])).toMatchObject({ known: false, addresses: 0, taken: [HELD] });
  });

  it('is not at risk if ipamd has assigned it', () => {
    const assigned = { ...idle, assigned: true, podNamespace: 'default', podName: 'web' };
    expect(believed([ipamdEni('eni-a', [assigned])])).toMatchObject({ assigned: 1, taken: [], unheld: [] });
  });

  it('is not judged for a pod that started after the list was read', () => {
    expect(believed([ipamdEni('eni-a', [idle])], { started: iso(AT + 1_000) })).toMatchObject({ taken: [] });
  });

  it('is not attributed to this ENI if EC2 does not list it there', () => {
    expect(believed([ipamdEni('eni-a', [])], { secondaryIps: [] })).toMatchObject({ taken: [] });
  });
});

it('an address that ipamd has assigned and no pod holds is unheld, with the pod that ipamd names', () => {
  const gone = ipamdAddress('10.0.0.6', { assigned: true, podNamespace: 'shop', podName: 'gone' });
  const held = ipamdAddress(HELD, { assigned: true });
  expect(believed([ipamdEni('eni-a', [held, gone])], { secondaryIps: [HELD, '10.0.0.6'] })).toMatchObject({
    assigned: 2,
    unheld: ['10.0.0.6'],
    unheldBy: ['shop/gone'],
  });
});

describe('an address that ipamd has assigned to a live pod', () => {
  const other = ipamdAddress('10.0.0.6', { assigned: true, podNamespace: 'default', podName: 'web' });
  const secondaryIps = [HELD, '10.0.0.6'];

  it('belongs to an earlier sandbox if the pod reports another address assigned by ipamd', () => {
    const own = ipamdAddress(HELD, { assigned: true, podNamespace: 'default', podName: 'web' });
    expect(believed([ipamdEni('eni-a', [own, other])], { secondaryIps })).toMatchObject({
      unheld: ['10.0.0.6'],
      unheldBy: ['default/web'],
    });
  });

  it('is its next address if ipamd does not have the address that it reports', () => {
    expect(believed([ipamdEni('eni-a', [other])], { secondaryIps })).toMatchObject({ unheld: [] });
  });
});

describe('an address that ipamd has assigned to a pod other than its holder', () => {
  const given = (assignedAt: string) =>
    ipamdAddress(HELD, { assigned: true, podNamespace: 'shop', podName: 'old', assignedAt });

  it('is at risk, with the pod that ipamd names', () => {
    const list = [ipamdEni('eni-a', [given('2026-09-01T10:30:00Z')])];
    expect(believed(list)).toMatchObject({ taken: [HELD], unheld: [], unheldBy: ['shop/old'] });
  });

  it('is not if everything in the list is older than the pod', () => {
    const list = [ipamdEni('eni-a', [given('2026-09-01T09:30:00Z')])];
    expect(believed(list)).toMatchObject({ taken: [], unheldBy: [] });
  });
});

it('the ENI’s own address is extra, since EC2 does not list it for pods', () => {
  const listed = ipamdEni('eni-a', [ipamdAddress(HELD, { assigned: true }), ipamdAddress('10.0.0.4')]);
  expect(believed([listed])).toMatchObject({ extra: ['10.0.0.4'], missing: [] });
});

it('an address that EC2 does not list is extra', () => {
  const listed = ipamdEni('eni-a', [ipamdAddress(HELD, { assigned: true }), ipamdAddress('10.0.0.9')]);
  expect(believed([listed])).toMatchObject({ extra: ['10.0.0.9'], missing: [] });
});

// vpc-cni §4.2: ipamd reconciles attached ENIs once a minute.
describe('an ENI being attached or detached', () => {
  const MINUTE = 60_000;
  const CREATED = 'node.k8s.amazonaws.com/createdAt';
  const long = iso(AT - 3_600_000);
  const now = iso(AT - 5_000);
  const second = (more: Partial<EniFact>): EniFact =>
    ownEni('eni-b', { deviceIndex: 1, primaryIp: '10.0.0.20', attachedAt: long, ...more });

  const world = (eni: EniFact | null, list: IpamdEnisFact['enis']) =>
    engineOf([
      upsert('node', node()),
      upsert('pod', awsNode()),
      upsert('eni', ownEni('eni-a', { primaryIp: '10.0.0.4' })),
      ...(eni === null ? [] : [upsert('eni', eni)]),
      upsert('ipamdEnis', ipamdEnis('n1', [ipamdEni('eni-a', []), ...list])),
      status('ec2/network-interfaces'),
    ]);
  const listed = [ipamdEni('eni-b', [ipamdAddress('10.0.0.21')])];
  const seen = (engine: ReturnType<typeof world>) => ({
    strays: get(engine, 'nodes', 'node:n1').strayEnis.map(({ id }) => id),
    free: get(engine, 'networkCards', 'card:n1/0').eniSlots.free,
  });
  const away = { instanceId: null, attachmentId: null, attachmentStatus: null, attachedAt: null, status: 'available' };

  it.each<[string, EniFact | null, readonly string[], readonly string[]]>([
    ['was just created, and has no instance in EC2 yet', second({ ...away, tags: { [CREATED]: now } }), [], ['eni-b']],
    ['was created long ago, and has no instance', second({ ...away, tags: { [CREATED]: long } }), ['eni-b'], ['eni-b']],
    ['has no instance, and no tag of ipamd', second(away), ['eni-b'], ['eni-b']],
    ['EC2 does not list at all', null, ['eni-b'], ['eni-b']],
    ['was just attached to another instance', second({ instanceId: 'i-0other', attachedAt: now }), [], ['eni-b']],
    ['is on another instance', second({ instanceId: 'i-0other' }), ['eni-b'], ['eni-b']],
    [
      'is being attached to another instance',
      second({ instanceId: 'i-0other', attachmentStatus: 'attaching' }),
      [],
      [],
    ],
    ['is being detached here', second({ attachmentStatus: 'detaching' }), [], []],
  ])('that ipamd lists, which %s', (_what, eni, first, then) => {
    const engine = world(eni, listed);
    // ipamd counts it in any case: an m5.large has three.
    expect(seen(engine)).toEqual({ strays: first, free: 1 });
    engine.tick(AT + 3 * MINUTE);
    expect(seen(engine)).toEqual({ strays: then, free: 1 });
  });

  // ipamd assigns the addresses in its datastore, attached or not.
  it.each([
    ['', {}, 1, 0],
    [', one address assigned', { assigned: true }, 1, 1],
  ])('that ipamd lists and EC2 does not, counts in the pool%s', (_what, more, total, assigned) => {
    const engine = world(null, [ipamdEni('eni-b', [ipamdAddress('10.0.0.21', more)])]);
    expect(get(engine, 'nodes', 'node:n1').pools).toMatchObject([{ card: 0, total, assigned }]);
  });

  it.each<[string, Partial<EniFact>, boolean, boolean]>([
    ['is attached', {}, true, true],
    ['was just attached', { attachedAt: now }, false, true],
    ['is being attached', { attachmentStatus: 'attaching', attachedAt: null }, false, false],
    ['is being detached', { attachmentStatus: 'detaching' }, false, false],
  ])('that ipamd does not list, which %s', (_what, more, first, then) => {
    const engine = world(second(more), []);
    const isUnknown = (): boolean => get(engine, 'enis', 'eni-b').ipamd?.known === false;
    expect(isUnknown()).toBe(first);
    engine.tick(AT + 3 * MINUTE);
    expect(isUnknown()).toBe(then);
  });

  it('for which ipamd has other addresses than EC2', () => {
    const engine = world(second({ attachedAt: now, secondaryIps: ['10.0.0.22'] }), listed);
    expect(get(engine, 'enis', 'eni-b').ipamd).toMatchObject({ missing: [], extra: [] });
    engine.tick(AT + 3 * MINUTE);
    expect(get(engine, 'enis', 'eni-b').ipamd).toMatchObject({ missing: ['10.0.0.22'], extra: ['10.0.0.21'] });
    engine.apply(batch([upsert('eni', second({ attachmentStatus: 'detaching', secondaryIps: [] }))]));
    expect(get(engine, 'enis', 'eni-b').ipamd).toMatchObject({ missing: [], extra: [] });
  });
});
