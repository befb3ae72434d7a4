/** How do this ENI's security groups differ from its ENIConfig, the primary ENI, or the pod's policy? */
import type { CniConfig, EniRecord, NodeRecord } from '../../model/records';
import type { Replica } from '../../records/replica';
import { versionBefore } from '../../model/version';
import { recordsOf } from '../../view/view-source';
import { fact, unknown, type Evidence, type Reply } from '../shared/answer';
import { enumerated, nameOf } from '../shared/words';

/** The groups that the ENI should have, and their source. */
interface Wanted {
  readonly groups: readonly string[];
  readonly by: string;
  readonly id: string;
  /** What the result depends on but is not read; null if nothing. */
  readonly unsure: string | null;
}

const primaryOf = ({ records, indexes }: Replica, node: string): EniRecord | undefined =>
  recordsOf(indexes.enisByNode, node, records.enis).find(({ role }) => role === 'primary');

/** For a branch ENI: the policies that select its pod; the controller applies the groups of all of them. */
function byPolicy({ records }: Replica, branch: EniRecord): Wanted | string {
  const pod = records.pods.get(branch.branchPod ?? '');
  if (pod === undefined) return 'no pod names this branch ENI, so no SecurityGroupPolicy can be compared';
  if (pod.securityGroupPolicies === null) return 'SecurityGroupPolicies cannot be read';
  if (pod.securityGroupPolicies.length === 0)
    return `no SecurityGroupPolicy selects ${nameOf(pod.id)} now; the groups are those of when it was made`;
  const open = pod.securityGroupPolicies.flatMap(({ dependsOn }) => dependsOn ?? []);
  return {
    groups: [...new Set(pod.securityGroupPolicies.flatMap(({ securityGroups }) => securityGroups))].sort(),
    by: `SecurityGroupPolicy ${enumerated(pod.securityGroupPolicies.map(({ name }) => name))} of pod ${nameOf(pod.id)}`,
    id: pod.id,
    unsure: open.length === 0 ? null : `it depends on the ${open.join(', ')}, which is not read`,
  };
}

/** v1.22.1 introduced discovery of security groups, and v1.22.2 reverted it (release notes). */
const findsGroups = ({ version, customNetworking, subnetDiscovery }: CniConfig): boolean =>
  customNetworking === false &&
  subnetDiscovery !== false &&
  version !== null &&
  versionBefore(version, [1, 22, 2]) &&
  !versionBefore(version, [1, 22, 0]);

function ofNode(replica: Replica, eni: EniRecord, node: NodeRecord): Wanted | string {
  if (eni.role === 'primary')
    return 'the launch template gives the primary ENI its groups; nothing in the cluster says what they should be';
  if (eni.management.state !== 'managed')
    return 'ipamd does not manage this ENI, so no setting of the VPC CNI says what its groups should be';
  const { cni, eniConfig } = node;
  if (cni === null || cni.customNetworking === null) return 'the settings of the VPC CNI on its node are not known';
  if (cni.customNetworking && eniConfig !== null && eniConfig.securityGroups.length > 0)
    return {
      groups: [...eniConfig.securityGroups].sort(),
      by: `ENIConfig ${eniConfig.name ?? 'without a name'}`,
      id: node.id,
      unsure: null,
    };
  // Without groups in the ENIConfig, and without custom networking, ipamd uses those of the primary ENI.
  const primary = primaryOf(replica, node.id);
  if (primary === undefined) return 'the primary ENI of its node is not known';
  return {
    groups: [...primary.securityGroups].sort(),
    by: `the primary ENI ${primary.id}, whose groups ipamd copies`,
    id: primary.id,
    unsure:
      findsGroups(cni) && eni.subnet !== primary.subnet
        ? `in a subnet discovered by its tag, ${cni.version ?? ''} assigns the security groups tagged kubernetes.io/role/cni=1 to the ENI; ifscope does not read tags of security groups`
        : null,
  };
}

function wantedBy(replica: Replica, eni: EniRecord): Wanted | string {
  if (eni.role === 'branch') return byPolicy(replica, eni);
  const node = replica.records.nodes.get(eni.node ?? '');
  return node === undefined ? 'it is on no node of this cluster' : ofNode(replica, eni, node);
}

interface Compared {
  readonly text: string;
  readonly differs: boolean | null;
  readonly evidence: readonly Evidence[];
}

function compare(replica: Replica, eni: EniRecord): Compared {
  const own = fact(
    eni.id,
    `EC2: ${eni.id} has ${eni.securityGroups.length === 0 ? 'no security group' : eni.securityGroups.join(', ')}`,
  );
  const wanted = wantedBy(replica, eni);
  if (typeof wanted === 'string')
    return { text: `${eni.id} cannot be compared: ${wanted}`, differs: null, evidence: [own] };
  const missing = wanted.groups.filter((group) => !eni.securityGroups.includes(group));
  const extra = eni.securityGroups.filter((group) => !wanted.groups.includes(group));
  const evidence = [
    own,
    fact(wanted.id, `${wanted.by}: ${wanted.groups.join(', ')}`),
    ...(wanted.unsure === null ? [] : [fact(wanted.id, wanted.unsure)]),
  ];
  if (missing.length === 0 && extra.length === 0)
    return { text: `${eni.id} has the groups of ${wanted.by}`, differs: false, evidence };
  const differences = [
    ...(missing.length === 0 ? [] : [`lacks ${missing.join(', ')}`]),
    ...(extra.length === 0 ? [] : [`also has ${extra.join(', ')}`]),
  ];
  return {
    text: `${eni.id} ${differences.join(' and ')}, by ${wanted.by}`,
    differs: wanted.unsure === null ? true : null,
    evidence,
  };
}

const certaintyOf = (compared: readonly Compared[]): Reply['certainty'] =>
  compared.some(({ differs }) => differs === null) ? 'unknown' : 'inferred';

/** How the security groups of an ENI differ from those that it should have. */
export function groupsOfEni(replica: Replica, id: string): Reply {
  const eni = replica.records.enis.get(id);
  if (eni === undefined) return unknown(`${id} is not known.`);
  const compared = compare(replica, eni);
  return { sentence: `${compared.text}.`, certainty: certaintyOf([compared]), evidence: compared.evidence };
}

/** The ENIs of a node, or of all nodes: what differs, and how much could be compared. */
export function groupsOfNode(replica: Replica, id: string): Reply {
  const { records, indexes } = replica;
  const enis = recordsOf(indexes.enisByNode, id, records.enis).sort((a, b) => (a.id < b.id ? -1 : 1));
  if (enis.length === 0) return unknown(`The ENIs of ${nameOf(id)} are not known.`);
  const compared = enis.map((eni) => compare(replica, eni));
  const different = compared.filter(({ differs }) => differs === true);
  const alike = compared.filter(({ differs }) => differs === false);
  return {
    sentence:
      different.length === 0
        ? `No ENI of ${nameOf(id)} has other security groups than it should; ${alike.length} of ${compared.length} can be compared.`
        : `${enumerated(different.map(({ text }) => text))}.`,
    certainty: alike.length + different.length === 0 ? 'unknown' : 'inferred',
    evidence: (different.length === 0 ? compared : different).flatMap(({ evidence }) => evidence),
  };
}
