import { applyFilter } from '../../../e2e/testing/queries';
import { describe, expect, test } from 'vitest';
import { createCluster, pool } from '../../../e2e/testing/layout';
import { GOLDEN_CLUSTERS } from '../../../e2e/testing/golden-clusters';
import type { Level } from '../rack/level';
import type { Mark, TextMark } from '../picture/mark';
import { spansWidth } from '../picture/text';
import { NO_FILTER } from '../../view/filter';
import { wholePicture } from '../whole';

const telco = GOLDEN_CLUSTERS.telco().build();

const marksAt = (scale: number, level: Level = 'slots', source = telco): readonly Mark[] =>
  wholePicture(source, { scale, level }).marks;
const parts = (marks: readonly Mark[], part: string): readonly Mark[] => marks.filter((mark) => mark.part === part);
const words = (marks: readonly Mark[], part: string): readonly string[] =>
  parts(marks, part).flatMap((mark) => (mark.kind === 'text' ? [mark.spans.map(({ text }) => text).join('')] : []));

interface Extent {
  readonly left: number;
  readonly right: number;
}
function extent({ x, anchor, spans, size }: TextMark): Extent {
  const width = spansWidth(spans, size);
  const left = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2;
  return { left, right: left + width };
}

describe('drops text that does not fit its space', () => {
  test('an ENI’s title has all its words where its row has 15 px, and its device and ratio below', () => {
    expect(words(marksAt(1), 'eni-title')[1]).toBe('dev 1 · eni-0bbb…02  ~ens6');
    expect(words(marksAt(1), 'eni-ratio')[1]).toBe('no_manage  1/9');
    expect(words(marksAt(0.55), 'eni-title')).toEqual(['dev 0', 'dev 1', 'dev 2']);
    expect(words(marksAt(0.55), 'eni-ratio')).toEqual(['4/9', '1/9', '3/9']);
    expect(words(marksAt(0.49), 'eni-title')).toEqual([]);
  });

  const LEVELS: readonly (readonly [number, Level])[] = [
    [0.2, 'bars'],
    [0.3, 'bars'],
    [0.45, 'bars'],
    [0.5, 'slots'],
    [0.57, 'slots'],
    [0.66, 'slots'],
    [0.8, 'slots'],
    [1, 'slots'],
    [1.7, 'slots'],
  ];
  test.each(LEVELS)('at %f (%s) no text of a node leaves its frame', (scale, level) => {
    for (const name of ['telco', 'modes', 'missing', 'matrix'] as const) {
      const marks = marksAt(scale, level, GOLDEN_CLUSTERS[name]().build());
      const frames = marks.filter((mark) => mark.kind === 'rect' && /^(node-frame|node-ghost|shelf)/.test(mark.part));
      for (const mark of marks) {
        if (mark.kind !== 'text' || /^group-/.test(mark.part)) continue;
        const { left, right } = extent(mark);
        const inside = frames.some(
          (frame) =>
            frame.kind === 'rect' &&
            left >= frame.x - 0.5 &&
            right <= frame.x + frame.w + 0.5 &&
            mark.y - 8 >= frame.y &&
            mark.y <= frame.y + frame.h,
        );
        expect(inside, `${name} ${mark.part}: ${mark.spans.map(({ text }) => text).join('')}`).toBe(true);
      }
    }
  });
  test.each(LEVELS)('at %f (%s) no two lines of text overlap', (scale, level) => {
    for (const name of ['telco', 'modes', 'missing', 'matrix'] as const) {
      const texts = marksAt(scale, level, GOLDEN_CLUSTERS[name]().build()).filter((mark) => mark.kind === 'text');
      texts.forEach((a, i) =>
        texts.slice(i + 1).forEach((b) => {
          if (Math.abs(a.y - b.y) >= 11.5) return;
          const [p, q] = [extent(a), extent(b)];
          const apart = p.right <= q.left || q.right <= p.left;
          expect(apart, `${name}: ${a.part} “${a.spans[0]?.text}” on ${b.part} “${b.spans[0]?.text}”`).toBe(true);
        }),
      );
    }
  });
});

