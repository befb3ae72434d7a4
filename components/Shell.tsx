'use client';
/** The frame of the page: bar above, navigation left, the view in the middle, details right; no part overlaps another. */
import dynamic from 'next/dynamic';
import { useEffect, useState } from 'react';
import { useClientState, usePageState } from '../lib/client/hooks';
import { sentence } from '../lib/client/sentences';
import { Empty } from './ui/Empty';
import { Announcer } from './controls/Announcer';
import { useTheme } from './controls/useTheme';
import { Navigation } from './controls/Navigation';
import { Notices } from './controls/Notices';
import { TopBar } from './controls/TopBar';
import { useShortcuts } from './controls/useShortcuts';
import { TopologyView } from './views/TopologyView';
import type { CanvasHandle } from './canvas/props';

const waiting = (what: string) =>
  function Waiting() {
    return <p className="p-6 text-text2">Loading {what} …</p>;
  };

const details = () => import('./panels/DetailsPanel').then((m) => m.DetailsPanel);
const find = () => import('./controls/Find').then((m) => m.Find);

/** Fetched once the first picture stands, so that the first click and the first key find them there. */
function useFetchedAhead(ready: boolean): void {
  useEffect(() => {
    if (!ready) return;
    const timer = setTimeout(() => void Promise.allSettled([details(), find()]), 300);
    return () => clearTimeout(timer);
  }, [ready]);
}

const DetailsPanel = dynamic(details, {
  ssr: false,
  loading: waiting('the details'),
});
const NetworksView = dynamic(() => import('./views/NetworksView').then((m) => m.NetworksView), {
  ssr: false,
  loading: waiting('the networks table'),
});
const SubnetsView = dynamic(() => import('./views/SubnetsView').then((m) => m.SubnetsView), {
  ssr: false,
  loading: waiting('the subnets table'),
});
const InterfacesView = dynamic(() => import('./views/InterfacesView').then((m) => m.InterfacesView), {
  ssr: false,
  loading: waiting('the interfaces table'),
});
const FindingsView = dynamic(() => import('./views/FindingsView').then((m) => m.FindingsView), {
  ssr: false,
  loading: waiting('the findings table'),
});
const Find = dynamic(find, { ssr: false });
const KeySheet = dynamic(() => import('./controls/KeySheet').then((m) => m.KeySheet), { ssr: false });

export type Sheet = 'find' | 'keys' | null;

export function Shell() {
  const view = usePageState((page) => page.view);
  const selected = usePageState((page) => page.selection.length > 0);
  const loaded = useClientState((state) => state.revision > 0);
  const [sheet, setSheet] = useState<Sheet>(() => (window.location.search.includes('q=') ? 'find' : null));
  const [navOpen, setNavOpen] = useState(false);
  const [minimap, setMinimap] = useState<HTMLCanvasElement | null>(null);
  const [canvas, setCanvas] = useState<CanvasHandle | null>(null);
  const theme = useTheme();
  useFetchedAhead(loaded);
  useShortcuts({ open: setSheet, busy: sheet !== null, canvas });

  return (
    <div className="flex h-dvh flex-col overflow-hidden">
      <a
        href="#view"
        className="absolute left-2 z-20 -translate-y-full rounded-md bg-surface px-3 py-2 focus:translate-y-2"
      >
        Skip to the view
      </a>
      <TopBar onSheet={setSheet} canvas={canvas} onNavigation={() => setNavOpen(!navOpen)} navigationOpen={navOpen} />
      <Notices />
      <div className="relative flex min-h-0 flex-1">
        <Navigation open={navOpen} onGone={() => setNavOpen(false)} minimapRef={setMinimap} />
        <main id="view" tabIndex={-1} className="relative flex min-w-0 flex-1 flex-col outline-none">
          {!loaded ? (
            <Loading />
          ) : view === 'topology' ? (
            <TopologyView theme={theme} minimap={minimap} onCanvas={setCanvas} />
          ) : view === 'networks' ? (
            <NetworksView />
          ) : view === 'subnets' ? (
            <SubnetsView />
          ) : view === 'interfaces' ? (
            <InterfacesView />
          ) : (
            <FindingsView />
          )}
        </main>
        {loaded && selected && <DetailsPanel />}
      </div>
      {sheet === 'find' && <Find onClose={() => setSheet(null)} />}
      {sheet === 'keys' && <KeySheet onClose={() => setSheet(null)} />}
      <Announcer />
    </div>
  );
}

function Loading() {
  const phase = useClientState((state) => state.phase);
  const reason = useClientState((state) => state.reason);
  if (phase === 'failed') return <Empty title="The server does not let this page in">{reason}</Empty>;
  return (
    <Empty title={reason === null ? 'Fetching the record set from the server …' : 'Waiting for the server'}>
      {reason === null ? undefined : `${sentence(reason)} Trying again by itself.`}
    </Empty>
  );
}
