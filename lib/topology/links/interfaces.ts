/** The interface records of a pod, and the addresses that each of them holds. */
import type { PodFact } from '../../model/facts';
import type { InterfaceRecord, PodRecord } from '../../model/records';
import type { NodeContext } from '../context/context';
import { configOfNad } from '../facts/nad-config';
import { interfaceDrafts, type InterfaceDraft } from './interface-drafts';
import type { Linked } from './link';
import { linkCluster } from './cluster-network';
import { linkExtra } from './extra-interfaces';
import { hasFormerConfig } from './former-config';
import { isWhole, linkClaimed } from './claimed-device';
import type { ClaimedLink } from './pod-claims';

/** An interface on a node, with its pod. */
export interface Derived {
  readonly record: InterfaceRecord;
  readonly pod: PodRecord;
}

/** The value of k8s.amazonaws.com/nicConfig that requests an interface on every card. */
export const MULTI_NIC_ANNOTATION = 'multi-nic-attachment';

/**
 * The number of managed cards on which a pod must hold an address (vpc-cni §3): all of them if it requests that, the flag
 * is on, it has no branch ENI, and the kubelet calls aws-cni directly, because Multus would drop the annotation. Multus
 * counts if it runs on this node or has written the pod's network-status; Multus on other nodes does not.
 */
export function multiNicCards(context: NodeContext, pod: PodFact): number {
  const throughMultus = context.multus !== null || pod.statusAnnotation.state !== 'absent';
  const requestsAllCards = pod.nicConfig === MULTI_NIC_ANNOTATION && pod.podEni === null && !throughMultus;
  const areEnisKnown = context.enis.length > 0 || context.ipamdEnis !== undefined;
  return requestsAllCards && context.settings?.config.multiNic === true && areEnisKnown ? context.managedCards.size : 1;
}

function linkOf(context: NodeContext, pod: PodFact, draft: InterfaceDraft): Linked {
  if (draft.origin === 'claim' && draft.claimed !== null) return linkClaimed(context, pod, draft, draft.claimed);
  return draft.origin === 'cluster' || draft.nad === null
    ? linkCluster(context, pod, draft)
    : linkExtra(
        context,
        pod,
        draft,
        hasFormerConfig(context, pod, draft) ? 'former' : configOfNad(context.facts, draft.nad),
      );
}

function claimOf({ claimed }: InterfaceDraft): InterfaceRecord['claim'] {
  if (claimed === null) return null;
  const { claim, pods, device, known } = claimed;
  const { driver, kind } = device;
  const rdmaDevice = known?.device.rdmaDevice ?? null;
  return { name: claim, driver, device: device.device, kind, whole: isWhole(claimed), pods, rdmaDevice };
}

/** `id`: the pod's record id. `claimed`: the network devices that the pod claims. */
export function deriveInterfaces(
  context: NodeContext,
  pod: PodFact,
  id: string,
  claimed: readonly ClaimedLink[],
): readonly InterfaceRecord[] {
  return interfaceDrafts(pod, multiNicCards(context, pod), claimed).map((draft): InterfaceRecord => {
    const linked = linkOf(context, pod, draft);
    const ips = draft.cardPosition === null ? draft.ips : linked.addresses.map(({ ip }) => ip);
    return {
      id: draft.id,
      pod: id,
      node: context.id,
      name: draft.name,
      network: draft.network,
      ips,
      addresses: linked.addresses,
      mac: draft.mac,
      mtu: draft.mtu,
      default: draft.default,
      state: draft.state,
      eni: linked.eni,
      card: linked.card,
      hostNic: linked.hostNic,
      device: draft.device,
      claim: claimOf(draft),
      requestIndex: draft.requestIndex,
      gateways: draft.gateways,
      formerConfig: hasFormerConfig(context, pod, draft),
      link: linked.link,
    };
  });
}
