/** The description of a place, beside it; does not cover the selected slot's wire if there is room elsewhere. */
import { useLayoutEffect, useRef } from 'react';
import type { Description } from '../../lib/view/describe';

interface Props {
  readonly description: Description;
  /** The place on screen, in CSS pixels of the window. */
  readonly at: DOMRect;
  /** Preferred side. Otherwise wherever there is room, above last, because a selected slot's wire leaves upwards. */
  readonly side?: Side;
}

/** Preferred side of the place. */
export type Side = 'below' | 'above';

const GAP = 8;

/** Describes the hovered or focused place, beside it and inside the window. */
export default function Tooltip({ description, at, side = 'below' }: Props) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const { width, height } = element.getBoundingClientRect();
    const x = Math.max(GAP, Math.min(window.innerWidth - width - GAP, at.left));
    const y = Math.max(GAP, Math.min(window.innerHeight - height - GAP, at.top));
    const below = { x, y: at.bottom + GAP };
    const above = { x, y: at.top - GAP - height };
    const left = { x: at.left - GAP - width, y };
    const right = { x: at.right + GAP, y };
    const fits = (place: { readonly x: number; readonly y: number }): boolean =>
      place.x >= GAP &&
      place.y >= GAP &&
      place.x + width <= window.innerWidth - GAP + 1 &&
      place.y + height <= window.innerHeight - GAP + 1;
    const order = side === 'above' ? [above, below, left, right] : [below, left, right, above];
    const place = order.find(fits) ?? { x, y: Math.max(GAP, window.innerHeight - height - GAP) };
    element.style.transform = `translate(${Math.round(place.x)}px, ${Math.round(place.y)}px)`;
    element.style.visibility = 'visible';
  }, [at, description, side]);
  return (
    <div
      ref={box}
      aria-hidden="true"
      className="pointer-events-none fixed top-0 left-0 z-30 max-w-90 rounded-md border border-edge bg-surface px-3 py-2 text-12 leading-[17px] text-text2 shadow-lg"
      style={{ visibility: 'hidden' }}
    >
      <p className="font-semibold wrap-anywhere text-ink">{description.title}</p>
      {description.lines.map((line, index) => (
        <p key={index} className="break-words">
          {line}
        </p>
      ))}
    </div>
  );
}
