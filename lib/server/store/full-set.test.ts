import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { createFakeClock } from '../../../e2e/testing/servers/fake-clock';
import { createPair } from '../../../e2e/testing/servers/pair';
import { AT, batch, nodeUpsert } from '../../../e2e/testing/servers/store';
import { decodeColumns } from '../../snapshot/columns';
import { createFullSets, type FullSets } from './full-set';

function create() {
  const clock = createFakeClock(AT);
  const { store, collector } = createPair(clock);
  return { clock, collector, sets: createFullSets(store, clock) };
}
const packed = async (sets: FullSets): Promise<Uint8Array> => (await sets.columns()).gzip();

it('is compressed once per version, however many viewers ask', async () => {
  const { clock, collector, sets } = create();
  collector.apply(batch(nodeUpsert('a')));
  const answers = await Promise.all(Array.from({ length: 100 }, () => packed(sets)));
  // Each run of gzip makes bytes of its own.
  expect(new Set(answers).size).toBe(1);
  collector.apply(batch(nodeUpsert('b')));
  clock.advance(1_000);
  const next = await packed(sets);
  expect(next).not.toBe(answers[0]);
  const { meta, records } = decodeColumns(gunzipSync(next).toString());
  expect([meta.version, [...records.nodes.values()].map(({ name }) => name)]).toEqual([2, ['a', 'b']]);
});

it('of the version before serves those who ask while changes pour in, for a second', async () => {
  const { clock, collector, sets } = create();
  collector.apply(batch(nodeUpsert('a')));
  const first = await packed(sets);
  collector.apply(batch(nodeUpsert('b')));
  clock.advance(999);
  expect(await packed(sets)).toBe(first);
  clock.advance(1);
  expect(await packed(sets)).not.toBe(first);
});
