/**
 * A network on a node where a pod uses it: which host link and ENI it hangs on there. What its interfaces are linked to
 * decides; where they disagree, or none is linked, the network's config and the node's links do.
 */
import { CERTAINTY_RANK } from '../../model/vocabulary';
import type { NetworkConfig } from '../../cni/config';
import { attachmentId } from '../../model/ids';
import type { AttachmentRecord } from '../../model/records';
import { byCodeUnit } from '../../model/order';
import type { NodeContext } from '../context/context';
import type { Derived } from './interfaces';
import { linkNetwork } from './extra-interfaces';

export function deriveAttachments(
  context: NodeContext,
  derived: readonly Derived[],
  configOf: (nad: string) => NetworkConfig | null,
): readonly AttachmentRecord[] {
  const byNetwork = new Map<string, Derived[]>();
  for (const one of derived) {
    if (one.draft.nad === null) continue;
    const list = byNetwork.get(one.draft.nad);
    if (list === undefined) byNetwork.set(one.draft.nad, [one]);
    else list.push(one);
  }
  return [...byNetwork]
    .map(([nad, faces]) => attachmentOf(context, nad, faces, configOf(nad)))
    .sort((a, b) => byCodeUnit(a.id, b.id));
}

function attachmentOf(
  context: NodeContext,
  nad: string,
  faces: readonly Derived[],
  config: NetworkConfig | null,
): AttachmentRecord {
  const slash = nad.indexOf('/');
  const first = faces[0];
  if (first === undefined) throw new Error(`attachment of ${nad} without an interface`);
  const base = {
    id: attachmentId(context.name, nad.slice(0, slash), nad.slice(slash + 1)),
    node: context.id,
    network: first.record.network,
  };
  const linked = faces
    .map(({ record }) => record)
    .filter(({ eni, hostNic }) => eni !== null || hostNic !== null)
    .sort((a, b) => CERTAINTY_RANK[a.link.certainty] - CERTAINTY_RANK[b.link.certainty] || byCodeUnit(a.id, b.id));
  const [best] = linked;
  if (best === undefined) {
    const draft = { ...first.draft, ips: [], mac: null, device: null, pfPciAddress: null, masters: [] };
    const { eni, hostNic, link } = linkNetwork(context, draft, config);
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
      evidence: `Pods of this node hang on different ones: ${(enis.length > 1 ? enis : nics).join(', ')}.`,
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
