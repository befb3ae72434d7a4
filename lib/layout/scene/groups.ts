/**
 * Group headings: label, count, and the rule above the columns. A heading stays at the window's top while its group is
 * in view.
 */
import { counted } from '../../model/counted';
import { SEVERITIES, type Severity } from '../../model/vocabulary';
import { SEVERITY_FILL } from './badges';
import { GROUP } from '../rack/geometry';
import type { Span } from '../picture/mark';
import type { View } from '../picture/rect';
import type { GroupBox } from '../rack/rack';
import { clipped, fitting, spansWidth } from '../picture/text';
import { bold, span, type MarkWriter } from '../picture/mark-writer';

const SIZE = 13;
/** Size of a severity's icon where its word has no room, in pixels. */
const ICON = 12;
/** Least distance between two headings, in pixels. */
const GAP = 8;
/** Greatest distance of a heading from its group, in pixels. */
const NEAR = 32;

/** Headings of a group, longest first; `where`: added to the label of a held one. */
function wordings({ label, count, columns, shelf }: GroupBox, where: readonly Span[]): readonly (readonly Span[])[] {
  const name = bold(label);
  if (where.length > 0) return [[name, ...where], where];
  const words = ` · ${counted(count, shelf ? 'ENI' : 'node')}`;
  return [[name, span(columns > 1 ? `${words} in ${columns} columns` : words)], [name, span(words)], [name]];
}

/** Headings shorter than the label, longest first. `room`: in pixels. */
function shortWordings({ label, shelf }: GroupBox, room: number): readonly (readonly Span[])[] {
  // Both are narrow beside wide groups.
  if (shelf) return [[bold('Unattached')], [bold('ENIs')]];
  if (label.endsWith(' not known')) return [[bold('not known')], [bold('?')]];
  // Zones of a region differ in their last part.
  const part = /-(\d[a-z])$/.exec(label)?.[1];
  return [[bold(part ?? clipped(label, SIZE, room, 650) ?? `${label.slice(0, 3)}…`)]];
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

interface Heading {
  readonly group: GroupBox;
  readonly left: number;
  readonly right: number;
  readonly baseline: number;
  readonly where: readonly Span[];
  /** A group of a severity can be headed by its icon. */
  readonly severity: Severity | undefined;
  /** Width of the shortest heading. */
  readonly least: number;
  at: number;
  spans: readonly Span[] | null;
}

/**
 * Moves headings that are wider than their groups: to the right of the heading before, then to the left of the one
 * after, for which wider groups get a shorter heading. Leaves out those that would be away from their groups.
 */
function spread(headings: readonly Heading[]): readonly Heading[] {
  let end = -Infinity;
  const near = headings.filter((heading) => {
    const at = Math.max(heading.at, end + GAP);
    if (at > heading.right + NEAR) return false;
    heading.at = at;
    end = at + heading.least;
    return true;
  });
  let limit = near.at(-1)?.right ?? 0;
  return near
    .reverse()
    .filter((heading) => {
      const { group, where, severity, least, left } = heading;
      const at = Math.min(heading.at, limit - least);
      if (at + least < left - NEAR) return false;
      const room = Math.max(least, limit - at);
      const short = severity === undefined ? shortWordings(group, room) : [];
      heading.at = at;
      heading.spans = fitting([...wordings(group, where), ...short], SIZE, room);
      limit = at - GAP;
      return true;
    })
    .reverse();
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
  const headings = groups.map((group): Heading => {
    const { left, width, held, rule } = headingAt(group, bottom, draw.view, sticky);
    const right = left + width;
    if (held) draw.rect('group-ground', null, { x: left - 8, y: rule - 30, w: width + 16, h: 34 }, { fill: 'bg' });
    draw.line('group-rule', null, left, rule, right, rule, { tone: 'edge', width: 1 });
    const severity = SEVERITIES.find((level) => level === group.label);
    return {
      group,
      left,
      right,
      baseline: rule - 8,
      where: held ? where : [],
      severity,
      least: severity === undefined ? spansWidth(shortWordings(group, 0).at(-1) ?? [], SIZE) : ICON,
      // A group far wider than the window keeps its label in view.
      at: sticky === null ? left : Math.max(left, Math.min(16, right - 120)),
      spans: null,
    };
  });
  for (const { at, baseline, severity, spans } of spread(headings)) {
    if (spans !== null) draw.text('group-label', null, at, baseline, SIZE, spans);
    else if (severity !== undefined)
      draw.icon('group-label', null, severity, at, baseline - ICON * 0.8, ICON, SEVERITY_FILL[severity]);
  }
}
