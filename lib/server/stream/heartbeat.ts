/** The ages and lags of the sources as bytes: encoded once per beat and version, shared by all viewers. */
import type { Store } from '../store/store';
import { encodeFrame } from './sse';

export class Heartbeat {
  readonly #store: Store;
  #ages: Store['ages'];
  #lags: Store['lags'];
  #beat = 0;
  #encoded: { readonly beat: number; readonly version: number; readonly bytes: Uint8Array } | null = null;

  constructor(store: Store) {
    this.#store = store;
    this.#ages = store.ages;
    this.#lags = store.lags;
  }

  /** Increases by one whenever `read` finds new figures. */
  get beat(): number {
    return this.#beat;
  }

  /** Takes over the store's figures for the next beat. */
  read(): void {
    const { ages, lags } = this.#store;
    if (ages === this.#ages && lags === this.#lags) return;
    this.#ages = ages;
    this.#lags = lags;
    this.#beat++;
  }

  bytes(version: number): Uint8Array {
    const kept = this.#encoded;
    if (kept?.beat === this.#beat && kept.version === version) return kept.bytes;
    const { epoch } = this.#store;
    const at = this.#store.now();
    const bytes = encodeFrame({ kind: 'heartbeat', epoch, version, at, ages: this.#ages, lags: this.#lags });
    this.#encoded = { beat: this.#beat, version, bytes };
    return bytes;
  }
}
