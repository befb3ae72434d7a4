/**
 * The topology on a canvas element: connects picture, viewport, pointer, keyboard, flashes and painter. `update` takes
 * new props, until `stop`.
 */
import { centreOf } from '../../lib/layout/camera';
import type { Rect, View } from '../../lib/layout/picture/rect';
import { boxesIn, type Place } from '../../lib/layout/places/places';
import type { Rack } from '../../lib/layout/rack/rack';
import type { SceneFacts } from '../../lib/layout/scene/facts';
import type { SceneState } from '../../lib/layout/scene/scene';
import { CurrentPicture } from './current-picture';
import { FramePainter } from './frame-painter';
import { KeyboardNavigation } from './keyboard';
import type * as later from './later';
import type { Minimap } from './minimap';
import { PointerInput } from './pointer';
import type { CanvasProps } from './props';
import type { SlotFlashes } from './slot-flashes';
import { Viewport } from './viewport';

/** Callbacks of the canvas. */
export interface TopologyCanvasEvents {
  /** The hovered or focused place, and its position on the page; null: none. */
  readonly onPlace: (kind: 'hover' | 'focus', place: Place | null, at: DOMRect | null) => void;
}

/** What is drawn now, for an export of the visible part. */
export interface Snapshot {
  readonly rack: Rack;
  readonly facts: SceneFacts;
  readonly view: View;
  readonly state: SceneState;
}

/** With more nodes in view, none is treated as being looked at. */
const MOST_IN_SIGHT = 400;

function nodesIn(rack: Rack, visible: Rect): ReadonlySet<string> {
  const boxes = boxesIn(rack, visible);
  return new Set(boxes.length > MOST_IN_SIGHT ? [] : boxes.map((box) => rack.boxes.id[box] ?? ''));
}

/** The canvas without React: drawing, pointer, keyboard and viewport. */
export class TopologyCanvas {
  readonly #element: HTMLCanvasElement;
  readonly #picture: CurrentPicture;
  readonly #viewport: Viewport;
  readonly #pointer: PointerInput;
  readonly #keyboard: KeyboardNavigation;
  /** Loaded after the first picture: earlier changes do not flash. */
  #flashes: SlotFlashes | null = null;
  #stopped = false;
  readonly #painter: FramePainter;
  readonly #observer: ResizeObserver;
  #minimap: Minimap | null = null;
  #minimapElement: HTMLCanvasElement | null = null;
  /** Whether a picture has been drawn; code that it does not need is loaded afterwards. */
  #isPainted = false;
  #late: typeof later | 'not loaded' | 'loading' = 'not loaded';

