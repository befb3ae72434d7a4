import { SLOT } from '../../lib/layout/rack/geometry';
import { LEVEL_FROM, LEVELS, type Level } from '../../lib/layout/rack/level';
import type { CanvasHandle, CanvasView } from '../canvas/props';
import { cx } from '../ui/classes';

const WORDS: Readonly<Record<Level, string>> = { tile: 'Nodes', bars: 'ENIs', slots: 'Slots', labelled: 'Labels' };

/**
 * Pixels per slot at which a level is entered: away from both ends of its range, so that one wheel step does not leave
 * it.
 */
const INTO_BAND: Readonly<Record<Exclude<Level, 'tile'>, number>> = {
  bars: 5,
  slots: 16,
  // Wide enough for a whole IPv4 address.
  labelled: LEVEL_FROM.labelled * 1.8,
};

interface Props {
  readonly view: CanvasView | null;
  readonly canvas: CanvasHandle | null;
}

/** Shows the current level of detail, and zooms to another; tiles always show the whole. */
export function LevelSwitch({ view, canvas }: Props) {
  return (
    <div className="flex shrink-0 items-center gap-3">
      <span id="levels" className="max-lg:sr-only">
        Detail follows zoom
      </span>
      <div role="group" aria-labelledby="levels" className="flex rounded-md border border-line bg-surface p-px">
        {LEVELS.map((level) => (
          <button
            key={level}
            type="button"
            aria-pressed={view?.level === level}
            disabled={canvas === null || view === null}
            onClick={() => {
              if (level === 'tile') canvas?.showTiles();
              else if (view !== null) canvas?.zoomBy(INTO_BAND[level] / (SLOT.w * view.scale));
            }}
            className={cx(
              'h-6 rounded-[5px] px-2.5 text-12 pointer-coarse:h-7',
              view?.level === level ? 'bg-ink font-semibold text-surface' : 'text-text2 hover:bg-sunk',
            )}
          >
            {WORDS[level]}
          </button>
        ))}
      </div>
    </div>
  );
}
