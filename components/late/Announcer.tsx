import { useEffect } from 'react';
import { useClientState, usePageState } from '../../lib/client/hooks';
import { useFocusKept } from '../hooks/useFocusKept';
import { kindWord, labelOf } from '../../lib/view/record-label';
import { readEntry } from '../../lib/view/selection';
import { loadAhead } from './ahead';

/**
 * Announces the selection to screen readers, and whether the picture is paused or reconnecting; keeps the focus on the
 * page, and loads the code of what is not shown yet.
 */
export default function Announcer() {
  useFocusKept();
  // The rest of the record set comes first.
  const hasArrived = useClientState(({ revision, replica }) => revision > 0 && replica.partial?.complete !== false);
  useEffect(() => {
    if (hasArrived) void loadAhead();
  }, [hasArrived]);
  const entry = usePageState((page) => page.selection.at(-1) ?? null);
  const paused = useClientState((state) => state.paused);
  const phase = useClientState((state) => state.phase);
  const selected = entry === null ? null : readEntry(entry);
  const said = selected === null ? '' : `${kindWord(selected.kind)} ${labelOf(entry ?? '')} selected, details open.`;
  const state = phase === 'reconnecting' ? 'Reconnecting.' : paused ? 'Paused.' : '';
  return (
    <div aria-live="polite" className="sr-only">
      {`${said} ${state}`.trim()}
    </div>
  );
}
