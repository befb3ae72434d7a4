/** A table as CSV for other programs: raw values, empty when unknown. */
import type { ClusterInfo } from '../../model/records';
import { toCsv } from '../csv';
import type { TableAnswer } from './answer';

/**
 * A header line, then one line per record, each beginning with the cluster's name. Lists in a cell are separated by
 * spaces.
 */
export function tableCsv({ columns, rows }: TableAnswer, cluster: ClusterInfo): string {
  const of = [cluster.name, cluster.demo ? '(demo data)' : null].filter((part) => part !== null).join(' ');
  return toCsv(
    ['cluster', ...columns.map(({ id }) => id)],
    rows.map(({ values }) => [of, ...values.map((value) => (value === null ? '' : String(value)))]),
  );
}
