/** Which nodes differ from their peers: CNI version, environment, max pods, ENIConfig, image? */
import { agentVersion } from '../../model/agent-version';
import { CNI_NUMBERS, CNI_SWITCHES, variablesIn } from '../../model/cni-variables';
import type { NodeRecord } from '../../model/records';
import { byNaturalName } from '../../model/order';
import { tally } from '../../model/sums';
import type { Replica } from '../../records/replica';
import { nodeGroupOf } from '../../view/node-groups';
import { fact, observed, unknown, type Evidence, type Reply } from '../shared/answer';
import { counted, enumerated } from '../shared/words';

interface Trait {
  readonly name: string;
  /** Null: not known, so not compared. */
  readonly of: (node: NodeRecord) => string | null;
}

/** A setting by its variable. `unset`: the text for a field without a value. */
const settingOf = (
  field: keyof typeof CNI_SWITCHES | keyof typeof CNI_NUMBERS,
  name: string,
  unset: string | null,
): Trait => ({
  name,
  of: ({ cni }) => (cni === null || cni.unresolved.includes(name) ? null : (cni[field]?.toString() ?? unset)),
});

const TRAITS: readonly Trait[] = [
  { name: 'aws-node version', of: agentVersion },
  { name: 'mode', of: ({ cni }) => cni?.mode ?? null },
  ...variablesIn(CNI_SWITCHES).map(([field, name]) => settingOf(field, name, null)),
  {
    name: 'DISABLE_NETWORK_RESOURCE_PROVISIONING',
    of: ({ cni }) => (cni?.networkResourceProvisioning == null ? null : String(!cni.networkResourceProvisioning)),
  },
  ...variablesIn(CNI_NUMBERS).map(([field, name]) =>
    settingOf(field, name, field === 'cooldownSeconds' ? null : 'not set'),
  ),
  { name: 'max pods', of: ({ maxPods }) => (maxPods === null ? null : String(maxPods)) },
  {
    name: 'ENIConfig',
    of: ({ eniConfig, zone }) =>
      eniConfig === null ? null : `${eniConfig.name ?? 'none'}${eniConfig.name === zone ? ' (its zone)' : ''}`,
  },
  { name: 'Multus version', of: ({ multus }) => multus?.version ?? null },
  { name: 'OS image', of: ({ osImage }) => osImage },
];

/** Nodes that should be alike: one node group, one instance type. ENIConfigs may differ between zones. */
function groupOf(node: NodeRecord): string {
  const { instanceType, computeType, os } = node;
  const group = nodeGroupOf(node) ?? 'no node group';
  return [group, instanceType ?? computeType, ...(os === 'windows' ? ['Windows'] : [])].join(' · ');
}

interface Usual {
  readonly value: string;
  readonly count: number;
}

/** The most common value; of equally common ones, the first in order. */
function usual(values: readonly (string | null)[]): Usual | null {
  const [first] = [...tally(values.filter((value) => value !== null))].sort(
    ([a, x], [b, y]) => y - x || (a < b ? -1 : 1),
  );
  return first === undefined ? null : { value: first[0], count: first[1] };
}

interface Difference {
  readonly node: NodeRecord;
  readonly trait: string;
  readonly value: string;
  readonly usual: Usual;
  readonly peers: number;
}

/** An ENIConfig belongs to a zone, so nodes of other zones are not comparable. */
const comparable = (trait: Trait, node: NodeRecord, peers: readonly NodeRecord[]): readonly NodeRecord[] =>
  trait.name === 'ENIConfig' ? peers.filter(({ zone }) => zone === node.zone) : peers;

/** A node differs if more of its peers have another value than have its own; if there are only two nodes, both do. */
function differencesIn(peers: readonly NodeRecord[]): readonly Difference[] {
  return TRAITS.flatMap((trait) =>
    peers.flatMap((node): readonly Difference[] => {
      const value = trait.of(node);
      const others = comparable(trait, node, peers).filter((other) => other !== node);
      const values = others.map(trait.of);
      const most = usual(values.filter((other) => other !== value));
      if (value === null || most === null || values.filter((other) => other === value).length >= most.count) return [];
      return [{ node, trait: trait.name, value, usual: most, peers: others.length }];
    }),
  );
}

const line = ({ node, trait, value, usual: most, peers }: Difference): Evidence =>
  fact(
    node.id,
    `${node.name}: ${trait} is ${value}; ${most.count} of ${counted(peers, 'peer')} ${most.count === 1 ? 'has' : 'have'} ${most.value}`,
  );

const isThere = ({ gone, deleting }: NodeRecord): boolean => !gone && !deleting;

/** `id`: one node and its peers; null: every group. */
export function peersReply({ records }: Replica, id: string | null): Reply {
  const groups = Map.groupBy(
    [...records.nodes.values()].filter(isThere).sort((a, b) => byNaturalName(a.name, b.name)),
    groupOf,
  );
  if (id === null) {
    const found = [...groups.values()].flatMap(differencesIn);
    const nodes = [...new Set(found.map(({ node }) => node.name))];
    if (records.nodes.size === 0) return unknown('No node is known.');
    const alone = [...groups.values()].filter((peers) => peers.length === 1).length;
    const none = alone === 0 ? '' : ` (${counted(alone, 'node has', 'nodes have')} no peer)`;
    return observed(
      nodes.length === 0
        ? `No node differs from the others of its node group and instance type${none}.`
        : `${counted(nodes.length, 'node differs', 'nodes differ')} from the others of ${nodes.length === 1 ? 'its' : 'their'} node group and instance type: ${enumerated(nodes)}, in ${enumerated([...new Set(found.map(({ trait }) => trait))])}${none}.`,
      found.map(line),
    );
  }
  const node = records.nodes.get(id);
  if (node === undefined) return unknown(`${id} is not known.`);
  const group = groupOf(node);
  const peers = groups.get(group) ?? [];
  if (peers.length < 2) return unknown(`${node.name} has no peer (${group}): nothing to compare it with.`);
  const own = differencesIn(peers).filter((difference) => difference.node.id === id);
  return observed(
    own.length === 0
      ? `${node.name} is like its ${counted(peers.length - 1, 'peer')} (${group}).`
      : `${node.name} differs from its ${counted(peers.length - 1, 'peer')} (${group}) in ${enumerated(own.map(({ trait, value, usual: most }) => `${trait} (${value}, ${most.count} ${most.count === 1 ? 'has' : 'have'} ${most.value})`))}.`,
    own.map(line),
  );
}
