/**
 * Runs the sources until all have answered, for commands that print once.
 *
 * A cluster that cannot be read at all is an error. If it can be read in part, the command prints what there is; what
 * is missing is reported on standard error (and in the sources of every output).
 */
import { harmless } from '../../model/harmless';
import type { SourceRecord, SourceState } from '../../model/records';
import type { From } from '../../server/runtime/from';
import { describeFrom, resolveFrom } from '../../server/runtime/from';
import { Problem } from '../../server/runtime/problem';
import { isFile } from '../../server/runtime/read-file';
import { createRuntime, type Runtime } from '../../server/runtime/runtime';
import type { AnswerRecorder } from '../../server/runtime/answer-recorder';
import { stateWords } from '../../view/source-health';
import type { ReadOptions } from './options';
import { oneLine, type Output } from './output';

/**
 * A source may fail once and recover (a dropped connection), so its state counts only after this time. Milliseconds.
 */
const SETTLE_MS = 3_000;

/** How long sources that are behind may take to catch up once all have answered. Milliseconds. */
const CATCH_UP_MS = 20_000;

/** States in which a source's data are incomplete or outdated. */
const UNFINISHED: ReadonlySet<SourceState> = new Set<SourceState>(['starting', 'stale', 'behind']);

const describeSource = (source: SourceRecord): string =>
  `${source.id} ${stateWords(source)}${source.reason === null ? '' : ` (${source.reason})`}`;

/** Describes sources; those in the same state are combined. */
function describeSources(sources: readonly SourceRecord[]): readonly string[] {
  const ids = new Map<string, string[]>();
  for (const source of sources) {
    const words = describeSource(source).slice(source.id.length);
    ids.set(words, [...(ids.get(words) ?? []), source.id]);
  }
  return [...ids].map(([words, same]) => `${same.join(', ')}${words}`);
}

/** A source that is denied cluster-wide still has data if it is read in some namespaces. */
const isHopeless = ({ state, asOf }: SourceRecord): boolean =>
  state === 'failing' || (state === 'denied' && asOf === null);

/** The same for a source that every cluster has: what does not serve nodes is not an API server. */
const isRequiredHopeless = (source: SourceRecord): boolean => isHopeless(source) || source.state === 'absent';

/** Whether the API server has answered nothing: pods are listed last, and wait for other kinds until then. */
const isOutOfReach = (sources: readonly SourceRecord[]): boolean =>
  sources.every(({ id, state }) => !id.startsWith('kubernetes/') || state === 'starting' || state === 'failing');

/** The end of a reason with further details in the log (`lib/server/sources`). */
const SEE_THE_LOG = '; see the log';

/**
 * Reads everything, passes the runtime to `use`, and always stops all sources. `recorder`: receives the raw answers.
 */
export async function collect<T>(
  from: From,
  seconds: number,
  output: Output,
  use: (runtime: Runtime) => T | Promise<T>,
  recorder?: AnswerRecorder,
): Promise<T> {
  let logged = '';
  const runtime = createRuntime(from, {
    log: (level, message) => {
      if (level === 'warn' && message.startsWith('capture: ')) output.err(`ifscope: ${harmless(message)}`);
      else if (level !== 'debug' && logged === '' && message.includes(SEE_THE_LOG)) logged = oneLine(message);
    },
    ...(recorder === undefined ? {} : { recorder }),
  });
  try {
    await runtime.start();
    await settled(runtime, from, seconds * 1000);
    runtime.settle();
    const missing = runtime.store
      .sources()
      .filter((source) => isHopeless(source) || source.state === 'denied' || UNFINISHED.has(source.state));
    for (const words of describeSources(missing)) output.err(`ifscope: incomplete: ${harmless(words)}`);
    return await use(runtime);
  } catch (error) {
    // A command has no log to refer to, so its error includes the logged line.
    if (!(error instanceof Problem) || logged === '' || !error.message.includes(SEE_THE_LOG)) throw error;
    throw new Problem(
      error.kind,
      error.message.replace(SEE_THE_LOG, logged.slice(logged.indexOf(SEE_THE_LOG) + SEE_THE_LOG.length)),
    );
  } finally {
    await runtime.stop();
  }
}

/** `collect` for a command with these options. Throws a `Problem` if `--from` cannot be resolved. */
export const collectFrom = async <T>(
  { from, timeout }: ReadOptions,
  output: Output,
  use: (runtime: Runtime) => T | Promise<T>,
): Promise<T> => collect(await resolveFrom(from), timeout, output, use);

/** The parts of a runtime that `settled` needs. */
export interface Settling extends Pick<Runtime, 'required' | 'isSynced' | 'clock'> {
  readonly store: Pick<Runtime['store'], 'sources' | 'onCommit'>;
}

/**
 * Resolves when every source has reached a final state. A source that is behind has some time for that: on a busy
 * machine its facts may still wait inside ifscope, and rules that need it cannot be evaluated. In a file, nothing
 * changes any more. Throws a `Problem` if no required source can be read.
 */
export function settled(runtime: Settling, from: From, deadlineMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const sources = (): SourceRecord[] => runtime.store.sources();
    const required = (): SourceRecord[] => sources().filter((source) => runtime.required.has(source.id));
    const stops: (() => void)[] = [];
    const end = (problem: Problem | null): void => {
      for (const cancel of stops) cancel();
      if (problem === null) resolve();
      else reject(problem);
    };
    const unreadable = (): Problem | null => {
      const troubled = required().filter(isRequiredHopeless);
      const waiting = required().filter(({ state }) => state === 'starting');
      if (troubled.length === 0 || troubled.length + waiting.length < required().length) return null;
      if (waiting.length > 0 && !isOutOfReach(sources())) return null;
      return new Problem(
        'runtime',
        `cannot read ${describeFrom(from)}: ${describeSources(troubled).slice(0, 2).join('; ')}`,
      );
    };
    const { clock } = runtime;
    let lateUntil: number | null = null;
    const isComplete = (): boolean => {
      if (!runtime.isSynced()) return false;
      if (isFile(from) || sources().every((source) => source.state !== 'behind')) return true;
      lateUntil ??= clock.now() + CATCH_UP_MS;
      return clock.now() >= lateUntil;
    };
    let settling: (() => void) | null = null;
    const check = (): void => {
      const failing = required().some((source) => source.state === 'failing');
      if (isComplete() && !failing && unreadable() === null) {
        end(null);
        return;
      }
      // Every required source failed, or all sources have answered: waits in case the failed ones recover.
      if (settling === null && (runtime.isSynced() || unreadable() !== null))
        settling = clock.after(SETTLE_MS, () => {
          settling = null;
          const problem = unreadable();
          if (problem !== null) end(problem);
          else if (isComplete()) end(null);
          else check();
        });
    };
    stops.push(
      runtime.store.onCommit(check),
      clock.after(deadlineMs, () => {
        // The deadline has passed, but there is something to show; the caller reports what is missing.
        if (required().some((source) => source.state === 'live' || source.state === 'behind')) {
          end(null);
          return;
        }
        const what = required().map((source) => (source.state === 'starting' ? source.id : describeSource(source)));
        end(
          new Problem(
            'runtime',
            `${describeFrom(from)} was not read within ${deadlineMs / 1000} s, still waiting for ${what.slice(0, 4).join(', ')}: allow more time with --timeout SECONDS`,
          ),
        );
      }),
      () => settling?.(),
    );
    // Timers of the system clock do not keep the process alive; this one does.
    const awake = setInterval(() => undefined, 60_000);
    stops.push(() => clearInterval(awake));
    check();
  });
}
