/**
 * The picture on a canvas element: holds the rack, draws a frame when something changed, and hands pointer, keys and
 * movements to its parts. Not React: one object per element, told of new props by `update`, ended by `stop`.
 */
import { centreOf, viewAround } from '../../lib/layout/camera';
import type { ViewSource } from '../../lib/view/view-source';
import { buildRack } from '../../lib/layout/rack/build';
import { hasBlocks, type Rack } from '../../lib/layout/rack/rack';
import { stillStands } from '../../lib/layout/rack/still-valid';
import { waitingBetween } from '../../lib/layout/rack/waiting';
import { createSceneFacts, type SceneFacts } from '../../lib/layout/scene/facts';
import { sceneAbove, type SceneState } from '../../lib/layout/scene/scene';
import { colourOf } from '../../lib/layout/picture/tokens';
import { createBrush, createPatterns } from './draw/brush';
import { drawMarks } from './draw/marks';
import { createEye } from './eye';
import { createFlashes } from './flashes';
import { createLayers, type LayerInput } from './layers';
import { drawMinimap, minimapPoint } from './minimap';
import { createPointing } from './pointing';
import type { CanvasProps } from './props';
import type { Standing } from './standing';
import { createWalk } from './walk';
import type { View } from '../../lib/layout/picture/rect';
import { placeOf } from '../../lib/layout/places/find';
import type { Place } from '../../lib/layout/places/places';

const REST_MS = 110;
/** After this long without a frame there is time to prepare for the next movement. */
const IDLE_MS = 400;

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

const isStarting = (source: ViewSource): boolean =>
  [...source.records.sources.values()].some(({ state }) => state === 'starting');

