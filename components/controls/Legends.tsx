'use client';
/** What colours and fills mean. The rows of networks and states are filters, too. */
import { useMemo, type ReactNode } from 'react';
import { PODS } from '../../lib/model/source-ids';
import { isUnknown } from '../../lib/view/missing';
import { useClientState, useDerived, usePageState, useRanks } from '../../lib/client/hooks';
import { labelOf } from '../../lib/view/selection';
import type { ClientState } from '../../lib/client/client-state';
import { CLUSTER_NETWORK } from '../../lib/model/ids';
import { byNaturalName } from '../../lib/model/order';
import type { Table } from '../../lib/model/records';
import { ADDRESS_STATES, type AddressState } from '../../lib/model/vocabulary';
import { idsOf } from '../../lib/view/view-source';
import { cx } from '../ui/classes';
import { NetworkSwatch, SlotSwatch } from '../ui/Swatch';
import { useFilterActions } from '../hooks/useFilterActions';

const TABLES: readonly Table[] = ['networks', 'interfaces'];
const readCounts = ({ replica }: ClientState): ReadonlyMap<string, number> =>
  new Map(
    [...replica.records.networks.keys()].map(
      (id) => [id, idsOf(replica.indexes.interfacesByNetwork, id).size] as const,
    ),
  );

export function Legends() {
  return (
    <div className="flex flex-col gap-4 text-12 [@media(max-height:920px)]:gap-3">
      <NetworkLegend />
      <StateLegend />
      <Block title="ENI">
        <Row swatch={<EniSwatch />}>managed by VPC CNI</Row>
        <Row swatch={<EniSwatch unmanaged />}>no_manage</Row>
        <Row swatch={<b className="w-full text-center text-text2">~</b>}>inferred host NIC</Row>
      </Block>
      <Block title="Pool bar">
        <Row swatch={<TargetSwatch />}>warm target</Row>
      </Block>
    </div>
  );
}

function NetworkLegend() {
  const ranks = useRanks();
  const counts = useDerived(TABLES, readCounts);
  const known = useClientState(({ replica }) => !isUnknown(replica.records.sources.get(PODS)));
  const chosen = usePageState((page) => page.filter.networks);
  const { toggle, change } = useFilterActions();
  const coloured = useMemo(
    () =>
      [...ranks.keys()].sort((a, b) => (a === CLUSTER_NETWORK ? -1 : b === CLUSTER_NETWORK ? 1 : byNaturalName(a, b))),
    [ranks],
  );
  const others = useMemo(() => [...counts.keys()].filter((id) => !ranks.has(id)), [counts, ranks]);
  const othersChosen = others.length > 0 && others.every((id) => chosen.includes(id));
  return (
    <Block title="Network">
      {coloured.map((id) => (
        <Row
          key={id}
          swatch={<NetworkSwatch network={id} />}
          {...(known ? { count: counts.get(id) ?? 0 } : {})}
          pressed={chosen.includes(id)}
          onPress={() => toggle('networks', id)}
        >
          {labelOf(id)}
        </Row>
      ))}
      {others.length > 0 && (
        <Row
          swatch={<NetworkSwatch network="" />}
          count={others.reduce((sum, id) => sum + (counts.get(id) ?? 0), 0)}
          pressed={othersChosen}
          onPress={() =>
            change({
              networks: othersChosen
                ? chosen.filter((id) => !others.includes(id))
                : [...new Set([...chosen, ...others])],
            })
          }
        >
          {others.length === 1 ? labelOf(others[0] ?? '') : `${others.length} other networks`}
        </Row>
      )}
    </Block>
  );
}

const STATE_WORD: Readonly<Record<AddressState, string>> = {
  primary: 'primary address',
  assigned: 'assigned to a pod',
  warm: 'warm: ready to assign',
  cooling: 'cooling: recently freed',
  unclaimed: 'unclaimed',
  excluded: 'excluded',
  unknown: 'unknown',
};

function StateLegend() {
  const chosen = usePageState((page) => page.filter.states);
  const { toggle } = useFilterActions();
  return (
    <Block title="Address slot">
      {ADDRESS_STATES.map((state) => (
        <Row
          key={state}
          swatch={<SlotSwatch look={state} />}
          pressed={chosen.includes(state)}
          onPress={() => toggle('states', state)}
        >
          {STATE_WORD[state]}
        </Row>
      ))}
      <Row swatch={<SlotSwatch look="free" />}>free capacity</Row>
    </Block>
  );
}

function Block({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section>
      <h2 className="mb-1 text-12 font-semibold">{title}</h2>
      <ul>{children}</ul>
    </section>
  );
}

interface RowProps {
  readonly swatch: ReactNode;
  readonly count?: number;
  readonly pressed?: boolean;
  readonly onPress?: () => void;
  readonly children: string | readonly string[];
}

function Row({ swatch, count, pressed, onPress, children }: RowProps) {
  const inside = (
    <>
      <span className="flex w-7 shrink-0 items-center">{swatch}</span>
      <span className="min-w-0 flex-1 truncate text-left">{children}</span>
      {count !== undefined && <span className="pl-2 text-text3 tabular-nums">{count.toLocaleString('en')}</span>}
    </>
  );
  const box = 'flex min-h-6 items-center rounded-sm [@media(max-height:920px)]:min-h-5';
  if (onPress === undefined) return <li className={`${box} text-text2`}>{inside}</li>;
  return (
    <li>
      <button
        type="button"
        aria-pressed={pressed}
        title={`Show only: ${String(children)}`}
        onClick={onPress}
        className={cx(
          box,
          '-mx-2 w-[calc(100%+16px)] px-2 hover:bg-sunk',
          pressed === true ? 'bg-sunk font-semibold text-ink' : 'text-text2',
        )}
      >
        {inside}
      </button>
    </li>
  );
}

function EniSwatch({ unmanaged = false }: { readonly unmanaged?: boolean }) {
  return (
    <span
      aria-hidden
      className={`h-3.5 w-5 rounded-sm border border-edge ${unmanaged ? 'hatched border-dashed' : ''}`}
    />
  );
}

function TargetSwatch() {
  return (
    <svg width="20" height="16" viewBox="0 0 20 16" aria-hidden>
      <rect y="4" width="9" height="8" fill="var(--c-net0)" />
      <rect x="9" y="4" width="5" height="8" fill="var(--c-net0)" fillOpacity="0.22" />
      <rect x="14" width="1.8" height="16" fill="var(--c-ink)" />
    </svg>
  );
}
