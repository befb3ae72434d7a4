/**
 * The life of one request: it ends by its caller, by silence, or by its end. One abort signal carries all three;
 * after `stop` no timer and no listener is left.
 */
import type { Timers } from './timers';

/** Nothing came for longer than was allowed. */
export class Silence extends Error {
  override readonly name = 'Silence';
}

export interface Watchdog {
  readonly signal: AbortSignal;
  /** Arms (again): unless fed or stopped, the request is aborted after `milliseconds`. */
  expect(milliseconds: number, label: string): void;
  /** Ends the request. */
  abort(reason: Error): void;
  stop(): void;
}

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
