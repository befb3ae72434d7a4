/**
 * The scene: the marks of a rack in a window, in drawing order: nodes with their boxes and slots, group headings, wires
 * (halo first), rings, tags. The cost depends on what is visible. The screen and exports use the same function.
 */
import type { Level } from '../rack/level';
import type { FilterResult } from '../../view/filter';
import { shortId } from '../../view/selection';
import type { Mark, Span } from '../picture/mark';
import { boxesIn, placeAt, type Place } from '../places/places';
import { nameSpans } from './badges';
import { boxKind, boxRect, type Rack } from '../rack/rack';
import { drawBarsNode } from './bars';
import { drawFargate, drawGhost, drawShelf } from './boxes';
import type { SceneFacts } from './facts';
import { drawGroups } from './groups';
import { drawNode } from './node';
import { drawRing, drawSelection, litBy, nodesLit } from './overlay';
import { createMarkWriter, span } from '../picture/mark-writer';
import type { Scope, StaleWords } from './scope';
import { drawFlash, type Flash } from './flash';
import { drawOtherTile, drawTile, tileLook, type TileLook } from './tile';
import { visibleRect, type Size, type View } from '../picture/rect';

/** What a scene shows in addition to the rack. */
export interface SceneState {
  readonly level: Level;
  /** Record id; null: nothing. */
  readonly selection: string | null;
  readonly filter: FilterResult | null;
  readonly stale: StaleWords | null;
  /** Milliseconds; null: a picture without a time, which shows clock times instead of ages. */
  readonly now: number | null;
  readonly hover: Place | null;
  readonly focus: Place | null;
  readonly flashes: readonly Flash[];
  /** What a view draws above the visible boxes. */
  readonly above: ((scope: Scope, boxes: readonly number[]) => void) | null;
}

/** A scene in which nothing is highlighted. */
export const QUIET: Omit<SceneState, 'level'> = {
  selection: null,
  filter: null,
  stale: null,
  now: null,
  hover: null,
  focus: null,
  flashes: [],
  above: null,
};

function drawBox(scope: Scope, box: number): void {
  const { rack, facts, level } = scope;
  const rect = boxRect(rack, box);
  const id = rack.boxes.id[box] ?? '';
  const kind = boxKind(rack, box);
  const node = facts.source.records.nodes.get(id);
  if (kind === 'node') {
    if (node === undefined) return;
    if (level === 'tile') drawTile(scope, rect, node);
    else if (level === 'bars') drawBarsNode(scope, box, rect, node);
    else drawNode(scope, box, rect, node);
    return;
  }
  if (level === 'tile') drawOtherTile(scope, box, id, kind !== 'fargate');
  else if (kind === 'ghost') {
    if (node !== undefined) drawGhost(scope, box, rect, node);
  } else if (kind === 'fargate') drawFargate(scope, box, id, rect);
  else drawShelf(scope, box, id, rect);
}

function scopeOf(rack: Rack, facts: SceneFacts, view: View, state: SceneState): Scope {
  const lit = litBy({ facts }, state.selection)?.interfaces ?? null;
  let litNodes: ReadonlySet<string> | null = null;
  return {
    rack,
    facts,
    draw: createMarkWriter(view),
    level: state.level,
    lit,
    litNodes: () => (litNodes ??= nodesLit(facts.source, state.selection, lit)),
    filter: state.filter,
    stale: state.stale,
    now: state.now,
  };
}

/** The boxes without the overlay: the part of a picture that can be reused while the pointer moves. */
export function sceneBoxes(rack: Rack, facts: SceneFacts, view: View, window: Size, state: SceneState): Mark[] {
  const scope = scopeOf(rack, facts, view, state);
  for (const box of boxesIn(rack, visibleRect(view, window))) drawBox(scope, box);
  return scope.draw.marks;
}

/** `sceneBoxes`, a few boxes at a time. */
export interface BoxScene {
  readonly marksOf: (boxes: readonly number[]) => readonly Mark[];
  /** What decides a box's marks, cheaper than these; null: only the marks themselves tell. */
  readonly lookOf: (box: number) => TileLook | null;
}

/** The scene of the boxes, made a few boxes at a time. */
export function boxScene(rack: Rack, facts: SceneFacts, view: View, state: SceneState): BoxScene {
  const scope = scopeOf(rack, facts, view, state);
  return {
    marksOf: (boxes) => {
      for (const box of boxes) drawBox(scope, box);
      return scope.draw.marks.splice(0);
    },
    lookOf: (box) => {
      const node = facts.source.records.nodes.get(rack.boxes.id[box] ?? '');
      const isTile = state.level === 'tile' && boxKind(rack, box) === 'node' && facts.paint === null;
      return isTile && node !== undefined ? tileLook(scope, node) : null;
    },
  };
}

/** The point below the heading that decides which node and ENI the heading names: about the first slots in view. */
const READING_POINT = { x: 90, y: 300 } as const;

/** At the labelled level a node is wider than the window, so the heading names the current node and ENI. */
function currentLocation(scope: Scope, sticky: number): readonly Span[] {
  const { rack, facts, draw, level } = scope;
  if (level !== 'labelled') return [];
  const x = (READING_POINT.x - draw.view.x) / draw.scale;
  const y = (sticky + READING_POINT.y - draw.view.y) / draw.scale;
  const place = placeAt(facts.source, rack, x, y, 0);
  const node = place === null ? undefined : facts.source.records.nodes.get(rack.boxes.id[place.box] ?? '');
  if (place === null || node === undefined) return [];
  const eni = facts.source.records.enis.get(place.id);
  return [
    span('   ›   ', 'text3'),
    ...nameSpans(scope, node.name),
    ...(eni === undefined
      ? []
      : [span('   ›   ', 'text3'), span(eni.deviceIndex === null ? shortId(eni.id) : `dev ${eni.deviceIndex}`, 'ink')]),
  ];
}

/** Group headings, selection, flashes, hover, focus. `sticky`: headings stay in the window (null in an export). */
export function sceneAbove(
  rack: Rack,
  facts: SceneFacts,
  view: View,
  window: Size,
  state: SceneState,
  sticky: number | null,
): Mark[] {
  const scope = scopeOf(rack, facts, view, state);
  if (state.selection !== null) drawSelection(scope, state.selection, litBy({ facts }, state.selection));
  drawGroups(scope.draw, rack.groups, rack.height, sticky, sticky === null ? [] : currentLocation(scope, sticky));
  state.above?.(scope, boxesIn(rack, visibleRect(view, window)));
  for (const flash of state.flashes) drawFlash(scope, flash);
  if (state.hover !== null) drawRing(scope, 'hover', state.hover.id, state.hover.rect, 1, 1);
  if (state.focus !== null) drawRing(scope, 'focus', state.focus.id, state.focus.rect, 3, 2);
  return scope.draw.marks;
}

/** Rings, wires and tags of the selection alone. */
export function selectionScene(rack: Rack, facts: SceneFacts, view: View, state: SceneState): readonly Mark[] {
  const scope = scopeOf(rack, facts, view, state);
  if (state.selection !== null) drawSelection(scope, state.selection, litBy({ facts }, state.selection));
  return scope.draw.marks;
}

/** All marks of a window, in drawing order. `sticky` as in `sceneAbove`. */
export function scene(
  rack: Rack,
  facts: SceneFacts,
  view: View,
  window: Size,
  state: SceneState,
  sticky: number | null = null,
): Mark[] {
  return [...sceneBoxes(rack, facts, view, window, state), ...sceneAbove(rack, facts, view, window, state, sticky)];
}
