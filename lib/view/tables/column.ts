/** Columns of records as data: the same for the page's tables, CSV files and `ifscope list`. */
import type { FactContext } from '../query/facts/fact';
import { labelText } from '../query/facts/names';
import { worstSeverity } from '../severity';
import type { FindingRecord, PodRecord } from '../../model/records';

/** Null: not known. Empty: there is none. */
export type CellValue = string | number | null;

/** A column. */
export interface TableColumn<R> {
  /** The heading of a CSV file, and the key in JSON; in snake_case. */
  readonly id: string;
  readonly title: string;
  readonly value: (record: R, context: FactContext) => CellValue;
  /** Set if `ifscope list` also prints it for people; all others are for programs. */
  readonly main?: true;
}

/** `yes` or `no`; null when not known. */
export const yes = (value: boolean | null): CellValue => (value === null ? null : value ? 'yes' : 'no');

/** A list in one cell. */
export const spaced = (values: readonly string[]): string => values.join(' ');

/** A pod's labels in one cell, `app=web team=core`; null when not known. */
export const labelCell = (labels: PodRecord['labels'] | undefined): CellValue =>
  labelText(labels)?.replaceAll('\n', ' ') ?? null;

/** A sum; null when any part is not known or there are no parts. */
export const sum = (values: readonly (number | null)[]): number | null =>
  values.length === 0 ? null : values.reduce((all, one) => (all === null || one === null ? null : all + one), 0);

type Read<R> = (record: R, context: FactContext) => readonly FindingRecord[];

/** The worst finding, and how many there are. */
export const findingColumns = <R>(read: Read<R>): readonly TableColumn<R>[] => [
  {
    id: 'worst_finding',
    title: 'Worst finding',
    main: true,
    value: (record, context) => worstSeverity(read(record, context).map(({ severity }) => severity)) ?? '',
  },
  { id: 'findings', title: 'Findings', value: (record, context) => read(record, context).length },
];

/** The findings that name the record. */
export const ownFindings: Read<{ readonly id: string }> = ({ id }, { findingsOn }) => findingsOn(id);
