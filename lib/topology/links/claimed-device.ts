/**
 * A device that a pod has by a claim → ENI: by the MAC that the driver reports, by the MAC that the slice named before a pod
 * had the device, by an address, else by its neighbours on the PCIe root or its place in the order of devices.
 */
import type { PodFact } from '../../model/facts';
import { objectKey } from '../../model/facts';
import { isSettled, type NodeContext } from '../context/context';
import { byAddress } from './clues';
import { deviceClues } from './device-clues';
import { decide } from './extra-interfaces';
import type { InterfaceDraft } from './interface-drafts';
import { judge, share, type Judgement, type Linked } from './link';
import type { ClaimedLink } from './pod-claims';

/** The pod has the host's link itself: virtual functions, shares and links on top of another leave that in the host. */
export const isWhole = ({ device: { driver }, isShare, known }: ClaimedLink): boolean =>
  driver === 'dra.net' && !isShare && known?.device.virtual !== true && (known?.device.pfName ?? null) === null;

const NO_LINK = { eni: null, card: null, hostNic: null } as const;

/** Links an interface that a pod has by a claim to its ENI or host NIC. */
export function linkClaimed(context: NodeContext, pod: PodFact, draft: InterfaceDraft, link: ClaimedLink): Linked {
  const settled = (): boolean => isSettled(context, objectKey(pod));
  const clues = deviceClues(context, link);
  // What is sent over an ENI that the pod has whole comes from its own address.
  const isOnEni = isWhole(link) && clues.some(({ certainty, enis }) => certainty === 'observed' && enis.length === 1);
  const expectation = context.instanceId === null ? 'never' : isOnEni ? 'required' : 'possible';
  const judgements = draft.ips.map((ip): Judgement => judge(context, ip, expectation, settled));
  const addresses = judgements.map(({ address }) => address);
  const address = byAddress(context, judgements);
  const linked = decide(context, [...clues, ...(address === null ? [] : [address])]);
  if (linked !== null) return { ...linked, addresses };
  return { ...NO_LINK, addresses, link: share(context, 'none', 'unknown', whyNone(context, link)) };
}

function whyNone(context: NodeContext, { claim, device }: ClaimedLink): string {
  const of = `${device.driver} device ${device.device}`;
  if (context.instanceId === null) return `ResourceClaim ${claim} gives the pod ${of}; this node has no ENIs.`;
  if (device.kind === 'rdma') return `${of} has no network link, so neither a MAC nor an address tells its ENI.`;
  if (device.reported === null) return `${device.driver} reports no interface for device ${device.device}.`;
  return `Neither MAC nor address that ${device.driver} reports is on an ENI of this node.`;
}
