'use client';
/** What colours and fills mean. The rows of networks and states are filters, too. */
import { useMemo } from 'react';
import { PODS } from '../../lib/model/source-ids';
import { isUnknown } from '../../lib/view/missing';
import { useClientState, useDerived, useLevel, usePageState, useRanks } from '../../lib/client/hooks';
import { labelOf } from '../../lib/view/selection';
import type { ClientState } from '../../lib/client/client-state';
import { CLUSTER_NETWORK } from '../../lib/model/ids';
import { byNaturalName } from '../../lib/model/order';
import type { Table } from '../../lib/model/records';
import { ADDRESS_STATES, type AddressState } from '../../lib/model/vocabulary';
import { idsOf } from '../../lib/view/view-source';
import { NetworkSwatch, SlotSwatch } from '../ui/Swatch';
import { useFilterActions } from '../hooks/useFilterActions';
import { LegendBlock, LegendRow } from './LegendRow';
import { TileLegend } from './TileLegend';

const TABLES: readonly Table[] = ['networks', 'interfaces'];
const readCounts = ({ replica }: ClientState): ReadonlyMap<string, number> =>
  new Map(
    [...replica.records.networks.keys()].map(
      (id) => [id, idsOf(replica.indexes.interfacesByNetwork, id).size] as const,
    ),
  );

/** The marks that the level in sight draws. */
export function Legends() {
  const level = useLevel();
  return (
    <div className="flex flex-col gap-4 text-12 [@media(max-height:920px)]:gap-3">
      <NetworkLegend />
      {level === 'tile' && <TileLegend />}
      <StateLegend />
      {level !== 'tile' && <NearLegend />}
    </div>
  );
}

function NearLegend() {
  return (
    <>
      <LegendBlock title="ENI">
        <LegendRow swatch={<EniSwatch />}>managed by VPC CNI</LegendRow>
        <LegendRow swatch={<EniSwatch unmanaged />}>no_manage</LegendRow>
        <LegendRow swatch={<b className="w-full text-center text-text2">~</b>}>inferred host NIC</LegendRow>
      </LegendBlock>
      <LegendBlock title="Pool bar">
        <LegendRow swatch={<TargetSwatch />}>warm target</LegendRow>
      </LegendBlock>
    </>
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
    <LegendBlock title="Network">
      {coloured.map((id) => (
        <LegendRow
          key={id}
          swatch={<NetworkSwatch network={id} />}
          {...(known ? { count: counts.get(id) ?? 0 } : {})}
          pressed={chosen.includes(id)}
          onPress={() => toggle('networks', id)}
        >
          {labelOf(id)}
        </LegendRow>
      ))}
      {others.length > 0 && (
        <LegendRow
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
        </LegendRow>
      )}
    </LegendBlock>
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
    <LegendBlock title="Address slot">
      {ADDRESS_STATES.map((state) => (
        <LegendRow
          key={state}
          swatch={<SlotSwatch look={state} />}
          pressed={chosen.includes(state)}
          onPress={() => toggle('states', state)}
        >
          {STATE_WORD[state]}
        </LegendRow>
      ))}
      <LegendRow swatch={<SlotSwatch look="free" />}>free capacity</LegendRow>
    </LegendBlock>
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
