/** Which setting of the VPC CNI is in effect on this node, and which is ignored? */
import { agentVersion } from '../../model/agent-version';
import { CNI_SWITCHES, variablesIn } from '../../model/cni-variables';
import type { CniConfig, NodeRecord } from '../../model/records';
import type { Replica } from '../../records/replica';
import { noPoolSentence } from '../../view/sentences';
import { targetInWords } from '../../topology/pools/next';
import { fact, unknown, type Evidence, type Reply } from '../shared/answer';
import { givenBy } from '../../topology/pools/given';
import { ruleOf } from '../shared/settings';
import { counted, enumerated } from '../shared/words';

const MODE: Readonly<Record<NonNullable<CniConfig['mode']>, string>> = {
  'secondary-ip': 'secondary-IP mode',
  prefix: 'prefix mode',
  ipv6: 'IPv6 mode',
};

function switchesOf(node: NodeRecord, cni: CniConfig): readonly Evidence[] {
  return variablesIn(CNI_SWITCHES).flatMap(([field, name]) => {
    const value = cni[field];
    // A variable without effect has a line of its own.
    if (value === null || cni.ignored.some((setting) => setting.name === name)) return [];
    return [fact(node.id, `${name} is effectively ${value ? 'on' : 'off'}`)];
  });
}

/** The targets in effect, in words, including those that are unknown and the absence of a warm pool. */
function decides(node: NodeRecord, cni: CniConfig): string | null {
  const rule = ruleOf(node, givenBy(cni));
  return rule === null ? null : targetInWords(rule.regime, 0, rule.targets);
}

/** What a value that is not known can refer to. */
const UNRESOLVED =
  'its value comes from a ConfigMap or a Secret, which ifscope does not read, or from another variable ($(NAME)) that it does not keep';

/** Which settings of the VPC CNI are in effect on a node, and which are ignored. */
export function settingsReply(replica: Replica, id: string): Reply {
  const node = replica.records.nodes.get(id);
  if (node === undefined) return unknown(`${id} is not known.`);
  const { cni } = node;
  if (cni === null) return unknown(`No settings of the VPC CNI apply to ${node.name}. ${noPoolSentence(node)}`);
  const target = decides(node, cni);
  const ignored = cni.ignored.map(({ name, value }) => `${name}=${value}`);
  const version = agentVersion(node);
  const who = `On ${node.name}, aws-node ${version ?? 'of unknown version'} in ${cni.mode === null ? 'a mode that is not known' : MODE[cni.mode]}`;
  const follows =
    target !== null
      ? `follows ${target}`
      : cni.mode === 'ipv6'
        ? 'has no warm pool: each ENI has a /80'
        : `follows targets that are not known (${enumerated(cni.unresolved)} ${cni.unresolved.length === 1 ? 'refers' : 'refer'} to values that ifscope does not have)`;
  return {
    sentence: `${who} ${follows}; ${ignored.length === 0 ? 'no variable that is set is ignored' : `${enumerated(ignored)} ${ignored.length === 1 ? 'has' : 'have'} no effect`}.`,
    certainty: cni.unresolved.length > 0 || cni.mode === null ? 'unknown' : 'observed',
    evidence: [
      ...cni.refused.map((reason) => fact(id, `aws-node does not start with these: ${reason}`)),
      ...(target === null ? [] : [fact(id, `effective target: ${target}`)]),
      ...cni.ignored.map(({ name, value, reason }) => fact(id, `${name}=${value} has no effect: ${reason}`)),
      ...cni.unresolved.map((name) => fact(id, `${name}: ${UNRESOLVED}`)),
      ...(cni.maxEni === null ? [] : [fact(id, `MAX_ENI=${cni.maxEni}`)]),
      ...(cni.cooldownSeconds === null
        ? []
        : [fact(id, `IP_COOLDOWN_PERIOD: ${counted(cni.cooldownSeconds, 'second')}`)]),
      ...switchesOf(node, cni),
    ],
  };
}
