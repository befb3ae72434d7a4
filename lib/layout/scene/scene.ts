/**
 * The scene: what is drawn of a rack in a window, in drawing order: nodes with their boxes and slots, group headings,
 * wires (halo first), rings, tags. Costs what is visible. The same function makes the picture on screen and the export.
 */
import type { Level } from '../level';
import type { FilterResult } from '../../view/filter';
import type { Mark } from '../mark';
import { boxesIn, type Place } from '../locate';
import { boxKind, boxRect, type Rack, type Rect } from '../rack/rack';
import { drawBarsNode } from './bars';
import { drawFargate, drawGhost, drawShelf } from './boxes';
import type { SceneFacts } from './facts';
import { drawGroups } from './groups';
import { drawNode } from './node';
import { drawRing, drawSelection, litBy } from './overlay';
import { createPen, type View } from './pen';
import type { Scope, StaleWords } from './scope';
import { drawOtherTile, drawTile } from './tile';

export interface SceneState {
  readonly level: Level;
  /** Record id; null: nothing. */
  readonly selection: string | null;
  readonly filter: FilterResult | null;
  readonly stale: StaleWords | null;
  readonly hover: Place | null;
  readonly focus: Place | null;
  /** Slots that have just changed, with the opacity of their flash. */
  readonly flashes: readonly { readonly place: Place; readonly opacity: number }[];
}

export const QUIET: Omit<SceneState, 'level'> = {
  selection: null,
  filter: null,
  stale: null,
  hover: null,
  focus: null,
  flashes: [],
};

export interface Window {
  readonly width: number;
  readonly height: number;
}

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

const scopeOf = (rack: Rack, facts: SceneFacts, view: View, state: SceneState): Scope => ({
  rack,
  facts,
  pen: createPen(view),
  level: state.level,
  lit: litBy({ facts }, state.selection)?.interfaces ?? null,
  filter: state.filter,
  stale: state.stale,
});

/** The part of the layout that a window shows, with room for what overlaps a box's edge. */
export const visibleRect = (view: View, window: Window): Rect => ({
  x: -view.x / view.scale,
  y: -view.y / view.scale,
  w: window.width / view.scale,
  h: window.height / view.scale,
});

/** Boxes without what lies above them: the part of a picture that can be kept while the pointer moves. */
export function sceneBoxes(rack: Rack, facts: SceneFacts, view: View, window: Window, state: SceneState): Mark[] {
  const scope = scopeOf(rack, facts, view, state);
  for (const box of boxesIn(rack, visibleRect(view, window))) drawBox(scope, box);
  return scope.pen.marks;
}

/** Group headings, selection, flashes, hover, focus. `sticky`: headings stay in the window (null in an export). */
export function sceneAbove(
  rack: Rack,
  facts: SceneFacts,
  view: View,
  state: SceneState,
  sticky: number | null,
): Mark[] {
  const scope = scopeOf(rack, facts, view, state);
  if (state.selection !== null) drawSelection(scope, state.selection, litBy({ facts }, state.selection));
  drawGroups(scope.pen, rack.groups, rack.height, sticky);
  for (const { place, opacity } of state.flashes) {
    const { x, y, w, h } = scope.pen.place(place.rect);
    const around = { x: x - 2, y: y - 2, w: w + 4, h: h + 4 };
    scope.pen.rect('flash', place.id, around, { r: 4, stroke: { tone: 'sel', width: 1.5 }, opacity });
  }
  if (state.hover !== null) drawRing(scope, 'hover', state.hover.id, state.hover.rect, 1, 1);
  if (state.focus !== null) drawRing(scope, 'focus', state.focus.id, state.focus.rect, 3, 2);
  return scope.pen.marks;
}

export function scene(
  rack: Rack,
  facts: SceneFacts,
  view: View,
  window: Window,
  state: SceneState,
  sticky: number | null = null,
): Mark[] {
  return [...sceneBoxes(rack, facts, view, window, state), ...sceneAbove(rack, facts, view, state, sticky)];
}
