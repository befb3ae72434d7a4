import { expect, it } from 'vitest';
import type { Observation } from '../../../model/observation';
import { KINDS } from '../../../normalise/kubernetes/kinds';
import type { Item } from './codec';
import { Projector } from './project';

const row = KINDS.find(({ factKind }) => factKind === 'nad');
if (row === undefined) throw new Error('no such kind');

const nads = (count: number): Item[] =>
  Array.from({ length: count }, (_, index) => {
    const name = `n${index}`;
    const object = { metadata: { namespace: 'core', name, uid: name }, spec: { config: '{}' } };
    return { key: `core/${name}`, uid: name, isNamed: true, version: '1', read: () => object };
  });

it('delivers a first list in growing portions, and the remainder at its end', async () => {
  const portions: number[] = [];
  const projector = new Projector({
    row,
    complain: (message) => expect.fail(message),
    deliver: (portion) => {
      portions.push(portion.length);
      return Promise.resolve();
    },
  });
  projector.begin();
  // Independent of how the server splits the list.
  for (const page of [nads(50_000).slice(0, 300), nads(50_000).slice(300, 1_700), nads(50_000).slice(1_700)])
    await projector.list(page);
  expect(portions).toEqual([500, 3_500, 28_000]);
  expect(projector.end()).toHaveLength(50_000 - 32_000 + 1);
});

const pods = (count: number, nodes: number): Item[] =>
  Array.from({ length: count }, (_, index) => {
    const name = `p${index}`;
    const object = { metadata: { namespace: 'core', name, uid: name }, spec: { nodeName: `n${index % nodes}` } };
    return { key: `core/${name}`, uid: name, isNamed: true, version: '1', read: () => object };
  });

/** A projector of pods whose receiver takes a part only when `take` is called. */
function slowly(): { projector: Projector; parts: (readonly Observation[])[]; take: () => void } {
  const podRow = KINDS.find(({ factKind }) => factKind === 'pod');
  if (podRow === undefined) throw new Error('no such kind');
  const parts: (readonly Observation[])[] = [];
  let waiting: () => void = () => undefined;
  const projector = new Projector({
    row: podRow,
    complain: (message) => expect.fail(message),
    deliver: (part) => {
      parts.push(part);
      return new Promise((resolve) => (waiting = resolve));
    },
  });
  projector.begin();
  return { projector, parts, take: () => waiting() };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Takes part after part until the work is done. */
async function takeUntil(work: Promise<void>, take: () => void): Promise<void> {
  const state = { isOver: false };
  void work.then(() => (state.isOver = true));
  while (!state.isOver) {
    take();
    await turn();
  }
}

it('delivers all parts of a portion before the list may end, however little is left', async () => {
  const { projector, parts, take } = slowly();
  // 500, 3,500, 28,000 in seven parts, and 100 with the end of the list.
  const listing = projector.list(pods(32_100, 300));
  await takeUntil(
    listing.then(() => projector.rest()),
    take,
  );
  expect(parts.flat()).toHaveLength(32_000);
  expect(projector.end()).toHaveLength(101);
});

it('delivers nothing that was discarded meanwhile', async () => {
  const { projector, parts, take } = slowly();
  await takeUntil(projector.list(pods(32_000, 300)), take);
  const before = parts.length;
  projector.forget();
  for (let more = 0; more < 20; more++) {
    take();
    await turn();
  }
  expect(before).toBeLessThan(9);
  expect(parts).toHaveLength(before);
});

it('delivers pods by node, some nodes at a time, even before the end of the list', async () => {
  const podRow = KINDS.find(({ factKind }) => factKind === 'pod');
  if (podRow === undefined) throw new Error('no such kind');
  const parts: (readonly Observation[])[] = [];
  const projector = new Projector({
    row: podRow,
    complain: (message) => expect.fail(message),
    deliver: (part) => {
      parts.push(part);
      return Promise.resolve();
    },
  });
  projector.begin();
  await projector.list(pods(50_000, 300));
  expect(parts.map(({ length }) => length).slice(0, 2)).toEqual([500, 3500]);
  await projector.rest();
  expect(projector.end()).toHaveLength(1);
  const nodesOf = (part: readonly Observation[]): readonly string[] => [
    ...new Set(part.map((one) => (one.op === 'upsert' && one.kind === 'pod' ? (one.fact.node ?? '') : ''))),
  ];
  // The third portion has 28,000 pods and the rest 18,000. Each contains all nodes, and every node is in a single part.
  const [third, rest] = [parts.slice(2, 9), parts.slice(9)];
  expect([third, rest].map((portion) => portion.flatMap(nodesOf).length)).toEqual([300, 300]);
  expect(Math.max(...parts.map(({ length }) => length))).toBeLessThan(4200);
  expect(parts.flat()).toHaveLength(50_000);
});
