/**
 * Interfaces of the cluster network → ENI (vpc-cni.md §5.3): branch annotation, Windows, what EC2 lists on the node's
 * ENIs, ipamd's own list, and only then nothing.
 */
import type { PodFact } from '../../model/facts';
import { objectKey } from '../../model/facts';
import { familyOf } from '../../model/ip';
import { isSettled, type NodeContext } from './context';
import type { InterfaceDraft } from './interface-drafts';
import { cardOf, inWords, judge, linkByAddress, share, whyNot, type Expectation, type Linked } from './link';
import { isPrimaryEni } from './management';

/** Whether pods of this node get their addresses from ENIs at all. */
export function clusterExpectation(context: NodeContext): Expectation {
  // Of a node that is gone, or cannot be read, nobody knows what kind it was.
  if (context.node === undefined) return 'possible';
  switch (context.computeType) {
    case 'fargate':
    case 'auto':
      return 'required';
    case 'ec2':
      if (context.node.os === 'windows') return 'required';
      // Another CNI on EC2 may use ENIs (Cilium) or not (Calico): only what EC2 confirms is said.
      return context.settings !== null ? 'required' : context.ipamd === 'unknown' ? 'possible' : 'never';
    default:
      return 'never';
  }
}

/** The address that ipamd's own list gives an interface of a multi-NIC pod (vpc-cni.md §4.2). */
export function ipamdAddress(
  context: NodeContext,
  pod: PodFact,
  card: number,
): { readonly ip: string; readonly eni: string } | null {
  for (const eni of context.ipamdEnis?.enis ?? []) {
    if (eni.card !== card) continue;
    const held = eni.addresses.find(
      (address) => address.assigned && address.podNamespace === pod.namespace && address.podName === pod.name,
    );
    if (held !== undefined) return { ip: held.ip, eni: eni.id };
  }
  return null;
}

const nothing = (link: Linked['link'], addresses: Linked['addresses'] = [], card: number | null = null): Linked => ({
  eni: null,
  card,
  hostNic: null,
  link,
  addresses,
});

export function linkCluster(context: NodeContext, pod: PodFact, draft: InterfaceDraft): Linked {
  if (draft.isEth0 && pod.podEni !== null && pod.podEni.length > 0) return linkBranch(context, pod, draft);
  if (draft.cardPosition !== null) return linkExpected(context, pod, draft.cardPosition);
  const settled = isSettled(context, objectKey(pod));
  const wanted = clusterExpectation(context);
  // With another CNI an address that an ENI does carry is on that ENI all the same.
  const found = draft.ips.map((ip) =>
    judge(context, ip, context.instanceId === null && wanted === 'never' ? 'never' : orPossible(wanted), settled),
  );
  const judgements =
    wanted === 'never'
      ? found.map((j) =>
          j.address.backed === 'eni'
            ? j
            : { ...j, elsewhere: [], address: { ...j.address, backed: 'not-applicable' as const } },
        )
      : found;
  const addresses = judgements.map(({ address }) => address);
  if (draft.isEth0 && pod.windowsIp !== null) return linkWindows(context, pod, addresses);
  const byAddress = linkByAddress(context, judgements);
  if (byAddress !== null) {
    return { eni: byAddress.eni.id, card: cardOf(byAddress.eni), hostNic: null, link: byAddress.link, addresses };
  }
  const ipamd = linkByIpamd(context, draft, addresses);
  if (ipamd !== null) return ipamd;
  if (draft.ips.length === 0) {
    const why = draft.isEth0
      ? 'The pod has no address yet.'
      : 'The interface reports no address, so nothing tells its ENI.';
    return nothing(share(context, 'none', 'unknown', why));
  }
  if (wanted === 'never') {
    return nothing(
      share(context, 'none', 'unknown', 'The cluster network of this node does not take its addresses from ENIs.'),
      addresses,
    );
  }
  return nothing(whyNot(context, judgements, settled), addresses);
}

const orPossible = (wanted: Expectation): Expectation => (wanted === 'never' ? 'possible' : wanted);

/** Where EC2 does not answer, ipamd's own list may. */
function linkByIpamd(context: NodeContext, draft: InterfaceDraft, addresses: Linked['addresses']): Linked | null {
  for (const eni of context.ipamdEnis?.enis ?? []) {
    const held = eni.addresses.find((address) => address.assigned && draft.ips.includes(address.ip));
    if (held === undefined) continue;
    return {
      eni: eni.id,
      card: eni.card,
      hostNic: null,
      link: share(context, 'ipamd', 'observed', `ipamd's own list has the address assigned on ${eni.id}.`),
      addresses,
    };
  }
  return null;
}

