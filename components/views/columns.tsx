/** Columns that several tables share. */
import type { Severity } from '../../lib/model/records';
import { column, type Column } from '../table/column';
import { FindingCount } from './FindingCount';

/** A number column; null is shown as "not known" and sorts last. `part`: the filter for a value. */
export const numbers = <T,>(
  id: string,
  title: string,
  width: string,
  value: (row: T) => number | null,
  part?: (value: number) => string,
): Column<T> =>
  column(id, title, width, (row) => String(value(row) ?? 'not known'), {
    align: 'end',
    cell: (row) => value(row)?.toLocaleString('en'),
    sort: value,
    part:
      part &&
      ((row: T) => {
        const number = value(row);
        return number === null ? null : part(number);
      }),
  });

interface Found {
  readonly findings: number;
  readonly worst: Severity | null;
}

/** The number of findings of a row's record, with the icon of the worst. */
export const findings = <T extends Found>(): Column<T> =>
  column('findings', 'Findings', '84px', (row) => String(row.findings), {
    sort: (row) => row.findings,
    cell: (row) => <FindingCount count={row.findings} worst={row.worst} />,
  });