  constructor(element: HTMLCanvasElement, props: CanvasProps, events: TopologyCanvasEvents) {
    this.#element = element;
    this.#picture = new CurrentPicture(props);
    const onFold = (node: string): void => this.#toggleFold(node);
    const placed = (kind: 'hover' | 'focus', place: Place | null): void => {
      events.onPlace(kind, place, place === null ? null : this.#viewport.onPage(place));
      this.#painter.invalidate();
    };
    this.#viewport = new Viewport(element, this.#picture, {
      focused: () => this.#keyboard.focused,
      onMove: () => {
        this.#pointer.leave();
        this.#painter.keepBusy();
        this.#painter.invalidateMinimap();
      },
      onRest: () => this.#rest(),
    });
    this.#pointer = new PointerInput(element, this.#picture, this.#viewport, {
      onFold,
      onHover: (place) => placed('hover', place),
      onClick: (place) => {
        this.#keyboard.startAt(place);
        this.#picture.props.onSelect(place?.id ?? null, place === null ? null : { ip: place.ip });
      },
    });
    this.#keyboard = new KeyboardNavigation(this.#picture, this.#viewport, {
      onFold,
      onFocus: (place) => placed('focus', place),
    });
    this.#painter = new FramePainter(element, this.#picture, this.#viewport, {
      state: (now) => this.#state(now),
      onPainted: (now) => this.#flashes?.next(now, this.#viewport.reducedMotion, this.#painter.invalidate),
    });
    this.#observer = new ResizeObserver(() => this.#resize());
    this.#observer.observe(element);
    this.#attachMinimap(props.minimap ?? null);
  }

  update(given: CanvasProps): void {
    const picture = this.#picture;
    const before = picture.props;
    const change = given.changesSince?.(before.revision);
    const changed = change?.everything === false ? change.ids : null;
    // Records that have only arrived change nothing at the far levels, which draw the counts of the head.
    const only = changed?.size === 0 && given.replica === before.replica && this.#viewport.level === 'tile';
    const next = only ? { ...given, revision: before.revision } : given;
    picture.props = next;
    picture.revision = given.revision;
    this.#attachMinimap(next.minimap ?? null);
    if (next.filter !== before.filter) this.#painter.filterChanged();
    const asked = next.viewTarget !== before.viewTarget ? next.viewTarget : null;
    const regrouped =
      next.grouping !== before.grouping ||
      next.order !== before.order ||
      String(next.folded) !== String(before.folded) ||
      asked?.to === 'arrange';
    if (next.revision !== before.revision)
      this.#flashes?.see(next.replica, changed, change?.before ?? new Map(), performance.now());
    const recoloured = next.networkRanks !== before.networkRanks || next.paint !== before.paint;
    if (recoloured) picture.version++;
    if (regrouped || recoloured || next.revision !== before.revision)
      this.#follow(!regrouped && before.revision > 0 && picture.rack.boxes.id.length > 0, changed);
    else if (next.now !== before.now && next.now !== null && picture.passTime(next.now)) this.#refresh();
    if (regrouped && this.#viewport.placed) this.#viewport.fit();
    if (asked !== null && this.#viewport.placed) {
      if (asked.to === 'fit') this.#viewport.fit();
      else if (asked.to === 'record') this.#viewport.reveal(asked.id);
    }
    this.#viewport.revealAwaited();
    this.#loadLater();
    if (next.filter !== before.filter || next.theme !== before.theme || next.selection !== before.selection)
      this.#painter.invalidateMinimap();
    this.#painter.invalidate();
  }

  fit(): void {
    this.#viewport.fit();
  }

  showTiles(): void {
    this.#viewport.showTiles();
  }

  zoomBy(factor: number): void {
    this.#viewport.zoomBy(factor);
  }

  /** Handles a key; returns whether it was one of the picture's. */
  onKey(event: KeyboardEvent): boolean {
    return this.#keyboard.onKey(event);
  }

  /** Keyboard focus enters or leaves the picture. */
  focus(inside: boolean): void {
    this.#keyboard.enter(inside);
  }

  snapshot(): Snapshot {
    const { rack, facts } = this.#picture;
    return { rack, facts, view: this.#viewport.view, state: this.#state(performance.now()) };
  }

  stop(): void {
    this.#stopped = true;
    this.#observer.disconnect();
    this.#flashes?.stop();
    this.#attachMinimap(null);
    this.#painter.stop();
    this.#viewport.stop();
    this.#pointer.stop();
  }

  #state(now: number): SceneState {
    const { selection, filter, stale, now: moment, above = null } = this.#picture.props;
    const { place, focused } = this.#keyboard;
    const { hover } = this.#pointer;
    return {
      level: this.#viewport.level,
      selection,
      filter,
      stale,
      now: moment,
      hover: place === null || hover?.id !== place.id ? hover : null,
      focus: focused,
      flashes: this.#flashes?.at(now, this.#picture, this.#viewport) ?? [],
      above,
    };
  }

  #follow(stay: boolean, changed: Iterable<string> | null): void {
    const wasWhole = this.#viewport.isWhole();
    const isNew = this.#picture.follow(stay, changed);
    if (isNew && wasWhole && this.#viewport.placed) this.#viewport.fit(false);
    this.#refresh();
  }

  #toggleFold(node: string): void {
    this.#picture.toggleFold(node);
    this.#refresh();
  }

  /** Called when the rack or the facts are new. */
  #refresh(): void {
    this.#pointer.refresh();
    this.#keyboard.refresh();
    this.#viewport.limit();
    this.#painter.invalidateMinimap();
  }

  #rest(): void {
    this.#painter.invalidate();
    const { view, size, level, visible } = this.#viewport;
    this.#picture.props.onSight?.(nodesIn(this.#picture.rack, visible));
    const whole = this.#viewport.isWhole();
    this.#picture.props.onViewChange({ ...centreOf(view, size), scale: view.scale, level, whole });
  }

  #resize(): void {
    const element = this.#element;
    const { width, height } = element.getBoundingClientRect();
    const ratio = window.devicePixelRatio || 1;
    if (!this.#viewport.resize({ width, height }, ratio)) return;
    element.width = Math.round(width * ratio);
    element.height = Math.round(height * ratio);
    if (width === 0 || height === 0) return;
    this.#painter.invalidateMinimap();
    this.#painter.paintNow();
    this.#isPainted = true;
    this.#loadLater();
  }

  /** Loads the code that the first picture does not need; if it cannot be loaded, the next change tries again. */
  #loadLater(): void {
    if (!this.#isPainted || this.#late !== 'not loaded') return;
    this.#late = 'loading';
    import('./later').then(
      (late) => {
        this.#late = late;
        if (this.#stopped) return;
        this.#viewport.beginGestures(late.createGestures);
        this.#painter.drawChangesBy(late.drawChanged);
        this.#picture.checkBy(late.isStillValid);
        this.#flashes = new late.SlotFlashes();
        this.#showMinimap();
      },
      () => void (this.#late = 'not loaded'),
    );
  }

  #attachMinimap(next: HTMLCanvasElement | null): void {
    if (this.#minimapElement === next) return;
    this.#minimapElement = next;
    this.#minimap?.stop();
    this.#minimap = null;
    this.#painter.showMinimap(null);
    this.#showMinimap();
  }

  #showMinimap(): void {
    const element = this.#minimapElement;
    const late = this.#late;
    if (element === null || typeof late === 'string') return;
    this.#minimap = new late.Minimap(element, {
      rack: () => this.#picture.rack,
      centreOn: (x, y, animated) => this.#viewport.centreOn(x, y, animated),
    });
    this.#painter.showMinimap(this.#minimap);
  }
}
