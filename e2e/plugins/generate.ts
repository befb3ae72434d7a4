/** Seeded random configs: mostly realistic ones, sometimes with typical mistakes. */
import type { Field, Fields } from '../../lib/cni/base/fields';

export type Chance = () => number;

/** mulberry32. */
export function chance(seed: number): Chance {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function pick<T>(random: Chance, values: readonly T[]): T {
  const value = values[Math.floor(random() * values.length)];
  if (value === undefined && values.length === 0) throw new Error('nothing to pick from');
  return value as T;
}

const ODD: readonly unknown[] = [
  null,
  '',
  'x',
  0,
  1,
  -1,
  1.5,
  7,
  4294967296,
  true,
  false,
  [],
  {},
  ['x'],
  [1],
  [null],
  [{}],
  { x: 1 },
];

/** Realistic values of a key. */
export type Hints = Readonly<Record<string, readonly unknown[]>>;

function valueOf(random: Chance, field: Field, key: string, hints: Hints): unknown {
  if (random() < 0.12) return pick(random, ODD);
  const hint = hints[key];
  if (hint !== undefined) return pick(random, hint);
  if (Array.isArray(field)) {
    const of = field[0] as Field;
    return Array.from({ length: pick(random, [0, 1, 1, 2, 3]) }, () => valueOf(random, of, key, hints));
  }
  if (typeof field === 'object') {
    const fields = field as Fields;
    if (fields['*'] !== undefined) return { some: valueOf(random, fields['*'], key, hints) };
    return objectOf(random, fields, hints, 0.4);
  }
  switch (field) {
    case 'string':
      return pick(random, ['', 'x', 'eth1']);
    case 'bool':
      return pick(random, [true, false]);
    case 'address':
      return pick(random, ['10.0.0.1', 'fd00::1', '', '010.0.0.1', '::ffff:10.0.0.1', 'x']);
    case 'range':
      return pick(random, ['10.0.0.0/24', '0.0.0.0/0', 'fd00::/64', '10.0.0.1', '']);
    case 'object':
      return pick<unknown>(random, [{}, { x: 1 }]);
    case 'any':
      return 'x';
    default:
      return pick(random, [0, 1, 2, 100, 4094, 4095]);
  }
}

/** Go ignores the case of keys, and no other difference. */
function spelled(random: Chance, key: string): string {
  const chance = random();
  if (chance < 0.85) return key;
  if (chance < 0.9) return key.toUpperCase();
  if (chance < 0.93) return key.toLowerCase();
  if (chance < 0.95) return `${key} `;
  if (chance < 0.97) return key.replace(/s/, '\u017f');
  return key.slice(0, -1);
}

export function objectOf(random: Chance, fields: Fields, hints: Hints, share: number): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(fields)) {
    if (random() < share) object[spelled(random, key)] = valueOf(random, field, key, hints);
  }
  if (random() < 0.1) object['unheardOf'] = pick(random, ODD);
  return object;
}
