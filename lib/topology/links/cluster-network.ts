/**
 * Links interfaces of the cluster network to ENIs (vpc-cni §5.3): by branch annotation, on Windows, by EC2's list, by
 * ipamd's list, else not at all.
 */
import { isOfCilium } from '../../cni/cilium';
import type { EniFact, IpamdEnisFact, PodFact } from '../../model/facts';
import { objectKey } from '../../model/facts';
import { cidrContains, familyOf, parseCidr } from '../../model/ip';
import type { Link } from '../../model/records';
import { isSettled, type NodeContext } from '../context/context';
import type { InterfaceDraft } from './interface-drafts';
import {
  cardOf,
  inWords,
  judge,
  linkByAddress,
  share,
  whyNot,
  type Expectation,
  type Judgement,
  type Linked,
} from './link';
import { isPrimaryEni } from '../context/management';
import { areBranchesListed, nodeOfEni, trunkOf } from '../facts/owners';
import { routeTableHint } from './route-table';
import type { EniShape } from '../facts/parts';

/** Whether pods of this node get their addresses from ENIs. */
export function clusterExpectation(context: NodeContext): Expectation {
  // The compute type of a node that is deleted or cannot be read is unknown.
  if (context.node === undefined) return 'possible';
  switch (context.computeType) {
    case 'fargate':
    case 'auto':
      return 'required';
    case 'ec2':
      if (context.node.os === 'windows') return 'required';
      // Another CNI on EC2 may or may not use ENIs (Calico): report only what EC2 confirms.
      if (context.settings === null && context.enis.some(isOfCilium)) return 'required';
      return context.settings !== null ? 'required' : context.ipamd === 'unknown' ? 'possible' : 'never';
    case 'other':
      // aws-node runs, so the addresses belong to some ENI; without a providerID, the instance is unknown (§5.2).
      return context.settings !== null ? 'possible' : 'never';
    case 'hybrid':
      return 'never';
  }
}

type IpamdEni = IpamdEnisFact['enis'][number];

/**
 * Whether ipamd's list assigns the address to this pod (vpc-cni §4.2). The name alone is not enough: a StatefulSet's pod
 * has the name of its predecessor. Go's zero time and the checkpoint's 1970 are no times.
 */
export function isAssignedTo(
  pod: PodFact,
  {
    assigned,
    podNamespace,
    podName,
    assignedAt,
  }: Pick<IpamdEni['addresses'][number], 'assigned' | 'podNamespace' | 'podName' | 'assignedAt'>,
): boolean {
  if (!assigned || podNamespace !== pod.namespace || podName !== pod.name) return false;
  const since = assignedAt === null ? 0 : Date.parse(assignedAt);
  return since <= 0 || pod.createdAt === null || since >= Date.parse(pod.createdAt);
}

interface Held {
  readonly ip: string;
  readonly eni: string;
  readonly by: 'list' | 'checkpoint';
}