export function createStage(element: HTMLCanvasElement, first: CanvasProps, events: StageEvents): Stage {
  const context = element.getContext('2d', { alpha: false });
  if (context === null) throw new Error('This browser offers no 2D canvas.');
  const reduced = window.matchMedia('(prefers-reduced-motion: reduce)');
  const patterns = createPatterns();
  const layers = createLayers();
  const flashes = createFlashes(first.replica);
  const on: Standing = {
    element,
    props: first,
    rack: buildRack(first.replica, { grouping: first.grouping, now: first.now }),
    facts: createSceneFacts(first.replica, first.networkRanks),
    unfolded: new Set(),
    size: { width: 0, height: 0 },
    ratio: 1,
    view: { scale: 1, x: 0, y: 0 },
    level: 'slots',
    placed: false,
    moving: false,
    hover: null,
    focus: null,
    focused: false,
  };
  let restTimer = 0;
  let idleTimer = 0;
  let frameRequest = 0;
  let minimapDue = true;
  let filterStamp = 0;
  /** Counts racks; and the revision whose picture stands while the hand is on it. */
  let built = 0;
  let standing = first.revision;
  /** Whether a source had still to give its first answer at the last look. */
  let starting = isStarting(first.replica);

  const state = (now = performance.now()): SceneState => {
    const { props, hover, focus } = on;
    return {
      level: on.level,
      selection: props.selection,
      filter: props.filter,
      stale: props.stale,
      hover: focus === null || hover?.id !== focus.id ? hover : null,
      focus: on.focused ? focus : null,
      now: props.now,
      flashes: flashes.at(now, props.replica, on.rack, reduced.matches),
    };
  };

  const invalidate = (): void => {
    if (frameRequest === 0) frameRequest = requestAnimationFrame(frame);
  };

  function frame(now: number): void {
    frameRequest = 0;
    const { size, ratio, rack, facts, view, moving, props } = on;
    if (size.width === 0 || size.height === 0 || context === null) return;
    const shown = state(now);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.globalAlpha = 1;
    context.fillStyle = colourOf(props.theme, 'bg');
    context.fillRect(0, 0, size.width, size.height);
    const { stale, theme, selection } = props;
    if (!moving) standing = props.revision;
    const aged = hasBlocks(rack, 'waiting') ? props.now : null;
    const stamp = [theme, standing, built, selection, filterStamp, stale?.badge, aged, ratio].join(' ');
    const input = { rack, facts, view, window: size, state: shown, theme, ratio, stamp, moving };
    const drawn = layers.draw(context, input);
    window.clearTimeout(idleTimer);
    if (!moving && drawn === 'whole') prepareLater(input);
    drawMarks(createBrush(context, theme, ratio, patterns), sceneAbove(rack, facts, view, shown, 0));
    if (minimapDue && props.minimap != null) {
      minimapDue = false;
      drawMinimap(props.minimap, input);
    }
    flashes.next(now, reduced.matches, invalidate);
    if (drawn === 'underway' || (drawn === 'coarse' && !moving)) invalidate();
    // What the eye sees, for tests and measurements.
    if (rack.boxes.id.length > 0 && drawn === 'whole') element.dataset['revision'] = String(standing);
  }

  /** Once nothing has been drawn for a while, and then a little at a time. */
  const prepareLater = (input: LayerInput, wait = IDLE_MS): void => {
    idleTimer = window.setTimeout(() => {
      if (layers.prepare(input)) prepareLater(input, 0);
    }, wait);
  };

  const settle = (): void => {
    on.moving = false;
    invalidate();
    const { x, y } = centreOf(on.view, on.size);
    on.props.onViewChange({ x, y, scale: on.view.scale, level: on.level, whole: eye.isWhole() });
  };

  const eye = createEye(on, () => {
    on.moving = true;
    window.clearTimeout(idleTimer);
    minimapDue = true;
    pointing.leave();
    window.clearTimeout(restTimer);
    restTimer = window.setTimeout(settle, REST_MS);
    invalidate();
  });

  const pointing = createPointing(on, {
    onFold: toggleFold,
    onHover(place, at) {
      events.onPlace('hover', place, at);
      invalidate();
    },
  });

  const walk = createWalk(on, eye, {
    onFold: toggleFold,
    onFocus(place, at) {
      events.onPlace('focus', place, at);
      invalidate();
    },
  });

  function toggleFold(node: string): void {
    const next = new Set(on.unfolded);
    if (!next.delete(node)) next.add(node);
    on.unfolded = next;
    rackAnew(on.rack);
    rebuild(true, []);
  }

  function rackAnew(near: Rack | null): void {
    const { replica, grouping, now } = on.props;
    on.rack = buildRack(replica, { grouping, unfolded: on.unfolded, near, now });
    built++;
  }

  function rebuild(stay: boolean, changed: Iterable<string> | null): void {
    const { replica, grouping, now, networkRanks } = on.props;
    on.facts = createSceneFacts(replica, networkRanks);
    // What the first answers bring is no change to stay close to, but the picture itself.
    const fresh = starting;
    starting = isStarting(replica);
    if (!stay || changed === null || !stillStands(on.rack, replica, changed, grouping, on.unfolded, now)) {
      const untouched = eye.isWhole();
      rackAnew(stay && !fresh ? on.rack : null);
      if (stay && fresh && untouched && on.placed) eye.fit(false);
    }
    if (on.hover !== null) on.hover = refreshed(on.hover);
    if (on.focus !== null) on.focus = refreshed(on.focus);
    eye.limit();
    minimapDue = true;
    invalidate();
  }

  /** Time alone moves a box only where a pod has now waited too long. */
  function passTime(now: number): void {
    if (waitingBetween(on.props.replica, on.rack.now, now).length === 0) return;
    rackAnew(on.rack);
    rebuild(true, []);
  }

  /** The same thing where it stands now; a warm slot is found again by its ENI only. */
  function refreshed(place: Place): Place | null {
    const now = placeOf(on.props.replica, on.rack, place.id);
    if (now === null) return null;
    return place.ip !== null && now.ip !== place.ip ? { ...place, box: now.box } : now;
  }

  const resize = (): void => {
    const { width, height } = element.getBoundingClientRect();
    const ratio = window.devicePixelRatio || 1;
    const before = on.size;
    if (width === before.width && height === before.height && ratio === on.ratio) return;
    on.size = { width, height };
    on.ratio = ratio;
    element.width = Math.round(width * ratio);
    element.height = Math.round(height * ratio);
    if (width === 0 || height === 0) return;
    if (on.placed) eye.resized(before);
    else eye.begin();
    minimapDue = true;
    if (frameRequest !== 0) cancelAnimationFrame(frameRequest);
    frame(performance.now());
    eye.takeHand();
  };

  const observer = new ResizeObserver(resize);
  observer.observe(element);

  const onMinimap = (event: PointerEvent): void => {
    const map = on.props.minimap;
    if (map == null || (event.type === 'pointermove' && event.buttons === 0)) return;
    const [x, y] = minimapPoint(map, on.rack, event);
    eye.goTo(viewAround(x, y, on.view.scale, on.size), event.type === 'pointerdown');
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
  attachMinimap(first.minimap ?? null);

  return {
    update(next) {
      const before = on.props;
      on.props = next;
      attachMinimap(next.minimap ?? null);
      if (next.filter !== before.filter) filterStamp++;
      const regrouped = next.grouping !== before.grouping || next.replica !== before.replica;
      if (next.revision !== before.revision || next.replica !== before.replica)
        flashes.see(next.replica, next.changed ?? null, performance.now());
      const recoloured = next.networkRanks !== before.networkRanks;
      if (recoloured) built++;
      if (regrouped || recoloured || next.revision !== before.revision)
        rebuild(!regrouped && before.revision > 0 && on.rack.boxes.id.length > 0, next.changed ?? null);
      else if (next.now !== before.now && next.now !== null) passTime(next.now);
      if (regrouped && on.placed) eye.fit();
      if (next.viewTarget !== before.viewTarget && next.viewTarget !== null && on.placed) {
        if (next.viewTarget.to === 'fit') eye.fit();
        else eye.reveal(next.viewTarget.id);
      }
      if (next.filter !== before.filter || next.theme !== before.theme || next.selection !== before.selection)
        minimapDue = true;
      invalidate();
    },
    fit: () => eye.fit(),
    zoomBy: (factor) => eye.zoomBy(factor),
    onKey: (event) => walk.onKey(event),
    focus(inside) {
      walk.enter(inside);
      invalidate();
    },
    picture: () => ({ rack: on.rack, facts: on.facts, view: on.view, state: state() }),
    stop() {
      observer.disconnect();
      flashes.stop();
      attachMinimap(null);
      cancelAnimationFrame(frameRequest);
      window.clearTimeout(restTimer);
      window.clearTimeout(idleTimer);
      eye.stop();
      pointing.stop();
    },
  };
}
