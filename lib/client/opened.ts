/**
 * Files opened on this page: read in the browser, shown read-only instead of the cluster, compared; nothing is sent to
 * the server.
 */
import { harmless } from '../model/harmless';
import type { OpenedSet } from '../opened/desk';
import type { GivenItem } from '../opened/messages';
import type { DescribedChange } from '../view/changes/described-change';
import type { Camera } from '../view/page-state';
import { answerWith, type Answerer } from './ask';
import type { ClientStore } from './client-store';
import type { PageLocation } from './location';
import { showSet } from './show-set';
import { openDesk, type DeskCalls } from './opened-calls';

export type { GivenItem, OpenedSet };

/** Two sets and the changes between them. */
export interface Difference {
  readonly before: OpenedSet;
  readonly after: OpenedSet;
  readonly changes: readonly DescribedChange[];
}

/** The state of opened files. */
export type Opened =
  | { readonly phase: 'reading'; readonly names: string }
  /** `line`: why the file cannot be shown. The previous content stays. */
  | { readonly phase: 'failed'; readonly names: string; readonly line: string }
  | { readonly phase: 'open'; readonly shown: OpenedSet; readonly difference: Difference | null };

/** What the page provides for showing a file. */
export interface OpenedWorld {
  /** Stops and resumes following the server. */
  readonly leave: () => void;
  readonly comeBack: () => void;
  /** The URL at which the server exports its cluster. */
  readonly liveUrl: string;
  readonly painted: () => Promise<void>;
  readonly location: Pick<PageLocation, 'getState' | 'go'>;
}

/** Opens, compares and closes files. */
export class OpenedFiles {
  readonly #store: ClientStore;
  readonly #world: OpenedWorld;
  readonly #onChange: (opened: Opened | null) => void;
  #desk: DeskCalls | null = null;
  /** The content of the page while another file is being read or has failed. */
  #shown: Extract<Opened, { phase: 'open' }> | null = null;
  /** The place in the cluster's picture, for the way back from a file of another cluster. */
  #left: Camera | null = null;
  /** The same before the line above the picture had moved it. */
  #before: Camera | null = null;
  #round = new AbortController();

  constructor(store: ClientStore, world: OpenedWorld, onChange: (opened: Opened | null) => void) {
    this.#store = store;
    this.#world = world;
    this.#onChange = onChange;
  }

  /** Reads files and shows them; a second file is compared with the first. */
  async open(items: readonly GivenItem[]): Promise<void> {
    const names = harmless(items.map(({ name }) => name).join(', '));
    await this.#reading(names, async (desk) => {
      const sets = await desk.call('open', { items });
      const [first, second] = sets;
      if (first === undefined) return;
      const before = this.#shown?.shown ?? null;
      if (second !== undefined) await this.#showDifference(desk, first, second);
      else if (before === null) await this.#show(desk, first, null);
      else if (before.takenAt <= first.takenAt) await this.#showDifference(desk, before, first);
      else await this.#showDifference(desk, first, before);
    });
  }

  /** Compares the shown file (before) with the cluster (after). */
  async compareWithLive(): Promise<void> {
    const before = this.#shown?.shown;
    if (before === undefined) return;
    await this.#reading('the live cluster', async (desk) => {
      const live = await desk.call('live', { url: this.#world.liveUrl });
      await this.#showDifference(desk, before, live);
    });
  }

  /** Returns to the cluster. */
  close(): void {
    const wasShown = this.#shown !== null;
    this.#round.abort();
    this.#shown = null;
    this.#onChange(null);
    this.#desk = null;
    if (!wasShown) return;
    answerWith(null);
    this.#comeBack();
  }

  /** Dismisses a message; the content stays. */
  dismiss(): void {
    this.#onChange(this.#shown);
  }

  #comeBack(): void {
    const camera = this.#left;
    this.#left = null;
    // Until the cluster is shown, the picture is the file's.
    const stop = this.#store.subscribe(() => {
      if (this.#store.getState().isFile) return;
      stop();
      if (camera !== null) this.#world.location.go({ camera });
    });
    this.#world.comeBack();
  }

  /** A place in the picture means nothing in that of another cluster, which is shown whole. */
  #leavePlace({ cluster }: OpenedSet): void {
    const { location } = this.#world;
    const { camera } = location.getState();
    if (camera === null || (cluster !== null && cluster === this.#store.getState().replica.cluster.name)) return;
    if (this.#shown === null) this.#left = this.#before;
    location.go({ camera: null });
  }

  async #reading(names: string, work: (desk: DeskCalls) => Promise<void>): Promise<void> {
    if (this.#shown === null) this.#before = this.#world.location.getState().camera;
    this.#onChange({ phase: 'reading', names });
    const desk = (this.#desk ??= openDesk());
    try {
      await work(desk);
    } catch (error) {
      if (this.#desk !== desk) return;
      const line = error instanceof Error ? error.message : 'It could not be read';
      this.#onChange({ phase: 'failed', names, line });
    }
  }

  async #showDifference(desk: DeskCalls, before: OpenedSet, after: OpenedSet): Promise<void> {
    const changes = await desk.call('compare', { before: before.id, after: after.id });
    await this.#show(desk, after, { before, after, changes });
  }

  async #show(desk: DeskCalls, shown: OpenedSet, difference: Difference | null): Promise<void> {
    const bytes = await desk.call('keyframe', { set: shown.id });
    if (this.#desk !== desk) return;
    this.#world.leave();
    this.#leavePlace(shown);
    this.#round.abort();
    const round = new AbortController();
    this.#round = round;
    const { signal } = round;
    const { painted } = this.#world;
    const answer: Answerer = (path) => desk.call('answer', { set: shown.id, path });
    const { rest } = await showSet(this.#store, { bytes, answer }, { signal, painted, isWanted: () => false });
    if (this.#desk !== desk) return;
    this.#shown = { phase: 'open', shown, difference };
    this.#onChange(this.#shown);
    await rest;
  }
}
