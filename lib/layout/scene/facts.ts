/**
 * What a scene needs from the records besides the boxes. Created once per revision and computed on demand, so that a
 * frame pays only for what it shows.
 */
import { ENIS } from '../../model/source-ids';
import { CLUSTER_NETWORK } from '../../model/ids';
import type { NodeRecord, SourceRecord } from '../../model/records';
import { keptFor, remembered } from '../../model/remembered';
import type { ColourMode } from '../../view/colour-mode';
import { gaugeOf, type Gauge } from '../../view/fullness';
import type { NetworkRanks } from '../../view/network-colours';
import { commonName, shortName, type CommonName } from '../../view/node-names';
import { worstSeverity } from '../../view/severity';
import { findTroubles, type NodeTrouble, type Trouble, type Troubles } from '../../view/troubles';
import { recordsOf, type ViewSource } from '../../view/view-source';
import { networkOnTone, networkTextTone, networkTone, type Tone } from '../picture/tokens';
import type { Icon } from '../picture/mark';
import type { MarkWriter } from '../picture/mark-writer';
import type { Rect } from '../picture/rect';
import type { SlotItem } from '../places/slots';

/** The states of a pool's addresses. */
export type PoolState = 'assigned' | 'warm' | 'cooling';

/** Colours that show something other than the network. */
export interface Paint {
  readonly mode: Exclude<ColourMode, 'network'>;
  /** The colour of a slot. `eni`: the slot's ENI; null when not known. */
  slot(facts: SceneFacts, item: SlotItem, eni: string | null): Tone;
  /** An icon on the slot, so that colour is not the only cue; null: none. */
  icon(facts: SceneFacts, item: SlotItem, eni: string | null): Icon | null;
  /** The colour of text on the slot. */
  on(tone: Tone): Tone;
  /** Draws a node's tile; returns false to draw its gauge in the colours of its pool instead. */
  tile(draw: MarkWriter, facts: SceneFacts, node: NodeRecord, tile: Rect, opacity: number): boolean;
  /** The colour of a node's frame; null: the default. */
  frame(facts: SceneFacts, node: string): Tone | null;
  /** The colour of a node's addresses in a state. */
  pool(facts: SceneFacts, node: NodeRecord, state: PoolState): Tone;
}

/** Look-ups for a scene. */
export interface SceneFacts {
  readonly source: ViewSource;
  readonly common: CommonName | null;
  /** A node's name without the part that all names share. */
  shortName(name: string): { readonly text: string; readonly stripped: boolean };
  /** The source of ENIs; null when the record set has none. */
  readonly ec2: SourceRecord | null;
  tone(network: string | null): Tone;
  textTone(network: string | null): Tone;
  /** For text on the network's fill. */
  onTone(network: string | null): Tone;
  /** The network of an interface; the cluster network for an unknown one. */
  readonly networkOf: (interfaceId: string) => string;
  /** All findings about the node or anything on it. */
  troubleOfNode(node: string): NodeTrouble | null;
  /** Findings with this record as first subject. */
  troubleOf(id: string): Trouble | null;
  gauge(node: NodeRecord): Gauge | null;
  /** Colours that show something other than the network; null: by network. */
  readonly paint: Paint | null;
}

/** The colour of a node's addresses in a state. */
export const poolTone = (facts: SceneFacts, node: NodeRecord, state: PoolState): Tone =>
  facts.paint?.pool(facts, node, state) ?? 'net0';

/** Facts for one revision of the record set. */
export function createSceneFacts(source: ViewSource, ranks: NetworkRanks, paint: Paint | null = null): SceneFacts {
  let troubles: Troubles | null = null;
  const gauges = new Map<string, Gauge | null>();
  const { findings, interfaces } = source.records;
  const common = commonName(source.records.nodes.values());
  return {
    source,
    common,
    paint,
    shortName: (name) => shortName(name, common),
    ec2: source.records.sources.get(ENIS) ?? null,
    tone: (network) => networkTone(network === null ? null : (ranks.get(network) ?? null)),
    textTone: (network) => networkTextTone(network === null ? null : (ranks.get(network) ?? null)),
    onTone: (network) => networkOnTone(network === null ? null : (ranks.get(network) ?? null)),
    networkOf: (id) => interfaces.get(id)?.network ?? CLUSTER_NETWORK,
    troubleOfNode(node) {
      troubles ??= findTroubles(source);
      return troubles.byNode.get(node) ?? null;
    },
    troubleOf: remembered((id: string) => {
      const about = recordsOf(source.indexes.findingsBySubject, id, findings).filter(
        ({ subjects }) => subjects[0] === id,
      );
      const worst = worstSeverity(about.map(({ severity }) => severity));
      return worst === null ? null : { worst, count: about.length };
    }),
    gauge: (node) => keptFor(gauges, node.id, () => gaugeOf(source, node)),
  };
}
