/** The viewers' process, started by `bench/viewers.ts`: opens viewers and answers queries about them. */
import { Agent } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { StreamViewer } from './viewer';

/** The queries; each is answered by one message with the same `ask`. */
export type Question =
  | { readonly ask: 'open'; readonly url: string; readonly count: number; readonly accept: string }
  /** Clears the records so far. */
  | { readonly ask: 'begin' }
  /** The lags of all viewers for changes that happened at `at` and are in `version`. */
  | { readonly ask: 'lags'; readonly seen: readonly { readonly at: number; readonly version: number }[] }
  /** This many viewers stop reading for `ms`; returns how long each then takes to catch up with the others. */
  | { readonly ask: 'stall'; readonly count: number; readonly ms: number };

/** Lags over all viewers, in milliseconds. */
export interface Lagging {
  readonly p50: number;
  readonly p99: number;
  readonly worst: number;
  /** The 99th percentile of the viewer with the largest one. */
  readonly worstViewer: number;
  /** Changes that some viewer has never received. */
  readonly missed: number;
  readonly broken: number;
  readonly resets: number;
  /** Bytes of one viewer since `begin`: received, and as text. */
  readonly bytes: number;
  readonly text: number;
}

/** The result of a stall. */
export interface Stalled {
  /** The longest time that a viewer took, in milliseconds; infinite if one never did. */
  readonly worst: number;
  readonly broken: number;
  readonly resets: number;
}

/** The answers by query. */
export interface Answers {
  readonly open: { readonly ms: number };
  readonly begin: null;
  readonly lags: Lagging;
  readonly stall: Stalled;
}

/** Connections opened at a time: the server's backlog is 511. */
const AT_ONCE = 20;
const LONGEST_LAG = 60_000;
/** A viewer without anything new for this long has failed. */
const RECOVERY_MS = 20_000;

const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
const viewers: StreamViewer[] = [];

async function open({ url, count, accept }: Extract<Question, { ask: 'open' }>): Promise<Answers['open']> {
  const started = performance.now();
  while (viewers.length < count) {
    const next = Array.from({ length: Math.min(AT_ONCE, count - viewers.length) }, () => new StreamViewer());
    await Promise.all(next.map((viewer) => viewer.open(url, agent, accept)));
    viewers.push(...next);
  }
  return { ms: performance.now() - started };
}

function begin(): null {
  for (const viewer of viewers) {
    viewer.versions.length = 0;
    viewer.times.length = 0;
    viewer.bytes = 0;
    viewer.text = 0;
    viewer.resets = 0;
  }
  return null;
}

/** A quantile of counted values; index i counts the values equal to i. */
function quantileOf(counts: Uint32Array, share: number): number {
  const all = counts.reduce((sum, count) => sum + count, 0);
  let below = 0;
  for (const [value, count] of counts.entries()) {
    below += count;
    if (below > all * share) return value;
  }
  return NaN;
}

const broken = (): number => viewers.filter((viewer) => viewer.broken !== null).length;
const resets = (): number => viewers.reduce((sum, viewer) => sum + viewer.resets, 0);

function lags({ seen }: Extract<Question, { ask: 'lags' }>): Lagging {
  const all = new Uint32Array(LONGEST_LAG + 1);
  let worst = 0;
  let worstViewer = 0;
  let missed = 0;
  for (const viewer of viewers) {
    const own = new Uint32Array(LONGEST_LAG + 1);
    for (const { at, version } of seen) {
      const had = viewer.had(version);
      if (had === null) missed++;
      const lag = Math.min(LONGEST_LAG, Math.max(0, Math.round((had ?? Infinity) - at)));
      own[lag] = (own[lag] ?? 0) + 1;
      worst = Math.max(worst, lag);
    }
    own.forEach((count, lag) => (all[lag] = (all[lag] ?? 0) + count));
    worstViewer = Math.max(worstViewer, quantileOf(own, 0.99));
  }
  const mean = (of: (viewer: StreamViewer) => number): number =>
    viewers.reduce((sum, viewer) => sum + of(viewer), 0) / viewers.length;
  return {
    p50: quantileOf(all, 0.5),
    p99: quantileOf(all, 0.99),
    worst,
    worstViewer,
    missed,
    broken: broken(),
    resets: resets(),
    bytes: mean(({ bytes }) => bytes),
    text: mean(({ text }) => text),
  };
}

async function stall({ count, ms }: Extract<Question, { ask: 'stall' }>): Promise<Stalled> {
  const slow = viewers.slice(0, count);
  const others = viewers.slice(count);
  const before = resets();
  for (const viewer of slow) viewer.pause();
  await wait(ms);
  const target = Math.max(...others.map(({ version }) => version));
  const resumed = Date.now();
  for (const viewer of slow) viewer.resume();
  const isBehind = (viewer: StreamViewer): boolean => viewer.had(target) === null && viewer.broken === null;
  while (slow.some(isBehind) && Date.now() < resumed + RECOVERY_MS) await wait(10);
  return {
    worst: Math.max(...slow.map((viewer) => (viewer.had(target) ?? Infinity) - resumed)),
    broken: broken(),
    resets: resets() - before,
  };
}

async function answer(question: Question): Promise<Answers[Question['ask']]> {
  switch (question.ask) {
    case 'open':
      return open(question);
    case 'begin':
      return begin();
    case 'lags':
      return lags(question);
    case 'stall':
      return stall(question);
  }
}

process.on('message', (question: Question) => {
  answer(question).then(
    (said) => process.send?.({ ask: question.ask, said }),
    (error: unknown) => process.send?.({ ask: question.ask, error: String(error) }),
  );
});
process.on('disconnect', () => process.exit());
