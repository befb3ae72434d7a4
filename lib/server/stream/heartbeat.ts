/** The ages of the sources as bytes: encoded once per beat and version, shared by all viewers. */
import type { Store } from '../store/store';
import { encodeFrame } from './sse';

export class Heartbeat {
  readonly #store: Store;
  #ages: Store['ages'];
  #beat = 0;
  #encoded: { readonly beat: number; readonly version: number; readonly bytes: Uint8Array } | null = null;

  constructor(store: Store) {
    this.#store = store;
    this.#ages = store.ages;
  }

  /** Increases by one whenever `read` finds new ages. */
  get beat(): number {
    return this.#beat;
  }

  /** Takes over the store's ages for the next beat. */
  read(): void {
    if (this.#store.ages === this.#ages) return;
    this.#ages = this.#store.ages;
    this.#beat++;
  }

  bytes(version: number): Uint8Array {
    const kept = this.#encoded;
    if (kept?.beat === this.#beat && kept.version === version) return kept.bytes;
    const { epoch } = this.#store;
    const bytes = encodeFrame({ kind: 'heartbeat', epoch, version, at: this.#store.now(), ages: this.#ages });
    this.#encoded = { beat: this.#beat, version, bytes };
    return bytes;
  }
}
