/**
 * Compares now and then all that is known of a kind with what the API server has, in the background: a list of metadata, page
 * by page with pauses, beside the running watch. It finds what no rule has foreseen, and has it put right (`repair.ts`).
 *
 * An object that no event was about while the comparison ran must have the same version on both sides. What differs counts
 * only when the watch has proved that it had come as far as the list.
 */
import { IDENTITY } from '../../../normalise/protobuf/messages';
import { sleep } from '../timers';
import { createWatchdog } from '../watchdog';
import type { Page } from './codec';
import { ACCEPT_METADATA_LIST, codecOf } from './codecs';
import { pathOf, type AskOptions } from './lag-question';
import type { Policy } from './policy';
import type { Marked } from './project';
import { repair, type Differing, type RepairOptions } from './repair';
import { TroubleError } from './trouble';

/** The result of a comparison, in numbers of objects. */
export interface Differences {
  /** Objects that the server has. */
  readonly compared: number;
  /** Objects that the server has but ifscope lacks. */
  readonly missing: number;
  /** Objects that ifscope has but the server lacks. */
  readonly gone: number;
  /** Objects known in another version. */
  readonly outdated: number;
}

/** What comparisons work with. */
export interface ComparisonOptions extends AskOptions {
  readonly policy: Policy;
  readonly now: () => number;
  readonly random: () => number;
  /** Null while there is nothing to compare: no watch is open. */
  readonly mark: () => Marked | null;
  /** Whether the watch has brought all that the server had at that moment; null when that is not known. */
  readonly hadAllAt: (at: number) => boolean | null;
  /** `isRight`: nothing differed, or it has been put right. */
  readonly compared: (differences: Differences, isRight: boolean) => void;
  /** How whole objects are read beside the watch, and taken in. */
  readonly repair: Pick<RepairOptions, 'list' | 'put' | 'drop'>;
}

interface Found extends Differences {
  readonly differing: Differing;
}

/** How long the watch may take to come as far as the list; where nothing proves that, so long is waited. */
const SETTLE_MS = 150_000;
const SETTLE_STEP_MS = 5_000;

/** Compares until the signal is aborted. */
export async function compareNowAndThen(options: ComparisonOptions, signal: AbortSignal): Promise<void> {
  const { timers, policy, random, mark, compared } = options;
  while (!signal.aborted) {
    await sleep(timers, policy.compareMs * (1 + random()), 'comparison', signal);
    const marked = mark();
    if (marked === null) continue;
    try {
      const found = await compare(options, marked, signal);
      if (found === null) continue;
      const isRight = await repair({ ...options, ...options.repair }, found.differing, marked, signal);
      if (isRight !== null) compared(found, isRight);
    } catch (error) {
      // A page that cannot be read: the next comparison reads another.
      if (!(error instanceof TroubleError)) throw error;
    } finally {
      marked.end();
    }
  }
}

/** Null when nothing can be said: the server did not answer, or the list was made anew meanwhile. */
async function compare(options: ComparisonOptions, marked: Marked, signal: AbortSignal): Promise<Found | null> {
  const { versions: left, touched } = marked;
  const suspects: { readonly name: string; readonly isKnown: boolean }[] = [];
  let compared = 0;
  let listedAt: number | null = null;
  let next: string | null = null;
  do {
    const page = await readPage(options, next, signal);
    if (page === null || signal.aborted || !marked.isCurrent()) return null;
    listedAt ??= options.now();
    for (const { key, version } of page.items) {
      compared++;
      const known = left.get(key);
      left.delete(key);
      if (known !== version) suspects.push({ name: key, isKnown: known !== undefined });
    }
    ({ next } = page);
    if (next !== null) await sleep(options.timers, options.policy.comparePauseMs, 'comparison pause', signal);
  } while (next !== null);
  const isSuspect =
    suspects.some(({ name }) => !touched.has(name)) || [...left.keys()].some((name) => !touched.has(name));
  if (isSuspect && !(await hasCaughtUp(options, marked, listedAt, signal))) return null;
  const differing = suspects.filter(({ name }) => !touched.has(name));
  const gone = [...left.keys()].filter((name) => !touched.has(name));
  return {
    compared,
    missing: differing.filter(({ isKnown }) => !isKnown).length,
    outdated: differing.filter(({ isKnown }) => isKnown).length,
    gone: gone.length,
    differing: { toRead: differing.map(({ name }) => name), gone },
  };
}

/** Waits until the watch has come as far as the list. False when it does not. */
async function hasCaughtUp(
  { hadAllAt, now, timers }: ComparisonOptions,
  marked: Marked,
  listedAt: number,
  signal: AbortSignal,
): Promise<boolean> {
  const until = now() + SETTLE_MS;
  for (;;) {
    const hadAll = hadAllAt(listedAt);
    if (signal.aborted || !marked.isCurrent()) return false;
    if (hadAll === true) return true;
    if (now() >= until) return hadAll === null;
    await sleep(timers, SETTLE_STEP_MS, 'comparison settles', signal);
  }
}

/** A page of metadata; null when the server does not answer with one. */
async function readPage(options: ComparisonOptions, next: string | null, parent: AbortSignal): Promise<Page | null> {
  const { transport, timers, policy, row } = options;
  const dog = createWatchdog(timers, parent);
  const feed = (): void => dog.expect(policy.headersMs, 'comparison page');
  feed();
  try {
    const query = { fieldSelector: row.fieldSelector, limit: policy.comparePageSize, continue: next };
    const answer = await transport.request(pathOf(row, options.apiVersion()), query, {
      signal: dog.signal,
      accept: ACCEPT_METADATA_LIST,
    });
    if (answer.status !== 200) {
      answer.discard();
      if (answer.status === 401) transport.refresh(answer.credentials);
      return null;
    }
    const codec = codecOf(answer.header('content-type'), IDENTITY);
    return codec.page(await answer.bytes(policy.mostBytes, feed));
  } catch {
    // The watch meets what is the matter with the server, and reports it.
    return null;
  } finally {
    dog.stop();
  }
}
