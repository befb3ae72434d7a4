/** The headings of groups: label, count, and the rule above the columns. Held at the window's top while a group is in it. */
import { counted } from '../../model/counted';
import { GROUP } from '../rack/geometry';
import type { Span } from '../picture/mark';
import type { GroupBox } from '../rack/rack';
import { bold, span, type MarkWriter } from '../picture/mark-writer';

const SIZE = 13;

function wordings(group: GroupBox, where: readonly Span[]) {
  const label = bold(group.label);
  const count = group.shelf ? counted(group.count, 'ENI') : counted(group.count, 'node');
  if (where.length > 0) return [[label, ...where], where];
  const columns = group.columns > 1 ? ` in ${group.columns} columns` : '';
  // Zones of a region differ in their last part.
  const part = /-(\d[a-z])$/.exec(group.label)?.[1];
  const short = part === undefined ? [] : [[bold(part)]];
  return [[label, span(` · ${count}${columns}`)], [label, span(` · ${count}`)], [label], ...short];
}

/** `sticky`: the window's top edge in pixels, where a heading is held; null in an export. `where`: what a held heading adds to its label. */
export function drawGroups(
  draw: MarkWriter,
  groups: readonly GroupBox[],
  bottom: number,
  sticky: number | null,
  where: readonly Span[] = [],
): void {
  for (const group of groups) {
    const left = draw.px(group.x);
    const width = group.w * draw.scale;
    const gap = Math.min(14, Math.max(5, 14 * draw.scale));
    const free = draw.py(group.y + GROUP.height) - gap;
    const end = draw.py(bottom);
    const held = sticky !== null && free < sticky + 24;
    const rule = held ? Math.min(sticky + 24, Math.max(free, end)) : free;
    if (held) draw.rect('group-ground', null, { x: left - 8, y: rule - 30, w: width + 16, h: 34 }, { fill: 'bg' });
    draw.line('group-rule', null, left, rule, left + width, rule, { tone: 'edge', width: 1 });
    // A group far wider than the window keeps its label in sight.
    const x = sticky === null ? left : Math.max(left, Math.min(16, left + width - 120));
    draw.fit('group-label', null, x, rule - 8, SIZE, left + width - x, wordings(group, held ? where : []));
  }
}
