/** Conditions about the network: of a node, and of a pod's sandbox. */
import type { NodeRecord, PodRecord } from '../../model/records';
import type { Steady } from '../rule/steady';

type Conditions = Pick<Steady<'nodes'> | NodeRecord, 'networkConditions' | 'agentTrouble'>;

/** `condition NetworkingReady: IPAMDNotReady: …`, one for each condition; and why the aws-node pod is not Ready. */
export const conditionLines = ({ networkConditions, agentTrouble }: Conditions): readonly string[] => [
  ...networkConditions.map(
    ({ type, reason, message }) => `condition ${type}: ${[reason, message].filter(Boolean).join(': ')}`,
  ),
  ...(agentTrouble === null ? [] : [`Kubernetes: pod of aws-node on the node: ${agentTrouble}`]),
];

/** In parentheses with a leading space; empty without such a condition. */
export const conditionWords = ({ networkConditions }: Pick<Conditions, 'networkConditions'>): string =>
  networkConditions.length === 0
    ? ''
    : ` (${networkConditions.map(({ type, reason }) => (reason === '' ? type : `${type}: ${reason}`)).join(', ')})`;

/** What the kubelet reports of the sandbox of a waiting pod. */
export const sandboxLine = ({ sandbox }: PodRecord): string | null =>
  sandbox === null
    ? null
    : `Kubernetes: condition PodReadyToStartContainers is ${sandbox.ready ? 'True' : 'False'}${sandbox.message === '' ? '' : `: ${sandbox.message}`}`;