describe('the line of waiting pods', () => {
  test.each([0.25, 0.35, 0.5, 0.57, 0.8, 1, 2])('always has a sign (scale %f)', (scale) => {
    const marks = marksAt(scale, scale < 0.5 ? 'bars' : 'slots');
    // If a node is narrower than its name and two badges, only the broken slot and the badge of its finding are drawn.
    const said = marks.filter(({ part, kind }) => part === 'waiting-pod' && (kind === 'text' || kind === 'icon'));
    if (scale >= 0.45) expect(said.length).toBeGreaterThan(0);
    expect(
      marks.some(({ part, id }) => part === 'findings error' && id === parts(marks, 'slot requested')[0]?.id),
    ).toBe(true);
    expect(parts(marks, 'slot requested').length).toBeGreaterThan(0);
  });
  test('shows which pod waits, since when and why', () => {
    const marks = marksAt(1);
    expect(words(marks, 'waiting-pod')).toEqual(['shop/cart-<0> waits']);
    expect(words(marks, 'waiting-age')).toEqual([' since 06:00']);
    expect(words(marks, 'waiting-cause').join(' ')).toMatch(/^ · every slot/);
    const now = Date.parse('2026-11-21T06:04:30Z');
    expect(words(wholePicture(telco, { now }).marks, 'waiting-age')).toEqual([' 4 min']);
  });
  test('shows their number in the title if there is no room for them', () => {
    const marks = marksAt(0.45, 'bars');
    expect(parts(marks, 'waiting-pod').map(({ kind }) => kind)).toContain('icon');
    expect(words(marks, 'node-name').length).toBe(parts(marks, 'node-frame').length);
  });
});

test.each([
  [1, 'slots'],
  [0.45, 'bars'],
] as const)('shows no number of free addresses for a pool without known ENIs (scale %f)', (scale, level) => {
  const made = createCluster()
    .source('ec2/network-interfaces', 'off', null, 'EC2 is not asked')
    .node('n', { pools: [pool(4, 2, 0, 2)] });
  const said = words(marksAt(scale, level, made.build()), 'pool-room').join(' ');
  expect(said).not.toMatch(/\d+ free/);
  if (level === 'slots') expect(said).toMatch(/not known/);
});

test('aligns the ends of all bars of a node, and keeps their ratios inside its padding', () => {
  const made = createCluster().node('n', { pools: [pool(1, 1, 0, 2)] });
  for (const [index, capacity] of [5, 29, 49].entries())
    made.eni('n', { id: `eni-${index}`, deviceIndex: index, states: 'paaaaaaaaaaa'.slice(0, 3 + 4 * index), capacity });
  const marks = marksAt(0.33, 'bars', made.build());
  const ends = parts(marks, 'eni-ground').map((mark) => (mark.kind === 'rect' ? mark.x + mark.w : NaN));
  expect(new Set(ends.map((end) => end.toFixed(3))).size).toBe(1);
  const frame = parts(marks, 'node-frame')[0];
  if (frame?.kind !== 'rect') throw new Error('a node has a frame');
  const ratios = parts(marks, 'eni-ratio').filter((mark) => mark.kind === 'text');
  expect(ratios).toHaveLength(3);
  for (const ratio of ratios) expect(extent(ratio).right).toBeLessThanOrEqual(frame.x + frame.w - 4);
});

test('frames the space of an ENI’s prefixes below its bar, at the level of ENI bars', () => {
  const marks = marksAt(0.4, 'bars', GOLDEN_CLUSTERS.modes().build());
  const rooms = parts(marks, 'eni-room').filter((mark) => mark.kind === 'rect');
  expect(rooms.length).toBeGreaterThan(0);
  for (const { id, y, h } of rooms) {
    const bar = parts(marks, 'eni-ground').find((mark) => mark.id === id);
    if (bar?.kind !== 'rect') throw new Error(`the ENI ${id} has a bar`);
    expect(bar.y).toBeGreaterThan(y);
    expect(bar.y + bar.h).toBeLessThan(y + h);
  }
  expect(parts(marksAt(0.4, 'bars'), 'eni-room')).toEqual([]);
});

test('keeps a pod’s tag inside a narrow node', () => {
  const source = createCluster()
    .node('n')
    .eni('n', { id: 'eni-1', states: 'pa', net: '10.0.1' })
    .pod('n', 'core', 'upf-a-tcmvwtlbd-6hx4g-with-a-long-name', { ips: ['10.0.1.11'] })
    .build();
  const selection = 'pod:core/upf-a-tcmvwtlbd-6hx4g-with-a-long-name';
  const { marks } = wholePicture(source, { level: 'bars', scale: 0.35, selection });
  const [tag] = parts(marks, 'pod-tag');
  const [frame] = parts(marks, 'node-frame');
  if (tag?.kind !== 'rect' || frame?.kind !== 'rect') throw new Error('both are drawn');
  expect(tag.x).toBeGreaterThanOrEqual(frame.x - 12);
  expect(words(marks, 'pod-tag-name')[0]).toMatch(/^upf-a.*….*name$/);
});

