/**
 * The picture on a canvas element: holds the rack and the view, draws a frame when something changed, and turns pointer
 * and keys into places. Not React: one object per element, told of new props by `update`, ended by `stop`.
 */
import { select } from 'd3-selection';
import 'd3-transition';
import { zoom, zoomIdentity, type D3ZoomEvent } from 'd3-zoom';
import { centreOf, fitView, isInSight, scaleExtent, viewAround } from '../../lib/layout/camera';
import { SLOT } from '../../lib/layout/geometry';
import { levelAt, type Level } from '../../lib/layout/level';
import { foldAt, placeAt, placeOf, placesOf, type Place } from '../../lib/layout/locate';
import { nearestPlace, neighbour, type Direction } from '../../lib/layout/neighbour';
import { buildRack } from '../../lib/layout/rack/build';
import { boxKind, type Rack } from '../../lib/layout/rack/rack';
import { stillStands } from '../../lib/layout/rack/stands';
import { createSceneFacts, type SceneFacts } from '../../lib/layout/scene/facts';
import type { View } from '../../lib/layout/scene/pen';
import { sceneAbove, visibleRect, type SceneState } from '../../lib/layout/scene/scene';
import { colourOf } from '../../lib/layout/tokens';
import { createBrush, createPatterns } from './draw/brush';
import { drawMarks } from './draw/marks';
import { createLayers } from './layers';
import { drawMinimap, minimapPoint } from './minimap';
import type { CanvasProps, CanvasView } from './props';

const MOVE_MS = 200;
const FLASH_MS = 150;
/** With reduced motion the flash is a ring that stays. */
const STILL_FLASH_MS = 2000;
const REST_MS = 110;
/** After this long without a frame there is time to prepare for the next movement. */
const IDLE_MS = 400;
/** Slots take the pointer from this width on. */
const POINTED_SLOT = 5;
/** A jump to a record never shows slots smaller than they can be told apart. */
const REVEAL_SCALE = 1;

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

export function createStage(element: HTMLCanvasElement, first: CanvasProps, events: StageEvents): Stage {
  const context = element.getContext('2d', { alpha: false });
  if (context === null) throw new Error('This browser offers no 2D canvas.');
  const reduced = window.matchMedia('(prefers-reduced-motion: reduce)');
  const patterns = createPatterns();
  const layers = createLayers();
  const canvas = select<HTMLCanvasElement, unknown>(element);

  let props = first;
  let unfolded: ReadonlySet<string> = new Set();
  let rack = buildRack(props.replica, { grouping: props.grouping });
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
  const flashes = new Map<string, number>();

  const state = (now = performance.now()): SceneState => ({
    level: props.levelOverride ?? level,
    selection: props.selection,
    filter: props.filter,
    stale: props.stale,
    hover: focus === null || hover?.id !== focus.id ? hover : null,
    focus: focused ? focus : null,
    flashes: flashing(now),
  });

  function flashing(now: number): SceneState['flashes'] {
    if (flashes.size === 0) return [];
    const life = reduced.matches ? STILL_FLASH_MS : FLASH_MS;
    const found: { place: Place; opacity: number }[] = [];
    for (const [id, since] of flashes) {
      const age = now - since;
      if (age > life) flashes.delete(id);
      else
        for (const place of placesOf(props.replica, rack, [id]))
          found.push({ place, opacity: reduced.matches ? 1 : 1 - age / life });
    }
    return found;
  }

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
    const stamp = [theme, standing, built, selection, filterStamp, stale?.badge, shown.level, ratio].join(' ');
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
    if (flashes.size > 0) invalidate();
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
    const transform = zoomIdentity.translate(to.x, to.y).scale(to.scale);
    if (!animate || reduced.matches || !placed) canvas.call((one) => behaviour.transform(one, transform));
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

  const fit = (animate = true): void => goTo(fitView(rack, size), animate);

  function reveal(id: string): void {
    const place = placeOf(props.replica, rack, id);
    if (place === null) return;
    const close = view.scale >= REVEAL_SCALE * 0.5;
    if (close && isInSight(view, size, place.rect)) return;
    const { x, y, w, h } = place.rect;
    goTo(viewAround(x + w / 2, y + h / 2, close ? view.scale : REVEAL_SCALE, size), true);
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
    setHover(place, place === null ? null : onScreen(place));
  };
  const onLeave = (): void => setHover(null, null);

  function toggleFold(node: string): void {
    const next = new Set(unfolded);
    if (!next.delete(node)) next.add(node);
    unfolded = next;
    rack = buildRack(props.replica, { grouping: props.grouping, unfolded, near: rack });
    built++;
    rebuild(true);
  }

  const onClick = (event: MouseEvent): void => {
    const [x, y] = pointOf(event);
    const fold = slotsSeen() ? foldAt(rack, x, y) : null;
    if (fold !== null) {
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
        if (props.replica.records.networkCards.has(focus.id)) toggleFold(rack.boxes.id[focus.box] ?? '');
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

  function zoomBy(factor: number): void {
    // Around the focus where there is one, so that it stays under the eye.
    const about = focused && focus !== null ? focus.rect : null;
    const [least, most] = behaviour.scaleExtent();
    const scale = Math.max(least, Math.min(most, view.scale * factor));
    const { x, y } = centreOf(view, size);
    const px = about === null ? x : about.x + about.w / 2;
    const py = about === null ? y : about.y + about.h / 2;
    const k = scale / view.scale;
    const sx = px * view.scale + view.x;
    const sy = py * view.scale + view.y;
    goTo({ scale, x: sx - (sx - view.x) * k, y: sy - (sy - view.y) * k }, true);
  }

  let commonSaid = '';
  function rebuild(stay: boolean): void {
    facts = createSceneFacts(props.replica, props.networkRanks);
    const { changed, replica, grouping } = props;
    if (!stay || changed == null || !stillStands(rack, replica, changed, grouping, unfolded)) {
      rack = buildRack(replica, { grouping, unfolded, near: stay ? rack : null });
      built++;
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
      // The middle stays in the middle.
      goTo({ ...view, x: view.x + (width - before.width) / 2, y: view.y + (height - before.height) / 2 }, false);
    }
    minimapDue = true;
    if (frameRequest !== 0) cancelAnimationFrame(frameRequest);
    frame(performance.now());
  };
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
      if (next.revision !== before.revision && next.changed != null && next.changed.size < 500) {
        const now = performance.now();
        for (const id of next.changed) if (next.replica.records.interfaces.has(id)) flashes.set(id, now);
      }
      if (regrouped || next.revision !== before.revision || next.networkRanks !== before.networkRanks)
        rebuild(!regrouped && before.revision > 0 && rack.boxes.id.length > 0);
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
