/** Signals about a record: Events by reason, and counters that rose. */
import { useCallback } from 'react';
import { useClientState, useDerived } from '../../lib/client/hooks';
import type { ClientState } from '../../lib/client/client-state';
import type { SignalRecord, Table } from '../../lib/model/records';
import { recordsOf } from '../../lib/view/view-source';
import { Section, Since } from '../panels/parts';
import { LongText } from '../ui/LongText';

const TABLES: readonly Table[] = ['signals', 'pods'];

const newestFirst = (a: SignalRecord, b: SignalRecord): number =>
  (b.lastAt ?? '').localeCompare(a.lastAt ?? '') || (a.id < b.id ? -1 : 1);

/** `subjects` must be stable. */
export function Events({ subjects }: { readonly subjects: readonly string[] }) {
  const read = useCallback(
    ({ replica: { indexes, records } }: ClientState) =>
      subjects.flatMap((id) => recordsOf(indexes.signalsBySubject, id, records.signals)).sort(newestFirst),
    [subjects],
  );
  const signals = useDerived(TABLES, read);
  const complete = useClientState(({ replica }) => replica.partial?.complete ?? true);
  return (
    <Section title={complete ? `Events · ${signals.length}` : 'Events · loading'}>
      {signals.length === 0 ? (
        <p className="text-12 text-text3">
          {complete ? 'None about networking; ifscope keeps no others.' : 'The records are still being loaded.'}
        </p>
      ) : (
        <ul className="text-12">
          {signals.map(({ id, kind, count, firstAt, lastAt, text }) => (
            <li key={id} className="border-b border-line py-1.5 last:border-b-0">
              <b className="font-semibold">{kind}</b>
              <span className="text-text2">
                {count > 1 && ` × ${count.toLocaleString('en')}`} · last <Since at={lastAt} />
                {count > 1 && firstAt !== null && (
                  <>
                    , first <Since at={firstAt} />
                  </>
                )}
              </span>
              <div className="break-words">
                <LongText text={text} />
              </div>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