test.each([
  ['tile', 60],
  ['tile', 110],
  ['bars', 90],
  ['bars', 110],
  ['bars', 150],
] as const)('covers no node’s name with a pod’s tag (%s, %i px wide)', (level, width) => {
  const made = createCluster();
  // Boxes of several heights, so that nodes start at different heights in each column.
  for (let i = 0; i < 12; i++) {
    made.node(`n-${i}`, { pools: [pool(1, 1, 0, 2)] });
    for (let device = 0; device <= i % 4; device++)
      made.eni(`n-${i}`, { id: `eni-${i}-${device}`, deviceIndex: device, states: 'pa', net: `10.${i}.${device}` });
    made.pod(`n-${i}`, 'core', `upf-a-tcmvwtlbd-6hx4${i}`, { ips: [`10.${i}.0.11`] });
  }
  const source = made.build();
  for (let i = 0; i < 12; i++) {
    const { marks } = wholePicture(source, {
      level,
      scale: width / 325,
      selection: `pod:core/upf-a-tcmvwtlbd-6hx4${i}`,
    });
    const [tag] = parts(marks, 'pod-tag');
    const names = parts(marks, 'node-name');
    if (tag?.kind !== 'rect') throw new Error('it is drawn');
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      if (name.kind !== 'text') continue;
      const { left, right } = extent(name);
      const covers = tag.x < right && tag.x + tag.w > left && tag.y < name.y + 2 && tag.y + tag.h > name.y - 9;
      expect(covers, `${words(marks, 'pod-tag-name').join()} on ${words([name], 'node-name').join()}`).toBe(false);
    }
  }
});

