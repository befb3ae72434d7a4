/** How much of the record set has arrived, while loading; unobtrusive, because the page is usable meanwhile. */
import { useEffect, useState } from 'react';
import { useClientState } from '../../lib/client/hooks';
import { arrivalWords } from '../../lib/view/arrival-words';

/** A shorter loading time is not shown. Milliseconds. */
const PATIENCE_MS = 300;

/** How much of the record set has been loaded; nothing once it is complete. */
export function Arriving() {
  const words = useClientState(({ replica }) => arrivalWords(replica.partial));
  const share = useClientState(({ replica: { partial } }) => {
    const all = partial?.nodes ?? 0;
    return all === 0 ? 1 : (partial?.nodesHere ?? 0) / all;
  });
  const [patient, setPatient] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setPatient(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  if (words === null || !patient) return null;
  return (
    <p className="ml-auto flex shrink-0 items-center gap-2 text-text3 tabular-nums">
      {words}
      <span
        role="progressbar"
        aria-label="Records loaded"
        aria-valuenow={Math.round(share * 100)}
        className="h-1 w-20 rounded-full bg-sunk"
      >
        <span className="block h-full rounded-full bg-edge" style={{ width: `${share * 100}%` }} />
      </span>
    </p>
  );
}
