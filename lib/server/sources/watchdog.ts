/**
 * Aborts a request when its caller does, or when nothing is received for too long. After `stop` no timer and no
 * listener is left.
 */
import type { Timers } from './timers';

/** Nothing was received for longer than allowed. */
export class Silence extends Error {
  override readonly name = 'Silence';
}

/** Guards one request. */
export interface Watchdog {
  readonly signal: AbortSignal;
  /** Aborts the request after `milliseconds`, unless called again or stopped before that. */
  expect(milliseconds: number, label: string): void;
  /** Stops the timeout while the receiver is busy. */
  rest(): void;
  /** Aborts the request. */
  abort(reason: Error): void;
  stop(): void;
}

/** Also aborts when `parent` does. Call `stop` when the request is done. */
export function createWatchdog(timers: Timers, parent: AbortSignal): Watchdog {
  const controller = new AbortController();
  let cancel: (() => void) | null = null;
  const rest = (): void => {
    cancel?.();
    cancel = null;
  };
  const follow = (): void => {
    rest();
    controller.abort(parent.reason);
  };
  const stop = (): void => {
    rest();
    parent.removeEventListener('abort', follow);
  };
  if (parent.aborted) follow();
  else parent.addEventListener('abort', follow);
  return {
    signal: controller.signal,
    rest,
    expect(milliseconds, label) {
      rest();
      if (controller.signal.aborted) return;
      cancel = timers.after(milliseconds, label, () => {
        controller.abort(new Silence(`nothing received for ${Math.round(milliseconds / 1000)} s (${label})`));
      });
    },
    abort(reason) {
      stop();
      controller.abort(reason);
    },
    stop,
  };
}
