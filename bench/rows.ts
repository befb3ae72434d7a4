/** One measurement with its baseline and budget: printed and saved by every benchmark, and shown in the table. */

export const UNITS = ['ms', 's', 'µs', 'B', 'KB', 'MB', '/s', '×', ''] as const;
/** The unit of a value. */
export type Unit = (typeof UNITS)[number];

/** A measurement. */
export interface Row {
  readonly what: string;
  readonly value: number;
  readonly unit: Unit;
  /** The comparison value, measured in the same run; null for sizes. */
  readonly baseline: { readonly what: string; readonly value: number; readonly unit: Unit } | null;
  /** value / baseline, both in the same unit; null without a baseline. */
  readonly ratio: number | null;
  /** The limit of the value or the ratio; null: informative only. */
  readonly budget: { readonly of: 'value' | 'ratio'; readonly most?: number; readonly least?: number } | null;
  /** Further observations: a spread, a count. */
  readonly note?: string;
}

interface Extras {
  readonly baseline?: readonly [what: string, value: number];
  readonly most?: number;
  readonly least?: number;
  readonly mostRatio?: number;
  readonly note?: string;
}

/** A row; a baseline must be in the value's unit. */
export function row(what: string, value: number, unit: Unit, extras: Extras = {}): Row {
  const { baseline, most, least, mostRatio, note } = extras;
  const limits = { ...(most === undefined ? {} : { most }), ...(least === undefined ? {} : { least }) };
  return {
    what,
    value,
    unit,
    baseline: baseline === undefined ? null : { what: baseline[0], value: baseline[1], unit },
    ratio: baseline === undefined ? null : value / baseline[1],
    budget:
      mostRatio !== undefined
        ? { of: 'ratio', most: mostRatio }
        : most === undefined && least === undefined
          ? null
          : { of: 'value', ...limits },
    ...(note === undefined ? {} : { note }),
  };
}

/** Whether the budget is met; null without one. NaN does not meet it. */
export function isMet({ value, ratio, budget }: Row): boolean | null {
  if (budget === null) return null;
  const held = budget.of === 'ratio' ? (ratio ?? NaN) : value;
  return held <= (budget.most ?? Infinity) && held >= (budget.least ?? -Infinity);
}

/** Three significant digits; whole numbers from 100 on. */
const digits = (value: number): string =>
  Math.abs(value) >= 100
    ? Math.round(value).toLocaleString('en-US')
    : value.toLocaleString('en-US', { maximumSignificantDigits: 3 });

/** `1,501 B`, `0.5 ms`, `1.31×`. */
export function quantity(value: number, unit: Unit): string {
  if (!Number.isFinite(value)) return 'not measured';
  if (unit === '' || unit === '×') return digits(value) + unit;
  return unit === '/s' ? `${digits(value)} a second` : `${digits(value)} ${unit}`;
}

/** `≤ 150 ms`; empty without a budget. */
export const budgetText = ({ budget, unit }: Row): string => {
  if (budget === null) return '';
  const of = budget.of === 'ratio' ? '×' : unit;
  return [
    ...(budget.most === undefined ? [] : [`≤ ${quantity(budget.most, of)}`]),
    ...(budget.least === undefined ? [] : [`≥ ${quantity(budget.least, of)}`]),
  ].join(', ');
};

/** The value with its note. */
export const measuredText = ({ value, unit, note }: Row): string =>
  quantity(value, unit) + (note === undefined ? '' : ` (${note})`);

/** The baseline with its name; empty without one. */
export const baselineText = ({ baseline }: Row): string =>
  baseline === null ? '' : `${baseline.what}: ${quantity(baseline.value, baseline.unit)}`;

/** `1.52×`; empty without a baseline. */
export const ratioText = ({ ratio }: Row): string => (ratio === null ? '' : quantity(ratio, '×'));
