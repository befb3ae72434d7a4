'use client';
/** The page: one client per tab. On the server, and until the client exists, a placeholder. */
import { lazy, Suspense, useEffect, useSyncExternalStore } from 'react';
import { browserClient } from '../lib/client/browser';
import { ClientContext, FileMomentContext } from '../lib/client/hooks';
import { Shell } from './Shell';
import type { ShownFile } from '../lib/view/shown-file';

const RecordPage = lazy(() => import('./pages/RecordPage').then((m) => ({ default: m.RecordPage })));

const never = (): (() => void) => () => undefined;

interface Props {
  readonly file: ShownFile | null;
  /** Record id: its page, instead of the map. */
  readonly record?: string;
}

export function App({ file, record }: Props) {
  const client = useSyncExternalStore(never, browserClient, () => null);
  useEffect(() => client?.start(), [client]);
  if (client === null) return <Placeholder />;
  const moment = Date.parse(file?.takenAt ?? '');
  return (
    <ClientContext value={client}>
      <FileMomentContext value={Number.isFinite(moment) ? moment : null}>
        {record === undefined ? (
          <Shell file={file} />
        ) : (
          <Suspense fallback={<Placeholder />}>
            <RecordPage id={record} file={file} />
          </Suspense>
        )}
      </FileMomentContext>
    </ClientContext>
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
