/** What a node's conditions say about its network. */
import type { NodeRecord } from '../../model/records';
import type { Steady } from '../rule/steady';

type Conditions = Pick<Steady<'nodes'> | NodeRecord, 'networkConditions' | 'agentTrouble'>;

/** `condition NetworkingReady: IPAMDNotReady: …`, one for each condition; and what keeps the pod of aws-node from being Ready. */
export const conditionLines = ({ networkConditions, agentTrouble }: Conditions): readonly string[] => [
  ...networkConditions.map(
    ({ type, reason, message }) => `condition ${type}: ${[reason, message].filter(Boolean).join(': ')}`,
  ),
  ...(agentTrouble === null ? [] : [`Kubernetes: pod of aws-node on the node: ${agentTrouble}`]),
];

/** In parentheses with a leading space; empty where no condition says anything. */
export const conditionWords = ({ networkConditions }: Pick<Conditions, 'networkConditions'>): string =>
  networkConditions.length === 0
    ? ''
    : ` (${networkConditions.map(({ type, reason }) => (reason === '' ? type : `${type}: ${reason}`)).join(', ')})`;
