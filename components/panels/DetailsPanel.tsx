import { useEffect, useRef } from 'react';
import type { RecordKind } from '../../lib/model/ids';
import { useClientState, usePageState } from '../../lib/client/hooks';
import { arrivalWords } from '../../lib/view/arrival-words';
import { labelOf } from '../../lib/view/record-label';
import { readEntry } from '../../lib/view/selection';
import { userInput } from '../hooks/user-input';
import { useAbsence } from '../hooks/useLimited';
import { PanelBody } from './PanelBody';
import { PanelHead } from './PanelHead';

/** The details of the selection, with one panel per kind of record. A new selection starts at the top. */
export default function DetailsPanel() {
  const entry = usePageState((page) => page.selection.at(-1) ?? null);
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    box.current?.scrollTo({ top: 0 });
    // After a choice in the finder nothing has the focus; the panel gets it.
    if (document.activeElement === document.body && userInput.hasOccurred) box.current?.focus({ preventScroll: true });
  }, [entry]);
  if (entry === null) return null;
  const selected = readEntry(entry);
  return (
    <aside
      ref={box}
      aria-label="Details"
      tabIndex={-1}
      className="scroll-thin w-80 shrink-0 overflow-x-hidden overflow-y-auto border-l border-line bg-surface px-3.5 pt-3 pb-8 outline-none max-md:absolute max-md:inset-0 max-md:z-10 max-md:w-full xl:w-93"
    >
      {selected === null ? (
        <Gone entry={entry} />
      ) : (
        <PanelBody key={entry} selected={selected} gone={<Gone entry={entry} />} />
      )}
    </aside>
  );
}

/** Kinds of records that come with the chunk of their node. */
const LATER: ReadonlySet<RecordKind | undefined> = new Set(['pod', 'interface', 'eni', 'hostNic', 'ipPool']);

/** A link may outlive its record: that is a fact about the cluster, not an error. */
function Gone({ entry }: { readonly entry: string }) {
  const arriving = useClientState(({ replica }) => arrivalWords(replica.partial));
  const absence = useAbsence();
  if (arriving !== null && LATER.has(readEntry(entry)?.kind))
    return (
      <PanelHead kind="Loading" title={labelOf(entry)}>
        {`It is not loaded yet; so far: ${arriving}. It appears here when it is.`}
      </PanelHead>
    );
  return (
    <PanelHead kind="Not found" title={labelOf(entry)}>
      {absence}
    </PanelHead>
  );
}
