/** What a node's conditions say about its network. */
import type { NodeRecord } from '../../model/records';
import type { Steady } from '../rule/steady';

type Conditions = Pick<Steady<'nodes'> | NodeRecord, 'networkConditions'>;

/** `NetworkingReady says IPAMDNotReady: …`, one for each condition. */
export const conditionLines = ({ networkConditions }: Conditions): readonly string[] =>
  networkConditions.map(
    ({ type, reason, message }) => `condition ${type}: ${[reason, message].filter(Boolean).join(': ')}`,
  );

/** In parentheses with a leading space; empty where no condition says anything. */
export const conditionWords = ({ networkConditions }: Conditions): string =>
  networkConditions.length === 0
    ? ''
    : ` (${networkConditions.map(({ type, reason }) => (reason === '' ? type : `${type}: ${reason}`)).join(', ')})`;
