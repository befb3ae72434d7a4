/** Hooks that keep a wall display running for days. */
import { useEffect, useRef } from 'react';
import { basePath } from '../../lib/client/base-path';
import { useClientState } from '../../lib/client/hooks';

/** After this long without a connection, the page is reloaded on reconnection. Milliseconds. */
const LOST_MS = 120_000;
const AGAIN_MS = 30_000;

/** The build in a document of Next.js. */
const BUILD = /"buildId":"([^"]+)"/;

/** Whether the server has another build than this page. */
async function isOtherBuild(): Promise<boolean> {
  const own = BUILD.exec(document.getElementById('__NEXT_DATA__')?.textContent ?? '')?.[1];
  const theirs = BUILD.exec(await (await fetch(window.location.href)).text())?.[1];
  return own !== undefined && theirs !== undefined && own !== theirs;
}

/** Reloads the page when its server has been upgraded: code that the page loads later is no longer there. */
export function useUpgrade(): void {
  // Every start of a server is an epoch.
  const epoch = useClientState((state) => state.epoch);
  const first = useRef('');
  useEffect(() => {
    if (epoch === '' || epoch === first.current) return;
    const isFirst = first.current === '';
    first.current = epoch;
    if (isFirst) return;
    isOtherBuild().then(
      (isOther) => {
        if (isOther) window.location.reload();
      },
      () => undefined,
    );
  }, [epoch]);
}

/**
 * Reloads the page when its server responds again after a while: it may be another version, whose records this page
 * cannot read.
 */
export function useComeBack(): void {
  const isLost = useClientState(({ phase }) => phase !== 'live');
  useEffect(() => {
    if (!isLost) return;
    const since = performance.now();
    const timer = setInterval(() => {
      if (performance.now() - since < LOST_MS) return;
      fetch(`${basePath()}/healthz`).then(
        ({ ok }) => {
          if (ok) window.location.reload();
        },
        () => undefined,
      );
    }, AGAIN_MS);
    return () => clearInterval(timer);
  }, [isLost]);
}

/**
 * Keeps the screen on, if the browser supports it; requests it again when the page becomes visible, because hiding the
 * page ends it.
 */
export function useWakeLock(): void {
  useEffect(() => {
    const ask = (): void => {
      if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
      navigator.wakeLock.request('screen').catch(() => undefined);
    };
    ask();
    document.addEventListener('visibilitychange', ask);
    return () => document.removeEventListener('visibilitychange', ask);
  }, []);
}
