import { expect, it } from 'vitest';
import { SharedValues } from './shared-values';

const parsed = (json: string): unknown => JSON.parse(json);

it.each(['{"app":"web"}', '["10.0.0.4"]', '[]'])('returns the first of equal values: %s', (json) => {
  const shared = new SharedValues();
  const first = shared.of(parsed(json));
  expect(shared.of(parsed(json))).toBe(first);
});

it.each([null, 1, true, 'a'])('returns %s unchanged', (value) => {
  expect(new SharedValues().of(value)).toBe(value);
});

it('distinguishes a string from an object with the same text', () => {
  const shared = new SharedValues();
  shared.of(parsed('{"a":1}'));
  expect(shared.of('{"a":1}')).toBe('{"a":1}');
});

it('remembers a frequent value, and stays bounded', () => {
  const shared = new SharedValues();
  const first = shared.of(parsed('["keeps coming"]'));
  const once = shared.of(parsed('["once"]'));
  for (let index = 0; index < 100_000; index++) {
    shared.of([index]);
    if (index % 1000 === 0) shared.of(parsed('["keeps coming"]'));
  }
  expect(shared.of(parsed('["keeps coming"]'))).toBe(first);
  expect(shared.of(parsed('["once"]'))).not.toBe(once);
});

it('evicts long values sooner', () => {
  const shared = new SharedValues();
  const first = shared.of(parsed('["first"]'));
  for (let index = 0; index < 20; index++) shared.of(['x'.repeat(1_000_000), index]);
  expect(shared.of(parsed('["first"]'))).not.toBe(first);
});