/** Security groups for pods: the resource controller writes the branch ENI into the annotation (vpc-cni.md §6). */
function linkBranch(context: NodeContext, pod: PodFact, draft: InterfaceDraft): Linked {
  const entries = pod.podEni ?? [];
  const entry =
    entries.find(({ privateIp, ipv6 }) => draft.ips.some((ip) => ip === privateIp || ip === ipv6)) ?? entries[0];
  if (entry === undefined) throw new Error('a branch link needs an annotation');
  const eni = context.facts.get('eni', entry.eniId);
  const settled = isSettled(context, objectKey(pod));
  if (eni === undefined && !settled) context.waiting ||= context.ec2AskedAt !== null;
  const listed = eni === undefined ? null : new Set([eni.primaryIp, ...eni.secondaryIps, ...eni.ipv6Addresses]);
  const backed = (ip: string): 'eni' | 'none' | 'unknown' =>
    listed?.has(ip) === true ? 'eni' : settled ? 'none' : 'unknown';
  const said = `Annotation vpc.amazonaws.com/pod-eni names branch ENI ${entry.eniId}`;
  const evidence =
    eni === undefined
      ? settled
        ? `${said}; EC2 does not list it.`
        : `${said}; EC2 has not confirmed it.`
      : `${said}${entry.vlanId === null ? '' : `, VLAN ${entry.vlanId}`}, and EC2 lists it.`;
  return {
    eni: entry.eniId,
    card: null,
    hostNic: null,
    link: share(context, 'pod-eni', 'observed', evidence),
    addresses: draft.ips.map((ip) => ({
      ip,
      family: familyOf(ip),
      backed: backed(ip),
      eni: backed(ip) === 'eni' ? entry.eniId : null,
    })),
  };
}

/** On Windows the resource controller hands out addresses of the primary ENI only (vpc-cni.md §5.3, 3; §5.5). */
function linkWindows(context: NodeContext, pod: PodFact, addresses: Linked['addresses']): Linked {
  const primary = context.enis.find(isPrimaryEni);
  const said = `Annotation vpc.amazonaws.com/PrivateIPv4Address names ${pod.windowsIp ?? ''}, and on Windows only the primary ENI holds pods' addresses`;
  if (primary === undefined)
    return nothing(share(context, 'none', 'unknown', `${said}; EC2 does not show it.`), addresses);
  const confirmed = addresses.some(({ eni }) => eni === primary.id);
  return {
    eni: primary.id,
    card: cardOf(primary),
    hostNic: null,
    link: share(
      context,
      'windows-annotation',
      confirmed ? 'observed' : 'inferred',
      `${said}${confirmed ? `; EC2 lists it on ${inWords(primary)}` : ''}.`,
    ),
    addresses,
  };
}

/** A multi-NIC interface beyond eth0: no Kubernetes API records its address, ipamd's own list does (vpc-cni.md §3). */
function linkExpected(context: NodeContext, pod: PodFact, position: number): Linked {
  const card = [...context.managedCards].sort((a, b) => a - b)[position] ?? null;
  const held = card === null ? null : ipamdAddress(context, pod, card);
  if (held !== null) {
    const eni = context.facts.get('eni', held.eni);
    const listed = eni !== undefined && context.book.find(held.ip).some((hit) => hit.eni === eni);
    return {
      eni: held.eni,
      card,
      hostNic: null,
      link: share(context, 'ipamd', 'observed', `ipamd's own list has an address of ${held.eni} assigned to this pod.`),
      addresses: [
        { ip: held.ip, family: familyOf(held.ip), backed: listed ? 'eni' : 'unknown', eni: listed ? held.eni : null },
      ],
    };
  }
  const candidates = context.enis.filter(
    (eni) => eni.instanceId !== null && cardOf(eni) === card && !['efa-only', 'trunk'].includes(eni.interfaceType),
  );
  return nothing(
    share(
      context,
      'none',
      'unknown',
      `VPC CNI multi-NIC gives the pod an address on card ${card ?? '?'}; no Kubernetes API records which.`,
      candidates.map(({ id }) => id),
    ),
    [],
    card,
  );
}
