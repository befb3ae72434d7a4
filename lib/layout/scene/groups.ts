/**
 * Group headings: label, count, and the rule above the columns. A heading stays at the window's top while its group is
 * in view.
 */
import { counted } from '../../model/counted';
import { SEVERITIES } from '../../model/vocabulary';
import { SEVERITY_FILL } from './badges';
import { GROUP } from '../rack/geometry';
import type { Span } from '../picture/mark';
import type { View } from '../picture/rect';
import type { GroupBox } from '../rack/rack';
import { bold, clippedSpan, span, type MarkWriter } from '../picture/mark-writer';

const SIZE = 13;
/** Size of a severity's icon where its word has no room, in pixels. */
const ICON = 12;

function wordings(group: GroupBox, where: readonly Span[]) {
  const label = bold(group.label);
  const count = group.shelf ? counted(group.count, 'ENI') : counted(group.count, 'node');
  if (where.length > 0) return [[label, ...where], where];
  const columns = group.columns > 1 ? ` in ${group.columns} columns` : '';
  // Zones of a region differ in their last part.
  const part = /-(\d[a-z])$/.exec(group.label)?.[1];
  const short = part === undefined ? [] : [[bold(part)]];
  // The shelf is narrow beside wide groups.
  if (group.shelf) short.push([bold('Unattached')], [bold('ENIs')]);
  return [[label, span(` · ${count}${columns}`)], [label, span(` · ${count}`)], [label], ...short];
}

/**
 * The position of a group's heading in the window, in pixels: left edge, width, and the rule below it. `held`: it is
 * kept at the window's top. `bottom` and `sticky` as in `drawGroups`.
 */
export function headingAt(group: GroupBox, bottom: number, { scale, x, y }: View, sticky: number | null) {
  const free = (group.y + GROUP.height) * scale + y - Math.min(14, Math.max(5, 14 * scale));
  const held = sticky !== null && free < sticky + 24;
  return {
    left: group.x * scale + x,
    width: group.w * scale,
    held,
    rule: held ? Math.min(sticky + 24, Math.max(free, bottom * scale + y)) : free,
  };
}

/**
 * Draws headings. `bottom`: that of the layout. `sticky`: the window's top edge in pixels, where headings are held;
 * null in an export. `where`: added to the label of a held heading.
 */
export function drawGroups(
  draw: MarkWriter,
  groups: readonly GroupBox[],
  bottom: number,
  sticky: number | null,
  where: readonly Span[] = [],
): void {
  for (const group of groups) {
    const { left, width, held, rule } = headingAt(group, bottom, draw.view, sticky);
    if (held) draw.rect('group-ground', null, { x: left - 8, y: rule - 30, w: width + 16, h: 34 }, { fill: 'bg' });
    draw.line('group-rule', null, left, rule, left + width, rule, { tone: 'edge', width: 1 });
    // A group far wider than the window keeps its label in view.
    const at = sticky === null ? left : Math.max(left, Math.min(16, left + width - 120));
    const room = left + width - at;
    const severity = SEVERITIES.find((level) => level === group.label);
    const taken = draw.fit('group-label', null, at, rule - 8, SIZE, room, [
      ...wordings(group, held ? where : []),
      ...(severity === undefined ? [clippedSpan(group.label, SIZE, room, bold(''))] : []),
    ]);
    if (taken === 0 && severity !== undefined)
      draw.icon('group-label', null, severity, left, rule - 8 - ICON * 0.8, ICON, SEVERITY_FILL[severity]);
  }
}
