import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import type { ChangeLog } from '../view/changes/log';
import { useClient } from './hooks';
import type { ChangeRecorder } from './change-recorder';

interface SeenChanges {
  /** Null until recording has started. */
  readonly log: ChangeLog | null;
  /** Changes with the log. */
  readonly revision: number;
}

/** The page's log of changes. Starts recording on first use. */
export function useChangeLog(): SeenChanges {
  const client = useClient();
  const [recorder, setRecorder] = useState<ChangeRecorder | null>(null);
  useEffect(() => {
    let alive = true;
    client.record().then(
      (made) => {
        if (alive) setRecorder(made);
      },
      // Nothing is recorded until the view is opened again.
      () => undefined,
    );
    return () => {
      alive = false;
    };
  }, [client]);
  const subscribe = useCallback(
    (listener: () => void) => recorder?.subscribe(listener) ?? (() => undefined),
    [recorder],
  );
  const revision = useSyncExternalStore(
    subscribe,
    () => recorder?.log.revision ?? 0,
    () => 0,
  );
  return { log: recorder?.log ?? null, revision };
}
