/** What would happen with other max pods, another MAX_ENI, or in prefix mode? By the model of `capacity`, for one node. */
import { CapacityModel } from '../../capacity/capacity-model';
import { partsOf } from '../../capacity/capacity';
import { readChanges } from '../../capacity/changes';
import { nodeFigures } from '../../capacity/figures';
import type { Side } from '../../capacity/outcome';
import { whole } from '../../capacity/steps';
import { FIT_LIMIT_WORDS } from '../../capacity/words';
import { thousands } from '../../model/counted';
import type { NodeRecord } from '../../model/records';
import type { Replica } from '../../records/replica';
import { recordsOf } from '../../view/view-source';
import { fact, inferred, unknown, type Evidence, type Reply } from '../shared/answer';
import { counted } from '../shared/words';

/** Whether a `NAME=VALUE` changes how many addresses or pods a node can have, not only how many it keeps warm. */
export const isShapeChange = (text: string): boolean =>
  /^(?:MAX_ENI|max-pods|prefix-mode|tag-subnets|exclude-subnets)=/.test(text) &&
  typeof readChanges([text]) !== 'string';

const byId = <T extends { readonly id: string }>(records: readonly T[]): ReadonlyMap<string, T> =>
  new Map(records.map((record) => [record.id, record]));

function modelOf(replica: Replica, node: NodeRecord): CapacityModel {
  const { records, indexes } = replica;
  const { enis, daemonNodes } = partsOf({
    enis: byId(recordsOf(indexes.enisByNode, node.id, records.enis)),
    pods: byId(recordsOf(indexes.podsByNode, node.id, records.pods)),
  });
  const figures = nodeFigures(replica, node, enis, daemonNodes.length);
  const subnets = [...records.subnets.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  return whole(CapacityModel.steps([figures], subnets));
}

const takes = ({ fit, limitedBy }: Side): string =>
  `${fit === null ? 'an unknown number of more pods' : counted(fit, 'more pod')} (${FIT_LIMIT_WORDS[limitedBy]})`;

function held(id: string, when: string, { held: total, assigned, enis }: Side): readonly Evidence[] {
  if (total === null) return [];
  return [
    fact(
      id,
      `${when}: ${counted(total, 'address', 'addresses')} for pods on ${enis === null ? 'its ENIs' : counted(enis, 'ENI')}, ${assigned === null ? 'an unknown number' : thousands(assigned)} of them assigned`,
    ),
  ];
}

/** Pods that the kubelet would accept but that would wait because there is no address for them. */
function beyond(
  { id, podCount }: NodeRecord,
  when: string,
  maxPods: number | null,
  { fit }: Side,
): readonly Evidence[] {
  if (maxPods === null || podCount === null || fit === null) return [];
  const places = Math.max(0, maxPods - podCount);
  return places <= fit
    ? []
    : [
        fact(
          id,
          `${when}: the kubelet takes ${thousands(places)} more pods, and ${thousands(places - fit)} of them would wait for an address`,
        ),
      ];
}

/** Why the tag that excludes a subnet may have no effect. */
function excluding({ id, cni }: NodeRecord): readonly Evidence[] {
  if (cni?.customNetworking === true)
    return [fact(id, 'custom networking: the ENIConfig names the subnet of new ENIs, and ipamd reads no subnet tags')];
  return cni?.subnetDiscovery === false ? [fact(id, 'without subnet discovery, ipamd reads no subnet tags')] : [];
}

/** What these settings, with or without warm targets among them, would change on a node. */
export function whatIfShaped(replica: Replica, node: NodeRecord, texts: readonly string[]): Reply {
  const asked = texts.join(' and ');
  const changes = readChanges(texts);
  const [outcome] = typeof changes === 'string' ? [] : modelOf(replica, node).under(changes).nodes;
  const { before, after } = outcome ?? { before: null, after: null };
  if (typeof changes === 'string' || before === null || after === null || after.fit === null)
    return unknown(
      `What ${asked} would change on ${node.name} cannot be calculated: its pools, its limits or its pods are not known well enough.`,
    );
  const anew = changes.prefixMode === null ? '' : 'as a new node with the same pods, ';
  return inferred(
    `With ${asked}, ${anew}${node.name} could take ${takes(after)} instead of ${takes(before)}${after.waiting > 0 ? `; ${counted(after.waiting, 'pod')} of today would get no address` : ''}.`,
    [
      ...held(node.id, 'now', before),
      ...beyond(node, 'now', node.maxPods, before),
      ...held(node.id, 'then', after),
      ...beyond(node, 'then', changes.maxPods ?? node.maxPods, after),
      ...(changes.excludedSubnets === null ? [] : excluding(node)),
      ...(after.unmet === null ? [] : [fact(node.id, `then its pool stays below its target: ${after.unmet}`)]),
      ...(changes.prefixMode === null || changes.maxPods !== null || node.maxPods === null
        ? []
        : [fact(node.id, `max pods stays ${node.maxPods} unless it is changed as well (max-pods=…)`)]),
    ],
  );
}
