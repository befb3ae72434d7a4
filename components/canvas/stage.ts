/**
 * The picture on a canvas element: holds the rack and the view, draws a frame when something changed, and turns pointer
 * and keys into places. Not React: one object per element, told of new props by `update`, ended by `stop`.
 */
import { select } from 'd3-selection';
import 'd3-transition';
import { zoom, zoomIdentity, type D3ZoomEvent } from 'd3-zoom';
import { centreOf, fitView, isInSight, scaleExtent, viewAround, withoutVoid } from '../../lib/layout/camera';
import { HEADER, SLOT } from '../../lib/layout/geometry';
import { levelAt, type Level } from '../../lib/layout/level';
import { foldAt, placeAt, placeOf, type Place } from '../../lib/layout/locate';
import { nearestPlace, neighbour, type Direction } from '../../lib/layout/neighbour';
import type { ViewSource } from '../../lib/view/source';
import { buildRack } from '../../lib/layout/rack/build';
import { boxKind, boxRect, hasBlocks, type Rack, type Rect } from '../../lib/layout/rack/rack';
import { stillStands } from '../../lib/layout/rack/stands';
import { waitingBetween } from '../../lib/layout/rack/waiting';
import { createSceneFacts, type SceneFacts } from '../../lib/layout/scene/facts';
import type { View } from '../../lib/layout/scene/pen';
import { sceneAbove, visibleRect, type SceneState } from '../../lib/layout/scene/scene';
import { colourOf } from '../../lib/layout/tokens';
import { createBrush, createPatterns } from './draw/brush';
import { drawMarks } from './draw/marks';
import { createFlashes } from './flashes';
import { createLayers } from './layers';
import { drawMinimap, minimapPoint } from './minimap';
import type { CanvasProps, CanvasView } from './props';

const MOVE_MS = 200;
const REST_MS = 110;
/** After this long without a frame there is time to prepare for the next movement. */
const IDLE_MS = 400;
/** Slots take the pointer from this width on. */
const POINTED_SLOT = 5;
/** A jump to a record shows its node at life size at least, with every word of it. */
const REVEAL_SCALE = 1;
/** Kept free around the node that is jumped to. */
const REVEAL_MARGIN = 40;

export interface StageEvents {
  /** What the pointer or the keyboard is on, and where on screen; null: nothing. */
  readonly onPlace: (kind: 'hover' | 'focus', place: Place | null, at: DOMRect | null) => void;
}

export interface Stage {
  update(props: CanvasProps): void;
  fit(): void;
  zoomBy(factor: number): void;
  onKey(event: KeyboardEvent): boolean;
  focus(on: boolean): void;
  /** What is drawn now, for an export of what is seen. */
  picture(): { readonly rack: Rack; readonly facts: SceneFacts; readonly view: View; readonly state: SceneState };
  stop(): void;
}

const KEY_DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

const isStarting = (source: ViewSource): boolean =>
  [...source.records.sources.values()].some(({ state }) => state === 'starting');

