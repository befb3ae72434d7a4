import { PODS } from '../../lib/model/source-ids';
import { useCallback } from 'react';
import { useClientState, useFilterResult } from '../../lib/client/hooks';
import { isUnknown } from '../../lib/view/missing';
import type { ClientState } from '../../lib/client/client-state';
import type { Table } from '../../lib/model/records';
import { STATE_TONES } from '../../lib/layout/scene/paint';
import type { ColourMode } from '../../lib/view/colour-mode';
import { countTiles } from '../../lib/view/tile-counts';
import { useThrottledDerived } from '../hooks/useThrottledDerived';
import { SeverityIcon } from '../ui/SeverityIcon';
import { Hatched, LegendBlock, LegendRow, Shade } from './LegendRow';

const TABLES: readonly Table[] = ['nodes', 'enis', 'findings'];

/** The meaning of tile colours, with counts of the filtered nodes. `mode`: what a node's fill shows. */
export function TileLegend({ mode }: { readonly mode: ColourMode }) {
  const isGauge = mode === 'network' || mode === 'state';
  const available = mode === 'state' ? STATE_TONES.warm : 'net0';
  const left = useFilterResult()?.nodes ?? null;
  const read = useCallback(({ replica }: ClientState) => countTiles(replica, left), [left]);
  const { addresses, nodes } = useThrottledDerived(TABLES, read);
  const judged = useClientState(({ replica }) => !isUnknown(replica.records.sources.get(PODS)));
  const anyKnown = addresses.assigned + addresses.available + addresses.free > 0;
  // Unknown values have no count instead of zero.
  const known = (count: number) => (anyKnown ? { count } : {});
  const found = (count: number) => (judged ? { count } : {});
  return (
    <>
      {isGauge && (
        <LegendBlock title="Addresses of a node">
          <LegendRow swatch={<Shade fill="var(--c-net0)" />} {...known(addresses.assigned)}>
            assigned
          </LegendRow>
          <LegendRow swatch={<Shade fill={`var(--c-${available})`} opacity={0.22} />} {...known(addresses.available)}>
            warm, cooling
          </LegendRow>
          <LegendRow swatch={<Shade />} {...known(addresses.free)}>
            free on ENIs
          </LegendRow>
        </LegendBlock>
      )}
      <LegendBlock title="Nodes">
        {/* Already shown above, by colour. */}
        {mode !== 'findings' && (
          <>
            <LegendRow swatch={<SeverityIcon severity="error" label={false} />} {...found(nodes.errors)}>
              errors
            </LegendRow>
            <LegendRow swatch={<SeverityIcon severity="warning" label={false} />} {...found(nodes.warnings)}>
              own warnings
            </LegendRow>
          </>
        )}
        <LegendRow swatch={<Shade dashed />} count={nodes.notReady}>
          NotReady
        </LegendRow>
        {isGauge && (
          <LegendRow swatch={<Shade fill="var(--c-net0)" />} {...known(nodes.full)}>
            full
          </LegendRow>
        )}
        {isGauge && nodes.unknown > 0 && (
          <LegendRow swatch={<Hatched />} count={nodes.unknown}>
            not known
          </LegendRow>
        )}
      </LegendBlock>
    </>
  );
}
