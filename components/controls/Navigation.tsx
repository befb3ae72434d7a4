import { lazy, type Ref } from 'react';
import { usePageState } from '../../lib/client/hooks';
import { AfterPicture } from '../ui/AfterPicture';
import { cx } from '../ui/classes';

const NavigationBody = lazy(() => import('./NavigationBody'));

interface Props {
  /** Whether it lies over the view, in a narrow window. */
  readonly open: boolean;
  readonly onNavigate: () => void;
  readonly minimapRef: Ref<HTMLCanvasElement>;
}

/** The navigation: views, legends and minimap. */
export function Navigation({ open, onNavigate, minimapRef }: Props) {
  // Node focus is another picture, without a minimap.
  const mapped = usePageState(({ view, focus }) => view === 'topology' && focus === null);
  // On paper, the legend stands below the picture.
  const isPrinted = usePageState(({ view }) => view === 'topology');
  return (
    <div
      data-screen-only={isPrinted ? undefined : ''}
      className={cx(
        isPrinted && 'print:static! print:order-last print:flex! print:w-full! print:border-0 print:shadow-none!',
        'flex w-48 shrink-0 flex-col border-r border-line bg-surface',
        open ? 'max-md:absolute max-md:inset-y-0 max-md:left-0 max-md:z-10 max-md:shadow-lg' : 'max-md:hidden',
      )}
    >
      <div className="scroll-thin min-h-0 flex-1 overflow-y-auto px-2 pt-2.5 pb-5 [mask-image:linear-gradient(to_top,transparent,black_20px)] print:[mask-image:none]">
        <AfterPicture>
          <NavigationBody onNavigate={onNavigate} />
        </AfterPicture>
      </div>
      {mapped && (
        <section
          aria-label="Map"
          data-screen-only
          className="shrink-0 border-t border-line px-4 pt-3 pb-4 [@media(max-height:820px)]:hidden"
        >
          <canvas
            ref={minimapRef}
            role="img"
            aria-label="Map of the whole picture; the frame shows the visible part"
            className="h-28 w-40"
          />
        </section>
      )}
    </div>
  );
}
