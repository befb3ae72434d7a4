/** Debug lines on one kind's lists and watches: when each began, how it ended, and when the next attempt follows. */
import { cleaned } from '../reason';
import type { State, Step } from './machine';
import type { Remedy } from './recovery';
import type { Trouble } from './trouble';

/** Options of a trace. */
export interface TraceOptions {
  /** Begins each line: `kubernetes/pods`. */
  readonly id: string;
  readonly now: () => number;
  readonly debug: (message: string) => void;
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1_000).toFixed(1)} s`;
const versionOf = (state: State): string => ('version' in state ? `version ${cleaned(state.version)}` : 'no version');

/** The lists and watches of one kind. */
export class Trace {
  readonly #options: TraceOptions;
  /** When the current list or watch began, epoch milliseconds. */
  #began = 0;

  constructor(options: TraceOptions) {
    this.#options = options;
  }

  listBegins(): void {
    this.#began = this.#options.now();
    this.#say('list began');
  }

  /** A step from `before` has succeeded. `listed`: the number of objects in the list so far. */
  stepped(before: State, { state, happened }: Pick<Step, 'state' | 'happened'>, listed: number): void {
    if (happened?.kind === 'listed') {
      const how = before.kind === 'streaming' ? 'streamed; the watch continues' : 'in pages';
      this.#say(`listed ${listed} objects in ${this.#duration()}, as of ${versionOf(state)} (${how})`);
      this.#began = this.#options.now();
    } else if (happened?.kind === 'opened') {
      this.#began = this.#options.now();
      this.#say(`watch began at ${versionOf(state)}`);
    } else if (happened?.kind === 'closed')
      this.#say(`watch ended by the server after ${this.#duration()}, at ${versionOf(before)}`);
  }

  /** A step from `before` has failed, and another one follows. */
  failed(before: State, { kind, message }: Trouble, { waitMs, then }: Remedy): void {
    const next = then === 'discovery' ? 'once the server serves it' : `in ${seconds(waitMs)}`;
    this.#say(`${this.#whatFailed(before)}: ${message} (${kind}); next attempt ${next}`);
  }

  #whatFailed(before: State): string {
    switch (before.kind) {
      case 'watching':
        return `watch failed after ${this.#duration()}, at ${versionOf(before)}`;
      case 'listed':
        return `watch not opened at ${versionOf(before)}`;
      default:
        return `list failed after ${this.#duration()}`;
    }
  }

  #duration(): string {
    return seconds(this.#options.now() - this.#began);
  }

  #say(text: string): void {
    this.#options.debug(`${this.#options.id}: ${text}`);
  }
}
