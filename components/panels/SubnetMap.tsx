/** The addresses of a subnet as a map, with the hovered or focused one in words, and the largest holders. */
import { useCallback, useId, useMemo, useState, type KeyboardEvent } from 'react';
import { useRanks, useSelect } from '../../lib/client/hooks';
import type { ChunkRecords } from '../../lib/client/set/chunk';
import { addressMap, cellAt, cellByKey, type AddressMap, type MapLook } from '../../lib/layout/address-map';
import { networkTone } from '../../lib/layout/picture/tokens';
import { numberToIpv4 } from '../../lib/model/ip';
import type { SubnetRecord } from '../../lib/model/records';
import { slotEntry } from '../../lib/view/selection';
import {
  holdersOf,
  MAP_STATES,
  mapWords,
  openWords,
  placeWords,
  rangeOf,
  subnetMap,
  takenAt,
  takenIn,
  type Holder,
  type SubnetAddresses,
} from '../../lib/view/subnet-map';
import { useWidth } from '../canvas/useWidth';
import { useLimited } from '../hooks/useLimited';
import { useThrottledPass } from '../hooks/useThrottledPass';
import { More, RecordLink, Section } from './parts';

const CALM_MS = 1_000;
/** Width of the row labels, in pixels. */
const LABELS = 44;
const ASSUMED_WIDTH = 320;

/** The style of each look: as the picture draws a slot, distinct without colour by frame, fill and line. */
const LOOKS: Readonly<Record<MapLook, React.SVGProps<SVGPathElement>>> = {
  primary: { fill: 'var(--c-primary)' },
  assigned: { fill: 'var(--c-net0)' },
  warm: { fill: 'var(--c-net0)', fillOpacity: 0.22, stroke: 'var(--c-net0)' },
  cooling: { fill: 'url(#subnet-cooling)', stroke: 'var(--c-net0)' },
  unclaimed: { fill: 'none', stroke: 'var(--c-edge)' },
  excluded: { fill: 'url(#subnet-excluded)', stroke: 'var(--c-edge)' },
  unknown: { fill: 'none', stroke: 'var(--c-edge)', strokeDasharray: '2 2' },
  prefix: { fill: 'var(--c-net0)', fillOpacity: 0.22 },
  other: { fill: 'var(--c-sunk)', stroke: 'var(--c-edge)' },
  reserved: { fill: 'url(#subnet-excluded)' },
  aws: { fill: 'var(--c-line)' },
  open: { fill: 'var(--c-sunk)' },
  held: { fill: 'var(--c-net0)', fillOpacity: 0.3 },
  block: { fill: 'none', stroke: 'var(--c-net0)', strokeOpacity: 0.5 },
};

/** Look of an open address if some held addresses are not shown to this visitor: it must not look free. */
const NOT_SHOWN = { fill: 'none', stroke: 'var(--c-edge)', strokeDasharray: '1 2' } as const;

interface ReadMap {
  /** Null when the holders are not known, or not known yet. */
  readonly map: SubnetAddresses | null;
  /** Fraction of the nodes that have been read, 0 to 1. */
  readonly share: number;
}

/** Reads the addresses of all the subnet's ENIs, a slice at a time. */
export function useSubnetMap(subnet: SubnetRecord): ReadMap {
  const { id, cidr } = subnet;
  const read = useCallback(
    ({ enis, interfaces }: ChunkRecords) =>
      takenIn(enis.values(), { id, cidr }, (of) => interfaces.get(of)?.network ?? null),
    [id, cidr],
  );
  const { values, complete, share } = useThrottledPass(read, CALM_MS);
  const ready = complete && subnet.heldByCluster !== null;
  const map = useMemo(() => (ready ? subnetMap(subnet, values.flat()) : null), [subnet, values, ready]);
  return { map, share };
}

/** Draws nothing if the holders are not known: unknown is not free. */
export function SubnetMap({ subnet, map, share }: ReadMap & { readonly subnet: SubnetRecord }) {
  if (rangeOf(subnet) === null) return null;
  return (
    <>
      <Section title="Addresses">
        {map !== null ? (
          <Drawn subnet={subnet} map={map} />
        ) : (
          <p className="text-text2">
            {subnet.heldByCluster !== null
              ? `Its addresses are being read: ${Math.floor(share * 100)} % of the nodes so far.`
              : 'Not known: the ENIs are not read, so it is not known which addresses are held, and none is shown as free.'}
          </p>
        )}
      </Section>
      {map !== null && <Holders holders={holdersOf(map)} isPartial={map.hidden.length > 0} />}
    </>
  );
}

function Drawn({ subnet, map }: { readonly subnet: SubnetRecord; readonly map: SubnetAddresses }) {
  const [box, width] = useWidth<HTMLDivElement>();
  const limited = useLimited();
  const drawn = useMemo(() => addressMap(map, (width ?? ASSUMED_WIDTH) - LABELS), [map, width]);
  return (
    <div ref={box} className="flex flex-col gap-2">
      <p>{openWords(subnet, map)}</p>
      <Cells map={map} drawn={drawn} limited={limited} />
      <Legend map={map} blocks={drawn.step > 1} limited={limited} />
    </div>
  );
}

interface CellsProps {
  readonly map: SubnetAddresses;
  readonly drawn: AddressMap;
  readonly limited: boolean;
}

