/** Number of changes by kind and by table; each filters the list and the marks in the picture. */
import type { ReactNode } from 'react';
import { useGo, usePageState } from '../../../lib/client/hooks';
import { NOUNS, TABLES } from '../../../lib/model/records';
import { CHANGE_KINDS } from '../../../lib/model/vocabulary';
import type { ChangeView } from '../../../lib/view/changes/rows';
import { ChangeIcon } from '../../ui/ChangeIcon';
import { cx } from '../../ui/classes';

/** Filters the list by kind of change and of record. */
export function ChangeFacets({ kinds, tables }: Pick<ChangeView, 'kinds' | 'tables'>) {
  const told = usePageState((page) => page.told);
  const shown = TABLES.filter((table) => tables[table] !== undefined || told.includes(table));
  return (
    <div role="group" aria-label="Kinds of change" className="flex flex-wrap gap-1.5 px-4 pt-1.5 pb-2 text-12">
      {CHANGE_KINDS.map((kind) => (
        <Facet key={kind} word={kind} count={kinds[kind]}>
          <ChangeIcon kind={kind} label={false} /> {kind}
        </Facet>
      ))}
      {shown.length > 0 && <span aria-hidden className="mx-1 w-px self-stretch bg-line max-md:hidden" />}
      {shown.map((table) => (
        <Facet key={table} word={table} count={tables[table] ?? 0}>
          {NOUNS[table][tables[table] === 1 ? 'one' : 'many']}
        </Facet>
      ))}
    </div>
  );
}

interface FacetProps {
  readonly word: string;
  readonly count: number;
  readonly children: ReactNode;
}

function Facet({ word, count, children }: FacetProps) {
  const told = usePageState((page) => page.told);
  const go = useGo();
  const chosen = told.includes(word);
  return (
    <button
      type="button"
      aria-pressed={chosen}
      title={chosen ? 'Show all again' : 'Show only these'}
      onClick={() => go({ told: chosen ? told.filter((one) => one !== word) : [...told, word] })}
      className={cx(
        'flex h-6 items-center gap-1.5 rounded-md border px-2 tabular-nums',
        chosen ? 'border-ink bg-sunk font-semibold' : 'border-line bg-surface hover:border-edge',
        count === 0 && !chosen && 'text-text3',
      )}
    >
      {children} <span className="text-text3">{count.toLocaleString('en')}</span>
    </button>
  );
}
