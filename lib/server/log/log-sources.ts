/** Logs each change of a source's state, so that it is on record even if no page was open. */
import type { LogLevel } from '../../model/log-level';
import type { SourceRecord, SourceState } from '../../model/records';
import type { Store } from '../store/store';
import type { Log } from './log';

/** States of a source that is in trouble. */
export const TROUBLED: ReadonlySet<SourceState> = new Set<SourceState>(['failing', 'denied', 'stale']);

/** Sources are often briefly `behind`; metrics show how often. */
const levelOf = ({ state }: SourceRecord): LogLevel => (TROUBLED.has(state) ? 'warn' : 'info');

/**
 * Logs until the returned function is called. Sources that change at the same time, to the same state and for the same
 * reason, are one line.
 */
export function logSources(store: Store, log: Log): () => void {
  const told = new Map<string, SourceState>();
  return store.onCommit(() => {
    const lines = new Map<string, { readonly source: SourceRecord; readonly ids: string[] }>();
    for (const source of store.replica.records.sources.values()) {
      const { id, state, reason } = source;
      const before = told.get(id);
      if (state === before) continue;
      told.set(id, state);
      if (before === undefined && state === 'starting') continue;
      const key = JSON.stringify([state, reason]);
      const line = lines.get(key) ?? { source, ids: [] };
      line.ids.push(id);
      lines.set(key, line);
    }
    for (const { source, ids } of lines.values()) {
      const { state, reason } = source;
      const is = `${ids.length > 1 ? 'are' : 'is'} ${state}`;
      const why = reason === null ? '' : `: ${reason}`;
      log(levelOf(source), `${ids.join(', ')} ${is}${why}`, { sources: ids, state, reason });
    }
  });
}
