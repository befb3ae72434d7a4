/**
 * Where one looks: the view, how it moves, and what it moves to. Every movement ends in `onView`, whoever makes it; a place
 * that is asked for comes whole into the window, and what was in sight stays there when the window changes.
 */
import { centreOf, fitView, isInSight, scaleExtent, viewAround, withoutVoid } from '../../lib/layout/camera';
import { levelAt } from '../../lib/layout/rack/level';
import { nearestPlace } from '../../lib/layout/places/neighbour';
import { boxRect } from '../../lib/layout/rack/rack';
import type { Hand } from './hand';
import type { Standing } from './standing';
import { type Size, type Rect, visibleRect, type View } from '../../lib/layout/picture/rect';
import { placeOf } from '../../lib/layout/places/find';
import type { Place } from '../../lib/layout/places/places';

const MOVE_MS = 200;
/** A jump to a record shows its node at life size at least, with every word of it. */
const REVEAL_SCALE = 1;
/** Kept free around the node that is jumped to. */
const REVEAL_MARGIN = 40;

export interface Eye {
  goTo(view: View, animate: boolean): void;
  /** The whole in the window. */
  fit(animate?: boolean): void;
  /** Whether the view shows the whole as `fit` left it. */
  isWhole(): boolean;
  /** Brings a record into sight, unless it is there. */
  reveal(id: string): void;
  zoomBy(factor: number): void;
  /** The rack has another size: so have the bounds. */
  limit(): void;
  /** The window has another size. */
  resized(before: Size): void;
  /** The first view, from the address or the whole. */
  begin(): void;
  /** There is a picture to move: pan and zoom are fetched. */
  takeHand(): void;
  stop(): void;
}

export function createEye(on: Standing, onView: () => void): Eye {
  const reduced = window.matchMedia('(prefers-reduced-motion: reduce)');
  let hand: Hand | null = null;
  let fetching = false;
  let stopped = false;
  /** The view that shows the whole, as long as nobody has moved it. */
  let fitted: View | null = null;
  /** The record that a running movement goes to: a panel that opens meanwhile does not make it miss. */
  let aim: { readonly id: string; readonly scale: number; readonly until: number } | null = null;

  const look = (view: View): void => {
    on.view = view;
    on.level = levelAt(view.scale, on.placed ? on.level : null);
    on.placed = true;
    onView();
  };

  const goTo = (view: View, animate: boolean): void => {
    aim = null;
    if (hand === null) look(view);
    else hand.goTo(view, animate && !reduced.matches && on.placed ? MOVE_MS : 0);
  };

  const limit = (): void => {
    const scale = scaleExtent(on.rack, on.size);
    const room = Math.max(on.size.width, on.size.height) / 2 / scale[0];
    hand?.bound({ scale, translate: [-room, -room, on.rack.width + room, on.rack.height + room], size: on.size });
  };

  const within = (scale: number): number => {
    const [least, most] = scaleExtent(on.rack, on.size);
    return Math.max(least, Math.min(most, scale));
  };

  const fit = (animate = true): void => {
    const whole = fitView(on.rack, on.size);
    goTo(whole, animate);
    fitted = whole;
  };

  const inSight = (place: Place): boolean => isInSight(on.view, on.size, place.rect);

  /** The middle of the place's node where the node fits into the window, else of the place itself. */
  const middleOf = (place: Place, scale: number): { readonly x: number; readonly y: number } => {
    const box = boxRect(on.rack, place.box);
    const room = { width: on.size.width - REVEAL_MARGIN, height: on.size.height - 2 * REVEAL_MARGIN };
    const x = box.w * scale <= room.width ? box : place.rect;
    const y = box.h * scale <= room.height ? box : place.rect;
    return { x: x.x + x.w / 2, y: y.y + y.h / 2 };
  };

  const goToRecord = (id: string, scale: number): void => {
    const place = placeOf(on.props.replica, on.rack, id);
    if (place === null) return;
    const { x, y } = middleOf(place, scale);
    goTo(withoutVoid(viewAround(x, y, scale, on.size), on.rack, on.size), true);
    aim = { id, scale, until: performance.now() + 2 * MOVE_MS };
  };

  const selectedPlace = (): Place | null =>
    on.props.selection === null ? null : placeOf(on.props.replica, on.rack, on.props.selection);

  /** What stays under the eye: the focus, else the selection, else, where slots get their words, a slot near the middle. */
  const anchorOf = (scale: number): Rect | null => {
    if (on.focused && on.focus !== null) return on.focus.rect;
    const selected = selectedPlace();
    if (selected !== null && isInSight(on.view, on.size, { ...selected.rect, w: 0, h: 0 })) return selected.rect;
    if (levelAt(scale) !== 'labelled') return null;
    return nearestPlace(on.props.replica, on.rack, visibleRect(on.view, on.size), scale)?.rect ?? null;
  };

  /** A panel that opens moves nothing; only a selection that it would leave outside is brought back. */
  const keepInSight = (before: Size): void => {
    const place = selectedPlace();
    if (place === null || inSight(place) || !isInSight(on.view, before, place.rect)) goTo(on.view, false);
    else goToRecord(place.id, on.view.scale);
  };

  const reveal = (id: string): void => {
    const place = placeOf(on.props.replica, on.rack, id);
    if (place === null) return;
    if (on.view.scale >= REVEAL_SCALE && inSight(place)) return;
    goToRecord(id, Math.max(on.view.scale, REVEAL_SCALE));
  };

  return {
    goTo,
    fit,
    limit,
    reveal,
    isWhole: () =>
      fitted !== null && fitted.x === on.view.x && fitted.y === on.view.y && fitted.scale === on.view.scale,
    zoomBy(factor) {
      const { view } = on;
      const scale = within(view.scale * factor);
      const about = anchorOf(scale);
      if (about !== null && levelAt(scale) === 'labelled' && on.level !== 'labelled') {
        goTo(
          withoutVoid(viewAround(about.x + about.w / 2, about.y + about.h / 2, scale, on.size), on.rack, on.size),
          true,
        );
        return;
      }
      const { x, y } = centreOf(view, on.size);
      const px = about === null ? x : about.x + about.w / 2;
      const py = about === null ? y : about.y + about.h / 2;
      const k = scale / view.scale;
      const sx = px * view.scale + view.x;
      const sy = py * view.scale + view.y;
      goTo(withoutVoid({ scale, x: sx - (sx - view.x) * k, y: sy - (sy - view.y) * k }, on.rack, on.size), true);
    },
    resized(before) {
      limit();
      if (aim !== null && aim.until > performance.now()) goToRecord(aim.id, aim.scale);
      else keepInSight(before);
    },
    begin() {
      const { initialView, viewTarget } = on.props;
      // A view is anybody's address: no nearer and no farther than a hand could go.
      if (initialView === null) fit(false);
      else goTo(viewAround(initialView.x, initialView.y, within(initialView.scale), on.size), false);
      if (viewTarget?.to === 'record') reveal(viewTarget.id);
    },
    takeHand() {
      if (fetching) return;
      fetching = true;
      void import('./hand').then(({ createHand }) => {
        if (stopped) return;
        hand = createHand(on.element, on.view, look);
        limit();
      });
    },
    stop() {
      stopped = true;
      hand?.stop();
    },
  };
}
