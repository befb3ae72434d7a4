/**
 * A network on a node where a pod uses it, with the host link and ENI that carry it there. The links of its interfaces
 * decide; if they differ, or none is linked, the network's config and the node's links do.
 */
import { CERTAINTY_RANK } from '../../model/vocabulary';
import { attachmentId, CLUSTER_NETWORK, idParts, isDeviceClass } from '../../model/ids';
import type { AttachmentRecord, InterfaceRecord } from '../../model/records';
import { byCodeUnit } from '../../model/order';
import type { NodeContext } from '../context/context';
import type { Derived } from './interfaces';
import { configOfNad } from '../facts/nad-config';
import type { PlacementHints } from './clues';
import { linkNetwork } from './extra-interfaces';

/** The networks on a node, with the ENI and host NIC of each. */
export function deriveAttachments(context: NodeContext, derived: readonly Derived[]): readonly AttachmentRecord[] {
  const onNads = derived
    .map(({ record }) => record)
    .filter(({ network }) => network !== CLUSTER_NETWORK && !isDeviceClass(network));
  return [...Map.groupBy(onNads, ({ network }) => network)]
    .map(([network, interfaces]) => attachmentOf(context, network, interfaces))
    .sort((a, b) => byCodeUnit(a.id, b.id));
}

/** For an interface of which only the network is known. */
const NO_HINTS: PlacementHints = { ips: [], mac: null, device: null, pfPciAddress: null, masters: [] };

function attachmentOf(context: NodeContext, network: string, interfaces: readonly InterfaceRecord[]): AttachmentRecord {
  const [namespace = '', name = ''] = idParts(network);
  const base = { id: attachmentId(context.name, namespace, name), node: context.id, network };
  const linked = interfaces
    .filter(({ eni, hostNic }) => eni !== null || hostNic !== null)
    .sort((a, b) => CERTAINTY_RANK[a.link.certainty] - CERTAINTY_RANK[b.link.certainty] || byCodeUnit(a.id, b.id));
  const [best] = linked;
  if (best === undefined) {
    const { eni, hostNic, link } = linkNetwork(context, NO_HINTS, configOfNad(context.facts, `${namespace}/${name}`));
    return { ...base, eni, hostNic, ...link };
  }
  const enis = [...new Set(linked.flatMap(({ eni }) => eni ?? []))];
  const nics = [...new Set(linked.flatMap(({ hostNic }) => hostNic ?? []))];
  if (enis.length > 1 || (enis.length === 0 && nics.length > 1)) {
    return {
      ...base,
      eni: null,
      hostNic: null,
      rule: 'none',
      certainty: 'unknown',
      evidence: `Pods of this node use different ones: ${(enis.length > 1 ? enis : nics).join(', ')}.`,
      candidates: enis.length > 1 ? enis : nics,
    };
  }
  return {
    ...base,
    eni: best.eni,
    hostNic: best.hostNic ?? nics[0] ?? null,
    rule: best.link.rule,
    certainty: best.link.certainty,
    evidence: best.link.evidence,
    candidates: best.link.candidates,
  };
}
