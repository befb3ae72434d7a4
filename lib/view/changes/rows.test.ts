import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ChangeLog } from './log';
import { marksOf } from './marks';
import { createChangeView, type ChangeQuery, type ChangeView } from './rows';
import { markAt, markOf, sinceMoment } from './since';
import type { DescribedChange } from './described-change';
import { shortNames } from './words';

const ALL: ChangeQuery = { since: null, kinds: new Set(), tables: new Set(), isLeft: null, unfolded: new Set() };

const pod = (name: string, given: Partial<DescribedChange> = {}): DescribedChange => ({
  kind: 'appeared',
  table: 'pods',
  id: `pod:shop/${name}`,
  at: 1_000,
  sentence: `Pod shop/${name} appeared on node a.`,
  fields: [],
  node: 'node:a',
  ...given,
});
const slot = (eni: string, ip: string, before: string | null, after: string): DescribedChange => ({
  kind: 'changed',
  table: 'enis',
  id: eni,
  at: 1_000,
  sentence: `Secondary ENI ${eni} changed.`,
  fields: [{ field: `slot ${ip}`, before, after }],
  node: 'node:a',
});

function view(changes: readonly DescribedChange[], asked: Partial<ChangeQuery> = {}): ChangeView {
  const log = new ChangeLog();
  log.begin(0);
  for (const change of changes) log.add([change], change.at);
  return createChangeView()(log.spans, log.gaps, { ...ALL, ...asked });
}
const sentences = ({ rows }: ChangeView): readonly string[] => rows.map(({ sentence }) => sentence);

