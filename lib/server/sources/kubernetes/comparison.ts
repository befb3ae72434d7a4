/**
 * Periodically compares all known objects of a kind with those of the API server, in the background: a metadata-only
 * list, page by page with pauses, beside the running watch. It detects divergence from unforeseen causes and triggers a
 * repair (`repair.ts`).
 *
 * An object without events during the comparison must have the same version on both sides. A difference counts only
 * once the watch is proven to have reached the version of the list.
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
  /** Objects on the server. */
  readonly compared: number;
  /** Objects that the server has and ifscope lacks. */
  readonly missing: number;
  /** Objects that ifscope has and the server lacks. */
  readonly gone: number;
  /** Objects with different versions. */
  readonly outdated: number;
}

/** Options of comparisons. */
export interface ComparisonOptions extends AskOptions {
  readonly policy: Policy;
  readonly now: () => number;
  readonly random: () => number;
  /** Null when there is nothing to compare because no watch is open. */
  readonly mark: () => Marked | null;
  /** Whether the watch has delivered everything the server had at that time; null when not known. */
  readonly hadAllAt: (at: number) => boolean | null;
  /** `isRight`: nothing differed, or the difference has been repaired. */
  readonly compared: (differences: Differences, isRight: boolean) => void;
  /** Reads whole objects beside the watch, and applies them. */
  readonly repair: Pick<RepairOptions, 'list' | 'put' | 'drop'>;
}

interface Found extends Differences {
  readonly differing: Differing;
}

/** Maximum time for the watch to reach the version of the list; without a proof, this time is waited. */
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
      // A page that cannot be decoded ends this comparison; the next one starts over.
      if (!(error instanceof TroubleError)) throw error;
    } finally {
      marked.end();
    }
  }
}

/** Runs one comparison; null without a result, because the server did not answer or a relist occurred. */
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

/** Waits until the watch has reached the version of the list; false if it does not. */
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

/** A page of metadata; null if the server does not return one. */
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
    // The watch encounters the same error and reports it.
    return null;
  } finally {
    dog.stop();
  }
}
