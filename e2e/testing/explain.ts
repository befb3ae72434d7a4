/** The answers of `ifscope explain` about a few records, for tables of cases. */
import { Findings } from '../../lib/findings/evaluate';
import { RULES } from '../../lib/findings/registry';
import type { EniRecord, SourceState } from '../../lib/model/records';
import type { Answer } from '../../lib/explain/shared/answer';
import { explain } from '../../lib/explain/explain';
import { readWords } from '../../lib/explain/words-of-question';
import { ago, eni, NOW, world } from './findings';

export type Records = Parameters<typeof world>[0];

/** The answers to a command line about these records, including what the rules find. */
export function answers(
  words: string,
  records: Records,
  states: Readonly<Record<string, SourceState>> = {},
): readonly Answer[] {
  const replica = world(records, states);
  const found = new Findings(RULES).all(replica, NOW);
  if (found !== null) replica.apply({ findings: found });
  const asked = readWords(words.split(' '));
  if (typeof asked === 'string') throw new Error(asked);
  const said = explain(replica, asked);
  if (typeof said === 'string') throw new Error(said);
  return said.answers;
}

export interface QuestionCase {
  readonly what: string;
  readonly words: string;
  readonly records: Records;
  readonly says: RegExp;
  readonly certainty?: Answer['certainty'];
  readonly evidence?: RegExp;
  readonly command?: RegExp;
  readonly states?: Readonly<Record<string, SourceState>>;
}

/** This many consecutive IPv4 addresses in the given state. */
export const singles = (count: number, state: EniRecord['addresses'][number]['state']): EniRecord['addresses'] =>
  Array.from({ length: count }, (_, at) => ({ ip: `10.0.1.${10 + at}`, state, interface: null }));

/** A trunk, and its branch for pod p2. */
export const trunk = eni('eni-000000000000000a7', {
  role: 'trunk',
  interfaceType: 'trunk',
  deviceIndex: 2,
  securityGroups: ['sg-t'],
});
export const branch = eni('eni-000000000000000b1', {
  role: 'branch',
  interfaceType: 'branch',
  trunk: trunk.id,
  vlan: 1,
  card: null,
  deviceIndex: null,
  branchPod: 'pod:core/p2',
  securityGroups: ['sg-b'],
});

/** An unattached ENI created by ipamd, old enough to be leaked. */
export const left = (change: Partial<EniRecord> = {}): EniRecord =>
  eni(trunk.id, {
    node: null,
    instanceId: null,
    status: 'available',
    role: 'secondary',
    card: null,
    deviceIndex: null,
    creator: 'ipamd',
    description: 'aws-K8S-i-0a0000000000000a2',
    createdAt: ago(10_000),
    tags: { 'node.k8s.amazonaws.com/instance_id': 'i-0a0000000000000a2', 'cluster.k8s.amazonaws.com/name': 'test' },
    subnet: 'subnet-a',
    addresses: [{ ip: '10.0.2.4', state: 'primary', interface: null }],
    ...change,
  });
