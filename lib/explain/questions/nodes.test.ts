import { describe, expect, it } from 'vitest';
import { answers, left, singles, type QuestionCase } from '../../../e2e/testing/explain';
import { cni, eni, node, pool, signal, subnet, waitingPod } from '../../../e2e/testing/findings';
import type { EniRecord } from '../../model/records';

const A = 'eni-0000000000000000a';
const T = 'eni-000000000000000a7';

const SETTINGS: readonly QuestionCase[] = [
  {
    what: 'nothing ignored',
    words: 'node n1 settings',
    records: [node()],
    says: /in secondary-IP mode follows WARM_ENI_TARGET=1; no variable that is set is ignored/,
  },
  {
    what: 'one ignored',
    words: 'node n1 settings',
    records: [
      node({
        cni: cni({
          warmIpTarget: 5,
          ignored: [{ name: 'WARM_ENI_TARGET', value: '2', reason: 'WARM_IP_TARGET is set' }],
        }),
      }),
    ],
    says: /follows WARM_IP_TARGET=5, MINIMUM_IP_TARGET=0; WARM_ENI_TARGET=2 has no effect/,
    evidence: /WARM_ENI_TARGET=2 has no effect: WARM_IP_TARGET is set/,
  },
  {
    what: 'one unknown',
    words: 'node n1 settings',
    records: [node({ cni: cni({ unresolved: ['WARM_IP_TARGET'], warmIpTarget: null }) })],
    says: /follows targets that are not known \(WARM_IP_TARGET refers/,
    certainty: 'unknown',
  },
  {
    what: 'no VPC CNI',
    words: 'node n1 settings',
    records: [node({ cni: null, pools: [] })],
    says: /No settings of the VPC CNI apply/,
    certainty: 'unknown',
  },
  {
    what: 'IPv6',
    words: 'node n1 settings',
    records: [node({ cni: cni({ mode: 'ipv6' }), pools: [] })],
    says: /has no warm pool: each ENI has a \/80/,
  },
];

const told: NonNullable<EniRecord['ipamd']> = {
  known: true,
  addresses: 1,
  assigned: 1,
  unheld: [],
  unheldBy: [],
  taken: [],
  missing: [],
  extra: [],
};
const IPAMD: readonly QuestionCase[] = [
  {
    what: 'not read',
    words: 'ipamd',
    records: [node(), eni()],
    says: /is not known: neither its list/,
    certainty: 'unknown',
  },
  {
    what: 'agrees',
    words: `eni ${A} ipamd`,
    records: [node(), eni(A, { ipamd: told, addresses: singles(1, 'assigned') })],
    says: /agree on eni-/,
  },
  {
    what: 'has addresses for deleted pods and lacks an ENI',
    words: 'node n1 ipamd',
    records: [
      node(),
      eni(A, { ipamd: { ...told, unheld: ['10.0.1.10', '10.0.1.11'], unheldBy: ['web/old'] } }),
      eni(T, { role: 'secondary', deviceIndex: 2, ipamd: { ...told, known: false } }),
    ],
    says: /view of 2 ENIs of n1 differs: 1 ENI that it does not know and 2 addresses that it holds for pods that are gone/,
    evidence: /ipamd names web\/old/,
  },
  {
    what: 'treats addresses of live pods as free',
    words: `eni ${A} ipamd`,
    records: [node(), eni(A, { ipamd: { ...told, taken: ['10.0.0.21'] } })],
    says: /1 address that live pods hold but it considers free/,
  },
];

const NODES = [
  node(),
  node({ name: 'n2' }),
  node({ name: 'n3', maxPods: 110, ipamd: { ready: true, version: 'v1.20.0' } }),
];
const DIFFERS: readonly QuestionCase[] = [
  { what: 'nobody', words: 'differs', records: [node(), node({ name: 'n2' })], says: /^No node differs/ },
  {
    what: 'one of three',
    words: 'differs',
    records: NODES,
    says: /^1 node differs from the others of its node group and instance type: n3, in aws-node version and max pods/,
    evidence: /n3: aws-node version is v1\.20\.0; 2 of 2 peers have v1\.23\.1/,
  },
  {
    what: 'asked about that node',
    words: 'node n3 differs',
    records: NODES,
    says: /n3 differs from its 2 peers .* in aws-node version \(v1\.20\.0, 2 have v1\.23\.1\)/,
  },
  { what: 'asked about a similar node', words: 'node n1 differs', records: NODES, says: /n1 is like its 2 peers/ },
  {
    what: 'two different nodes',
    words: 'differs',
    records: [node(), node({ name: 'n2', osImage: 'Bottlerocket' })],
    says: /^2 nodes differ/,
  },
  {
    what: 'an unknown value differs from an unset one',
    words: 'differs',
    records: [node(), node({ name: 'n2', osImage: null })],
    says: /^No node differs/,
  },
  { what: 'alone', words: 'node n1 differs', records: [node()], says: /has no peer/, certainty: 'unknown' },
];

const GHOSTS = eni(A, { ipamd: { ...told, unheld: ['10.0.1.10', '10.0.1.11'], unheldBy: ['web/old'] } });
const NO_ADDRESS = signal('pod:core/w1', 'FailedCreatePodSandBox', 'failed to assign an IP address to container');
const IF: readonly QuestionCase[] = [
  {
    what: 'fewer requested',
    words: 'node n1 if WARM_IP_TARGET=2',
    records: [node(), eni()],
    says: /must have 2 free addresses instead of 9, and has 5: ipamd would give back 3 addresses/,
    evidence: /WARM_IP_TARGET=2, MINIMUM_IP_TARGET=0 decides/,
  },
  {
    what: 'more requested',
    words: 'node n1 if WARM_IP_TARGET=8 MINIMUM_IP_TARGET=4',
    records: [node(), eni(A, { subnet: 'subnet-a' }), subnet()],
    says: /ipamd would ask EC2 for 3 addresses/,
    evidence: /subnet-a has 3,000 free addresses/,
  },
  {
    what: 'a target without effect',
    words: 'node n1 if WARM_PREFIX_TARGET=4',
    records: [node(), eni()],
    says: /would change nothing on n1: WARM_ENI_TARGET=1 decides all the same/,
  },
  {
    what: 'IPv6',
    words: 'node n1 if WARM_IP_TARGET=2',
    records: [node({ cni: cni({ mode: 'ipv6' }), pools: [] })],
    says: /in IPv6 mode there is no warm pool/,
    certainty: 'unknown',
  },
  {
    what: 'the advice of a finding',
    words: `finding eni-leaked/${T}`,
    records: [node(), eni(), left(), subnet()],
    says: /Deleting eni-\w+ would give 1 address back to subnet-a, which has 3,000 free now/,
  },
  {
    what: 'the advice to restart aws-node',
    words: `finding ipamd-view-differs/${A}`,
    records: [node(), GHOSTS],
    says: /^Restarting aws-node on n1 would free 2 addresses .*, where 5 are available now; running pods keep theirs/,
    certainty: 'inferred',
    evidence: /10\.0\.1\.11 of eni-/,
  },
  {
    what: 'the advice to fix another finding',
    words: 'finding pod-ip-failed/pod:core/w1',
    records: [node({ pools: [pool({ available: 0, assigned: 14 })] }), GHOSTS, waitingPod(), NO_ADDRESS],
    says: /^Restarting aws-node on n1 would free 2 addresses/,
  },
  {
    what: 'advice without a calculation',
    words: `finding ipamd-view-differs/${A}`,
    records: [node(), eni(A, { ipamd: { ...told, known: false } })],
    says: /is not calculated; .* The advice: Restart aws-node/,
    certainty: 'unknown',
  },
];

describe('the answer to', () => {
  const rows = Object.entries({ SETTINGS, IPAMD, DIFFERS, IF }).flatMap(([group, list]) =>
    list.map((row) => [`${group}: ${row.what}`, row] as const),
  );
  it.each(rows)('%s', (_what, { words, records, says, certainty, evidence, states }) => {
    const [answer] = answers(words, records, states);
    expect(answer?.sentence).toMatch(says);
    if (certainty !== undefined) expect(answer?.certainty).toBe(certainty);
    if (evidence !== undefined) expect(answer?.evidence.map(({ text }) => text).join('\n')).toMatch(evidence);
  });
});
