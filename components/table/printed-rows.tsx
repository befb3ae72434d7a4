/** The rows of a table on paper: not only those in view, but few enough that the browser stays responsive. */
import { useEffect, useMemo, useState } from 'react';
import { flushSync } from 'react-dom';

const MOST_PRINTED = 1000;

interface PrintedRow {
  readonly index: number;
  readonly start: number;
}

/** The rows that the document must contain while it is printed; null on a screen. */
export function usePrintedRows(count: number): readonly PrintedRow[] | null {
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    // The browser lays out the page for paper right after the event.
    const begin = (): void => flushSync(() => setPrinting(true));
    const end = (): void => setPrinting(false);
    window.addEventListener('beforeprint', begin);
    window.addEventListener('afterprint', end);
    return () => {
      window.removeEventListener('beforeprint', begin);
      window.removeEventListener('afterprint', end);
    };
  }, []);
  return useMemo(
    () =>
      printing ? Array.from({ length: Math.min(count, MOST_PRINTED) }, (_, index) => ({ index, start: 0 })) : null,
    [printing, count],
  );
}

interface Props {
  readonly printed: number;
  readonly all: number;
  readonly noun: string;
}

/** How many rows are left out on paper. */
export function NotPrinted({ printed, all, noun }: Props) {
  if (printed >= all) return null;
  return (
    <p className="px-4 py-2 text-text2">
      {`The first ${printed.toLocaleString('en')} of ${all.toLocaleString('en')} ${noun} are printed. “Download CSV” saves all of them.`}
    </p>
  );
}
