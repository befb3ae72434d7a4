/**
 * Packs the fields that many rows share (pods of a workload, ENIs of a kind) into one text per row. These texts repeat,
 * so they become a dictionary or shared words, and each is parsed only once.
 */
import type { ObjectShape, ShapeOf } from '../../model/schema/shape';
import { reshaped, text } from '../../model/schema/shape';
import { blankOf, copyFields, type Fields } from './fields';
import { sharing } from './shared';
import { remembered } from '../../model/remembered';

/** The row with its common fields as one JSON text, in the declared order. */
type WithLike<R, K extends keyof R> = Omit<R, K> & { readonly like: string };

/** Packs rows whose `common` fields become one text. */
export interface Alike<R, K extends keyof R> {
  readonly shape: ObjectShape & ShapeOf<WithLike<R, K>>;
  readonly pack: (row: R) => WithLike<R, K>;
  readonly unpack: (packed: WithLike<R, K>, parse: ParseLike) => R;
  /** The common fields of a row, from its `like` text. The same object for the same parsed text. */
  readonly commonOf: (like: string, parse: ParseLike) => Readonly<Pick<R, K>>;
}

/** Parses a common text; a known text is not parsed again. The result must not be modified. */
export type ParseLike = (like: string) => readonly unknown[];

/** A parser that remembers every text it was given; keep it no longer than one set of columns. */
export const rememberingParser = (): ParseLike => remembered((like: string) => JSON.parse(like) as readonly unknown[]);

/** Creates the packing for rows of shape `row`; `common`: the fields to combine. */
export function alike<R, const K extends keyof R & string>(
  row: ObjectShape & ShapeOf<R>,
  common: readonly K[],
): Alike<R, K> {
  const own = row.fields.map(([name]) => name).filter((name) => !common.some((one) => one === name));
  const blank = blankOf(row);
  /** Rows with only the common fields, by parsed text. */
  const baseOf = remembered((values: readonly unknown[]): Fields => {
    const base = { ...blank };
    for (const [place, name] of common.entries()) base[name] = values[place];
    return base;
  }, new WeakMap());
  return {
    shape: sharing(reshaped(row, common, { like: text }), ['like']) as unknown as Alike<R, K>['shape'],
    pack: (given) => {
      const fields = given as Readonly<Record<string, unknown>>;
      const packed: Record<string, unknown> = { like: JSON.stringify(common.map((name) => fields[name])) };
      for (const name of own) packed[name] = fields[name];
      return packed as unknown as WithLike<R, K>;
    },
    commonOf: (like, parse) => baseOf(parse(like)) as Readonly<Pick<R, K>>,
    unpack: (packed, parse) => {
      const made = { ...baseOf(parse(packed.like)) };
      copyFields(packed, made, own);
      return made as R;
    },
  };
}
