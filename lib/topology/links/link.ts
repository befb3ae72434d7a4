/**
 * How a link is expressed: shared by the rules of the cluster network (`cluster-network`) and of NADs (`extra-interfaces`).
 * Sentences that hold for many interfaces name the ENI but not the address, which the record has, so that the interfaces
 * share them.
 */
import { familyOf } from '../../model/ip';
import type { Backing, Certainty, InterfaceAddress, Link } from '../../model/records';
import { ENIS } from '../../model/source-ids';
import type { LinkRule } from '../../model/vocabulary';
import type { Hit } from '../context/address-book';
import type { NodeContext } from '../context/context';
import { serviceOf } from '../facts/services';
import { enisWith, isOnlyOn, nodeOfEni } from '../facts/owners';
import type { EniShape } from '../facts/parts';

/** The place of an interface, and how it is known. */
export interface Linked {
  readonly eni: string | null;
  readonly card: number | null;
  readonly hostNic: string | null;
  readonly link: Link;
  readonly addresses: readonly InterfaceAddress[];
}

const NONE: readonly string[] = [];

/** One shared object for all interfaces with an equal link. */
export function share(
  context: NodeContext,
  rule: LinkRule,
  certainty: Certainty,
  evidence: string,
  candidates: readonly string[] = NONE,
): Link {
  const key = `${rule} ${certainty} ${candidates.join(' ')} ${evidence}`;
  let link = context.shared.get(key);
  if (link === undefined) {
    link = { rule, certainty, evidence, candidates: candidates.length === 0 ? NONE : candidates };
    context.shared.set(key, link);
  }
  return link;
}

/** For example `eni-0a1b (card 0, device 1)`. */
export const inWords = (eni: EniShape): string =>
  eni.instanceId === null ? eni.id : `${eni.id} (card ${eni.networkCardIndex ?? 0}, device ${eni.deviceIndex ?? '?'})`;

/** A branch ENI has no card of its own. */
export const cardOf = (eni: EniShape): number | null =>
  eni.interfaceType === 'branch' || eni.instanceId === null ? null : (eni.networkCardIndex ?? 0);

/** The evidence of a hit, as a sentence. */
export function hitEvidence(hit: Hit): string {
  switch (hit.rule) {
    case 'secondary-ip':
      return `EC2: a secondary address of ${hit.eni.id}.`;
    case 'ipv4-prefix':
    case 'ipv6-prefix':
      return `EC2: in prefix ${hit.prefix ?? ''} of ${hit.eni.id}.`;
    case 'ipv6-address':
      return `EC2: an IPv6 address of ${hit.eni.id}.`;
    case 'vpc-ip':
      return `EC2: the primary address of ${hit.eni.id}.`;
  }
}

/** `required`: must be on an ENI of the node to be reachable. `possible`: may be. `never`: not related to ENIs. */
export type Expectation = 'required' | 'possible' | 'never';

/** What EC2 lists for an address of an interface. */
export interface Judgement {
  readonly address: InterfaceAddress;
  readonly hits: readonly Hit[];
  /** ENIs that are not on the node but have the address. */
  readonly elsewhere: readonly EniShape[];
}

const NO_ENIS: readonly EniShape[] = [];

/** Addresses of these ranges are never on an ENI; some plugins report `0.0.0.0` for no address (multus §0.4). */
const LINK_LOCAL = /^(169\.254\.|fe80:|fd00::ac:|0\.0\.0\.0$|::$)/;

/** Evaluates what EC2 lists for one address of an interface. */
export function judge(context: NodeContext, ip: string, expectation: Expectation, settled: () => boolean): Judgement {
  const family = familyOf(ip);
  const say = (backed: Backing, hits: readonly Hit[], elsewhere: readonly EniShape[]): Judgement => ({
    address: { ip, family, backed, eni: backed === 'eni' ? (hits[0]?.eni.id ?? null) : null },
    hits,
    elsewhere,
  });
  // Addresses of the CNI's own egress links are on no ENI (vpc-cni §9, ENABLE_V4_EGRESS).
  if (expectation === 'never' || LINK_LOCAL.test(ip)) return say('not-applicable', [], []);
  const listed = context.facts.idsOf('enisByIp', ip);
  const hits = context.book.find(ip, listed);
  const [only] = hits;
  if (only !== undefined && hits.length === 1 && isOnlyOn(context.facts, ip, listed, only.eni.id))
    return say('eni', hits, NO_ENIS);
  const own = new Set(hits.map(({ eni }) => eni.id));
  const elsewhere = enisWith(context.facts, ip).filter(
    (eni) => !own.has(eni.id) && nodeOfEni(context.facts, eni) !== context.name && sameVpc(context, eni),
  );
  if (hits.length > 0) return say(tied(hits).length > 1 ? 'unknown' : 'eni', hits, elsewhere);
  if (!settled()) return say('unknown', [], elsewhere);
  // If the node's instance is unknown, any instance may be it.
  const isPlaced = context.instanceId !== null || context.computeType === 'fargate';
  if (elsewhere.some((eni) => eni.instanceId !== null)) return say(isPlaced ? 'other-node' : 'unknown', [], elsewhere);
  // An ENI of an AWS service, such as a load balancer, belongs to no node.
  if (isPlaced && elsewhere.some((eni) => serviceOf(eni) !== null)) return say('other-node', [], elsewhere);
  // EC2 occasionally omits the attachment (vpc-cni §5.1), so such an ENI may be this node's.
  if (elsewhere.some((eni) => eni.status !== 'available')) return say('unknown', [], elsewhere);
  return say(expectation === 'required' && !isUnlisted(context) ? 'none' : 'unknown', [], elsewhere);
}

