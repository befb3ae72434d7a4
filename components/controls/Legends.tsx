/** The meaning of colours and fills. The rows of networks and states are also filters. */
import { useMemo } from 'react';
import { PODS } from '../../lib/model/source-ids';
import { isUnknown } from '../../lib/view/missing';
import { useClientState, useDerived, useLevel, usePageState, useRanks } from '../../lib/client/hooks';
import { labelOf } from '../../lib/view/record-label';
import type { ClientState } from '../../lib/client/client-state';
import { CLUSTER_NETWORK } from '../../lib/model/ids';
import { byNaturalName } from '../../lib/model/order';
import type { Table } from '../../lib/model/records';
import { ADDRESS_STATES, type AddressState } from '../../lib/model/vocabulary';
import { STATE_TONES } from '../../lib/layout/scene/paint';
import type { Tone } from '../../lib/layout/picture/tokens';
import { countStates, sumStates, type StateCounts } from '../../lib/view/colour-counts';
import { distinctLabels } from '../../lib/view/distinct-labels';
import type { ColourMode } from '../../lib/view/colour-mode';
import { idsOf } from '../../lib/view/view-source';
import { NetworkSwatch, SlotSwatch } from '../ui/Swatch';
import { useFilterActions } from '../hooks/useFilterActions';
import { useCalmInterval, useThrottledPass } from '../hooks/useThrottledPass';
import { LegendBlock, LegendRow } from './LegendRow';
import { ColourChoice, FindingLegend, FullnessLegend } from './ColourLegend';
import { TileLegend } from './TileLegend';

const TABLES: readonly Table[] = ['networks', 'interfaces'];
const readCounts = ({ replica }: ClientState): ReadonlyMap<string, number> =>
  new Map(
    [...replica.records.networks.keys()].map(
      (id) => [id, idsOf(replica.indexes.interfacesByNetwork, id).size] as const,
    ),
  );

/** The marks that are drawn at the current level. */
export function Legends() {
  const level = useLevel();
  const chosen = usePageState((page) => page.colour);
  // Only the picture of the whole has other colour modes.
  const mode = level === null ? 'network' : chosen;
  return (
    <div className="flex flex-col gap-4 text-12 [@media(max-height:920px)]:gap-3 print:flex-row print:flex-wrap print:gap-x-8!">
      {level !== null && <ColourChoice mode={mode} />}
      {mode === 'fullness' && <FullnessLegend />}
      {mode === 'findings' && <FindingLegend />}
      {mode === 'state' && <StateLegend mode={mode} />}
      <NetworkLegend coloured={mode === 'network'} />
      {level === 'tile' && <TileLegend mode={mode} />}
      {mode !== 'state' && <StateLegend mode={mode} />}
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

/** Maximum length of a label, in characters: about two lines. */
const MAX_LABEL = 28;

/** `coloured`: whether the picture has the colours of networks. */
function NetworkLegend({ coloured: isColoured }: { readonly coloured: boolean }) {
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
  const labels = useMemo(() => distinctLabels(coloured.map(labelOf), MAX_LABEL), [coloured]);
  const others = useMemo(() => [...counts.keys()].filter((id) => !ranks.has(id)), [counts, ranks]);
  const othersChosen = others.length > 0 && others.every((id) => chosen.includes(id));
  return (
    <LegendBlock title="Network">
      {coloured.map((id, at) => (
        <LegendRow
          key={id}
          swatch={isColoured ? <NetworkSwatch network={id} /> : null}
          {...(known ? { count: counts.get(id) ?? 0 } : {})}
          pressed={chosen.includes(id)}
          onPress={() => toggle('networks', id)}
          whole={labelOf(id)}
        >
          {/* Beside a long count there is room for one word. */}
          {id === CLUSTER_NETWORK && (counts.get(id) ?? 0) >= 10_000 ? 'cluster' : (labels[at] ?? '')}
        </LegendRow>
      ))}
      {others.length > 0 && (
        <LegendRow
          swatch={isColoured ? <NetworkSwatch network="" /> : null}
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

/** Interval of counting again, in ms. */
const CALM_MS = 1_000;

function StateLegend({ mode }: { readonly mode: ColourMode }) {
  return mode === 'state' ? <CountedStates /> : <States tone={mode === 'network' ? undefined : 'edge'} />;
}

function CountedStates() {
  const { values, complete } = useThrottledPass(countStates, useCalmInterval(CALM_MS));
  const counts = useMemo(() => sumStates(values), [values]);
  const known = useClientState(({ replica }) => replica.records.enis.size > 0);
  return <States counts={known && complete ? counts : undefined} />;
}

interface StatesProps {
  /** Addresses by state. */
  readonly counts?: StateCounts | undefined;
  /** One colour for all; absent: each state has its own, or its network's. */
  readonly tone?: Tone | undefined;
}

function States({ counts, tone }: StatesProps) {
  const own = usePageState((page) => page.colour) === 'state';
  const chosen = usePageState((page) => page.filter.states);
  const { toggle } = useFilterActions();
  return (
    <LegendBlock title="Address slot">
      {ADDRESS_STATES.map((state) => (
        <LegendRow
          key={state}
          swatch={<SlotSwatch look={state} tone={own ? STATE_TONES[state] : tone} />}
          {...(counts === undefined ? {} : { count: counts[state] })}
          pressed={chosen.includes(state)}
          onPress={() => toggle('states', state)}
        >
          {/* Beside a count there is room for the word only. */}
          {counts === undefined ? STATE_WORD[state] : state}
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
