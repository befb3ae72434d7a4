/**
 * Links a claimed device to its ENI: by the MAC that the driver reports, by the MAC that the slice listed before a pod
 * received the device, by an address, else by its neighbours on the PCIe root or its position among the devices.
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

/** Whether the pod has the host's link itself: virtual functions, shares, and links on top of another link leave it on the host. */
export const isWhole = ({ device: { driver }, isShare, known }: ClaimedLink): boolean =>
  driver === 'dra.net' && !isShare && known?.device.virtual !== true && (known?.device.pfName ?? null) === null;

const NO_LINK = { eni: null, card: null, hostNic: null } as const;

/** Links a claimed interface to its ENI or host NIC. */
export function linkClaimed(context: NodeContext, pod: PodFact, draft: InterfaceDraft, link: ClaimedLink): Linked {
  const settled = (): boolean => isSettled(context, objectKey(pod));
  const clues = deviceClues(context, link);
  // Traffic over an ENI that the pod has whole, or as a share with its MAC (ipvlan), must use an address of the ENI.
  const mac = link.device.reported?.mac ?? null;
  const isOnEni =
    (isWhole(link) && clues.some(({ certainty, enis }) => certainty === 'observed' && enis.length === 1)) ||
    (link.isShare && mac !== null && context.enis.some((eni) => eni.mac === mac));
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