describe('findings on a tile', () => {
  const source = createCluster()
    .node('warned')
    .eni('warned', { id: 'eni-1', capacity: 149 })
    .node('broken')
    .eni('broken', { id: 'eni-2', capacity: 149 })
    .finding('warning', 'max-pods-too-high', ['node:warned'])
    .finding('error', 'multus-down', ['node:broken'])
    .build();
  /** The marks of findings at a tile width in pixels: kind, and height relative to the tile. */
  const at = (width: number) =>
    wholePicture(source, { level: 'tile', scale: width / 325 }).marks.flatMap((mark) =>
      mark.part.startsWith('findings ') && (mark.kind === 'rect' || mark.kind === 'icon')
        ? [`${mark.part.slice('findings '.length)} ${mark.kind}`]
        : [],
    );

  test.each([30, 20, 15])('have an icon each, if the tile of %i px has room', (width) => {
    expect(at(width).sort()).toEqual(['error icon', 'warning icon']);
  });
  test.each([2.5, 4, 7])('at %f px, mark the tile itself', (width) => {
    expect(at(width).sort()).toEqual(['error rect', 'warning rect']);
  });
  test.each([30, 12, 4])('do not mark nodes for a warning that every node has, at %i px', (width) => {
    const made = createCluster();
    for (let i = 0; i < 20; i++) made.node(`n-${i}`).finding('warning', 'max-pods-too-high', [`node:n-${i}`]);
    made.finding('error', 'multus-down', ['node:n-3']);
    const { marks } = wholePicture(made.build(), { level: 'tile', scale: width / 325 });
    expect(marks.filter(({ part }) => part.startsWith('findings ')).map(({ id }) => id)).toEqual(['node:n-3']);
  });

  test.each([30, 12, 4])('mark the shelf for an ENI without a node, at %i px', (width) => {
    const shelf = createCluster()
      .node('n-1')
      .eni(null, { id: 'eni-8' })
      .eni(null, { id: 'eni-9' })
      .finding('warning', 'eni-leaked', ['eni-9'])
      .build();
    const marked = (filter: string | null) =>
      wholePicture(shelf, {
        level: 'tile',
        scale: width / 325,
        filter: filter === null ? null : applyFilter(shelf, { ...NO_FILTER, text: filter }),
      }).marks.flatMap((mark) =>
        mark.part !== 'findings warning'
          ? []
          : mark.kind === 'icon'
            ? [mark.tone]
            : mark.kind === 'rect'
              ? [mark.fill]
              : [],
      );
    expect(marked(null)).toEqual(['warnFill']);
    expect(marked('eni:eni-9')).toEqual(['warnFill']);
    expect(marked('node:n-1')).toEqual(['line']);
    const near = wholePicture(shelf, { filter: applyFilter(shelf, { ...NO_FILTER, text: 'node:n-1' }) }).marks;
    const frame = near.find(({ part, id }) => part === 'eni-frame' && id === 'eni-9');
    expect(frame).toMatchObject({ stroke: { tone: 'edge' } });
    const badge = near.find(({ kind, part }) => kind === 'icon' && part === 'findings warning');
    expect(badge).toMatchObject({ tone: 'edge' });
  });

  test('are dimmed on nodes hidden by the filter, in every size and level', () => {
    const filter = applyFilter(source, { ...NO_FILTER, text: 'node:warned' });
    const tones = (marks: readonly Mark[], node: string) =>
      new Set(
        marks.flatMap((mark) => {
          if (mark.id !== node || !mark.part.startsWith('findings ')) return [];
          return mark.kind === 'icon' ? [mark.tone] : mark.kind === 'rect' ? [mark.fill] : [];
        }),
      );
    for (const width of [30, 15, 4]) {
      const { marks } = wholePicture(source, { level: 'tile', scale: width / 325, filter });
      expect(tones(marks, 'node:warned')).toEqual(new Set(['warnFill']));
      expect(tones(marks, 'node:broken')).toEqual(new Set(['line']));
    }
    const { marks } = wholePicture(source, { filter });
    expect(tones(marks, 'node:warned')).toEqual(new Set(['warnFill']));
    expect(tones(marks, 'node:broken')).toEqual(new Set(['edge']));
  });

  test('are dimmed on a node that passes the filter without its findings, and all are counted', () => {
    const shop = createCluster()
      .node('n-1')
      .pod('n-1', 'shop', 'web', { ips: ['10.0.1.11'] })
      .pod('n-1', 'core', 'dns', { ips: ['10.0.1.12'] })
      .finding('error', 'multus-down', ['node:n-1'])
      .finding('warning', 'pod-not-starting', ['pod:core/dns'])
      .build();
    const badge = (text: string) => {
      const { marks } = wholePicture(shop, { filter: applyFilter(shop, { ...NO_FILTER, text }) });
      const [icon] = marks.filter(({ kind, part }) => kind === 'icon' && part === 'findings error');
      return [icon?.kind === 'icon' ? icon.tone : null, ...words(marks, 'findings error')];
    };
    expect(badge('ns:shop')).toEqual(['edge', '2']);
    expect(badge('ns:core')).toEqual(['err', '2']);
    expect(badge('finding:error')).toEqual(['err', '2']);
  });
});

test.each([
  [0.5, 'Unattached ENIs · 1 ENI'],
  [0.25, 'Unattached'],
  [0.12, 'ENIs'],
])('at %d the shelf is headed %j', (scale, heading) => {
  const source = createCluster().node('n-1').eni(null, { id: 'eni-9' }).build();
  expect(words(wholePicture(source, { level: 'bars', scale }).marks, 'group-label')).toContain(heading);
});

test('truncates a heading that has no room at its end', () => {
  const source = createCluster().node('n-1', { zone: 'rack-seventeen' }).build();
  expect(words(wholePicture(source, { level: 'tile', scale: 0.15 }).marks, 'group-label')[0]).toMatch(/^rac.*…$/);
});

test('heads a severity group by its icon if the word has no room', () => {
  const made = createCluster().node('n-0').finding('error', 'multus-down', ['node:n-0']);
  for (let i = 1; i < 9; i++) made.node(`n-${i}`);
  const { marks } = wholePicture(made.build(), { level: 'tile', scale: 0.08, grouping: 'worst-finding' });
  const headings = marks.filter(({ part }) => part === 'group-label');
  expect(headings[0]).toMatchObject({ kind: 'icon', icon: 'error' });
});

test('shows names in narrow nodes alike: no ellipsis, and one size', () => {
  const made = createCluster();
  for (const name of ['ip-10-0-0-4', 'ip-10-0-1-21', 'ip-10-0-12-101']) made.node(`${name}.internal`);
  const marks = parts(marksAt(0.3, 'bars', made.build()), 'node-name');
  expect(marks.map((mark) => (mark.kind === 'text' ? [mark.size, mark.spans.length] : []))).toEqual([
    [12, 1],
    [12, 1],
    [12, 1],
  ]);
});
