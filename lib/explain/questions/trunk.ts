/** Which pods use a trunk, either by an address of the trunk itself or on a branch ENI? */
import type { EniRecord } from '../../model/records';
import { byNaturalName } from '../../model/order';
import type { Replica } from '../../records/replica';
import { recordsOf } from '../../view/view-source';
import { fact, observed, unknown, type Evidence, type Reply } from '../shared/answer';
import { counted, enumerated, nameOf, placeOf } from '../shared/words';

interface OnTrunk {
  readonly trunk: EniRecord;
  /** Pods with an address of the trunk. */
  readonly own: readonly Evidence[];
  readonly branches: readonly Evidence[];
  readonly pods: readonly string[];
}

function onTrunk({ records, indexes }: Replica, trunk: EniRecord): OnTrunk {
  const interfaces = recordsOf(indexes.interfacesByEni, trunk.id, records.interfaces).sort((a, b) =>
    byNaturalName(a.id, b.id),
  );
  const branches = recordsOf(indexes.branchesByTrunk, trunk.id, records.enis).sort(
    (a, b) => (a.vlan ?? 0) - (b.vlan ?? 0),
  );
  return {
    trunk,
    own: interfaces.map(({ id, pod, name, ips }) =>
      fact(
        id,
        `${nameOf(pod)} (${name ?? 'unnamed interface'}, ${ips.join(', ')}) holds an address of the trunk ${trunk.id} itself, under the trunk’s own security groups`,
      ),
    ),
    branches: branches.map((branch) =>
      fact(
        branch.id,
        `branch ${branch.id} (VLAN ${branch.vlan ?? 'not known'}): ${branch.branchPod === null ? 'no pod names it' : `pod ${nameOf(branch.branchPod)}`}; security groups ${branch.securityGroups.length === 0 ? 'none' : branch.securityGroups.join(', ')}`,
      ),
    ),
    pods: [...new Set([...interfaces.map(({ pod }) => pod), ...branches.flatMap(({ branchPod }) => branchPod ?? [])])],
  };
}

/** `id`: an ENI or a node; null: the whole cluster. */
export function trunkReply(replica: Replica, kind: 'eni' | 'node' | 'cluster', id: string): Reply {
  const { records, indexes } = replica;
  if (records.enis.size === 0) return unknown('EC2’s network interfaces are not known, so trunks are not either.');
  const among =
    kind === 'node'
      ? recordsOf(indexes.enisByNode, id, records.enis)
      : kind === 'eni'
        ? [...records.enis.values()].filter((eni) => eni.id === id || eni.id === records.enis.get(id)?.trunk)
        : [...records.enis.values()];
  const trunks = among
    .filter(({ role }) => role === 'trunk')
    .sort((a, b) => byNaturalName(a.node ?? '', b.node ?? '') || byNaturalName(a.id, b.id))
    .map((trunk) => onTrunk(replica, trunk));
  const where = kind === 'cluster' ? 'the cluster' : nameOf(id);
  if (trunks.length === 0)
    return observed(
      kind === 'eni'
        ? `${nameOf(id)} is neither a trunk ENI nor a branch of one.`
        : `No trunk ENI is attached ${kind === 'cluster' ? 'in' : 'to'} ${where}, so no pod uses one.`,
    );
  const own = trunks.flatMap((trunk) => trunk.own);
  const branches = trunks.flatMap((trunk) => trunk.branches);
  const pods = trunks.flatMap((trunk) => trunk.pods);
  const state =
    trunks.length === 1
      ? `the trunk ${placeOf(trunks[0]?.trunk as EniRecord)}`
      : `the ${trunks.length} trunk ENIs of ${where}`;
  return observed(
    `${counted(pods.length, 'pod uses', 'pods use')} ${state}: ${counted(own.length, 'by an address of the trunk itself', 'by addresses of the trunk itself')}, ${counted(branches.length, 'on a branch ENI', 'on branch ENIs')}${pods.length === 0 ? '' : ` (${enumerated(pods.map(nameOf))})`}.`,
    [...own, ...branches],
  );
}
