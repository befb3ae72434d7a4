import { thousands } from '../../../lib/model/counted';
import type { SubnetFigures, SubnetRow } from '../../../lib/capacity/totals';
import { NOT_KNOWN, subnetLimitWords } from '../../../lib/capacity/words';
import { useRecord, useSelect } from '../../../lib/client/hooks';
import { shortId } from '../../../lib/view/selection';
import { Button } from '../../ui/Button';
import { Arrow, Cell, Head, Limit, Table } from './Table';

const COLUMNS: readonly { readonly title: string; readonly of: (side: SubnetFigures) => number | null }[] = [
  { title: 'Held by cluster', of: ({ held }) => held },
  { title: 'Free', of: ({ free }) => free },
  { title: 'Free /28 blocks', of: ({ blocks }) => blocks },
  { title: 'Pods that fit', of: ({ fit }) => fit },
];

const words = (value: number | null): string => (value === null ? NOT_KNOWN : thousands(value));

/** The Name tag with the short id; the full id if there is no tag. */
function SubnetName({ id }: { readonly id: string }) {
  const { open } = useSelect();
  const name = useRecord('subnets', id)?.tags.Name;
  return (
    <>
      <Button look="link" className="text-12!" onClick={() => open(id)}>
        {name ?? id}
      </Button>
      {name !== undefined && <span className="font-normal whitespace-nowrap text-text3"> {shortId(id)}</span>}
    </>
  );
}

/** Free addresses of subnets before and after. */
export function SubnetTable({ rows }: { readonly rows: readonly SubnetRow[] }) {
  if (rows.length === 0) return null;
  return (
    <Table title="Subnets">
      <thead>
        <tr>
          <Head start>Subnet</Head>
          <Head start>Zone</Head>
          {COLUMNS.map(({ title }) => (
            <Head key={title}>{title}</Head>
          ))}
          <Head start>Limited by</Head>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ id, zone, isLost, before, after }) => (
          <tr key={id}>
            <Head row>
              <SubnetName id={id} />
            </Head>
            <Cell start>{zone ?? NOT_KNOWN}</Cell>
            {COLUMNS.map(({ title, of }) => (
              <Cell key={title}>
                <Arrow before={words(of(before))} after={isLost ? 'lost' : words(of(after))} />
              </Cell>
            ))}
            <Cell start wide>
              <Limit before={subnetLimitWords(before)} after={isLost ? 'zone lost' : subnetLimitWords(after)} />
            </Cell>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
