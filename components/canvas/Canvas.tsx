'use client';
/**
 * The picture: pan, zoom, point, select, walk by keyboard. Everything that is in it can also be read and reached in the
 * table; for a screen reader the canvas is an application that speaks the place that has the focus.
 */
import { useEffect, useImperativeHandle, useLayoutEffect, useRef, useState, type KeyboardEvent, type Ref } from 'react';
import { describe, spoken, type Description } from '../../lib/view/describe';
import { pictureWords } from '../../lib/layout/whole';
import type { CanvasHandle, CanvasProps } from './props';
import { createStage, type Stage } from './stage';
import { Tooltip } from './Tooltip';

const TOOLTIP_MS = 150;

interface Tip {
  readonly description: Description;
  readonly at: DOMRect;
}

const KEYS_IN_WORDS =
  'Arrow keys go to the neighbour, Page Down into a node and Page Up out of it, Space selects, Enter opens, plus and minus zoom, 0 shows the whole, Shift and arrows move the picture.';

export function Canvas({ ref, ...props }: CanvasProps & { readonly ref?: Ref<CanvasHandle> }) {
  const element = useRef<HTMLCanvasElement>(null);
  const stage = useRef<Stage | null>(null);
  const latest = useRef(props);
  const [tip, setTip] = useState<Tip | null>(null);
  const [said, setSaid] = useState('');

  // One stage per element; React's props reach it by `update`, in the effect below.
  useLayoutEffect(() => {
    const canvas = element.current;
    if (canvas === null) return;
    let timer = 0;
    const made = createStage(canvas, latest.current, {
      onPlace(kind, place, at) {
        window.clearTimeout(timer);
        const description = place === null ? null : describe(latest.current.replica, place.id, place.ip);
        if (description === null || at === null) {
          setTip(null);
          return;
        }
        if (kind === 'focus') {
          setSaid(spoken(description));
          setTip({ description, at });
        } else timer = window.setTimeout(() => setTip({ description, at }), TOOLTIP_MS);
      },
    });
    stage.current = made;
    return () => {
      window.clearTimeout(timer);
      made.stop();
      stage.current = null;
    };
  }, []);

  useEffect(() => {
    latest.current = props;
    stage.current?.update(props);
  });

  // The first frames may come before the fonts: draw again when they are here.
  useEffect(() => {
    let alive = true;
    void document.fonts.ready.then(() => {
      if (alive) stage.current?.update(latest.current);
    });
    return () => {
      alive = false;
    };
  }, []);

  useImperativeHandle(ref, (): CanvasHandle => {
    // What makes files is fetched when one is asked for.
    const drawn = async (extent: 'all' | 'seen') => {
      const made = await import('./export');
      if (stage.current === null || element.current === null) throw new Error('The picture is not on the page.');
      const { width, height } = element.current.getBoundingClientRect();
      return { made, picture: made.pictureOf(latest.current, stage.current, { width, height }, extent) };
    };
    return {
      fit: () => stage.current?.fit(),
      zoomBy: (factor) => stage.current?.zoomBy(factor),
      svg: async (extent) => {
        const { made, picture } = await drawn(extent);
        return made.svgOf(picture, latest.current.theme);
      },
      png: async (extent) => {
        const { made, picture } = await drawn(extent);
        return made.pngOf(picture, latest.current.theme);
      },
      focus: () => element.current?.focus(),
    };
  }, []);

  const onKey = (event: KeyboardEvent): void => {
    if (stage.current?.onKey(event.nativeEvent) !== true) return;
    event.preventDefault();
    event.stopPropagation();
  };

  const { title, description } = pictureWords(props.replica);
  // Widths come from a table of proportional figures: tabular ones, and Inter's tabular hyphen, are wider.
  return (
    <>
      <canvas
        ref={element}
        tabIndex={0}
        role="application"
        aria-roledescription="map"
        aria-label={title}
        aria-describedby="canvas-words"
        className="block h-full w-full cursor-grab touch-none normal-nums outline-none"
        onKeyDown={onKey}
        onFocus={(event) => {
          if (event.currentTarget.matches(':focus-visible')) stage.current?.focus(true);
        }}
        onBlur={() => stage.current?.focus(false)}
      />
      <p id="canvas-words" className="sr-only">
        {description} {KEYS_IN_WORDS} The same is in the view Interfaces as a table.
      </p>
      <p role="status" aria-live="polite" className="sr-only">
        {said}
      </p>
      {tip !== null && <Tooltip description={tip.description} at={tip.at} />}
    </>
  );
}
