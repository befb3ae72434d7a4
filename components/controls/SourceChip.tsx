import { lazy, useContext } from 'react';
import { sourceNow } from '../../lib/model/lag';
import type { Table } from '../../lib/model/records';
import { FileMomentContext, useClientState, useDerived, useServerNow } from '../../lib/client/hooks';
import { summarizeSources, worstWords, type SourceTone } from '../../lib/view/source-health';
import type { ClientState } from '../../lib/client/client-state';
import { Popover } from '../ui/Popover';
import { SourceStateIcon } from './SourceStateIcon';

const SourceList = lazy(() => import('./SourceList'));

const TABLES: readonly Table[] = ['sources'];
const readSources = (state: ClientState) => [...state.replica.records.sources.values()];

const FRAME: Readonly<Record<SourceTone, string>> = {
  ok: 'border-line bg-surface text-text2 hover:border-edge',
  quiet: 'border-line bg-surface text-text2 hover:border-edge',
  warn: 'border-warn-fill bg-warn-bg text-warn',
  err: 'border-err bg-err-bg text-err',
};

/** The worst source with its state and age, and the number of live ones; opens the list of all sources. */
export default function SourceChip() {
  const sources = useDerived(TABLES, readSources);
  const ages = useClientState((state) => state.ages);
  const lags = useClientState((state) => state.lags);
  const loaded = useClientState((state) => state.revision > 0);
  const phase = useClientState((state) => state.phase);
  const now = useServerNow();
  const ofFile = useContext(FileMomentContext) !== null;
  if (!loaded) return null;
  const summary = summarizeSources(
    sources.map((source) => sourceNow(source, ages, lags)),
    now,
  );
  const { lines, live, counted, tone } = summary;
  // While the server does not respond, the current state of the sources is not known.
  const then = ofFile ? ' when taken' : phase === 'reconnecting' ? ' at last contact' : '';
  const count = `${live} of ${counted} sources live${then}`;
  const said = worstWords(summary);
  return (
    <Popover
      label="Sources"
      buttonClass={`flex max-w-full min-w-0 shrink items-center gap-1.5 ${ofFile ? 'max-md:w-full' : ''} ${FRAME[tone]}`}
      panelClass="w-150"
      button={
        <>
          <SourceStateIcon tone={tone} />
          {said !== null && <span className="truncate font-semibold tabular-nums">{said}</span>}
          <span className={said === null ? 'truncate' : 'max-[1600px]:hidden'}>
            {said !== null && '· '}
            {count}
          </span>
        </>
      }
    >
      <SourceList lines={lines} ofFile={ofFile} />
    </Popover>
  );
}
