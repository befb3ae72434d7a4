/**
 * The link diagram of one node. Hover or keyboard focus highlights one path; Enter or a click keeps it. Arrow keys
 * follow the wires.
 */
import { useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { focusLit, focusPicture } from '../../lib/layout/diagram/focus';
import { besidePath, layoutFocus, type BesidePath, type FocusLayout } from '../../lib/layout/diagram/focus-layout';
import { focusNeighbour, focusPlaceOf } from '../../lib/layout/diagram/focus-neighbour';
import type { Direction } from '../../lib/layout/places/neighbour';
import type { Rect } from '../../lib/layout/picture/rect';
import type { Theme } from '../../lib/layout/picture/tokens';
import { describe, spoken, type Description } from '../../lib/view/describe';
import type { NetworkRanks } from '../../lib/view/network-colours';
import type { ViewSource } from '../../lib/view/view-source';
import { Diagram } from './Diagram';
import Tooltip from './Tooltip';
import { useWidth } from './useWidth';

interface Props {
  readonly replica: ViewSource;
  readonly revision: number;
  readonly networkRanks: NetworkRanks;
  readonly theme: Theme;
  /** Node record id. */
  readonly node: string;
  /** Record id: an interface or pod of this node keeps its path highlighted. */
  readonly selection: string | null;
  readonly onSelect: (id: string) => void;
}

/** The interface whose path is highlighted for a record. */
function pathOf(layout: FocusLayout, id: string | null): string | null {
  if (id === null) return null;
  if (layout.rowOf.has(id)) return id;
  return layout.pods.find(({ pod }) => pod.id === id)?.rows[0]?.record.id ?? null;
}

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowDown: 'down',
  ArrowUp: 'up',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};

interface Pointed {
  readonly id: string;
  /** Whether the pointer is nearer to the ENI than to the pod. */
  readonly atEni: boolean;
}

/** The diagram of one node: every wire from pod to card. */
export function FocusView({ replica, revision, networkRanks, theme, node, selection, onSelect }: Props) {
  const [box, width] = useWidth<HTMLDivElement>();
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const [focused, setFocused] = useState<string | null>(null);
  const layout = useMemo(
    // The replica is one mutable object: its revision changes with its content.
    () => (width === null || revision < 0 ? null : layoutFocus(replica, networkRanks, node, width)),
    [replica, revision, networkRanks, node, width],
  );
  const picture = useMemo(() => (layout === null ? null : focusPicture(layout)), [layout]);
  const focusedPlace = layout === null ? null : focusPlaceOf(layout, focused);
  const path =
    layout === null
      ? null
      : (pathOf(layout, pointed?.id ?? null) ?? pathOf(layout, focused) ?? pathOf(layout, selection));
  const said: Description | null = focused === null ? null : describe(replica, focused, null);
  const tipFor = pointed?.id ?? focused;
  const tip = tipFor === null ? null : describe(replica, tipFor, null);
  const [origin, setOrigin] = useState<DOMRect | null>(null);
  const picturePlace = useRef<HTMLDivElement>(null);

  const onKey = (event: KeyboardEvent<HTMLElement>): void => {
    const direction = DIRECTIONS[event.key];
    if (direction !== undefined && layout !== null) {
      event.preventDefault();
      const next = focusNeighbour(layout, focused ?? path, direction) ?? focusedPlace;
      setFocused(next?.id ?? null);
      if (next !== null) bringIntoSight(event.currentTarget, next.rect);
      setOrigin(picturePlace.current?.getBoundingClientRect() ?? null);
    } else if (event.key === 'Enter' && focused !== null) {
      event.preventDefault();
      onSelect(focused);
    }
  };

  return (
    <div
      ref={box}
      tabIndex={0}
      role="application"
      aria-roledescription="link diagram"
      aria-label={picture?.title ?? 'Link diagram'}
      className="scroll-thin h-full w-full overflow-auto outline-none focus-visible:ring-2 focus-visible:ring-sel focus-visible:ring-inset"
      onKeyDown={onKey}
      onBlur={() => setFocused(null)}
    >
      {layout !== null && picture !== null && (
        <div ref={picturePlace}>
          <Diagram
            picture={picture}
            theme={theme}
            onPick={onSelect}
            onPoint={(id, event) => {
              if (id === null || pathOf(layout, id) === null) setPointed(null);
              else {
                const at = picturePlace.current?.getBoundingClientRect() ?? null;
                setOrigin(at);
                const { interfacesEnd, enis } = layout.columns;
                const atEni = event.clientX - (at?.left ?? 0) > (interfacesEnd + enis) / 2;
                if (id !== pointed?.id || atEni !== pointed.atEni) setPointed({ id, atEni });
              }
            }}
          >
            {path !== null && (
              <div aria-hidden className="pointer-events-none absolute inset-0">
                <Diagram
                  picture={{ ...picture, title: '', description: '', marks: focusLit(layout, path) }}
                  theme={theme}
                />
              </div>
            )}
            {focusedPlace !== null && <FocusRing rect={focusedPlace.rect} />}
          </Diagram>
        </div>
      )}
      {layout === null && width !== null && (
        <p className="p-4 text-13 text-text2">This node is not in the record set.</p>
      )}
      <p role="status" aria-live="polite" className="sr-only">
        {said === null ? '' : spoken(said)}
      </p>
      {tip !== null && layout !== null && (
        <PathTooltip
          description={tip}
          place={
            pointed === null && focusedPlace !== null && path !== focused
              ? { rect: focusedPlace.rect, below: true }
              : path === null
                ? null
                : besidePath(layout, path, pointed?.atEni ?? false)
          }
          origin={origin}
        />
      )}
    </div>
  );
}

/** Scrolls a place into view, in both directions: in a narrow window the diagram is wider than its frame. */
function bringIntoSight(scroller: HTMLElement, { x, y, w, h }: Rect): void {
  const MARGIN = 40;
  const middle = (from: number, size: number, seen: number): number => from + size / 2 - seen / 2;
  if (y < scroller.scrollTop + MARGIN || y + h > scroller.scrollTop + scroller.clientHeight - MARGIN)
    scroller.scrollTop = middle(y, h, scroller.clientHeight);
  if (x < scroller.scrollLeft || x + w > scroller.scrollLeft + scroller.clientWidth)
    scroller.scrollLeft = middle(x, w, scroller.clientWidth);
}

/** The keyboard focus: a ring of 2 px with a gap of 2 px. */
function FocusRing({ rect: { x, y, w, h } }: { readonly rect: Rect }) {
  return (
    <div
      aria-hidden
      className="pointer-events-none absolute rounded-md border-2 border-sel"
      style={{ left: x - 4, top: y - 4, width: w + 8, height: h + 8 }}
    />
  );
}

interface PathTooltipProps {
  readonly description: Description;
  readonly place: BesidePath | null;
  /** The picture's rectangle on screen. */
  readonly origin: DOMRect | null;
}

function PathTooltip({ description, place, origin }: PathTooltipProps) {
  if (place === null || origin === null) return null;
  const { x, y, w, h } = place.rect;
  return (
    <Tooltip
      description={description}
      at={new DOMRect(origin.left + x, origin.top + y, w, h)}
      side={place.below ? 'below' : 'above'}
    />
  );
}