/** The address in ipamd's list (vpc-cni §4.2) or its checkpoint for an interface of a multi-NIC pod. */
function ipamdAddress(context: NodeContext, pod: PodFact, card: number): Held | null {
  for (const eni of context.ipamdEnis?.enis ?? []) {
    if (eni.card !== card) continue;
    const held = eni.addresses.find((address) => isAssignedTo(pod, address));
    if (held !== undefined) return { ip: held.ip, eni: eni.id, by: 'list' };
  }
  const checkpoint = context.ipamdEnis === undefined ? context.facts.get('ipamdCheckpoint', context.name) : undefined;
  if (checkpoint?.cards.includes(card) !== true) return null;
  const assigned = checkpoint.assigned.filter((address) => isAssignedTo(pod, { ...address, assigned: true }));
  for (const { ip } of assigned) {
    const on = context.book.find(ip, context.facts.idsOf('enisByIp', ip)).find(({ eni }) => cardOf(eni) === card);
    if (on !== undefined) return { ip, eni: on.eni.id, by: 'checkpoint' };
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

/** Links an interface of the cluster network to its ENI. */
export function linkCluster(context: NodeContext, pod: PodFact, draft: InterfaceDraft): Linked {
  if (draft.isEth0 && pod.podEni !== null && pod.podEni.length > 0 && !isFromPool(context, pod, draft))
    return linkBranch(context, pod, draft);
  if (draft.cardPosition !== null) return linkExpected(context, pod, draft.cardPosition);
  const settled = (): boolean => isSettled(context, objectKey(pod));
  const wanted = clusterExpectation(context);
  // An address on an ENI belongs to that ENI under another CNI, too.
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
  const byAddress = linkByAddress(context, judgements);
  if (draft.isEth0 && pod.windowsIp !== null && context.node?.os === 'windows') {
    const windows = linkWindows(context, pod, judgements, byAddress?.eni ?? null);
    if (windows !== null) return windows;
  }
  if (byAddress !== null) {
    const link =
      context.computeType === 'fargate'
        ? withPodGroups(context, pod, byAddress)
        : withRouteTable(context, pod, draft, byAddress);
    return { eni: byAddress.eni.id, card: cardOf(byAddress.eni), hostNic: null, link, addresses };
  }
  const ipamd = linkByIpamd(context, pod, draft, addresses);
  if (ipamd !== null) return ipamd;
  if (draft.ips.length === 0) {
    const why = draft.isEth0
      ? 'The pod has no address yet.'
      : 'The interface reports no address, so its ENI is not known.';
    return nothing(share(context, 'none', 'unknown', why));
  }
  if (wanted === 'never') {
    return nothing(
      share(context, 'none', 'unknown', 'The cluster network of this node does not take its addresses from ENIs.'),
      addresses,
    );
  }
  return linkByRouteTable(context, pod, draft, addresses) ?? nothing(whyNot(context, judgements, settled), addresses);
}

/** The address decides; a route table that implies another ENI is mentioned in the evidence. */
function withRouteTable(
  context: NodeContext,
  pod: PodFact,
  draft: InterfaceDraft,
  { eni, link }: { eni: EniShape; link: Link },
): Link {
  const hint = draft.isEth0 && context.settings !== null ? routeTableHint(context, pod) : null;
  if (hint === null || hint.eni === eni) return link;
  // Too weak to add a candidate: an address that EC2 lists is a fact.
  return share(context, link.rule, link.certainty, `${link.evidence} Against it: ${hint.text}.`, link.candidates);
}

/** Used only while no source covers the address: EC2 does not answer, or was read before the pod was seen. */
function linkByRouteTable(
  context: NodeContext,
  pod: PodFact,
  draft: InterfaceDraft,
  addresses: Linked['addresses'],
): Linked | null {
  if (!draft.isEth0 || addresses.some(({ backed }) => backed !== 'unknown')) return null;
  const hint = routeTableHint(context, pod);
  if (hint === null) return null;
  return {
    eni: hint.eni.id,
    card: cardOf(hint.eni),
    hostNic: null,
    link: share(context, 'ipamd', 'inferred', `EC2 has not listed the address yet; ${hint.text}.`, [hint.eni.id]),
    addresses,
  };
}

const orPossible = (wanted: Expectation): Expectation => (wanted === 'never' ? 'possible' : wanted);

/** Compares the security groups of a Fargate pod's annotation with those of its ENI (vpc-cni §5.2). */
function withPodGroups(context: NodeContext, pod: PodFact, { eni, link }: { eni: EniShape; link: Link }): Link {
  const requestedGroups = pod.fargatePodSg;
  if (requestedGroups === null) return link;
  const same =
    requestedGroups.length === eni.securityGroups.length &&
    requestedGroups.every((group) => eni.securityGroups.includes(group));
  const has = same ? '' : `, and the ENI has ${eni.securityGroups.join(', ') || 'none'}`;
  const text = `${link.evidence} Annotation fargate.amazonaws.com/pod-sg asks for ${requestedGroups.join(', ')}${has}.`;
  return share(context, link.rule, link.certainty, text, link.candidates);
}

/** Links by ipamd's list where EC2 does not list the address. If EC2 lists it elsewhere, EC2 is right: ipamd's view lags (§5.1). */
function linkByIpamd(
  context: NodeContext,
  pod: PodFact,
  draft: InterfaceDraft,
  addresses: Linked['addresses'],
): Linked | null {
  if (addresses.some(({ backed }) => backed === 'other-node')) return null;
  for (const eni of context.ipamdEnis?.enis ?? []) {
    const held = eni.addresses.find(
      (address) =>
        draft.ips.includes(address.ip) &&
        (isAssignedTo(pod, address) || (address.assigned && address.podName === null)),
    );
    if (held === undefined) continue;
    const denied = addresses.some(({ ip, backed }) => ip === held.ip && backed === 'none');
    const statement = `ipamd's own list has the address assigned on ${eni.id}`;
    return {
      eni: eni.id,
      card: eni.card,
      hostNic: null,
      link: denied
        ? share(context, 'ipamd', 'inferred', `${statement}; EC2 lists it on no ENI.`, [eni.id])
        : share(context, 'ipamd', 'observed', `${statement}.`),
      addresses,
    };
  }
  return null;
}

/** What EC2 reports against the branch ENI in the annotation; empty if nothing. */
function againstBranch(context: NodeContext, eni: EniShape, missing: readonly string[]): readonly string[] {
  const trunk = trunkOf(context.facts, eni);
  const trunkNode = trunk === undefined ? null : nodeOfEni(context.facts, trunk);
  return [
    ...(eni.interfaceType === 'branch' ? [] : [`EC2 lists it as ${eni.interfaceType}, not as a branch`]),
    ...(trunk === undefined || trunkNode === context.name
      ? []
      : [`its trunk ${trunk.id} is on ${trunkNode === null ? 'no node of the cluster' : `node ${trunkNode}`}`]),
    ...(missing.length === 0 ? [] : [`EC2 does not list ${missing.join(', ')} on it`]),
  ];
}

/**
 * Whether a pod with a branch ENI has an address of its node's pool instead: the VPC CNI looks for the request in the limits
 * of the first container alone (AddNetwork, vpc-cni §6), and a webhook may have put a sidecar before it.
 */
function isFromPool({ book, facts, enis }: NodeContext, { podEni }: PodFact, { ips }: InterfaceDraft): boolean {
  const isBranchs = (ip: string): boolean =>
    podEni?.some(({ eniId, privateIp, ipv6 }) => {
      const eni = facts.get('eni', eniId);
      return ip === privateIp || ip === ipv6 || (eni !== undefined && addressesOfEni(eni).has(ip));
    }) === true;
  const own = new Set(enis.filter(({ interfaceType }) => interfaceType !== 'branch').map(({ id }) => id));
  return (
    ips.length > 0 &&
    ips.every((ip) => !isBranchs(ip) && book.find(ip, facts.idsOf('enisByIp', ip)).some(({ eni }) => own.has(eni.id)))
  );
}

const addressesOfEni = (eni: EniFact): ReadonlySet<string | null> =>
  new Set([eni.primaryIp, ...eni.secondaryIps, ...eni.ipv6Addresses]);

/** Security groups for pods: the resource controller writes the branch ENI into the pod's annotation (vpc-cni §6). */
function linkBranch(context: NodeContext, pod: PodFact, draft: InterfaceDraft): Linked {
  const entries = pod.podEni ?? [];
  const entry =
    entries.find(({ privateIp, ipv6 }) => draft.ips.some((ip) => ip === privateIp || ip === ipv6)) ?? entries[0];
  if (entry === undefined) throw new Error('a branch link needs an annotation');
  const eni = context.facts.get('eni', entry.eniId);
  const listed = eni === undefined ? null : addressesOfEni(eni);
  const trunk = eni === undefined ? undefined : trunkOf(context.facts, eni);
  const trunkNode = trunk === undefined ? null : nodeOfEni(context.facts, trunk);
  const isElsewhere = trunkNode !== null && trunkNode !== context.name;
  const prefixes = [...(eni?.ipv4Prefixes ?? []), ...(eni?.ipv6Prefixes ?? [])].flatMap(
    (text) => parseCidr(text) ?? [],
  );
  const isOn = (ip: string): boolean => listed?.has(ip) === true || prefixes.some((cidr) => cidrContains(cidr, ip));
  const missing = draft.ips.filter((ip) => !isOn(ip));
  const settled =
    (eni !== undefined && missing.length === 0) ||
    (isSettled(context, objectKey(pod)) && (eni !== undefined || areBranchesListed(context.facts, context.name)));
  const statement = `Annotation vpc.amazonaws.com/pod-eni names branch ENI ${entry.eniId}`;
  const vlan = entry.vlanId === null ? '' : `, VLAN ${entry.vlanId}`;
  const against = eni === undefined ? [] : againstBranch(context, eni, settled ? missing : []);
  const evidence =
    eni === undefined
      ? `${statement}; ${settled ? 'EC2 does not list it' : 'EC2 has not confirmed it'}.`
      : against.length > 0
        ? `${statement}${vlan}; ${against.join('; ')}.`
        : `${statement}${vlan}, and EC2 lists it.`;
  return {
    eni: entry.eniId,
    card: null,
    hostNic: null,
    link:
      against.length > 0
        ? share(context, 'pod-eni', 'inferred', evidence, [entry.eniId])
        : share(context, 'pod-eni', 'observed', evidence),
    addresses: draft.ips.map((ip) => ({
      ip,
      family: familyOf(ip),
      backed: isOn(ip) ? (isElsewhere ? 'other-node' : 'eni') : settled ? 'none' : 'unknown',
      eni: isOn(ip) && !isElsewhere ? entry.eniId : null,
    })),
  };
}

/**
 * On Windows, the resource controller only assigns addresses of the primary ENI (vpc-cni §5.3, §5.5). Null if EC2 lists the
 * address elsewhere.
 */
function linkWindows(
  context: NodeContext,
  pod: PodFact,
  judgements: readonly Judgement[],
  byEc2: EniShape | null,
): Linked | null {
  const addresses = judgements.map(({ address }) => address);
  if (addresses.some(({ backed }) => backed === 'other-node')) return null;
  const primary = context.enis.find(isPrimaryEni);
  const annotated = pod.windowsIp ?? '';
  const differs = addresses.length > 0 && !addresses.some(({ ip }) => ip === annotated);
  const statement = `Annotation vpc.amazonaws.com/PrivateIPv4Address names ${annotated}, and on Windows only the primary ENI holds pods' addresses`;
  if (primary === undefined)
    return nothing(share(context, 'none', 'unknown', `${statement}; EC2 does not show it.`), addresses);
  if (byEc2 !== null && byEc2 !== primary) {
    const text = `${statement}; EC2 lists the pod's address on ${inWords(byEc2)}.`;
    return nothing(share(context, 'none', 'unknown', text, [primary.id, byEc2.id]), addresses);
  }
  const confirmed = byEc2 === primary && !differs;
  const more = differs
    ? '; the pod itself reports another address'
    : confirmed
      ? `; EC2 lists it on ${inWords(primary)}`
      : '';
  return {
    eni: primary.id,
    card: cardOf(primary),
    hostNic: null,
    link: share(context, 'windows-annotation', confirmed ? 'observed' : 'inferred', `${statement}${more}.`),
    addresses,
  };
}

/** A multi-NIC interface beyond eth0: no Kubernetes API reports its address, but ipamd's list does (vpc-cni §3). */
function linkExpected(context: NodeContext, pod: PodFact, position: number): Linked {
  const card = [...context.managedCards].sort((a, b) => a - b)[position] ?? null;
  const held = card === null ? null : ipamdAddress(context, pod, card);
  if (held !== null) {
    const hits = context.book.find(held.ip, context.facts.idsOf('enisByIp', held.ip));
    const listed = hits.some(({ eni }) => eni.id === held.eni);
    return {
      eni: held.eni,
      card,
      hostNic: null,
      link: share(
        context,
        'ipamd',
        'observed',
        `ipamd's ${held.by === 'list' ? 'own list' : 'checkpoint'} has an address of ${held.eni} assigned to this pod.`,
      ),
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
