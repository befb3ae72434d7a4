import { Fragment } from 'react';
import { useClientState } from '../../lib/client/hooks';
import { signOutPath } from '../../lib/client/sign-out';
import { exactTime } from '../../lib/view/age';
import { clusterFacts } from '../../lib/view/record-facts';
import type { SourceLine, SourceTone } from '../../lib/view/source-health';
import { sourceNotes, type SourceNote } from '../../lib/view/source-notes';
import { Facts, NamedFacts } from '../panels/parts';
import { SourceStateIcon } from './SourceStateIcon';

interface Props {
  readonly lines: readonly SourceLine[];
  /** Whether the states are those at the time the file was taken. */
  readonly ofFile: boolean;
}

/** The cluster, every source with its state, age and reason (worst first), and the link to sign out. */
export default function SourceList({ lines, ofFile }: Props) {
  const signOut = signOutPath();
  const notes = sourceNotes(lines);
  const where = clusterFacts(useClientState((state) => state.replica.cluster));
  return (
    <>
      {where.length > 0 && (
        <Facts>
          <NamedFacts facts={where} />
        </Facts>
      )}
      <h2 className={`text-14 font-semibold ${where.length > 0 ? 'mt-3' : ''}`}>Sources</h2>
      <p className="mt-1 mb-2 text-12 text-text2">
        {ofFile
          ? 'States and ages are as of when the file was taken: nothing here is live.'
          : 'Each source has its own state and age.'}{' '}
        What a source does not provide is shown as not known, never as zero.
      </p>
      <table className="w-full border-collapse text-12">
        <thead>
          <tr className="text-left text-text3">
            <th className="py-1 pr-3 font-normal">Source</th>
            <th className="py-1 pr-3 font-normal">State</th>
            <th className="py-1 font-normal">Last update</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line, at) => (
            <SourceRow key={line.id} line={line} note={notes[at] ?? null} />
          ))}
        </tbody>
      </table>
      {signOut !== null && (
        <p className="mt-2 border-t border-line pt-2 text-12">
          <a href={signOut} className="underline underline-offset-3">
            Sign out
          </a>
        </p>
      )}
    </>
  );
}

const WORD_TONE: Readonly<Record<SourceTone, string>> = {
  ok: 'text-text2',
  quiet: 'text-text3',
  warn: 'font-semibold text-warn',
  err: 'font-semibold text-err',
};

function SourceRow({ line, note }: { readonly line: SourceLine; readonly note: SourceNote | null }) {
  return (
    <>
      <tr className="border-t border-line align-baseline">
        <th scope="row" className="py-1 pr-3 text-left font-mono font-normal">
          {/* A long name wraps between its parts. */}
          {line.id.split('/').map((part, place) => (
            <Fragment key={part}>
              {place > 0 && (
                <>
                  /<wbr />
                </>
              )}
              {part}
            </Fragment>
          ))}
        </th>
        <td className={`py-1 pr-3 whitespace-nowrap tabular-nums ${WORD_TONE[line.tone]}`}>
          <SourceStateIcon tone={line.tone} /> {line.word}
        </td>
        <td className="py-1 whitespace-nowrap text-text2" title={exactTime(line.asOf) ?? undefined}>
          {line.asOf === null ? 'no data' : line.age === null ? 'at an unknown time' : `${line.age} ago`}
        </td>
      </tr>
      {note !== null && (
        <tr>
          <td colSpan={3} className="pb-1.5 text-text2 tabular-nums">
            {note.lost !== null && <span className="text-text">{note.lost} </span>}
            {note.text}
          </td>
        </tr>
      )}
    </>
  );
}
