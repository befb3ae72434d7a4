/** Shows that the page displays a file instead of the cluster, what could not be read in it, and the way back. */
import { useState } from 'react';
import { useClient, useGo, usePageState } from '../../lib/client/hooks';
import { useOpened } from '../../lib/client/hooks-opened';
import type { Difference, OpenedFiles, OpenedSet } from '../../lib/client/opened';
import { exactTime } from '../../lib/view/age';
import { Button } from '../ui/Button';

/** `live`: whether the page is connected to a cluster, to compare with and to return to. */
export default function OpenedBanner({ live }: { readonly live: boolean }) {
  const opened = useOpened();
  const client = useClient();
  if (opened === null) return null;
  const at = (act: (files: OpenedFiles) => unknown) => () =>
    void client.opened.files().then(act, () => client.opened.set(null));
  if (opened.phase === 'reading')
    return (
      <Line>
        <p role="status">Reading {opened.names} in this browser…</p>
      </Line>
    );
  if (opened.phase === 'failed')
    return (
      <Line>
        <p role="alert" className="min-w-0">
          <b className="font-semibold">{opened.names} cannot be shown.</b> {opened.line}
        </p>
        <Button className="ml-auto h-6!" onClick={at((files) => files.dismiss())}>
          Dismiss
        </Button>
      </Line>
    );
  const { shown, difference } = opened;
  return (
    <Line>
      <p role="status" className="min-w-0">
        {difference === null ? <Named set={shown} /> : <Compared {...difference} />}
        <span className="text-text2"> Read in this browser; nothing was sent. </span>
      </p>
      <Problems set={shown} />
      <span className="ml-auto flex shrink-0 gap-2">
        {difference === null && live && (
          <Button className="h-6!" onClick={at((files) => files.compareWithLive())}>
            Compare with the live cluster
          </Button>
        )}
        {difference !== null && <ShowChanges />}
        <Button className="h-6! border-ink! font-semibold" onClick={at((files) => files.close())}>
          {live ? 'Back to live' : 'Close'}
        </Button>
      </span>
    </Line>
  );
}

function Line({ children }: { readonly children: React.ReactNode }) {
  return (
    <section
      aria-label="Opened file"
      className="flex min-h-9 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b border-edge bg-sunk px-4 py-1 text-13"
    >
      {children}
    </section>
  );
}

const when = ({ takenAt }: OpenedSet): string => exactTime(takenAt) ?? 'at an unknown time';
const KIND = { capture: 'Capture', snapshot: 'Snapshot', live: 'State of' } as const;

function Named({ set }: { readonly set: OpenedSet }) {
  return (
    <>
      {KIND[set.kind]} <b className="font-semibold">{set.name}</b>, taken {when(set)}.
    </>
  );
}

function Compared({ before, after }: Difference) {
  const other = before.cluster !== null && after.cluster !== null && before.cluster !== after.cluster;
  return (
    <>
      From <b className="font-semibold">{before.name}</b> ({when(before)}) to{' '}
      <b className="font-semibold">{after.name}</b> ({when(after)}).
      {other && (
        <b className="font-semibold">
          {' '}
          These are two clusters: {before.cluster} and {after.cluster}.
        </b>
      )}
    </>
  );
}

function ShowChanges() {
  const go = useGo();
  const isShown = usePageState(({ view }) => view === 'changes');
  if (isShown) return null;
  return (
    <Button className="h-6!" onClick={() => go({ view: 'changes', focus: null, sort: '' })}>
      Show what changed
    </Button>
  );
}

/** Maximum number of lines shown. */
const MOST_LINES = 200;

function Problems({ set: { problems } }: { readonly set: OpenedSet }) {
  const [open, setOpen] = useState(false);
  if (problems.length === 0) return null;
  const count = problems.length === 1 ? '1 part was' : `${problems.length.toLocaleString('en')} parts were`;
  return (
    <>
      <Button look="link" aria-expanded={open} onClick={() => setOpen(!open)}>
        {count} not understood
      </Button>
      {open && (
        <ul
          tabIndex={0}
          aria-label="Problems while reading"
          className="scroll-thin order-last max-h-40 w-full overflow-auto font-mono text-12 text-text2"
        >
          {problems.slice(0, MOST_LINES).map((line) => (
            <li key={line}>{line}</li>
          ))}
          {problems.length > MOST_LINES && <li>and {(problems.length - MOST_LINES).toLocaleString('en')} more</li>}
        </ul>
      )}
    </>
  );
}
