/**
 * Reads the expectations of a situation that somebody reported and that was rebuilt as a capture (`expect.json` beside the capture), and
 * judges a record set by them. The form is that of their own runner: `table[field=value][list~entry].field.0`.
 */
import { isObject } from '../../lib/model/is-object';

export interface Check {
  readonly what: string;
  readonly level: 'must' | 'should';
  readonly path: string;
  readonly op: 'eq' | 'ne' | 'in' | 'empty' | 'count' | 'exists' | 'match' | 'nomatch';
  readonly value: unknown;
  /** What to look up, where `path` is `lookup`. */
  readonly query?: string;
}

function step(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return /^\d+$/.test(key) ? (value[Number(key)] as unknown) : undefined;
  return isObject(value) ? value[key] : undefined;
}

const dig = (value: unknown, keys: readonly string[]): unknown => keys.reduce(step, value);

const STEP = /\[([\w.]+)([=~])([^\]]*)\]|\.(\w+)/y;

/** What stands at a path: filters pick among a list, dots go down. */
export function select(topology: unknown, path: string): readonly unknown[] {
  const table = /^\w+/.exec(path)?.[0] ?? '';
  const rows = step(topology, table);
  let current: readonly unknown[] = Array.isArray(rows) ? rows : [];
  STEP.lastIndex = table.length;
  while (STEP.lastIndex < path.length) {
    const at = STEP.lastIndex;
    const found = STEP.exec(path);
    if (found === null) throw new Error(`no path: ${path} at ${at}`);
    const [, key = '', operator, wanted = '', field] = found;
    if (field !== undefined) current = current.map((one) => step(one, field));
    else
      current = current
        .flatMap((one): readonly unknown[] => (Array.isArray(one) ? one : [one]))
        .filter((one) => {
          const value = dig(one, key.split('.'));
          return operator === '=' ? String(value) === wanted : Array.isArray(value) && value.includes(wanted);
        });
  }
  return current;
}

/** Python's patterns, with flags at the beginning. */
function pattern(text: unknown): RegExp {
  const source = String(text);
  const flags = /^\(\?([ims]+)\)/.exec(source);
  return flags === null ? new RegExp(source, 'u') : new RegExp(source.slice(flags[0].length), `${flags[1] ?? ''}u`);
}

/** JSON as Python writes it, with a blank after each comma and colon: patterns may have one. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`;
  if (!isObject(value)) return JSON.stringify(value ?? null);
  return `{${Object.entries(value)
    .map(([key, one]) => `${JSON.stringify(key)}: ${spaced(one)}`)
    .join(', ')}}`;
}

const isEmpty = (value: unknown): boolean =>
  value == null || value === '' || value === false || value === 0 || (Array.isArray(value) && value.length === 0);

function isRight({ op, value }: Check, got: readonly unknown[]): boolean {
  const [one] = got;
  switch (op) {
    case 'count':
      return got.length === value;
    case 'exists':
      return got.length > 0 === value;
    case 'match':
      return got.length > 0 && pattern(value).test(spaced(got));
    case 'nomatch':
      return !pattern(value).test(spaced(got));
    case 'eq':
      return got.length === 1 && JSON.stringify(one) === JSON.stringify(value);
    case 'ne':
      return got.length === 1 && JSON.stringify(one) !== JSON.stringify(value);
    case 'in':
      return got.length === 1 && Array.isArray(value) && value.includes(one);
    case 'empty':
      return got.length === 1 && isEmpty(one);
  }
}

/** Null where it is right; else what is wrong, in one line. `lookup`: the answer's lines. */
export function judgeCheck(topology: unknown, check: Check, lookup: (query: string) => string): string | null {
  if (check.path === 'lookup') {
    const answer = lookup(check.query ?? '');
    return pattern(check.value).test(answer) ? null : `${check.what}: lookup ${check.query ?? ''} says ${answer}`;
  }
  const got = select(topology, check.path);
  return isRight(check, got)
    ? null
    : `${check.what}: ${check.op} ${JSON.stringify(check.value)}, got ${JSON.stringify(got).slice(0, 400)}`;
}
