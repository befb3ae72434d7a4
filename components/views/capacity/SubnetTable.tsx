'use client';
/** Subnets before and after. */
import { thousands } from '../../../lib/model/counted';
import type { SubnetRow } from '../../../lib/capacity/totals';
import { NOT_KNOWN } from '../../../lib/capacity/words';
import { useSelect } from '../../../lib/client/hooks';
import { Button } from '../../ui/Button';
import { Arrow, Cell, Head, Table } from './Table';

const COLUMNS = [
  { id: 'held', title: 'Held by the cluster' },
  { id: 'free', title: 'Free' },
  { id: 'blocks', title: 'Free /28 blocks' },
  { id: 'fit', title: 'Pods that fit' },
] as const;

const words = (value: number | null): string => (value === null ? NOT_KNOWN : thousands(value));

/** Free addresses of subnets before and after. */
export function SubnetTable({ rows }: { readonly rows: readonly SubnetRow[] }) {
  const { open } = useSelect();
  if (rows.length === 0) return null;
  return (
    <Table title="Subnets">
      <thead>
        <tr>
          <Head start>Subnet</Head>
          <Head start>Zone</Head>
          {COLUMNS.map(({ id, title }) => (
            <Head key={id}>{title}</Head>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ id, zone, isLost, before, after }) => (
          <tr key={id}>
            <Head row>
              <Button look="link" className="text-12!" onClick={() => open(id)}>
                {id}
              </Button>
            </Head>
            <Cell start>{zone ?? NOT_KNOWN}</Cell>
            {COLUMNS.map((column) => (
              <Cell key={column.id}>
                <Arrow before={words(before[column.id])} after={isLost ? 'lost' : words(after[column.id])} />
              </Cell>
            ))}
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
