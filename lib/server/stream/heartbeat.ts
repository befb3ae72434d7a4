/** The ages and lags of the sources, encoded once per beat and version and shared by all viewers. */
import type { Store } from '../store/store';
import type { Piece } from './piece';
import { encodeFrame } from './sse';

/** The heartbeat of one store. */
export class Heartbeat {
  readonly #store: Store;
  #ages: Store['ages'];
  #lags: Store['lags'];
  #beat = 0;
  #encoded: { readonly beat: number; readonly version: number; readonly piece: Piece } | null = null;

  constructor(store: Store) {
    this.#store = store;
    this.#ages = store.ages;
    this.#lags = store.lags;
  }

  /** Incremented whenever `read` finds new figures. */
  get beat(): number {
    return this.#beat;
  }

  /** Copies the store's figures for the next beat. */
  read(): void {
    const { ages, lags } = this.#store;
    if (ages === this.#ages && lags === this.#lags) return;
    this.#ages = ages;
    this.#lags = lags;
    this.#beat++;
  }

  piece(version: number): Piece {
    const kept = this.#encoded;
    if (kept?.beat === this.#beat && kept.version === version) return kept.piece;
    const { epoch } = this.#store;
    const at = this.#store.now();
    const piece = encodeFrame({ kind: 'heartbeat', epoch, version, at, ages: this.#ages, lags: this.#lags });
    this.#encoded = { beat: this.#beat, version, piece };
    return piece;
  }
}
