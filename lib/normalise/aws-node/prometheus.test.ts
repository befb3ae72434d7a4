import fc from 'fast-check';
import { expect, it } from 'vitest';
import { eachSample } from './prometheus';
import type { Sample } from './prometheus';

const read = (text: string): readonly (readonly [string, Record<string, string>, number])[] => {
  const samples: Sample[] = [];
  eachSample(
    text,
    () => true,
    (sample) => samples.push(sample),
  );
  return samples.map(({ name, labels, value }) => [name, Object.fromEntries(labels), value]);
};

it.each([
  ['a 1', 'a', {}, 1],
  ['a{} 1', 'a', {}, 1],
  ['a{b="c"} 1.5e3', 'a', { b: 'c' }, 1500],
  ['a{b="c",d="e",} -2', 'a', { b: 'c', d: 'e' }, -2],
  ['a { b = "c" } 3', null, {}, 0],
  ['a{ b = "c" , d="}" } 3', 'a', { b: 'c', d: '}' }, 3],
  [String.raw`a{b="x\\y\"z\n"} 4`, 'a', { b: 'x\\y"z\n' }, 4],
  [String.raw`a{b="x\qy"} 4`, 'a', { b: String.raw`x\qy` }, 4],
  ['a 5 1700000000000', 'a', {}, 5],
  ['a{quantile="0.5"} NaN', 'a', { quantile: '0.5' }, NaN],
  ['a +Inf', 'a', {}, Infinity],
  ['a -Inf', 'a', {}, -Infinity],
  ['a 6\r', 'a', {}, 6],
  ['a:b_c 7', 'a:b_c', {}, 7],
  ['# HELP a 1', null, {}, 0],
  ['', null, {}, 0],
  ['a', null, {}, 0],
  ['a one', null, {}, 0],
  ['a{b="c} 1', null, {}, 0],
  ['a{b=c} 1', null, {}, 0],
  ['1a 1', null, {}, 0],
  ['a 1 2 3', null, {}, 0],
  ['a 1.2.3', null, {}, 0],
])('%j', (line, name, labels, value) => {
  expect(read(`${line}\nlast 9`)).toEqual([...(name === null ? [] : [[name, labels, value]]), ['last', {}, 9]]);
});

it('reads any label value escaped by the rules of the format', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.double({ noNaN: true }).filter((value) => !Object.is(value, -0)),
      (label, value) => {
        const escaped = label.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
        const written = value === Infinity ? '+Inf' : value === -Infinity ? '-Inf' : String(value);
        expect(read(`a{b="${escaped}"} ${written}`)).toEqual([['a', { b: label }, value]]);
      },
    ),
    { seed: 7, numRuns: 1000 },
  );
});
