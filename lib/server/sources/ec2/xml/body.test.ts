import { expect, it } from 'vitest';
import { releaseBytes } from '../../../../model/release-bytes';
import { bodyOf } from './body';

async function* chunksOf(...chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}

const read = (...chunks: readonly Uint8Array[]) => bodyOf({ statusCode: 200, body: chunksOf(...chunks) });

it.each([0, 1, 3, 200])('reads a body of %i chunks', async (count) => {
  const texts = Array.from({ length: count }, (_, index) => `${index} `.repeat(index * 10));
  const body = await read(...texts.map((text) => new TextEncoder().encode(text)));
  expect(body.toString()).toBe(texts.join(''));
});

it('releases a chunk that it has copied, but no part of a larger buffer', async () => {
  const own = new Uint8Array([1, 2]);
  const larger = new Uint8Array([3, 4, 5]);
  const body = await read(own, larger.subarray(1));
  expect([...body]).toEqual([1, 2, 4, 5]);
  expect(own.buffer.detached).toBe(true);
  expect([...larger]).toEqual([3, 4, 5]);
});

it('releases a body that has its own memory, even if it is small', async () => {
  const body = await read(new TextEncoder().encode('<a/>'));
  const pooled = Buffer.from('pooled');
  releaseBytes(body);
  releaseBytes(pooled);
  expect(body).toHaveLength(0);
  expect(pooled.toString()).toBe('pooled');
});
