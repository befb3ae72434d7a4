/** Folded groups of nodes: one line each above the picture, with a summary. A click unfolds the group. */
import { useCallback } from 'react';
import { useClientState, useDerived, useFilterResult, useGo, usePageState } from '../../lib/client/hooks';
import type { ClientState } from '../../lib/client/client-state';
import { groupOfRecord } from '../../lib/client/unfold';
import type { Table } from '../../lib/model/records';
import { sumGroups, type GroupSum } from '../../lib/view/group-sums';
import { counted } from '../../lib/model/counted';
import { readEntry } from '../../lib/view/selection';
import { Button } from '../ui/Button';
import { SeverityIcon } from '../ui/SeverityIcon';

const TABLES: readonly Table[] = ['nodes', 'enis', 'findings'];

/** The lines of folded groups; nothing without any. */
export default function FoldedGroups() {
  const grouping = usePageState((page) => page.group);
  const folded = usePageState((page) => page.folded);
  const selected = usePageState((page) => page.selection.at(-1) ?? null);
  const left = useFilterResult()?.nodes ?? null;
  const read = useCallback(
    ({ replica }: ClientState) => sumGroups(replica, { grouping }, new Set(folded), left),
    [grouping, folded, left],
  );
  const groups = useDerived(TABLES, read);
  const all = useClientState(({ replica }) => replica.records.nodes.size);
  const holder = useClientState(({ replica }) =>
    selected === null ? null : groupOfRecord(replica, readEntry(selected)?.id ?? selected, grouping),
  );
  const go = useGo();
  const unfold = (rest: readonly string[]): void => {
    go({ folded: rest, camera: null });
    // The line disappears: the focus moves to the picture.
    document.querySelector<HTMLElement>('#view [role=application]')?.focus({ preventScroll: true });
  };
  if (groups.length === 0) return null;
  const inside = groups.reduce((sum, { nodes }) => sum + nodes, 0);
  return (
    <section aria-label="Folded groups" className="flex max-h-2/5 shrink-0 flex-col px-4 pb-2 text-12">
      <div className="flex h-7 shrink-0 items-center gap-3">
        <h2 className="font-semibold">Folded groups</h2>
        <span className="text-text3">
          {inside === all ? 'all nodes' : `${inside.toLocaleString('en')} of ${counted(all, 'node')}`}
        </span>
        <Button look="link" className="text-12!" onClick={() => unfold([])}>
          Unfold all
        </Button>
      </div>
      <ul className="scroll-thin min-h-0 overflow-y-auto rounded-md border border-line bg-surface">
        {groups.map((group) => (
          <li key={group.key} className="border-b border-line last:border-b-0">
            <Line
              group={group}
              holds={holder === group.key}
              onOpen={() => unfold(folded.filter((key) => key !== group.key))}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

const WORST: Readonly<Record<string, string>> = {
  error: 'with errors',
  warning: 'with own warnings',
  info: 'with own info findings',
};

interface LineProps {
  readonly group: GroupSum;
  /** Whether the selection is in the group. */
  readonly holds: boolean;
  readonly onOpen: () => void;
}

function Line({ group: { label, nodes, left, worst, addresses }, holds, onOpen }: LineProps) {
  return (
    <button
      type="button"
      aria-expanded={false}
      onClick={onOpen}
      className="flex min-h-8 w-full flex-wrap items-center gap-x-4 gap-y-0.5 px-3 lg:grid lg:grid-cols-[12rem_9rem_14rem_18rem_1fr] py-1 text-left -outline-offset-2 hover:bg-sunk pointer-coarse:min-h-11"
    >
      <span className="flex min-w-0 items-center gap-2">
        <span aria-hidden className="text-text3">
          ▸
        </span>
        <b className="truncate font-semibold">{label}</b>
      </span>
      <span className="text-text2 tabular-nums">
        {left === null ? counted(nodes, 'node') : `${left.toLocaleString('en')} of ${counted(nodes, 'node')} match`}
      </span>
      <span className="flex items-center gap-1.5 text-text2 tabular-nums" title="own: not shared by many nodes">
        {worst === null ? (
          'no own findings'
        ) : (
          <>
            <SeverityIcon severity={worst.severity} label={false} />
            {`${worst.nodes.toLocaleString('en')} ${WORST[worst.severity] ?? ''}`}
          </>
        )}
      </span>
      <span className="text-text2 tabular-nums">
        {addresses === null
          ? 'addresses not known'
          : `${addresses.available.toLocaleString('en')} warm or cooling · ${addresses.free.toLocaleString('en')} free on ENIs`}
      </span>
      {holds && <span className="font-semibold">holds the selection</span>}
    </button>
  );
}
