/**
 * Draws a subnet in address order: one cell per address, 16 or 32 per row (whole /28 blocks), or one cell per /28
 * block. Each look has one path.
 */
import { PREFIX_SIZE } from '../model/prefix-size';
import { stateAt, takenAt, type MapState, type SubnetAddresses } from '../view/subnet-map';
import { numberToIpv4 } from '../model/ip';
import { ADDRESS_STATES } from '../model/vocabulary';
import { keptFor } from '../model/remembered';

/** Larger subnets are drawn as /28 blocks. */
const MAX_CELLS = 1024;

/** The map of a subnet. Lengths are CSS pixels. */
export interface AddressMap {
  readonly width: number;
  readonly height: number;
  /** Addresses per cell: 1 or 16. */
  readonly step: number;
  readonly columns: number;
  readonly cells: number;
  readonly pitch: number;
  readonly cell: number;
  /** One path per look. In a block, `held` fills the cell from below by its share; `assigned` fills part of that. */
  readonly paths: readonly MapPath[];
  /** Labels with the first address of a row. Rows are skipped where labels would overlap. */
  readonly rows: readonly { readonly y: number; readonly text: string }[];
}

interface MapPath {
  readonly look: MapLook;
  /** Network of the pods with these addresses; null for the cluster network. */
  readonly network: string | null;
  readonly d: string;
}

/** `block`: the frame of a block that is partly held. */
export type MapLook = MapState | 'held' | 'block';

/** Minimum distance between two row labels, in pixels. */
const LABELS_APART = 14;

/** Lays out the map. `width`: available width in CSS pixels. */
export function addressMap(map: SubnetAddresses, width: number): AddressMap {
  const step = map.size > MAX_CELLS ? PREFIX_SIZE : 1;
  const cells = Math.ceil(map.size / step);
  const columns = cells <= 256 ? 16 : cells <= 1024 ? 32 : 64;
  const pitch = Math.max(4, Math.min(18, Math.floor(width / columns)));
  const cell = pitch - (pitch > 6 ? 2 : 1);
  const at = (index: number): readonly [number, number] => [
    (index % columns) * pitch,
    Math.floor(index / columns) * pitch,
  ];
  const paths = new Map<string, Omit<MapPath, 'd'> & { readonly list: string[] }>();
  const rect = (look: MapLook, x: number, y: number, height = cell, network: string | null = null): void => {
    const key = `${look} ${network ?? ''}`;
    keptFor(paths, key, () => ({ look, network, list: [] })).list.push(`M${x} ${y}h${cell}v${height}h-${cell}z`);
  };
  for (let index = 0; index < cells; index++) {
    const [x, y] = at(index);
    if (step === 1) rect(stateAt(map, index), x, y, cell, takenAt(map, index)?.network ?? null);
    else drawBlock(map, index * step, (look, height) => rect(look, x, y + cell - height, height), cell);
  }
  const rows = Math.ceil(cells / columns);
  const every = Math.ceil(LABELS_APART / pitch);
  return {
    width: columns * pitch,
    height: rows * pitch,
    step,
    columns,
    cells,
    pitch,
    cell,
    paths: [...paths.values()].map(({ look, network, list }) => ({ look, network, d: list.join('') })),
    rows: Array.from({ length: rows }, (_, row) => row)
      .filter((row) => row % every === 0)
      .map((row) => ({ y: row * pitch, text: rowText(map, row * columns * step) })),
  };
}

/** `.64`, or `12.64` if the third octet varies within the subnet. */
function rowText({ range, size }: SubnetAddresses, place: number): string {
  const parts = numberToIpv4(Number(range.first) + place).split('.');
  return size > 256 ? parts.slice(2).join('.') : `.${parts[3] ?? ''}`;
}

const HELD: ReadonlySet<MapState> = new Set<MapState>([...ADDRESS_STATES, 'prefix', 'other']);

/** Draws the contents of a block as a gauge. An empty block is drawn by its state. */
function drawBlock(
  map: SubnetAddresses,
  first: number,
  fill: (look: MapLook, height: number) => void,
  cell: number,
): void {
  let held = 0;
  let assigned = 0;
  let kept: MapState = 'open';
  const last = Math.min(map.size, first + PREFIX_SIZE);
  for (let place = first; place < last; place++) {
    const state = stateAt(map, place);
    if (HELD.has(state)) held++;
    if (state === 'assigned' || state === 'primary') assigned++;
    if (state === 'reserved') kept = state;
  }
  if (held === 0) {
    fill(kept, cell);
    return;
  }
  fill('block', cell);
  // A single address stays visible, and only a full block looks full.
  const heightOf = (count: number): number =>
    count === 0
      ? 0
      : count === PREFIX_SIZE
        ? cell
        : Math.min(cell - 1, Math.max(1, Math.round((count / PREFIX_SIZE) * cell)));
  if (held > assigned) fill('held', heightOf(held));
  if (assigned > 0) fill('assigned', heightOf(assigned));
}

/** The cell at a point of the map; null outside all cells. */
export function cellAt({ columns, pitch, cells }: AddressMap, x: number, y: number): number | null {
  const column = Math.floor(x / pitch);
  const index = Math.floor(y / pitch) * columns + column;
  return column < 0 || column >= columns || index < 0 || index >= cells || y < 0 ? null : index;
}

/** The cell that an arrow, Home or End key leads to; null for other keys. */
export function cellByKey({ columns, cells }: AddressMap, from: number, key: string): number | null {
  const to = { ArrowLeft: from - 1, ArrowRight: from + 1, ArrowUp: from - columns, ArrowDown: from + columns }[key];
  if (key === 'Home') return 0;
  if (key === 'End') return cells - 1;
  if (to === undefined) return null;
  return to < 0 || to >= cells ? from : to;
}
