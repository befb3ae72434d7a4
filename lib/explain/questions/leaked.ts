/** Which ENIs are leaked, since when, and who created them? */
import { isOfCilium } from '../../cni/cilium';
import { INSTANCE_ID_TAG } from '../../model/eni-tags';
import { thousands } from '../../model/counted';
import type { EniRecord, FindingRecord } from '../../model/records';
import { byNaturalName } from '../../model/order';
import type { Replica } from '../../records/replica';
import { recordsOf } from '../../view/view-source';
import { fact, observed, unknown, type Evidence, type Reply } from '../shared/answer';
import { counted, enumerated, nameOf } from '../shared/words';

const RULES = new Set(['eni-leaked', 'branch-eni-leaked']);

const CREATOR: Readonly<Record<EniRecord['creator'], string>> = {
  ipamd: 'the VPC CNI',
  'vpc-resource-controller': 'the VPC resource controller',
  other: 'somebody else',
};

/** Number of addresses that it takes from its subnet. */
const addressesOf = ({ addresses, prefixes }: EniRecord): number =>
  addresses.length + prefixes.reduce((sum, { size }) => sum + (size ?? 0), 0);

/** Its former owner, according to its tags. */
function ownerOf(eni: EniRecord): string {
  const { tags, creator, description } = eni;
  const cluster =
    tags['cluster.k8s.amazonaws.com/name'] ??
    Object.keys(tags)
      .find((key) => key.startsWith('kubernetes.io/cluster/'))
      ?.slice('kubernetes.io/cluster/'.length);
  const instance = tags[INSTANCE_ID_TAG];
  const maker = isOfCilium(eni) ? 'Cilium' : CREATOR[creator];
  return `created by ${maker}${instance === undefined ? '' : ` for ${instance}`}${cluster === undefined ? ', its tags name no cluster' : `, cluster ${cluster}`} (“${description}”)`;
}

const line = (eni: EniRecord, finding: FindingRecord | undefined): Evidence =>
  fact(
    eni.id,
    `${eni.id}: ${finding === undefined ? 'not attached, and not (yet) judged leaked' : `leaked since ${finding.since ?? 'an unknown time'}`}, created ${eni.createdAt ?? 'at an unknown time'}, ${ownerOf(eni)}; holds ${counted(addressesOf(eni), 'address', 'addresses')} of ${eni.subnet ?? 'its subnet'}`,
  );

function whyNot(eni: EniRecord | undefined): string {
  if (eni === undefined) return '';
  if (eni.role === 'branch') return `: it is a branch ENI of ${eni.trunk ?? 'a trunk that is not known'}`;
  if (eni.status !== 'available')
    return `: it is ${eni.node === null ? 'in use, by none of this cluster’s nodes' : `attached to node ${nameOf(eni.node)}`}`;
  return isOffered(eni)
    ? ': it is not attached, but too young, or of another cluster, to be judged'
    : ': it is not attached, and neither the VPC CNI nor its controller made it';
}

const isOffered = (eni: EniRecord): boolean =>
  eni.status === 'available' && (eni.creator !== 'other' || eni.role === 'branch' || isOfCilium(eni));

/** `id`: one ENI; null: all. */
export function leakedReply({ records, indexes }: Replica, id: string | null): Reply {
  const enis = id === null ? [...records.enis.values()] : [...records.enis.values()].filter((eni) => eni.id === id);
  const judged = enis
    .map((eni) => ({
      eni,
      finding: recordsOf(indexes.findingsBySubject, eni.id, records.findings).find(
        ({ rule, subjects }) => RULES.has(rule) && subjects[0] === eni.id,
      ),
    }))
    .filter(({ eni, finding }) => finding !== undefined || isOffered(eni))
    .sort(
      (a, b) => byNaturalName(a.finding?.since ?? '~', b.finding?.since ?? '~') || byNaturalName(a.eni.id, b.eni.id),
    );
  const leaked = judged.filter(({ finding }) => finding !== undefined);
  const evidence = judged.map(({ eni, finding }) => line(eni, finding));
  const waiting = judged.length - leaked.length;
  const young =
    waiting === 0
      ? ''
      : `; ${counted(waiting, 'more is', 'more are')} unattached, but too young, or of another cluster, to be judged`;
  const [first] = leaked;
  if (enis.length === 0 && records.enis.size === 0)
    return unknown('EC2’s network interfaces are not known, so leaked ENIs are not either.');
  if (first === undefined)
    return observed(
      id === null
        ? `No ENI is known to be leaked${young}.`
        : `${nameOf(id)} is not known to be leaked${whyNot(enis[0])}.`,
      evidence,
    );
  const held = leaked.reduce((sum, { eni }) => sum + addressesOf(eni), 0);
  const subnets = [...new Set(leaked.flatMap(({ eni }) => eni.subnet ?? []))].sort();
  const since = first.finding?.since ?? 'an unknown time';
  const which =
    id === null
      ? `${counted(leaked.length, 'ENI is', 'ENIs are')} leaked, ${leaked.length === 1 ? '' : 'the first '}since ${since}`
      : `${nameOf(id)} is leaked since ${since}`;
  return {
    sentence: `${which}: ${leaked.length === 1 ? 'it holds' : 'they hold'} ${thousands(held)} ${held === 1 ? 'address' : 'addresses'} of ${enumerated(subnets)}${young}.`,
    certainty: 'inferred',
    evidence,
    advice: first.finding?.advice ?? null,
    command: leaked.length === 1 ? (first.finding?.command ?? null) : null,
  };
}
