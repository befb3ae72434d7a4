/** The page: one client per tab. On the server, and until the client exists, a placeholder. */
import { lazy, Suspense, useEffect, useState, useSyncExternalStore } from 'react';
import { browserClient, type BrowserClient } from '../lib/client/browser';
import { ClientContext, FileMomentContext, useClientState, usePageState } from '../lib/client/hooks';
import { useOpened } from '../lib/client/hooks-opened';
import { Shell } from './Shell';
import { knownTime } from '../lib/model/unknown-time';
import type { ShownFile } from '../lib/view/shown-file';

const Wall = lazy(() => import('./wall/Wall'));
const RecordPage = lazy(() => import('./pages/RecordPage'));

const never = (): (() => void) => () => undefined;

interface Props {
  readonly file: ShownFile | null;
  /** Record id: show its page instead of the map; null: the map. */
  readonly record: string | null;
}

/** The whole page. Before hydration, a placeholder that needs no script. */
export function App({ file, record }: Props) {
  const client = useSyncExternalStore(never, browserClient, () => null);
  return client === null ? <Placeholder /> : <ClientPage client={client} file={file} record={record} />;
}

/** The page of a given client, which it starts. */
export function ClientPage({ client, file, record }: Props & { readonly client: BrowserClient }) {
  useEffect(() => client.start(), [client]);
  return (
    <ClientContext value={client}>
      <Page file={file} record={record} />
    </ClientContext>
  );
}

/** `file`: what the server shows; a file opened in the browser replaces it. */
function Page({ file, record }: Props) {
  const opened = useOpened();
  const [dropped, setDropped] = useState<ShownFile | null>(null);
  const isFile = useClientState((state) => state.isFile);
  if (opened?.phase === 'open' && dropped?.takenAt !== opened.shown.takenAt) {
    const { kind, takenAt } = opened.shown;
    setDropped({ kind: kind === 'live' ? 'snapshot' : kind, takenAt });
  }
  const kiosk = usePageState((page) => page.kiosk);
  const shown = isFile ? (dropped ?? file) : file;
  return (
    <FileMomentContext value={shown === null ? null : (knownTime(shown.takenAt) ?? NaN)}>
      {record !== null ? (
        <Suspense fallback={<Placeholder />}>
          <RecordPage key={record} id={record} file={shown} />
        </Suspense>
      ) : kiosk ? (
        <Suspense fallback={null}>
          <Wall />
        </Suspense>
      ) : (
        <Shell file={shown} live={file === null} />
      )}
    </FileMomentContext>
  );
}

function Placeholder() {
  return (
    <div className="flex h-dvh flex-col">
      <header className="flex h-12 items-center border-b border-line bg-surface px-4 text-14 font-bold">ifscope</header>
      <main className="p-6 text-text2">Loading. This page needs JavaScript.</main>
    </div>
  );
}
