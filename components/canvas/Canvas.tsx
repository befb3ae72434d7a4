/**
 * The picture: pan, zoom, hover, select, keyboard navigation. Everything in it is also in the tables. For screen
 * readers, the canvas is an application that announces the focused place.
 */
import {
  lazy,
  Suspense,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type Ref,
  type RefObject,
} from 'react';
import type { Description } from '../../lib/view/describe';
import { pictureWords } from '../../lib/layout/picture-words';
import type { CanvasHandle, CanvasProps, PictureAsked } from './props';
import { TopologyCanvas } from './topology-canvas';

/** Descriptions and the tooltip are loaded on first use. */
const loadWords = () => import('../../lib/view/describe');
const loadTooltip = () => import('./Tooltip');
const Tooltip = lazy(loadTooltip);

const TOOLTIP_MS = 150;

interface Tip {
  readonly description: Description;
  readonly at: DOMRect;
}

const KEYS_IN_WORDS =
  'Arrow keys move to the neighbour, Page Down enters a node and Page Up leaves it, Space selects, Enter opens, plus and minus zoom, 0 fits the picture, Shift and arrows pan.';

interface DrawnTopology {
  readonly element: RefObject<HTMLCanvasElement | null>;
  readonly topology: RefObject<TopologyCanvas | null>;
  /** The props of the last render. */
  readonly latest: RefObject<CanvasProps>;
  readonly tip: Tip | null;
  /** What a screen reader announces for the focused place. */
  readonly announcement: string;
}

/** Creates one TopologyCanvas per element; passes it the props after every render. */
function useTopology(props: CanvasProps): DrawnTopology {
  const element = useRef<HTMLCanvasElement>(null);
  const topology = useRef<TopologyCanvas | null>(null);
  const latest = useRef(props);
  const [tip, setTip] = useState<Tip | null>(null);
  const [announcement, setAnnouncement] = useState('');

  useLayoutEffect(() => {
    const canvas = element.current;
    if (canvas === null) return;
    let timer = 0;
    /** Number of described places: a description that is loaded late may be for an earlier place. */
    let asked = 0;
    const made = new TopologyCanvas(canvas, latest.current, {
      onPlace(kind, place, at) {
        window.clearTimeout(timer);
        const mine = ++asked;
        if (place === null || at === null) {
          setTip(null);
          return;
        }
        void loadWords().then(({ describe, nodeWords, spoken }) => {
          if (mine !== asked) return;
          const description = describe(latest.current.replica, place.id, place.ip);
          if (description === null) setTip(null);
          else if (kind === 'focus') {
            setAnnouncement(spoken(description, nodeWords(latest.current.replica, place.id)));
            setTip({ description, at });
          } else timer = window.setTimeout(() => setTip({ description, at }), TOOLTIP_MS);
        });
      },
    });
    topology.current = made;
    return () => {
      asked++;
      window.clearTimeout(timer);
      made.stop();
      topology.current = null;
    };
  }, []);

  useEffect(() => {
    latest.current = props;
    topology.current?.update(props);
  });

  // The first frames may be drawn before the fonts are loaded: draw again afterwards.
  useEffect(() => {
    let alive = true;
    void document.fonts.ready.then(() => {
      if (alive) topology.current?.update(latest.current);
    });
    return () => {
      alive = false;
    };
  }, []);

  return { element, topology, latest, tip, announcement };
}

type Refs = Pick<DrawnTopology, 'element' | 'topology' | 'latest'>;

function handleOf({ element, topology, latest }: Refs): CanvasHandle {
  // The code that writes files is loaded on the first export.
  const drawn = async ({ extent }: PictureAsked) => {
    const files = await import('./export');
    if (topology.current === null || element.current === null) throw new Error('The picture is not on the page.');
    const { width, height } = element.current.getBoundingClientRect();
    return { files, picture: files.pictureOf(latest.current, topology.current, { width, height }, extent) };
  };
  return {
    fit: () => topology.current?.fit(),
    showTiles: () => topology.current?.showTiles(),
    zoomBy: (factor) => topology.current?.zoomBy(factor),
    svg: async (asked) => {
      const { files, picture } = await drawn(asked);
      return files.svgOf(picture, asked.theme, asked.scale);
    },
    png: async (asked) => {
      const { files, picture } = await drawn(asked);
      return files.pngOf(picture, asked.theme, asked.scale);
    },
  };
}

/** The picture of the cluster, with its tooltip and screen reader announcements. */
export function Canvas({ ref, ...props }: CanvasProps & { readonly ref?: Ref<CanvasHandle> }) {
  const { element, topology, latest, tip, announcement } = useTopology(props);
  useImperativeHandle(ref, () => handleOf({ element, topology, latest }), [element, topology, latest]);

  const onKey = (event: KeyboardEvent): void => {
    if (topology.current?.onKey(event.nativeEvent) !== true) return;
    event.preventDefault();
    event.stopPropagation();
  };

  const { title, description } = pictureWords(props.replica);
  // Widths come from a table of proportional figures: tabular figures, and Inter's tabular hyphen, are wider.
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
          if (event.currentTarget.matches(':focus-visible')) topology.current?.focus(true);
        }}
        onBlur={() => topology.current?.focus(false)}
      />
      <p id="canvas-words" className="sr-only">
        {description} {KEYS_IN_WORDS} The Interfaces view shows the same as a table.
      </p>
      <p role="status" aria-live="polite" className="sr-only">
        {announcement}
      </p>
      {tip !== null && (
        <Suspense fallback={null}>
          <Tooltip description={tip.description} at={tip.at} />
        </Suspense>
      )}
    </>
  );
}
