/** Columns of records as data, shared by the page's tables, CSV files and `ifscope list`. */
import type { FactContext } from '../query/facts/fact';
import { labelText } from '../query/facts/names';
import { worstSeverity } from '../severity';
import type { FindingRecord, PodRecord } from '../../model/records';

/** Null: not known. Empty: none. */
export type CellValue = string | number | null;

export interface TableColumn<R> {
  /** The heading of a CSV file, and the key in JSON; in snake_case. */
  readonly id: string;
  readonly title: string;
  readonly value: (record: R, context: FactContext) => CellValue;
  /** Set if `ifscope list` shows the column in its text output; all other columns appear only in CSV and JSON. */
  readonly main?: true;
}

/** `yes` or `no`; null when not known. */
export const yes = (value: boolean | null): CellValue => (value === null ? null : value ? 'yes' : 'no');

/** A list in one cell. */
export const spaced = (values: readonly string[]): string => values.join(' ');

/** A pod's labels in one cell, `app=web team=core`; null when not known. */
export const labelCell = (labels: PodRecord['labels'] | undefined): CellValue =>
  labelText(labels)?.replaceAll('\n', ' ') ?? null;

type Read<R> = (record: R, context: FactContext) => readonly FindingRecord[];

/** The worst finding, and the number of findings. */
export const findingColumns = <R>(read: Read<R>): readonly TableColumn<R>[] => [
  {
    id: 'worst_finding',
    title: 'Worst finding',
    main: true,
    value: (record, context) => worstSeverity(read(record, context).map(({ severity }) => severity)) ?? '',
  },
  { id: 'findings', title: 'Findings', value: (record, context) => read(record, context).length },
];

/** The findings with this record as a subject. */
export const ownFindings: Read<{ readonly id: string }> = ({ id }, { findingsOn }) => findingsOn(id);