/** The ENIs with the best evidence for one address; if there are several, the address does not decide. */
export function tied(hits: readonly Hit[]): readonly EniShape[] {
  const [best] = hits;
  return best === undefined ? [] : hits.filter(({ rule }) => rule === best.rule).map(({ eni }) => eni);
}

/** Whether EC2's response does not cover the node. A Fargate node has no instance in the account; its ENI is found by address. */
const isUnlisted = (context: NodeContext): boolean => context.instanceId !== null && !context.isListed;

/** Address ranges of two VPCs may overlap. */
const sameVpc = (context: NodeContext, eni: EniShape): boolean =>
  context.vpc === null || eni.vpc === null || context.vpc === eni.vpc;

/** The most common link, without composing its sentence again. */
function linkOfHit(context: NodeContext, hit: Hit): Link {
  const key = `${hit.rule} ${hit.eni.id} ${hit.prefix ?? ''}`;
  let link = context.shared.get(key);
  if (link === undefined) {
    link = share(context, hit.rule, 'observed', hitEvidence(hit));
    context.shared.set(key, link);
  }
  return link;
}

/** The link that addresses prove; null if none of them is on exactly one ENI of the node. */
export function linkByAddress(
  context: NodeContext,
  judgements: readonly Judgement[],
): { eni: EniShape; link: Link } | null {
  const first = judgements.find(({ hits }) => tied(hits).length === 1);
  const hit = first?.hits[0];
  if (hit === undefined) return null;
  // ENIs that also have the chosen address, and ENIs of the interface's other addresses.
  const rivals = new Set<string>();
  const further = new Set<string>();
  for (const { hits, elsewhere } of judgements) {
    const isOwn = hits.some(({ eni }) => eni === hit.eni);
    for (const eni of [...hits.map((other) => other.eni), ...elsewhere]) {
      if (eni !== hit.eni) (isOwn ? rivals : further).add(eni.id);
    }
  }
  if (rivals.size === 0 && further.size === 0) return { eni: hit.eni, link: linkOfHit(context, hit) };
  const isHere = first !== undefined && first.hits.length > 1;
  const why = isHere ? 'the better evidence is taken' : "the ENI on the pod's node is taken";
  // Several addresses on one ENI each are no contradiction: a pod may have an address of either family on two ENIs.
  const text =
    (rivals.size === 0 ? '' : ` ${[...rivals].join(', ')} claims it, too; ${why}.`) +
    (further.size === 0 ? '' : ` Another address of this interface is on ${[...further].join(', ')}.`);
  const candidates = [...new Set([hit.eni.id, ...rivals, ...further])];
  const certainty = rivals.size > 0 ? 'inferred' : 'observed';
  return { eni: hit.eni, link: share(context, hit.rule, certainty, `${hitEvidence(hit)}${text}`, candidates) };
}

function placeOf(context: NodeContext, eni: EniShape): string {
  const node = nodeOfEni(context.facts, eni);
  if (node !== null) return `on node ${node}`;
  if (eni.instanceId !== null) return `attached to ${eni.instanceId}`;
  return eni.status === 'available' ? 'which is not attached' : 'without saying where that is attached';
}

/** Why there is no link, as a sentence based on what was found for the addresses. */
export function whyNot(context: NodeContext, judgements: readonly Judgement[], settled: () => boolean): Link {
  const here = [...new Set(judgements.flatMap(({ hits }) => tied(hits)))];
  const elsewhere = [...new Set(judgements.flatMap((judgement) => judgement.elsewhere))];
  const ids = [...here, ...elsewhere].map(({ id }) => id);
  const because = (text: string, candidates?: readonly string[]): Link =>
    share(context, 'none', 'unknown', text, candidates);
  const [other] = elsewhere;
  if (here.length > 1)
    return because(`EC2 lists the address on ${here.map(inWords).join(' and on ')} of this node.`, ids);
  if (!context.ec2Answers)
    return because(
      context.facts.isPartial(ENIS)
        ? 'Not all ENIs were listed, and none of those has the address.'
        : 'No answer of EC2 is known, so the ENI that carries the address is not known.',
      ids,
    );
  if (!settled()) return because('The address was seen after EC2 was last asked; its next answer decides.', ids);
  if (other !== undefined)
    return because(
      `EC2 lists the address on ${other.id}, ${placeOf(context, other)}, and on no ENI of this node.`,
      ids,
    );
  return because(
    isUnlisted(context)
      ? 'EC2 lists no ENI of this node, not even the primary one, so its answer does not cover the node.'
      : 'EC2 lists the address on no ENI of this node, nor on any other ENI it returned.',
  );
}
