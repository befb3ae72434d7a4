/**
 * Colours the picture by slot state, fullness or findings instead of the network. Loaded when one of these is chosen.
 * Styles, bars, ratios and icons stay the same, so that colour is never the only cue.
 */
import { SEVERITY_RANK } from '../../model/vocabulary';
import type { Severity } from '../../model/records';
import type { ColourMode } from '../../view/colour-mode';
import { addressesIn, type EniOrOutline } from '../../view/eni-outline';
import { fullnessClass, type FullnessClass } from '../../view/fullness-class';
import { currentEni } from '../../view/partial-set';
import type { CellStyle } from '../picture/mark';
import { BODY, bold, MIN_LINE } from '../picture/mark-writer';
import { spansWidth } from '../picture/text';
import type { Tone } from '../picture/tokens';
import type { SlotItem } from '../places/slots';
import { SEVERITY_FILL } from './badges';
import type { Paint, PoolState, SceneFacts } from './facts';
import { drawGauge } from './tile';

/** The states with a colour; other states have none in any mode. */
const POOL_TONES: Readonly<Record<PoolState, Tone>> = { assigned: 'net0', warm: 'net2', cooling: 'net1' };
/** Colours by slot state. */
export const STATE_TONES: Readonly<Partial<Record<CellStyle, Tone>>> = { primary: 'primary', ...POOL_TONES };

/** Colours by fullness class. */
export const FULLNESS_TONES: Readonly<Record<FullnessClass, Tone>> = {
  low: 'net2',
  middle: 'net0',
  high: 'net1',
  full: 'ink',
};

/** Colours by the worst finding. */
export const FINDING_TONES: Readonly<Record<Severity | 'none', Tone>> = { ...SEVERITY_FILL, none: 'edge' };

/** Opacity of the worst finding's colour in a tile. */
const FOUND = 0.62;

const on = (tone: Tone): Tone =>
  /^net\d$/.test(tone) || tone === 'edge' || tone === 'primary' ? (`${tone}On` as Tone) : 'surface';

const shareOf = (eni: EniOrOutline): number | null => {
  const capacity = eni.addressCapacity ?? 0;
  return capacity === 0 ? null : addressesIn(eni, 'assigned') / capacity;
};

/** The colour of a fullness; the neutral colour when it is not known. */
const fullnessTone = (share: number | null): Tone => (share === null ? 'edge' : FULLNESS_TONES[fullnessClass(share)]);

const byState: Paint = {
  mode: 'state',
  on,
  slot: (_, { style }) => STATE_TONES[style] ?? 'edge',
  icon: () => null,
  tile: () => false,
  frame: () => null,
  pool: (_facts, _node, state) => POOL_TONES[state],
};

const eniOf = (facts: SceneFacts, item: SlotItem, eni: string | null): EniOrOutline | undefined => {
  const known = eni === null ? undefined : currentEni(facts.source, eni);
  if (known !== undefined) return known;
  const held = facts.source.records.interfaces.get(item.interface ?? '')?.eni ?? null;
  return held === null ? undefined : currentEni(facts.source, held);
};

const byFullness: Paint = {
  mode: 'fullness',
  on,
  slot(facts, item, eni) {
    const look = eniOf(facts, item, eni);
    return fullnessTone(look === undefined ? null : shareOf(look));
  },
  icon: () => null,
  frame: () => null,
  tile(draw, facts, node, tile, opacity) {
    const gauge = facts.gauge(node);
    if (gauge === null || gauge.capacity === 0) return false;
    const share = gauge.assigned / gauge.capacity;
    const tone = fullnessTone(share);
    drawGauge(draw, node.id, tile, { ...gauge, available: 0 }, opacity, tone, tone);
    const words = [bold(`${Math.floor(100 * share)} %`)];
    const width = spansWidth(words, BODY) + 8;
    // The name is at the upper edge.
    if (tile.w < width + 4 || tile.h < 3 * MIN_LINE) return true;
    const y = tile.y + tile.h - 20;
    draw.rect('gauge-ground', node.id, { x: tile.x + 2, y, w: width, h: 17 }, { r: 3, fill: 'surface' });
    draw.text('gauge-share', node.id, tile.x + 6, y + 13, BODY, words);
    return true;
  },
  pool(facts, node) {
    const gauge = facts.gauge(node);
    return fullnessTone(gauge === null || gauge.capacity === 0 ? null : gauge.assigned / gauge.capacity);
  },
};

/** The worst finding of a slot's holder, otherwise of its ENI. */
function slotSeverity(facts: SceneFacts, { style, interface: holder }: SlotItem, eni: string | null): Severity | null {
  // An ENI's primary address has the same colour in every mode.
  if (style === 'primary' && holder === null) return null;
  if (holder === null) return eni === null ? null : (facts.troubleOf(eni)?.worst ?? null);
  const pod = facts.source.records.interfaces.get(holder)?.pod;
  const known = [holder, ...(pod === undefined ? [] : [pod])].flatMap((id) => facts.troubleOf(id)?.worst ?? []);
  return known.sort((a, b) => SEVERITY_RANK[a] - SEVERITY_RANK[b])[0] ?? null;
}

const byFindings: Paint = {
  mode: 'findings',
  on,
  slot: (facts, item, eni) => FINDING_TONES[slotSeverity(facts, item, eni) ?? 'none'],
  icon: slotSeverity,
  frame(facts, node) {
    const apart = facts.troubleOfNode(node)?.apart ?? null;
    return apart === null ? null : FINDING_TONES[apart];
  },
  tile(draw, facts, node, tile, opacity) {
    const trouble = facts.troubleOfNode(node.id);
    if (trouble === null) return true;
    const { apart } = trouble;
    // Findings that many nodes share are drawn as a hatch, so that "only shared findings" differs from "no finding".
    if (apart === null) draw.hatch('found shared', node.id, tile, 0);
    else draw.rect(`found ${apart}`, node.id, tile, { fill: FINDING_TONES[apart], fillOpacity: FOUND, opacity });
    return true;
  },
  pool: () => 'edge',
};

/** The paint of each colour mode. */
export const PAINTS: Readonly<Record<Exclude<ColourMode, 'network'>, Paint>> = {
  state: byState,
  fullness: byFullness,
  findings: byFindings,
};
