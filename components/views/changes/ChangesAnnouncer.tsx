/** Announces the number of changes to screen readers at intervals; the list itself is silent. */
import { useEffect, useRef, useState } from 'react';
import { CHANGE_KINDS } from '../../../lib/model/vocabulary';
import type { DescribedChange } from '../../../lib/view/changes/described-change';

const EVERY_MS = 60_000;

function words(changes: readonly DescribedChange[], after: number): string {
  const recent = changes.filter(({ at }) => at > after);
  const parts = CHANGE_KINDS.flatMap((kind) => {
    const count = recent.filter((change) => change.kind === kind).length;
    return count === 0 ? [] : [`${count.toLocaleString('en')} ${kind}`];
  });
  return parts.length === 0 ? '' : `In the last minute: ${parts.join(', ')}.`;
}

const newestOf = (changes: readonly DescribedChange[]): number =>
  changes.reduce((most, { at }) => Math.max(most, at), 0);

/** Announces the number of changes to screen readers at intervals. */
export function ChangesAnnouncer({ changes }: { readonly changes: readonly DescribedChange[] }) {
  const latest = useRef(changes);
  const [said, setSaid] = useState('');
  useEffect(() => {
    latest.current = changes;
  }, [changes]);
  useEffect(() => {
    let after = newestOf(latest.current);
    const timer = setInterval(() => {
      setSaid(words(latest.current, after));
      after = newestOf(latest.current);
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <p role="status" className="sr-only">
      {said}
    </p>
  );
}
