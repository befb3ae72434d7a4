'use client';
import type { Table } from '../../lib/model/records';
import { useClientState, useDerived, useServerNow } from '../../lib/client/hooks';
import { exactTime } from '../../lib/client/age';
import { summarizeSources, type SourceLine, type SourceTone } from '../../lib/client/sources';
import type { ClientState } from '../../lib/client/state';
import { Popover } from '../ui/Popover';

const TABLES: readonly Table[] = ['sources'];
const readSources = (state: ClientState) => [...state.replica.records.sources.values()];

const FRAME: Readonly<Record<SourceTone, string>> = {
  ok: 'border-line bg-surface text-text2 hover:border-edge',
  quiet: 'border-line bg-surface text-text2 hover:border-edge',
  warn: 'border-warn-fill bg-warn-bg text-warn',
  err: 'border-err bg-err-bg text-err',
};

/** The worst source with its state and age, then how many are live; it opens the list of all of them. */
export function SourceChip() {
  const sources = useDerived(TABLES, readSources);
  const ages = useClientState((state) => state.ages);
  const loaded = useClientState((state) => state.revision > 0);
  const now = useServerNow();
  if (!loaded) return null;
  const { lines, worst, live, counted, tone } = summarizeSources(sources, ages, now);
  const count = `${live} of ${counted} sources live`;
  const said = worst === null ? null : `${worst.id} ${worst.word}${worst.age === null ? '' : ` · ${worst.age}`}`;
  return (
    <Popover
      label="Sources"
      buttonClass={`flex min-w-0 shrink items-center gap-1.5 ${FRAME[tone]}`}
      panelClass="w-150"
      button={
        <>
          <StateMark tone={tone} />
          {said !== null && <span className="truncate font-semibold">{said}</span>}
          <span className={said === null ? '' : 'max-xl:hidden'}>
            {said !== null && '· '}
            {count}
          </span>
        </>
      }
    >
      {() => (
        <>
          <h2 className="text-14 font-semibold">Where the facts come from</h2>
          <p className="mt-1 mb-2 text-12 text-text2">
            Each source has a state and an age of its own. What a source cannot tell is shown as not known, never as
            zero.
          </p>
          <table className="w-full border-collapse text-12">
            <thead>
              <tr className="text-left text-text3">
                <th className="py-1 pr-3 font-normal">Source</th>
                <th className="py-1 pr-3 font-normal">State</th>
                <th className="py-1 font-normal">Newest fact</th>
              </tr>
            </thead>
            <tbody>
              {lines.map((line) => (
                <SourceRow key={line.id} line={line} />
              ))}
            </tbody>
          </table>
        </>
      )}
    </Popover>
  );
}

const WORD_TONE: Readonly<Record<SourceTone, string>> = {
  ok: 'text-text2',
  quiet: 'text-text3',
  warn: 'font-semibold text-warn',
  err: 'font-semibold text-err',
};

function SourceRow({ line }: { readonly line: SourceLine }) {
  return (
    <>
      <tr className="border-t border-line align-baseline">
        <th scope="row" className="py-1 pr-3 text-left font-mono font-normal">
          {line.id}
        </th>
        <td className={`py-1 pr-3 whitespace-nowrap ${WORD_TONE[line.tone]}`}>
          <StateMark tone={line.tone} /> {line.word}
        </td>
        <td className="py-1 whitespace-nowrap text-text2" title={exactTime(line.asOf) ?? undefined}>
          {line.age === null ? 'none yet' : `${line.age} ago`}
        </td>
      </tr>
      {line.reason !== null && (
        <tr>
          <td colSpan={3} className="pb-1.5 text-text2">
            {line.reason}
          </td>
        </tr>
      )}
    </>
  );
}

/** Dot, clock or cross: the shape tells the tone. */
function StateMark({ tone }: { readonly tone: SourceTone }) {
  return (
    <svg
      width="12"
      height="12"
      viewBox="0 0 12 12"
      aria-hidden
      className="inline-block shrink-0"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
    >
      {tone === 'ok' && <circle cx="6" cy="6" r="3" fill="currentColor" stroke="none" />}
      {tone === 'quiet' && <circle cx="6" cy="6" r="3.2" strokeDasharray="2 1.6" />}
      {tone === 'warn' && <path d="M6 .8a5.2 5.2 0 1 1 0 10.4A5.2 5.2 0 0 1 6 .8ZM6 3v3.2l2 1.3" />}
      {tone === 'err' && <path d="m2 2 8 8m0-8-8 8" />}
    </svg>
  );
}
