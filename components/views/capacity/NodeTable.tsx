/** Before and after, by instance type or by zone. */
import { thousands } from '../../../lib/model/counted';
import type { Figure, Row, Totals } from '../../../lib/capacity/totals';
import { figureWords, lackWords, limitWords, NOT_KNOWN } from '../../../lib/capacity/words';
import { useGo } from '../../../lib/client/hooks';
import { NO_FILTER } from '../../../lib/view/filter';
import { partFor } from '../../../lib/view/query/narrow';
import { Button } from '../../ui/Button';
import { Arrow, Cell, Head, Limit, Table } from './Table';

const COLUMNS = [
  { id: 'enis', title: 'ENIs' },
  { id: 'held', title: 'Held' },
  { id: 'assigned', title: 'Assigned' },
  { id: 'spare', title: 'Spare' },
  { id: 'fit', title: 'Pods that fit' },
] as const satisfies readonly { readonly id: keyof Totals; readonly title: string }[];

interface Props {
  readonly title: string;
  readonly of: 'type' | 'zone';
  readonly rows: readonly Row[];
  readonly all?: Row;
}

/** Node figures before and after, by instance type or zone. */
export function NodeTable({ title, of, rows, all }: Props) {
  const go = useGo();
  return (
    <Table title={title}>
      <thead>
        <tr>
          <Head start>{of === 'type' ? 'Instance type' : 'Zone'}</Head>
          <Head>Nodes</Head>
          {COLUMNS.map((column) => (
            <Head key={column.id}>{column.title}</Head>
          ))}
          <Head start>Limited by</Head>
          <Head>No ENI</Head>
          <Head>EC2 calls/h</Head>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Line
            key={row.key}
            row={row}
            name={
              row.key === null ? (
                <span className="text-text3">{NOT_KNOWN}</span>
              ) : (
                <Button
                  look="link"
                  className="text-12!"
                  title={`Show the nodes of ${row.key}`}
                  onClick={() =>
                    go({
                      view: 'nodes',
                      sort: '',
                      filter: { ...NO_FILTER, text: `node ${partFor(of, row.key ?? '')}` },
                    })
                  }
                >
                  {row.key}
                </Button>
              )
            }
          />
        ))}
      </tbody>
      {all !== undefined && rows.length > 1 && (
        <tfoot className="font-semibold">
          <Line row={all} name="All" />
        </tfoot>
      )}
    </Table>
  );
}

const unknownTitle = ({ unknown }: Figure): string | undefined =>
  unknown === 0
    ? undefined
    : `${thousands(unknown)} ${unknown === 1 ? 'node is' : 'nodes are'} not in the sum: not known`;

function Line({ row: { before, after }, name }: { readonly row: Row; readonly name: React.ReactNode }) {
  return (
    <tr>
      <Head row>{name}</Head>
      <Cell>
        <Arrow before={thousands(before.nodes)} after={thousands(after.nodes)} />
      </Cell>
      {COLUMNS.map(({ id }) => (
        <Cell key={id} title={unknownTitle(after[id])}>
          <Arrow before={figureWords(before[id])} after={figureWords(after[id])} />
        </Cell>
      ))}
      <Cell start wide>
        {after.nodes === 0 && before.nodes > 0 ? (
          <b className="font-semibold">all nodes lost</b>
        ) : (
          <Limit before={limitWords(before)} after={limitWords(after)} />
        )}
      </Cell>
      <Cell>
        <Arrow before={lackWords(before)} after={lackWords(after)} bad={after.lackEni > before.lackEni} />
      </Cell>
      <Cell title={unknownTitle(after.calls)}>
        <Arrow before={figureWords(before.calls)} after={figureWords(after.calls)} />
      </Cell>
    </tr>
  );
}
