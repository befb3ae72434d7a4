/**
 * The frame of the page: bar above, navigation left, the view in the middle, details right; no part overlaps another.
 */
import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import { useClient, useClientState, usePageState } from '../lib/client/hooks';
import { sentence } from '../lib/view/full-stop';
import { Empty } from './ui/Empty';
import type { Sheet } from './controls/sheet';
import { useTheme, useThemeOnPage } from './hooks/useTheme';
import { Find, loadAnswers } from './controls/Find';
import { Navigation } from './controls/Navigation';
import { TopBar } from './controls/TopBar';
import { useShortcuts } from './controls/useShortcuts';
import { VIEW_COMPONENTS } from './views/registry';
import type { CanvasHandle } from './canvas/props';
import type { ShownFile } from '../lib/view/shown-file';

const loadDetails = () => import('./panels/DetailsPanel');

// Code that the first picture does not need is loaded when first shown.
const DetailsPanel = lazy(loadDetails);
const Notices = lazy(() => import('./controls/Notices'));
const Announcer = lazy(() => import('./late/Announcer'));
const DropZone = lazy(() => import('./opened/DropZone'));
const OpenedBanner = lazy(() => import('./opened/OpenedBanner'));
const MissingParts = lazy(() => import('./views/MissingParts'));
const KeySheet = lazy(() => import('./controls/KeySheet'));

/**
 * Loads the details panel and the finder after the first picture, so that the first click or key does not wait. True
 * from then on.
 */
function useFetchedAhead(ready: boolean): boolean {
  const { record } = useClient();
  const [drawn, setDrawn] = useState(false);
  useEffect(() => {
    if (!ready) return;
    const timer = setTimeout(() => {
      setDrawn(true);
      // Changes are recorded from the first picture on, so that "the last minute" is available when a user first opens
      // it.
      void Promise.allSettled([loadDetails(), loadAnswers(), record()]);
    }, 300);
    return () => clearTimeout(timer);
  }, [ready, record]);
  return drawn;
}

/** `live`: whether the page is connected to a cluster, whatever it currently shows. */
export function Shell({ file, live }: { readonly file: ShownFile | null; readonly live: boolean }) {
  const { location } = useClient();
  const ViewBody = VIEW_COMPONENTS[usePageState((page) => page.view)];
  const selected = usePageState((page) => page.selection.length > 0);
  const loaded = useClientState((state) => state.revision > 0);
  // Another file, or the way back to the cluster, is another picture: it is fitted to the window again.
  const setId = useClientState(({ isFile, epoch }) => (isFile ? epoch : ''));
  const [sheet, setSheet] = useState<Sheet>(() => (location.getState().search === '' ? null : 'find'));
  const [opened, setOpened] = useState(0);
  const [navOpen, setNavOpen] = useState(false);
  const [minimap, setMinimap] = useState<HTMLCanvasElement | null>(null);
  const [canvas, setCanvas] = useState<CanvasHandle | null>(null);
  const theme = useTheme();
  useThemeOnPage();
  const drawn = useFetchedAhead(loaded);
  const open = useCallback((next: Sheet) => {
    setSheet(next);
    setOpened((count) => count + 1);
  }, []);
  useShortcuts({ open, busy: sheet !== null, canvas });

  return (
    <div className="flex h-dvh flex-col overflow-hidden">
      <a
        href="#view"
        className="absolute left-2 z-20 -translate-y-full rounded-md bg-surface px-3 py-2 focus:translate-y-2"
      >
        Skip to the view
      </a>
      <TopBar
        file={file}
        onSheet={open}
        canvas={canvas}
        onNavigation={() => setNavOpen(!navOpen)}
        navigationOpen={navOpen}
      />
      {drawn && (
        <Suspense fallback={null}>
          <Notices />
          <OpenedBanner live={live} />
        </Suspense>
      )}
      <div className="relative flex min-h-0 flex-1 print:flex-wrap">
        <Navigation open={navOpen} onNavigate={() => setNavOpen(false)} minimapRef={setMinimap} />
        <main id="view" tabIndex={-1} className="relative flex min-w-0 flex-1 flex-col outline-none print:basis-full">
          <Suspense fallback={null}>{drawn && <MissingParts />}</Suspense>
          <Suspense fallback={<p className="p-6 text-text2">Loading…</p>}>
            {loaded ? <ViewBody key={setId} theme={theme} minimap={minimap} onCanvas={setCanvas} /> : <Loading />}
          </Suspense>
        </main>
        {loaded && selected && (
          <Suspense fallback={<DetailsPlace />}>
            <DetailsPanel />
          </Suspense>
        )}
      </div>
      {/* The key makes each opening a new dialog, even at the moment when the last one closes. */}
      {sheet === 'find' && <Find key={opened} onClose={() => setSheet(null)} />}
      <Suspense fallback={null}>
        {sheet === 'keys' && <KeySheet key={opened} onClose={() => setSheet(null)} />}
      </Suspense>
      {drawn && (
        <Suspense fallback={null}>
          <Announcer />
          <DropZone />
        </Suspense>
      )}
    </div>
  );
}

/** Reserves the panel's space, so that nothing moves when it arrives. */
function DetailsPlace() {
  return <div className="w-80 shrink-0 border-l border-line bg-surface p-4 text-text2 xl:w-93">Loading…</div>;
}

function Loading() {
  const phase = useClientState((state) => state.phase);
  const reason = useClientState((state) => state.reason);
  if (phase === 'failed') return <Empty title="The server refused this page">{reason}</Empty>;
  return (
    <Empty title={reason === null ? 'Loading the record set…' : 'Waiting for the server'}>
      {reason === null ? undefined : `${sentence(reason)} Retrying automatically.`}
    </Empty>
  );
}
