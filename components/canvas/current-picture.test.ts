import { describe, expect, test } from 'vitest';
import { createCluster, pool, type Cluster } from '../../e2e/testing/layout';
import { canvasProps } from '../../e2e/testing/pictures';
import { WAITING_AFTER } from '../../lib/layout/rack/waiting';
import { isStillValid } from '../../lib/layout/rack/still-valid';
import { hasBlocks } from '../../lib/layout/rack/rack';
import { CurrentPicture } from './current-picture';
import type { CanvasProps } from './props';

const NODE = 'n-1';
const STARTED = '2026-11-21T06:00:00Z';
const at = (milliseconds: number): number => Date.parse(STARTED) + milliseconds;

const cluster = (state: 'live' | 'starting' = 'live'): Cluster =>
  createCluster()
    .source('ec2/network-interfaces', state, null, '')
    .node(NODE, { pools: [pool(1, 1, 0, 2)] })
    .eni(NODE, { id: 'eni-1', states: 'paw' });

const props = (made: Cluster, change: Partial<CanvasProps> = {}): CanvasProps =>
  canvasProps(made.build(), { now: at(0), ...change });

describe('after a record change', () => {
  test('that moves nothing, keeps the rack and updates the facts', () => {
    const picture = new CurrentPicture(props(cluster()));
    picture.checkBy(isStillValid);
    const { rack, facts, version } = picture;
    picture.props = props(cluster().pod(NODE, 'shop', 'web', { ips: ['10.0.1.11'] }));
    expect(picture.follow(true, ['pod:shop/web'])).toBe(false);
    expect(picture.rack).toBe(rack);
    expect(picture.facts).not.toBe(facts);
    expect(picture.version).toBe(version);
  });
  test.each([
    ['a new node', ['node:n-2']],
    ['anything', null],
  ])('%s makes a new rack next to the old one', (_what, changed) => {
    const picture = new CurrentPicture(props(cluster()));
    const { rack, version } = picture;
    picture.props = props(cluster().node('n-2'));
    expect(picture.follow(true, changed)).toBe(false);
    expect(picture.rack).not.toBe(rack);
    expect(picture.rack.boxOf.has('node:n-2')).toBe(true);
    expect(picture.version).toBe(version + 1);
  });
  test('makes a new picture for the first answer of a source, not for the second', () => {
    const picture = new CurrentPicture(props(cluster('starting')));
    picture.props = props(cluster().node('n-2'));
    expect(picture.follow(true, null)).toBe(true);
    picture.props = props(cluster().node('n-2').node('n-3'));
    expect(picture.follow(true, null)).toBe(false);
  });
});

describe('passing time', () => {
  const waiting = cluster().pod(NODE, 'shop', 'cart', { phase: 'Pending', startedAt: STARTED });
  test.each([
    [WAITING_AFTER - 1, false],
    [WAITING_AFTER, true],
  ])('%d ms after a pod started, moves a box: %s', (milliseconds, moved) => {
    const picture = new CurrentPicture(props(waiting));
    picture.props = { ...picture.props, now: at(milliseconds) };
    expect(picture.passTime(at(milliseconds))).toBe(moved);
    expect(hasBlocks(picture.rack, 'waiting')).toBe(moved);
  });
});

describe('a hovered place', () => {
  const picture = new CurrentPicture(props(cluster().pod(NODE, 'shop', 'web', { ips: ['10.0.1.11'] })));
  test('is found again by its record', () => {
    const eni = picture.placeOf('eni-1');
    expect(eni?.role).toBe('eni');
    expect(picture.again(eni)).toEqual(eni);
    expect(eni && picture.boxId(eni)).toBe(`node:${NODE}`);
  });
  test('keeps its rectangle if it is a slot that no interface holds', () => {
    const eni = picture.placeOf('eni-1');
    if (eni === null) throw new Error('the ENI is placed');
    const slot = { ...eni, role: 'slot', ip: '10.0.1.12', rect: { x: 1, y: 2, w: 3, h: 4 } } as const;
    expect(picture.again(slot)).toEqual(slot);
  });
  test('disappears with its record', () => {
    const node = picture.placeOf('eni-1');
    expect(picture.again(node && { ...node, id: 'eni-9' })).toBeNull();
    expect(picture.again(null)).toBeNull();
  });
});

test('folds and unfolds a run of equal cards', () => {
  const made = createCluster().node(NODE);
  for (let index = 0; index < 6; index++) {
    made.card(NODE, index, { managed: index === 0 });
    made.eni(NODE, {
      id: `eni-${index}`,
      card: index,
      ...(index === 0 ? { states: 'paw' } : { role: 'efa-only', interfaceType: 'efa-only', states: '' }),
    });
  }
  const picture = new CurrentPicture(props(made));
  const folded = picture.rack.blocks.ref.length;
  picture.toggleFold(`node:${NODE}`);
  expect(picture.rack.blocks.ref.length).toBeGreaterThan(folded);
  picture.toggleFold(`node:${NODE}`);
  expect(picture.rack.blocks.ref.length).toBe(folded);
});
