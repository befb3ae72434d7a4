import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createFrameSplitter } from './frames';

const framed = (payload: Uint8Array): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(payload.length);
  return Buffer.concat([length, payload]);
};

it('produces the same frames however the bytes are split', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 }),
      (payloads, cuts) => {
        const bytes = Buffer.concat(payloads.map(framed));
        const splitter = createFrameSplitter(1000);
        const frames: Buffer[] = [];
        for (let at = 0, n = 0; at < bytes.length; n++) {
          const size = cuts[n % cuts.length] ?? 1;
          frames.push(...splitter.push(bytes.subarray(at, at + size)).map((frame) => Buffer.from(frame)));
          at += size;
        }
        expect(frames.map((frame) => frame.toString('hex'))).toEqual(
          payloads.map((payload) => Buffer.from(payload).toString('hex')),
        );
      },
    ),
    { seed: 20261128, numRuns: 500 },
  );
});

it('retains half a frame, and rejects one that is too long before it has arrived', () => {
  const splitter = createFrameSplitter(100);
  expect(splitter.push(framed(Buffer.alloc(50)).subarray(0, 30))).toEqual([]);
  expect(() => createFrameSplitter(100).push(Buffer.from([0x7f, 0xff, 0xff, 0xff]))).toThrow(RangeError);
});
