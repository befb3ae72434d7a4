/** The meaning of the picture's colours, with counts; the colour mode is chosen here. */
import { useCallback } from 'react';
import { useClientState, useFilterResult, useGo, usePageState } from '../../lib/client/hooks';
import type { ClientState } from '../../lib/client/client-state';
import type { Table } from '../../lib/model/records';
import { PODS } from '../../lib/model/source-ids';
import { SEVERITIES } from '../../lib/model/vocabulary';
import { FINDING_TONES, FULLNESS_TONES } from '../../lib/layout/scene/paint';
import { countByFinding, countFullness } from '../../lib/view/colour-counts';
import { COLOUR_MODES, type ColourMode } from '../../lib/view/colour-mode';
import { FULLNESS_CLASSES, FULLNESS_WORDS, type FullnessClass } from '../../lib/view/fullness-class';
import { COLOUR_WORDS } from '../../lib/view/group-words';
import { isUnknown } from '../../lib/view/missing';
import { Choice } from '../ui/Choice';
import { Popover } from '../ui/Popover';
import { SeverityIcon } from '../ui/SeverityIcon';
import { useFilterActions } from '../hooks/useFilterActions';
import { useThrottledDerived } from '../hooks/useThrottledDerived';
import { Hatched, LegendBlock, LegendRow, Shade } from './LegendRow';

/** The choice is stored in the URL. */
export function ColourChoice({ mode }: { readonly mode: ColourMode }) {
  const go = useGo();
  return (
    <Popover
      label="Colours of the picture"
      buttonClass="h-7! w-full px-2! text-left text-12! border-line bg-surface hover:border-edge pointer-coarse:h-9!"
      button={
        <span className="flex">
          <span className="flex-1">
            Colour by <b className="font-semibold">{COLOUR_WORDS[mode]}</b>
          </span>
          <span aria-hidden>▾</span>
        </span>
      }
    >
      <Choice
        legend="Colour by"
        value={mode}
        options={COLOUR_MODES.map((value) => ({ value, label: COLOUR_WORDS[value] }))}
        onChoose={(value) => go({ colour: value })}
      />
    </Popover>
  );
}

const FULLNESS_QUERIES: Readonly<Record<FullnessClass, string>> = {
  low: 'node used<50%',
  middle: 'node used>=50% used<=90%',
  high: 'node used>90% used<100%',
  full: 'node used>=100%',
};

const FULLNESS_TABLES: readonly Table[] = ['nodes', 'enis'];

/** The fullness classes with their counts of nodes; a click filters by a class. */
export function FullnessLegend() {
  const left = useFilterResult()?.nodes ?? null;
  const read = useCallback(({ replica }: ClientState) => countFullness(replica, left), [left]);
  const counts = useThrottledDerived(FULLNESS_TABLES, read);
  const text = usePageState((page) => page.filter.text);
  const { change } = useFilterActions();
  return (
    <LegendBlock title="Nodes by addresses assigned">
      {FULLNESS_CLASSES.map((one) => {
        const query = FULLNESS_QUERIES[one];
        return (
          <LegendRow
            key={one}
            swatch={<Gauge of={one} />}
            count={counts[one]}
            pressed={text === query}
            onPress={() => change({ text: text === query ? '' : query })}
          >
            {FULLNESS_WORDS[one]}
          </LegendRow>
        );
      })}
      {counts.unknown > 0 && (
        <LegendRow swatch={<Hatched />} count={counts.unknown}>
          not known
        </LegendRow>
      )}
      <li className="pt-0.5 text-text3">Bars and slots have the colour of their ENI, by its own addresses.</li>
    </LegendBlock>
  );
}

const FINDING_TABLES: readonly Table[] = ['nodes', 'findings'];
const FINDING_WORDS = { error: 'error', warning: 'warning', info: 'info' } as const;

/** The worst findings with their counts of nodes; a click filters by them. */
export function FindingLegend() {
  const left = useFilterResult()?.nodes ?? null;
  const read = useCallback(({ replica }: ClientState) => countByFinding(replica, left), [left]);
  const counts = useThrottledDerived(FINDING_TABLES, read);
  const judged = useClientState(({ replica }) => !isUnknown(replica.records.sources.get(PODS)));
  const chosen = usePageState((page) => page.filter.severities);
  const { toggle } = useFilterActions();
  // Unknown values have no count instead of zero.
  const found = (count: number) => (judged ? { count } : {});
  return (
    <LegendBlock title="Nodes by worst finding">
      {SEVERITIES.map((severity) => (
        <LegendRow
          key={severity}
          swatch={<Shade fill={`var(--c-${FINDING_TONES[severity]})`} />}
          icon={<SeverityIcon severity={severity} label={false} />}
          {...found(counts[severity])}
          pressed={chosen.includes(severity)}
          onPress={() => toggle('severities', severity)}
        >
          {FINDING_WORDS[severity]}
        </LegendRow>
      ))}
      <LegendRow swatch={<Hatched />} {...found(counts.shared)}>
        shared by many
      </LegendRow>
      <LegendRow swatch={<Shade />} {...found(counts.none)}>
        none
      </LegendRow>
    </LegendBlock>
  );
}

const HEIGHT: Readonly<Record<FullnessClass, number>> = { low: 3, middle: 6.5, high: 9, full: 11 };

function Gauge({ of }: { readonly of: FullnessClass }) {
  const h = HEIGHT[of];
  return (
    <svg width="16" height="11" viewBox="0 0 16 11" aria-hidden className="inline-block shrink-0">
      <rect y={11 - h} width="16" height={h} fill={`var(--c-${FULLNESS_TONES[of]})`} fillOpacity="0.62" />
      <rect x="0.5" y="0.5" width="15" height="10" rx="2" fill="none" stroke="var(--c-edge)" />
    </svg>
  );
}
