/** The page in one file: the same components, with the snapshot in the file. Bundled by `lib/cli/page/offline.ts`. */
import { useSyncExternalStore } from 'react';
import { createRoot } from 'react-dom/client';
import { openEmbedded, type Embedded } from '../../lib/client/embedded/embedded';
import { decodedParts, recordOfPath } from '../../lib/view/record-path';
import { ClientPage } from '../App';
import { Empty } from '../ui/Empty';

/** The path is in the URL's fragment, `#/pod/NAMESPACE/NAME`, and so is the state of the map, `#/?view=nodes`. */
const pathOf = (): string => window.location.hash.slice(1);

function recordShown(): string | null {
  const [, kind = '', ...parts] = pathOf().split('/');
  return recordOfPath(kind, decodedParts(parts));
}

/** Moves the map's state from the fragment to the query, where the map reads it. */
function takeState(): void {
  const path = pathOf();
  if (path !== '/' && !path.startsWith('/?')) return;
  window.history.replaceState(null, '', window.location.pathname + path.slice(1));
  window.dispatchEvent(new PopStateEvent('popstate'));
}

function follow(listener: () => void): () => void {
  const onHash = (): void => {
    takeState();
    listener();
  };
  window.addEventListener('hashchange', onHash);
  window.addEventListener('popstate', listener);
  return () => {
    window.removeEventListener('hashchange', onHash);
    window.removeEventListener('popstate', listener);
  };
}

function OfflinePage({ client, shown: { takenAt } }: Embedded) {
  const record = useSyncExternalStore(follow, recordShown);
  return <ClientPage client={client} file={{ kind: 'snapshot', takenAt }} record={record} />;
}

const place = document.getElementById('page');
if (place === null) throw new Error('the page has no place');
takeState();
openEmbedded().then(
  (embedded) => createRoot(place).render(<OfflinePage {...embedded} />),
  (error: unknown) =>
    createRoot(place).render(
      <main>
        <Empty title="The snapshot in this file cannot be shown">
          {error instanceof Error ? error.message : 'The file may be damaged.'}
        </Empty>
      </main>,
    ),
);
