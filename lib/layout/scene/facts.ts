/**
 * What a scene must know of the record set besides the boxes: made once per revision, filled where it is looked at, so
 * that a frame costs what it shows.
 */
import { SEVERITY_RANK } from '../../model/vocabulary';
import { ENIS } from '../../model/source-ids';
import { CLUSTER_NETWORK } from '../../model/ids';
import type { NodeRecord, Severity, SourceRecord } from '../../model/records';
import type { NetworkRanks } from '../../view/network-colours';
import { commonName, shortName, type CommonName } from '../../view/node-names';
import { looksUnder, nodeOfRecord } from '../../view/sparse';
import { idsOf, type ViewSource } from '../../view/view-source';
import { networkOnTone, networkTextTone, networkTone, type Tone } from '../picture/tokens';

/** The worst finding on something, and how many there are. */
export interface Trouble {
  readonly worst: Severity;
  readonly count: number;
}

/** A node's addresses as one gauge; null parts are not known. */
export interface Gauge {
  readonly assigned: number;
  readonly available: number;
  /** Slots for addresses on the managed ENIs that are attached. */
  readonly capacity: number;
}

export interface SceneFacts {
  readonly source: ViewSource;
  readonly common: CommonName | null;
  /** A node's name without what all share. */
  shortName(name: string): { readonly text: string; readonly stripped: boolean };
  /** The source of ENIs; null when the record set has none. */
  readonly ec2: SourceRecord | null;
  tone(network: string | null): Tone;
  textTone(network: string | null): Tone;
  /** For text on the network's fill. */
  onTone(network: string | null): Tone;
  /** The network of an interface; the cluster network for one we do not know. */
  readonly networkOf: (interfaceId: string) => string;
  /** All findings that concern the node or anything on it. */
  troubleOfNode(node: string): Trouble | null;
  /** Findings whose wrong record this is. */
  troubleOf(id: string): Trouble | null;
  gauge(node: NodeRecord): Gauge | null;
}

const worse = (a: Severity, b: Severity): Severity => (SEVERITY_RANK[a] <= SEVERITY_RANK[b] ? a : b);

function nodeTroubles(source: ViewSource): ReadonlyMap<string, Trouble> {
  const found = new Map<string, Trouble>();
  const { nodes } = source.records;
  const nodeOf = (subject: string): string | null =>
    nodes.has(subject) ? subject : (nodeOfRecord(source, subject) ?? null);
  for (const finding of source.records.findings.values()) {
    const on = new Set(finding.subjects.map(nodeOf));
    for (const node of on) {
      if (node === null) continue;
      const known = found.get(node);
      found.set(
        node,
        known === undefined
          ? { worst: finding.severity, count: 1 }
          : { worst: worse(known.worst, finding.severity), count: known.count + 1 },
      );
    }
  }
  return found;
}

/** By assigned address and ENI; the gauge of a node whose pools are not known. */
function gaugeOf(source: ViewSource, node: NodeRecord): Gauge | null {
  let assigned = 0;
  let available = 0;
  let capacity = 0;
  let known = false;
  for (const pool of node.pools) {
    if (pool.total === null || pool.assigned === null) continue;
    known = true;
    assigned += pool.assigned;
    available += pool.total - pool.assigned;
  }
  if (!known) return null;
  for (const eni of looksUnder(source, 'enisByNode', node.id))
    if (eni.management.state === 'managed') capacity += eni.addressCapacity ?? 0;
  return { assigned, available, capacity: Math.max(capacity, assigned + available) };
}

export function createSceneFacts(source: ViewSource, ranks: NetworkRanks): SceneFacts {
  let troubles: ReadonlyMap<string, Trouble> | null = null;
  const own = new Map<string, Trouble | null>();
  const gauges = new Map<string, Gauge | null>();
  const { findings, interfaces } = source.records;
  const common = commonName(source.records.nodes.values());
  return {
    source,
    common,
    shortName: (name) => shortName(name, common),
    ec2: source.records.sources.get(ENIS) ?? null,
    tone: (network) => networkTone(network === null ? null : (ranks.get(network) ?? null)),
    textTone: (network) => networkTextTone(network === null ? null : (ranks.get(network) ?? null)),
    onTone: (network) => networkOnTone(network === null ? null : (ranks.get(network) ?? null)),
    networkOf: (id) => interfaces.get(id)?.network ?? CLUSTER_NETWORK,
    troubleOfNode(node) {
      troubles ??= nodeTroubles(source);
      return troubles.get(node) ?? null;
    },
    troubleOf(id) {
      let trouble = own.get(id);
      if (trouble === undefined) {
        trouble = null;
        for (const finding of idsOf(source.indexes.findingsBySubject, id)) {
          const record = findings.get(finding);
          if (record?.subjects[0] !== id) continue;
          trouble =
            trouble === null
              ? { worst: record.severity, count: 1 }
              : { worst: worse(trouble.worst, record.severity), count: trouble.count + 1 };
        }
        own.set(id, trouble);
      }
      return trouble;
    },
    gauge(node) {
      let gauge = gauges.get(node.id);
      if (gauge === undefined) {
        gauge = gaugeOf(source, node);
        gauges.set(node.id, gauge);
      }
      return gauge;
    },
  };
}