export function createStage(element: HTMLCanvasElement, first: CanvasProps, events: StageEvents): Stage {
  const context = element.getContext('2d', { alpha: false });
  if (context === null) throw new Error('This browser offers no 2D canvas.');
  const reduced = window.matchMedia('(prefers-reduced-motion: reduce)');
  const patterns = createPatterns();
  const layers = createLayers();
  const canvas = select<HTMLCanvasElement, unknown>(element);

  let props = first;
  let unfolded: ReadonlySet<string> = new Set();
  let rack = buildRack(props.replica, { grouping: props.grouping, now: props.now });
  let facts = createSceneFacts(props.replica, props.networkRanks);
  let size = { width: 0, height: 0 };
  let ratio = 1;
  let view: View = { scale: 1, x: 0, y: 0 };
  let level: Level = 'slots';
  let placed = false;
  let moving = false;
  let restTimer = 0;
  let idleTimer = 0;
  let frameRequest = 0;
  let minimapDue = true;
  let hover: Place | null = null;
  let focus: Place | null = null;
  let focused = false;
  let filterStamp = 0;
  /** Counts racks; and the revision whose picture stands while the hand is on it. */
  let built = 0;
  let standing = props.revision;
  const flashes = createFlashes(props.replica);
  /** The view that shows the whole, as long as nobody has moved it. */
  let fitted: View | null = null;
  /** Whether a source had still to give its first answer at the last look. */
  let starting = isStarting(props.replica);
  /** The record that a running movement goes to: a panel that opens meanwhile does not make it miss. */
  let aim: { readonly id: string; readonly scale: number; readonly until: number } | null = null;

  const state = (now = performance.now()): SceneState => ({
    level: props.levelOverride ?? level,
    selection: props.selection,
    filter: props.filter,
    stale: props.stale,
    hover: focus === null || hover?.id !== focus.id ? hover : null,
    focus: focused ? focus : null,
    now: props.now,
    flashes: flashes.at(now, props.replica, rack, reduced.matches),
  });

  const invalidate = (): void => {
    if (frameRequest === 0) frameRequest = requestAnimationFrame(frame);
  };

  function frame(now: number): void {
    frameRequest = 0;
    if (size.width === 0 || size.height === 0 || context === null) return;
    const shown = state(now);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.globalAlpha = 1;
    context.fillStyle = colourOf(props.theme, 'bg');
    context.fillRect(0, 0, size.width, size.height);
    const { stale, theme, selection } = props;
    if (!moving) standing = props.revision;
    const aged = hasBlocks(rack, 'waiting') ? props.now : null;
    const stamp = [theme, standing, built, selection, filterStamp, stale?.badge, aged, shown.level, ratio].join(' ');
    const input = { rack, facts, view, window: size, state: shown, theme, ratio, stamp, moving };
    const coarse = layers.draw(context, input);
    if (!moving) {
      window.clearTimeout(idleTimer);
      idleTimer = window.setTimeout(() => layers.prepare(input), IDLE_MS);
    }
    drawMarks(createBrush(context, theme, ratio, patterns), sceneAbove(rack, facts, view, shown, 0));
    if (minimapDue && props.minimap != null) {
      minimapDue = false;
      drawMinimap(props.minimap, input);
    }
    flashes.next(now, reduced.matches, invalidate);
    if (coarse && !moving) invalidate();
    // What the eye sees, for tests and measurements.
    if (rack.boxes.id.length > 0) element.dataset['revision'] = String(standing);
  }

  const settle = (): void => {
    moving = false;
    invalidate();
    const { x, y } = centreOf(view, size);
    props.onViewChange({ x, y, scale: view.scale, level: props.levelOverride ?? level } satisfies CanvasView);
  };

  const behaviour = zoom<HTMLCanvasElement, unknown>()
    .filter((event: MouseEvent | WheelEvent) => (!event.ctrlKey || event.type === 'wheel') && event.button === 0)
    .clickDistance(4)
    .on('zoom', ({ transform }: D3ZoomEvent<HTMLCanvasElement, unknown>) => {
      view = { scale: transform.k, x: transform.x, y: transform.y };
      level = levelAt(view.scale, placed ? level : null);
      placed = true;
      moving = true;
      window.clearTimeout(idleTimer);
      minimapDue = true;
      setHover(null, null);
      window.clearTimeout(restTimer);
      restTimer = window.setTimeout(settle, REST_MS);
      invalidate();
    });
  canvas.call(behaviour).on('dblclick.zoom', null);

  const goTo = (to: View, animate: boolean): void => {
    const moves = animate && !reduced.matches && placed;
    aim = null;
    const transform = zoomIdentity.translate(to.x, to.y).scale(to.scale);
    if (!moves) canvas.call((one) => behaviour.transform(one, transform));
    else
      canvas
        .transition()
        .duration(MOVE_MS)
        .call((one) => behaviour.transform(one, transform));
  };

  const limit = (): void => {
    const [least, most] = scaleExtent(rack, size);
    behaviour.scaleExtent([least, most]);
    const room = Math.max(size.width, size.height) / 2;
    behaviour.translateExtent([
      [-room / least, -room / least],
      [rack.width + room / least, rack.height + room / least],
    ]);
  };

  const fit = (animate = true): void => {
    const whole = fitView(rack, size);
    goTo(whole, animate);
    fitted = whole;
  };

  function reveal(id: string): void {
    const place = placeOf(props.replica, rack, id);
    if (place === null) return;
    if (view.scale >= REVEAL_SCALE && isInSight(view, size, place.rect)) return;
    goToRecord(id, Math.max(view.scale, REVEAL_SCALE));
  }

  function goToRecord(id: string, scale: number): void {
    const place = placeOf(props.replica, rack, id);
    if (place === null) return;
    const { x, y } = middleOf(place, scale);
    goTo(withoutVoid(viewAround(x, y, scale, size), rack, size), true);
    aim = { id, scale, until: performance.now() + 2 * MOVE_MS };
  }

  /** The middle of the place's node where the node fits into the window, else of the place itself. */
  function middleOf(place: Place, scale: number): { readonly x: number; readonly y: number } {
    const box = boxRect(rack, place.box);
    const room = { width: size.width - REVEAL_MARGIN, height: size.height - 2 * REVEAL_MARGIN };
    const x = box.w * scale <= room.width ? box : place.rect;
    const y = box.h * scale <= room.height ? box : place.rect;
    return { x: x.x + x.w / 2, y: y.y + y.h / 2 };
  }

  /** Layout point of a pointer event. */
  function pointOf(event: MouseEvent): readonly [number, number] {
    const box = element.getBoundingClientRect();
    return [(event.clientX - box.left - view.x) / view.scale, (event.clientY - box.top - view.y) / view.scale];
  }

  const slotsSeen = (): boolean => {
    const drawn = props.levelOverride ?? level;
    return (drawn === 'slots' || drawn === 'labelled') && SLOT.w * view.scale >= POINTED_SLOT;
  };

  function hit(event: MouseEvent): Place | null {
    const [x, y] = pointOf(event);
    const place = placeAt(props.replica, rack, x, y, slotsSeen());
    // At the far level a tile is the node, whatever stands where the pointer is.
    if (place === null || (props.levelOverride ?? level) !== 'tile') return place;
    return placeOf(props.replica, rack, rack.boxes.id[place.box] ?? '') ?? place;
  }

  const onScreen = ({ rect }: Place): DOMRect => {
    const box = element.getBoundingClientRect();
    const { x, y, w, h } = rect;
    return new DOMRect(
      box.left + x * view.scale + view.x,
      box.top + y * view.scale + view.y,
      w * view.scale,
      h * view.scale,
    );
  };

  function setHover(place: Place | null, at: DOMRect | null): void {
    if (hover === null && place === null) return;
    const same = hover !== null && place !== null && hover.id === place.id && hover.ip === place.ip;
    hover = place;
    if (same) return;
    events.onPlace('hover', place, at);
    invalidate();
  }

  function setFocus(place: Place | null): void {
    focus = place;
    if (place !== null && !isInSight(view, size, place.rect)) {
      const { x, y, w, h } = place.rect;
      goTo(viewAround(x + w / 2, y + h / 2, view.scale, size), true);
    }
    events.onPlace('focus', place, place === null ? null : onScreen(place));
    invalidate();
  }

  const onMove = (event: PointerEvent): void => {
    if (event.buttons !== 0 || moving) return;
    const place = hit(event);
    element.style.cursor = place === null ? 'grab' : 'pointer';
    const shown = place === null || isQuiet(place, event) ? null : place;
    setHover(shown, shown === null ? null : onScreen(shown));
  };
  const onLeave = (): void => setHover(null, null);

  /** Near, a node says all of itself in words: only its header speaks up, not the gaps between its ENIs. */
  function isQuiet({ id, box }: Place, event: MouseEvent): boolean {
    if (!slotsSeen() || id !== rack.boxes.id[box]) return false;
    return pointOf(event)[1] - boxRect(rack, box).y > HEADER.height;
  }

  /** The node whose cards fold where the focus stands: a folded run, a region, or a card of the matrix. */
  function foldOf({ id, rect }: Place): string | null {
    const fold = foldAt(rack, rect.x + rect.w / 2, rect.y + rect.h / 2);
    if (fold !== null) return fold;
    return props.replica.records.networkCards.get(id)?.node ?? null;
  }

  function toggleFold(node: string): void {
    const next = new Set(unfolded);
    if (!next.delete(node)) next.add(node);
    unfolded = next;
    rack = buildRack(props.replica, { grouping: props.grouping, unfolded, near: rack, now: props.now });
    built++;
    rebuild(true, []);
  }

  const onClick = (event: MouseEvent): void => {
    const [x, y] = pointOf(event);
    const fold = slotsSeen() ? foldAt(rack, x, y) : null;
    if (fold !== null) {
      setHover(null, null);
      toggleFold(fold);
      return;
    }
    const place = hit(event);
    focus = place;
    props.onSelect(place?.id ?? null, place === null ? null : { ip: place.ip });
  };
  const onDouble = (event: MouseEvent): void => {
    const place = hit(event);
    if (place !== null) openBox(place);
  };

  function openBox(place: Place): void {
    const id = rack.boxes.id[place.box] ?? '';
    if (boxKind(rack, place.box) === 'node') props.onOpenNode(id);
    else if (props.replica.records.nodes.has(place.id)) props.onOpenNode(place.id);
  }

  function onKey(event: KeyboardEvent): boolean {
    const direction = KEY_DIRECTIONS[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (direction !== undefined) {
      if (event.shiftKey) {
        const [dx, dy] = { left: [80, 0], right: [-80, 0], up: [0, 80], down: [0, -80] }[direction] as [number, number];
        goTo({ ...view, x: view.x + dx, y: view.y + dy }, true);
        return true;
      }
      const near = slotsSeen() && (focus === null || focus.id !== rack.boxes.id[focus.box]);
      const next =
        focus === null
          ? nearestPlace(props.replica, rack, visibleRect(view, size), near)
          : neighbour(props.replica, rack, focus, direction, near);
      if (next !== null) setFocus(next);
      return true;
    }
    switch (event.key) {
      case 'Enter':
        if (focus === null) return false;
        if (foldOf(focus) !== null) toggleFold(rack.boxes.id[focus.box] ?? '');
        else if (props.replica.records.nodes.has(focus.id)) props.onOpenNode(focus.id);
        else props.onSelect(focus.id, { ip: focus.ip });
        return true;
      case ' ':
        if (focus === null) return false;
        props.onSelect(focus.id, { ip: focus.ip });
        return true;
      case 'PageUp': {
        const node = focus === null ? null : placeOf(props.replica, rack, rack.boxes.id[focus.box] ?? '');
        if (node !== null) setFocus(node);
        return true;
      }
      case 'PageDown':
        setFocus(nearestPlace(props.replica, rack, focus?.rect ?? visibleRect(view, size), slotsSeen()));
        return true;
      case '+':
      case '=':
        zoomBy(1.4);
        return true;
      case '-':
        zoomBy(1 / 1.4);
        return true;
      case '0':
      case 'f':
        fit();
        return true;
      default:
        return false;
    }
  }

  /** What stays under the eye: the focus, else the selection, else, where slots get their words, a slot near the middle. */
  function anchorOf(scale: number): Rect | null {
    if (focused && focus !== null) return focus.rect;
    const selected = props.selection === null ? null : placeOf(props.replica, rack, props.selection);
    if (selected !== null && isInSight(view, size, { ...selected.rect, w: 0, h: 0 })) return selected.rect;
    if (levelAt(scale) !== 'labelled') return null;
    return nearestPlace(props.replica, rack, visibleRect(view, size), true)?.rect ?? null;
  }

  function zoomBy(factor: number): void {
    const [least, most] = behaviour.scaleExtent();
    const scale = Math.max(least, Math.min(most, view.scale * factor));
    const about = anchorOf(scale);
    if (about !== null && levelAt(scale) === 'labelled' && level !== 'labelled') {
      goTo(viewAround(about.x + about.w / 2, about.y + about.h / 2, scale, size), true);
      return;
    }
    const { x, y } = centreOf(view, size);
    const px = about === null ? x : about.x + about.w / 2;
    const py = about === null ? y : about.y + about.h / 2;
    const k = scale / view.scale;
    const sx = px * view.scale + view.x;
    const sy = py * view.scale + view.y;
    goTo({ scale, x: sx - (sx - view.x) * k, y: sy - (sy - view.y) * k }, true);
  }

  let commonSaid = '';
  function rebuild(stay: boolean, changed: Iterable<string> | null): void {
    facts = createSceneFacts(props.replica, props.networkRanks);
    const { replica, grouping, now } = props;
    // What the first answers bring is no change to stay close to, but the picture itself.
    const fresh = starting;
    starting = isStarting(replica);
    if (!stay || changed === null || !stillStands(rack, replica, changed, grouping, unfolded, now)) {
      const untouched = fitted !== null && fitted.x === view.x && fitted.y === view.y && fitted.scale === view.scale;
      rack = buildRack(replica, { grouping, unfolded, near: stay && !fresh ? rack : null, now });
      built++;
      if (stay && fresh && untouched && placed) fit(false);
    }
    if (hover !== null) hover = refreshed(hover);
    if (focus !== null) focus = refreshed(focus);
    limit();
    const said = facts.common === null ? '' : `${facts.common.prefix}…${facts.common.suffix}`;
    if (said !== commonSaid) {
      commonSaid = said;
      props.onCommonName?.(facts.common);
    }
    minimapDue = true;
    invalidate();
  }

  /** Time alone moves a box only where a pod has now waited too long. */
  function passTime(now: number): void {
    if (waitingBetween(props.replica, rack.now, now).length === 0) return;
    rack = buildRack(props.replica, { grouping: props.grouping, unfolded, near: rack, now });
    built++;
    rebuild(true, []);
  }

  /** The same thing where it stands now; a warm slot is found again by its ENI only. */
  function refreshed(place: Place): Place | null {
    const now = placeOf(props.replica, rack, place.id);
    if (now === null) return null;
    return place.ip !== null && now.ip !== place.ip ? { ...place, box: now.box } : now;
  }

  function begin(): void {
    limit();
    const { initialView } = props;
    if (initialView === null) fit(false);
    else goTo(viewAround(initialView.x, initialView.y, initialView.scale, size), false);
    props.onCommonName?.(facts.common);
    commonSaid = facts.common === null ? '' : `${facts.common.prefix}…${facts.common.suffix}`;
    if (props.viewTarget?.to === 'record') reveal(props.viewTarget.id);
  }

  const resize = (): void => {
    const { width, height } = element.getBoundingClientRect();
    const next = window.devicePixelRatio || 1;
    if (width === size.width && height === size.height && next === ratio) return;
    const before = size;
    size = { width, height };
    ratio = next;
    element.width = Math.round(width * ratio);
    element.height = Math.round(height * ratio);
    behaviour.extent([
      [0, 0],
      [width, height],
    ]);
    if (width === 0 || height === 0) return;
    if (!placed) begin();
    else {
      limit();
      if (aim !== null && aim.until > performance.now()) goToRecord(aim.id, aim.scale);
      else keepInSight(before);
    }
    minimapDue = true;
    if (frameRequest !== 0) cancelAnimationFrame(frameRequest);
    frame(performance.now());
  };
  /** A panel that opens moves nothing; only a selection that it would leave outside is brought back. */
  function keepInSight(before: { readonly width: number; readonly height: number }): void {
    const place = props.selection === null ? null : placeOf(props.replica, rack, props.selection);
    if (place === null || isInSight(view, size, place.rect) || !isInSight(view, before, place.rect)) {
      goTo(view, false);
      return;
    }
    goToRecord(place.id, view.scale);
  }

  const observer = new ResizeObserver(resize);
  observer.observe(element);

  const onMinimap = (event: PointerEvent): void => {
    const map = props.minimap;
    if (map == null || (event.type === 'pointermove' && event.buttons === 0)) return;
    const [x, y] = minimapPoint(map, rack, event);
    goTo(viewAround(x, y, view.scale, size), event.type === 'pointerdown');
  };
  let map: HTMLCanvasElement | null = null;
  const attachMinimap = (next: HTMLCanvasElement | null): void => {
    if (map === next) return;
    for (const type of ['pointerdown', 'pointermove'] as const) {
      map?.removeEventListener(type, onMinimap);
      next?.addEventListener(type, onMinimap);
    }
    map = next;
    minimapDue = true;
    invalidate();
  };
  attachMinimap(props.minimap ?? null);

  element.addEventListener('pointermove', onMove);
  element.addEventListener('pointerleave', onLeave);
  element.addEventListener('click', onClick);
  element.addEventListener('dblclick', onDouble);

  return {
    update(next) {
      const before = props;
      props = next;
      attachMinimap(next.minimap ?? null);
      if (next.filter !== before.filter) filterStamp++;
      const regrouped = next.grouping !== before.grouping || next.replica !== before.replica;
      if (next.revision !== before.revision || next.replica !== before.replica)
        flashes.see(next.replica, next.changed ?? null, performance.now());
      if (regrouped || next.revision !== before.revision || next.networkRanks !== before.networkRanks)
        rebuild(!regrouped && before.revision > 0 && rack.boxes.id.length > 0, next.changed ?? null);
      else if (next.now !== before.now && next.now !== null) passTime(next.now);
      if (regrouped && placed) fit();
      if (next.viewTarget !== before.viewTarget && next.viewTarget !== null && placed) {
        if (next.viewTarget.to === 'fit') fit();
        else reveal(next.viewTarget.id);
      }
      if (next.filter !== before.filter || next.theme !== before.theme || next.selection !== before.selection)
        minimapDue = true;
      invalidate();
    },
    fit,
    zoomBy,
    onKey,
    focus(on) {
      focused = on;
      if (!on) events.onPlace('focus', null, null);
      else if (focus === null) setFocus(nearestPlace(props.replica, rack, visibleRect(view, size), slotsSeen()));
      else setFocus(focus);
      invalidate();
    },
    picture: () => ({ rack, facts, view, state: state() }),
    stop() {
      observer.disconnect();
      flashes.stop();
      attachMinimap(null);
      cancelAnimationFrame(frameRequest);
      window.clearTimeout(restTimer);
      window.clearTimeout(idleTimer);
      canvas.on('.zoom', null);
      element.removeEventListener('pointermove', onMove);
      element.removeEventListener('pointerleave', onLeave);
      element.removeEventListener('click', onClick);
      element.removeEventListener('dblclick', onDouble);
    },
  };
}
