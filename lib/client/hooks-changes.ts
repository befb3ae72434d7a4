/** The changes that this page has seen, for the view Changes. */
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import type { ChangeLog } from '../view/changes/log';
import { useClient } from './hooks';
import type { ChangeRecorder } from './changes/recorder';

interface SeenChanges {
  /** Null until it is kept. */
  readonly log: ChangeLog | null;
  /** Another number when the log has changed. */
  readonly revision: number;
}

export function useChangeLog(): SeenChanges {
  const client = useClient();
  const [recorder, setRecorder] = useState<ChangeRecorder | null>(null);
  useEffect(() => {
    let alive = true;
    void client.record().then((made) => {
      if (alive) setRecorder(made);
    });
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