function Cells({ map, drawn, limited }: CellsProps) {
  const [at, setAt] = useState<number | null>(null);
  const { push } = useSelect();
  const ranks = useRanks();
  const said = useId();
  const { width, height, step, pitch, cell, columns } = drawn;
  const place = at === null || at >= drawn.cells ? null : at * step;
  const open = (cellIndex: number | null): void => {
    const held = cellIndex === null || step > 1 ? undefined : takenAt(map, cellIndex);
    if (held === undefined || cellIndex === null) return;
    push(held.interface ?? slotEntry(held.eni, numberToIpv4(Number(map.range.first) + cellIndex)));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') open(at);
    const to = cellByKey(drawn, at ?? 0, event.key);
    if (to === null) return;
    event.preventDefault();
    event.stopPropagation();
    setAt(at === null ? 0 : to);
  };
  const under = (event: React.PointerEvent<SVGSVGElement> | React.MouseEvent<SVGSVGElement>): number | null => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    return cellAt(drawn, event.clientX - left - LABELS, event.clientY - top);
  };
  return (
    <>
      <svg
        width={LABELS + width}
        height={height}
        role="application"
        aria-roledescription="address map"
        aria-label={`${map.range.text}, ${step === 1 ? 'an address' : 'a /28 block'} a cell. Arrow keys move${step === 1 ? ', Enter opens the holder' : ''}.`}
        aria-describedby={said}
        tabIndex={0}
        className="max-w-full overflow-visible"
        onKeyDown={onKeyDown}
        onPointerMove={(event) => setAt(under(event) ?? at)}
        onClick={(event) => open(under(event))}
      >
        <Patterns />
        {drawn.rows.map(({ y, text }) => (
          <text
            key={y}
            x={LABELS - 6}
            y={y + Math.max(9, cell - 3)}
            textAnchor="end"
            fontSize="10"
            className="fill-text3 tabular-nums"
          >
            {text}
          </text>
        ))}
        <g transform={`translate(${LABELS} 0)`} strokeWidth={pitch > 6 ? 1 : 0.5}>
          {drawn.paths.map(({ look, network, d }) => (
            <path
              key={`${look} ${network ?? ''}`}
              d={d}
              {...(look === 'open' && map.hidden.length > 0 ? NOT_SHOWN : LOOKS[look])}
              {...(look === 'assigned' && network !== null
                ? { fill: `var(--c-${networkTone(ranks.get(network) ?? null)})` }
                : {})}
            />
          ))}
          {at !== null && place !== null && (
            <rect
              x={(at % columns) * pitch - 1}
              y={Math.floor(at / columns) * pitch - 1}
              width={cell + 2}
              height={cell + 2}
              fill="none"
              stroke="var(--c-sel)"
              strokeWidth="1.5"
            />
          )}
        </g>
      </svg>
      <p id={said} aria-live="polite" className="min-h-9 wrap-anywhere text-text2">
        {place === null ? 'Point at an address, or move with the arrow keys.' : placeWords(map, place, step, limited)}
      </p>
    </>
  );
}

function Patterns() {
  return (
    <defs>
      <pattern id="subnet-cooling" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="1.6" height="4" fill="var(--c-net0)" />
      </pattern>
      <pattern id="subnet-excluded" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="1" height="5" fill="var(--c-edge)" />
      </pattern>
    </defs>
  );
}

interface LegendProps {
  readonly map: SubnetAddresses;
  /** A cell is a block, filled from below by its share of held addresses. */
  readonly blocks: boolean;
  readonly limited: boolean;
}

function Legend({ map: { counts, hidden }, blocks, limited }: LegendProps) {
  const looks = hidden.length > 0 ? { ...LOOKS, open: NOT_SHOWN } : LOOKS;
  return (
    <>
      <ul className="flex flex-wrap gap-x-4 gap-y-1 text-12" aria-label="Addresses by use">
        {MAP_STATES.filter((state) => counts[state] > 0).map((state) => (
          <li key={state} className="flex items-center gap-1.5">
            {!blocks && (
              <svg width="12" height="12" aria-hidden className="shrink-0">
                <rect x="0.5" y="0.5" width="11" height="11" {...(looks[state] as React.SVGProps<SVGRectElement>)} />
              </svg>
            )}
            <span className="tabular-nums">{counts[state].toLocaleString('en')}</span> {mapWords(limited)[state]}
          </li>
        ))}
      </ul>
      {blocks && (
        <p className="text-12 text-text3">
          A cell is a /28 block, filled from below: dark for addresses of this cluster’s pods and ENIs, light for
          everything that is held.
          {hidden.length > 0
            ? ' Held addresses that are not shown to you may be in dotted cells or in the empty part of other cells.'
            : ' No known ENI holds an address of an empty cell.'}
        </p>
      )}
    </>
  );
}

/** Maximum number of namespaces named per holder. */
const MOST_NAMED = 3;

function Holders({ holders, isPartial }: { readonly holders: readonly Holder[]; readonly isPartial: boolean }) {
  return (
    <Section title={`Top holders · ${holders.length}`}>
      <More items={holders} keyOf={({ node }) => node ?? 'none'} none="No ENI of this cluster holds an address.">
        {({ node, held, enis, byPods, namespaces }) => (
          <>
            {node === null ? <span>ENIs without a node</span> : <RecordLink id={node} />}
            <span className="text-right">
              {held.toLocaleString('en')}
              <span className="text-text2">
                {` on ${enis} ${enis === 1 ? 'ENI' : 'ENIs'} · ${byPods} of pods${isPartial ? ' shown to you' : ''}`}
                {namespaces.length > 0 &&
                  `: ${namespaces
                    .slice(0, MOST_NAMED)
                    .map(([name, count]) => `${name} ${count}`)
                    .join(', ')}${namespaces.length > MOST_NAMED ? ' …' : ''}`}
              </span>
            </span>
          </>
        )}
      </More>
    </Section>
  );
}