describe('rows', () => {
  test('the newest is first, and within one moment the most important', () => {
    const finding = pod('x', { table: 'findings', id: 'f:r/x', sentence: 'Finding r appeared.', at: 12_000 });
    const shown = view([
      pod('a'),
      pod('b', { at: 12_000, sentence: 'B.' }),
      finding,
      pod('c', { at: 13_000, sentence: 'C.' }),
    ]);
    expect(sentences(shown)).toEqual(['C.', 'Finding r appeared.', 'B.', 'Pod shop/a appeared on node a.']);
  });

  test('[property] times never increase down the list, with any bursts and gaps', () => {
    const kinds = ['appeared', 'went', 'changed'] as const;
    const change = fc.record({
      wait: fc.integer({ min: 0, max: 4_000 }),
      app: fc.integer({ min: 0, max: 2 }),
      one: fc.integer({ min: 0, max: 9 }),
      kind: fc.constantFrom(...kinds),
      gap: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
        const log = new ChangeLog();
        log.begin(0);
        let at = 1_000;
        for (const { wait, app, one, kind, gap } of changes) {
          at += wait;
          if (gap && wait > 3_000) log.begin(at - 500);
          log.add([pod(`web${app}-7d9f8c6b5-bcdf${'ghjklmnpqr'[one]}`, { at, kind })], at);
        }
        const times = createChangeView()(log.spans, log.gaps, ALL).rows.map((row) => row.at ?? 0);
        expect(times).toEqual(times.toSorted((a, b) => b - a));
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});

describe('bursts, gaps and the query', () => {
  test.each([
    [
      'pods of one workload',
      [pod('web-7d9f8c6b5-bcdfg', { node: 'node:a' }), pod('web-bcdfg', { node: 'node:b' }), pod('web-zzzzz')],
      '3 pods of shop/web appeared on 2 nodes.',
    ],
    [
      'slots, by their transition',
      [
        slot('eni-1', '10.0.0.4', 'warm', 'assigned to interface eth0 of pod shop/web-1'),
        slot('eni-1', '10.0.0.5', 'warm', 'assigned to interface eth0 of pod shop/web-2'),
        slot('eni-2', '10.0.1.4', 'assigned to pod shop/web-3', 'cooling'),
      ],
      '3 slots of 2 ENIs changed: 2 from warm to assigned, 1 from assigned to cooling.',
    ],
    [
      'slots of nodes that the page has not loaded',
      [slot('eni-1', '10.0.0.4', null, 'warm'), slot('eni-2', '10.0.0.5', null, 'warm')],
      '2 slots of 2 ENIs changed: 2 now warm.',
    ],
    [
      'a state that all slots changed to',
      ['a', 'b'].map((name) =>
        pod(`web-bcdf${name === 'a' ? 'g' : 'h'}`, {
          kind: 'changed',
          fields: [
            { field: 'phase', before: 'Pending', after: 'Running' },
            { field: 'addresses', before: 'none', after: name },
          ],
        }),
      ),
      '2 pods of shop/web changed: phase from Pending to Running; addresses.',
    ],
  ] as const)('a burst is one sentence: %s', (_, changes, sentence) => {
    expect(sentences(view(changes))).toEqual([sentence]);
  });

  test('a burst unfolds to its changes, newest first; each opens its subject', () => {
    const changes = [pod('web-bcdfg', { at: 1_000 }), pod('web-bcdfh', { at: 2_000 })];
    const folded = view(changes);
    expect(folded.rows[0]).toMatchObject({ open: false, subject: null, count: 2 });
    const { rows } = view(changes, { unfolded: new Set([folded.rows[0]?.id ?? '']) });
    expect(rows.map(({ open, subject, inner }) => [open, subject, inner])).toEqual([
      [true, null, false],
      [null, 'pod:shop/web-bcdfh', true],
      [null, 'pod:shop/web-bcdfg', true],
    ]);
  });

  test('kinds and tables narrow the rows; each counts what the other lets through', () => {
    const changes = [pod('a'), pod('b', { kind: 'went' }), slot('eni-1', '10.0.0.4', 'warm', 'cooling')];
    const shown = view(changes, { kinds: new Set(['changed']) });
    expect(shown.rows).toHaveLength(1);
    expect(shown.kinds).toEqual({ appeared: 1, went: 1, moved: 0, changed: 1 });
    expect(shown.tables).toEqual({ enis: 1 });
  });

  test('the filter hides rows, and their number is reported', () => {
    const shown = view([pod('a'), pod('b')], { isLeft: ({ id }) => id === 'pod:shop/a' });
    expect(shown.shown.map(({ id }) => id)).toEqual(['pod:shop/a']);
    expect(shown.hidden).toBe(1);
  });

  test('a span is cut at the start time', () => {
    expect(view([pod('a'), pod('b', { at: 3_000 })], { since: 2_000 }).shown).toHaveLength(1);
  });

  test('a gap is between the changes before and after it', () => {
    const log = new ChangeLog();
    log.begin(0);
    log.add([pod('a')], 1_000);
    log.begin(60_000);
    log.add([pod('b', { at: 61_000 })], 61_000);
    const { rows } = createChangeView()(log.spans, log.gaps, ALL);
    expect(rows.map(({ kind }) => kind)).toEqual(['appeared', null, 'appeared']);
    expect(rows[1]?.sentence).toContain('from 00:00:01 to 00:01:00 UTC is not known');
  });

  test('a summarised span gives the same row until something is added', () => {
    const log = new ChangeLog();
    log.begin(0);
    log.add([pod('web-bcdfg'), pod('web-bcdfh')], 1_000);
    const look = createChangeView();
    const before = look(log.spans, log.gaps, ALL).rows[0]?.sentence;
    log.add([pod('web-bcdfj')], 2_000);
    expect([before, look(log.spans, log.gaps, ALL).rows[0]?.sentence]).toEqual([
      '2 pods of shop/web appeared on node a.',
      '3 pods of shop/web appeared on node a.',
    ]);
  });
});

test('marks: every change counts on its node, records and slots are marked where they are', () => {
  const marks = marksOf([pod('a'), pod('a', { kind: 'changed' }), slot('eni-1', '10.0.0.4', 'warm', 'cooling')]);
  const node = marks.get('node:a');
  expect(node?.counts).toEqual({ appeared: 1, went: 0, moved: 0, changed: 2 });
  expect([...(node?.records ?? [])]).toEqual([['pod:shop/a', 'appeared']]);
  expect(node?.slots.get('eni-1')).toEqual(new Set(['10.0.0.4']));
});

test('since: spans move with the clock, marks do not', () => {
  expect(sinceMoment('5m', 1_000_000)).toBe(700_000);
  expect(sinceMoment('', 1)).toBeNull();
  expect(sinceMoment('rubbish', 1)).toBeNull();
  const mark = markAt(Date.parse('2026-11-29T09:12:03.400Z'));
  expect(sinceMoment(mark, 0)).toBe(Date.parse('2026-11-29T09:12:03Z'));
  expect(markOf('5m')).toBeNull();
});

test('names of nodes are as short as in the picture', () => {
  const common = { prefix: 'ip-10-0-', suffix: '.ec2.internal' };
  expect(
    shortNames('Pod a/b moved from node ip-10-0-1-17.ec2.internal to node ip-10-0-1-9.ec2.internal.', common),
  ).toBe('Pod a/b moved from node …1-17 to node …1-9.');
  expect(shortNames('Node ip-10-0-1-17.ec2.internal changed: cordoned from no to yes.', common)).toBe(
    'Node …1-17 changed: cordoned from no to yes.',
  );
});
