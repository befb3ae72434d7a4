/**
 * Changes as a table: time, kind, sentence. A burst expands; a change opens its subject and shows it in the picture.
 */
import { useMemo, type ReactNode } from 'react';
import { useClient, useCommonName, useSelect } from '../../../lib/client/hooks';
import type { ChangeRow } from '../../../lib/view/changes/rows';
import { shortNames } from '../../../lib/view/changes/words';
import { useNarrow } from '../../hooks/useNarrow';
import { ChangeIcon } from '../../ui/ChangeIcon';
import { DataTable } from '../../table/DataTable';
import { column, type Column } from '../../table/column';

const clock = (at: number | null): string => (at === null ? '' : new Date(at).toISOString().slice(11, 19));

interface ColumnsAsked {
  /** Whether changes have a time; differences between two files do not. */
  readonly timed: boolean;
  readonly narrow: boolean;
  readonly shorten: (sentence: string) => string;
}

function columnsOf({ timed, narrow, shorten }: ColumnsAsked): readonly Column<ChangeRow>[] {
  const time: Column<ChangeRow> = column('time', 'UTC', '58px', ({ at }) => clock(at), {
    sort: ({ at }) => at,
    cell: ({ at, inner }) => <span className={inner ? 'text-text3 tabular-nums' : 'tabular-nums'}>{clock(at)}</span>,
  });
  const what: Column<ChangeRow> = column(
    'kind',
    narrow ? '' : 'What',
    narrow ? '18px' : '84px',
    ({ kind }) => kind ?? 'not known',
    {
      cell: ({ kind, inner }) =>
        kind === null ? undefined : (
          <span className="flex items-center gap-1.5">
            <ChangeIcon kind={kind} label={narrow} />
            {!narrow && !inner && kind}
          </span>
        ),
    },
  );
  const change: Column<ChangeRow> = column(
    'change',
    'Change',
    'minmax(220px, 1fr)',
    ({ sentence, count, open }) =>
      open === null ? sentence : `${sentence} ${count} changes, ${open ? 'unfolded' : 'folded'}.`,
    {
      wraps: 'always',
      sort: ({ sentence }) => sentence,
      cell: ({ sentence, open, inner, kind }) => (
        <span className={inner ? 'pl-4 text-text2' : kind === null ? 'text-text3' : undefined}>
          {open !== null && (
            <span aria-hidden className="mr-1.5 inline-block w-2.5 text-text3">
              {open ? '▾' : '▸'}
            </span>
          )}
          {shorten(sentence)}
          {open !== null && <span className="sr-only">{open ? ' Unfolded.' : ' Folded.'}</span>}
        </span>
      ),
    },
  );
  return timed ? [time, what, change] : [what, change];
}

interface Props {
  readonly rows: readonly ChangeRow[];
  readonly timed: boolean;
  readonly counted: ReactNode;
  readonly note: ReactNode;
  readonly empty: ReactNode;
  readonly onFold: (id: string) => void;
}

const idOf = ({ id }: ChangeRow): string => id;

/** The changes, with equal ones folded into one row. */
export function ChangeList({ rows, timed, counted, note, empty, onFold }: Props) {
  const { revealer } = useClient();
  const { open } = useSelect();
  const common = useCommonName();
  const narrow = useNarrow();
  const columns = useMemo(
    () => columnsOf({ timed, narrow, shorten: (sentence) => shortNames(sentence, common) }),
    [timed, narrow, common],
  );
  return (
    <DataTable
      noun="changes"
      kind="node"
      rows={rows}
      columns={columns}
      idOf={idOf}
      counted={counted}
      note={note}
      empty={empty}
      onOpen={(row) => {
        if (row.open !== null) onFold(row.id);
        else if (row.subject !== null) {
          open(row.subject);
          revealer.set({ to: 'record', id: row.subject });
        }
      }}
    />
  );
}
