/** Subnets by zone: free addresses and the number of further pods, above the list. */
import { useMemo } from 'react';
import { CALCULATING } from '../../lib/capacity/words';
import { useSelect } from '../../lib/client/hooks';
import { subnetMatrix, type SubnetCell, type SubnetFigures } from '../../lib/view/subnet-matrix';
import { Button } from '../ui/Button';

const figure = (value: number | null): string => (value === null ? 'not known' : value.toLocaleString('en'));

const fitWords = ({ free, fit, limit }: SubnetCell): string => {
  if (limit === CALCULATING) return 'calculating pods that fit';
  if (fit === null) return free === null ? '' : 'pods that fit not known';
  return `${figure(fit)} ${fit === 1 ? 'pod fits' : 'pods fit'}${fit === 0 && limit !== '' ? `: ${limit}` : ''}`;
};

interface FiguresProps {
  readonly cell: SubnetCell;
  /** Opens the subnet, if there is one. */
  readonly onOpen?: (() => void) | undefined;
}

/** Always two lines, so that nothing moves when the pods that fit have been calculated. */
function Figures({ cell, onOpen }: FiguresProps) {
  const free = cell.free === null ? 'free not known' : `${figure(cell.free)} free`;
  return (
    <>
      {onOpen === undefined ? (
        free
      ) : (
        <Button look="link" className="text-12!" onClick={onOpen}>
          {free}
        </Button>
      )}
      {cell.subnets.length > 1 && <span className="font-normal text-text3">{` · ${cell.subnets.length} subnets`}</span>}{' '}
      <span className="block min-h-[1lh] font-normal text-text2">{fitWords(cell)}</span>
    </>
  );
}

/** Nothing if all subnets are in one zone. */
export function SubnetZones({ figures }: { readonly figures: readonly SubnetFigures[] }) {
  const { zones, rows, totals } = useMemo(() => subnetMatrix(figures), [figures]);
  if (zones.length < 2) return null;
  return (
    <details open className="shrink-0 border-b border-line bg-surface px-4 py-2 text-12">
      <summary className="w-fit rounded-sm font-semibold">By zone</summary>
      <div
        className="scroll-thin mt-1 max-h-[40vh] overflow-auto"
        tabIndex={0}
        role="region"
        aria-label="Subnets by zone"
      >
        <table className="border-collapse">
          <thead>
            <tr className="text-left text-text3">
              <th scope="col" className="py-1 pr-6 font-normal">
                Subnets
              </th>
              {zones.map((zone) => (
                <th key={zone} scope="col" className="py-1 pr-6 font-normal">
                  {zone}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, cells }) => (
              <tr key={name} className="border-t border-line align-baseline">
                <th scope="row" className="max-w-60 truncate py-1 pr-6 text-left font-normal" title={name}>
                  {name}
                </th>
                {zones.map((zone) => (
                  <td key={zone} className="py-1 pr-6 whitespace-nowrap tabular-nums">
                    <Cell cell={cells.get(zone)} />
                  </td>
                ))}
              </tr>
            ))}
            <tr className="border-t border-edge align-baseline font-semibold">
              <th scope="row" className="py-1 pr-6 text-left">
                All
              </th>
              {zones.map((zone) => (
                <td key={zone} className="py-1 pr-6 whitespace-nowrap tabular-nums">
                  <Figures cell={{ ...(totals.get(zone) ?? NONE), subnets: [] }} />
                </td>
              ))}
            </tr>
          </tbody>
        </table>
      </div>
    </details>
  );
}

const NONE: SubnetCell = { subnets: [], free: null, fit: null, limit: '' };

function Cell({ cell }: { readonly cell: SubnetCell | undefined }) {
  const { open } = useSelect();
  if (cell === undefined)
    return (
      <span className="text-text3">
        <span aria-hidden>–</span>
        <span className="sr-only">no subnet</span>
      </span>
    );
  const [only, ...others] = cell.subnets;
  const isOne = only !== undefined && others.length === 0;
  return <Figures cell={cell} onOpen={isOne ? () => open(only) : undefined} />;
}
