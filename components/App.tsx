'use client';
/** The page: one client per tab. On the server, and until the client exists, a placeholder. */
import { useEffect, useSyncExternalStore } from 'react';
import { browserClient } from '../lib/client/browser';
import { ClientContext, FileMomentContext } from '../lib/client/hooks';
import { Shell } from './Shell';
import type { ShownFile } from '../lib/view/shown-file';

const never = (): (() => void) => () => undefined;

export function App({ file }: { readonly file: ShownFile | null }) {
  const client = useSyncExternalStore(never, browserClient, () => null);
  useEffect(() => client?.start(), [client]);
  if (client === null) return <Placeholder />;
  const moment = Date.parse(file?.takenAt ?? '');
  return (
    <ClientContext value={client}>
      <FileMomentContext value={Number.isFinite(moment) ? moment : null}>
        <Shell file={file} />
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
