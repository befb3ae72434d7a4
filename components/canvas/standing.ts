/** What the parts of a stage share: one mutable object, written where the comments say. */

import { slotScale, type Level } from '../../lib/layout/rack/level';
import type { Rack } from '../../lib/layout/rack/rack';
import type { SceneFacts } from '../../lib/layout/scene/facts';
import type { CanvasProps } from './props';
import type { Size, View } from '../../lib/layout/picture/rect';
import type { Place } from '../../lib/layout/places/places';

export interface Standing {
  readonly element: HTMLCanvasElement;
  /** By `update`, with rack, facts and what is unfolded. */
  props: CanvasProps;
  rack: Rack;
  facts: SceneFacts;
  unfolded: ReadonlySet<string>;
  /** By the eye: CSS pixels of the element, device pixels to one of them, where one looks, and what is drawn there. */
  size: Size;
  ratio: number;
  view: View;
  level: Level;
  /** Whether there is a view at all; and whether it is moving under a hand or a transition. */
  placed: boolean;
  moving: boolean;
  /** By the pointer; by the keyboard. */
  hover: Place | null;
  focus: Place | null;
  /** Whether the keyboard is in the picture. */
  focused: boolean;
}

/** The scale at which the level shows slots; 0 where it does not. */
export const slotsSeen = ({ level, view }: Standing): number => slotScale(level, view.scale);

/** A place in the window, for what is shown beside it. */
export function onScreen({ element, view }: Standing, { rect }: Place): DOMRect {
  const box = element.getBoundingClientRect();
  const { x, y, w, h } = rect;
  return new DOMRect(
    box.left + x * view.scale + view.x,
    box.top + y * view.scale + view.y,
    w * view.scale,
    h * view.scale,
  );
}
