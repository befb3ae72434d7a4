import { describe, expect, it } from 'vitest';
import { answers, left, branch, singles, trunk, type QuestionCase } from '../../../e2e/testing/explain';
import { ago, cni, eni, eth0, node, NOW, pod, pool, subnet, world } from '../../../e2e/testing/findings';
import { Findings } from '../../findings/evaluate';
import { RULES } from '../../findings/registry';
import type { EniRecord } from '../../model/records';
import { whatIfAdvised } from './what-if';

const A = 'eni-0000000000000000a';
const T = 'eni-000000000000000a7';

const held = (change: Partial<EniRecord>): EniRecord => eni(A, { subnet: 'subnet-a', ...change });

describe('lower targets are advised only where they free something', () => {
  const BLOCK = { prefixes: [{ cidr: '10.0.1.16/28', size: 16, assigned: 1 }] };
  it.each([
    [
      'nine of a whole ENI',
      'secondary-ip',
      9,
      { addresses: singles(9, 'warm') },
      '10.0.1.0/28',
      2,
      /^Lower the warm targets/,
    ],
    [
      'one address',
      'secondary-ip',
      1,
      { addresses: singles(1, 'warm') },
      '10.0.1.0/29',
      2,
      /Lower targets free nothing/,
    ],
    ['one block, one of it held', 'prefix', 16, BLOCK, '10.0.1.0/27', 4, /Lower targets free nothing/],
    ['two blocks, one of them held', 'prefix', 32, BLOCK, '10.0.1.0/27', 4, /^Lower the warm targets/],
  ] as const)('%s', (_what, mode, total, on, cidr, free, says) => {
    const assigned = mode === 'prefix' ? 1 : 0;
    const one = node({ cni: cni({ mode }), pools: [pool({ total, assigned })] });
    const scarce = subnet('subnet-a', { cidr, availableAddresses: free, freePrefixes: 1 });
    expect(answers('subnet subnet-a room', [one, held(on), scarce])[0]?.advice).toMatch(says);
  });
});

it('does not advise lower targets for a subnet too small for a prefix', () => {
  const small = subnet('subnet-a', { cidr: '10.0.1.0/28', availableAddresses: 10, freePrefixes: 0 });
  const own = held({ addresses: singles(1, 'primary') });
  const advice = (mode: 'prefix' | 'secondary-ip') =>
    answers('subnet subnet-a room', [node({ cni: cni({ mode }) }), own, small])[0]?.advice;
  expect(advice('prefix')).toMatch(/a prefix needs 16 aligned free addresses/);
  expect(advice('secondary-ip')).toMatch(/lower WARM_ENI_TARGET/);
});

const ROOM: readonly QuestionCase[] = [
  {
    what: 'enough',
    words: 'subnet subnet-a room',
    records: [node(), held({}), subnet('subnet-a', { availableAddresses: 3_000 })],
    says: /3,000 of 4,091 addresses free, 200 free \/28 blocks; there is no problem/,
    certainty: 'observed',
  },
  {
    what: 'warm addresses',
    words: 'subnet subnet-a room',
    records: [
      node(),
      held({ addresses: singles(7, 'warm') }),
      subnet('subnet-a', { cidr: '10.0.1.0/28', availableAddresses: 2, freePrefixes: 0 }),
    ],
    says: /2 of 11 addresses free.*most of the rest, 7, is warm on ENIs, then 2 held by others/,
    evidence: /node n1 holds 7 warm addresses of it/,
  },
  {
    what: 'others',
    words: 'subnet subnet-a room',
    records: [
      node(),
      held({ addresses: singles(1, 'assigned') }),
      subnet('subnet-a', { cidr: '10.0.1.0/28', availableAddresses: 2, freePrefixes: 0 }),
    ],
    says: /most of the rest, 8, is held by others/,
  },
  {
    what: 'no aligned /28',
    words: 'subnet subnet-a room',
    records: [
      node({ cni: cni({ mode: 'prefix' }) }),
      held({ prefixes: [{ cidr: '10.0.1.16/28', size: 16, assigned: 3 }] }),
      subnet('subnet-a', { cidr: '10.0.1.0/24', availableAddresses: 90, freePrefixes: 0 }),
    ],
    says: /the problem is fragmentation/,
    evidence: /^13 warm on ENIs$/m,
  },
  {
    what: 'unknown free addresses',
    words: 'subnet subnet-a room',
    records: [node(), held({}), subnet('subnet-a', { availableAddresses: null })],
    says: /is not known/,
    certainty: 'unknown',
  },
];

const LEAKED: readonly QuestionCase[] = [
  { what: 'none', words: 'leaked', records: [node(), eni()], says: /^No ENI is known to be leaked\.$/ },
  {
    what: 'one ENI, with its age and owner',
    words: 'leaked',
    records: [node(), eni(), left()],
    says: new RegExp(`^1 ENI is leaked, since ${ago(10_000)}: it holds 1 address of subnet-a`),
    evidence: /created by the VPC CNI for i-0a0000000000000a2, cluster test/,
  },
  {
    what: 'too young',
    words: 'leaked',
    records: [node(), eni(), left({ createdAt: ago(60) })],
    says: /No ENI is known to be leaked; 1 more is unattached, but too young/,
  },
  {
    what: 'asked about the ENI itself',
    words: `eni ${T} leaked`,
    records: [node(), eni(), left()],
    says: /^eni-\w+ is leaked since/,
  },
];

const TRUNK: readonly QuestionCase[] = [
  { what: 'none', words: 'trunk', records: [node(), eni()], says: /No trunk ENI is attached/ },
  {
    what: 'in both directions',
    words: 'node n1 trunk',
    records: [node(), trunk, branch, pod(), pod('p2'), eth0({ eni: T })],
    says: /^2 pods use the trunk eni-.*: 1 by an address of the trunk itself, 1 on a branch ENI \(core\/p1 and core\/p2\)/,
    evidence: /VLAN 1\): pod core\/p2; security groups sg-b/,
  },
  {
    what: 'for a branch ENI',
    words: `eni ${branch.id} trunk`,
    records: [node(), trunk, branch, pod('p2')],
    says: /^1 pod uses the trunk/,
  },
  { what: 'no trunk', words: `eni ${A} trunk`, records: [node(), eni()], says: /is neither a trunk ENI nor/ },
];

const custom = node({
  cni: cni({ customNetworking: true }),
  eniConfig: { name: 'z1', found: true, subnet: 'subnet-a', securityGroups: ['sg-c'] },
});
const second = (groups: readonly string[]): EniRecord =>
  eni(T, {
    role: 'secondary',
    deviceIndex: 2,
    creator: 'ipamd',
    securityGroups: groups,
    management: { state: 'managed', rule: 'instance-id-tag', certainty: 'observed', observed: null },
  });
const GROUPS: readonly QuestionCase[] = [
  {
    what: 'same as its ENIConfig',
    words: `eni ${T} groups`,
    records: [custom, eni(), second(['sg-c'])],
    says: /has the groups of ENIConfig z1/,
  },
  {
    what: 'differs from its ENIConfig',
    words: `eni ${T} groups`,
    records: [custom, eni(), second(['sg-1'])],
    says: /lacks sg-c and also has sg-1, by ENIConfig z1/,
  },
  {
    what: 'differs from the primary ENI',
    words: 'node n1 groups',
    records: [node(), eni(), second(['sg-2'])],
    says: /lacks sg-1 and also has sg-2, by the primary ENI/,
  },
  {
    what: 'the primary ENI itself',
    words: `eni ${A} groups`,
    records: [node(), eni()],
    says: /cannot be compared: the launch template/,
    certainty: 'unknown',
  },
  {
    what: 'a branch ENI according to the policy',
    words: `eni ${branch.id} groups`,
    records: [
      node(),
      trunk,
      branch,
      pod('p2', {
        securityGroupPolicies: [
          { name: 'db', securityGroups: ['sg-b', 'sg-x'], certainty: 'inferred', dependsOn: null },
        ],
      }),
    ],
    says: /lacks sg-x, by SecurityGroupPolicy db of pod core\/p2/,
  },
  {
    what: 'unreadable policies',
    words: `eni ${branch.id} groups`,
    records: [node(), trunk, branch, pod('p2', { securityGroupPolicies: null })],
    says: /SecurityGroupPolicies cannot be read/,
    certainty: 'unknown',
  },
];

describe('the answer to', () => {
  const rows = Object.entries({ ROOM, LEAKED, TRUNK, GROUPS }).flatMap(([group, list]) =>
    list.map((row) => [`${group}: ${row.what}`, row] as const),
  );
  it.each(rows)('%s', (_what, { words, records, says, certainty, evidence, states }) => {
    const [answer] = answers(words, records, states);
    expect(answer?.sentence).toMatch(says);
    if (certainty !== undefined) expect(answer?.certainty).toBe(certainty);
    if (evidence !== undefined) expect(answer?.evidence.map(({ text }) => text).join('\n')).toMatch(evidence);
  });
});

it('a leaked branch ENI frees its address, and its slot on the node', () => {
  const replica = world([
    node({ branch: { limit: 9, used: 9 } }),
    trunk,
    { ...branch, branchPod: null, creator: 'vpc-resource-controller', addresses: singles(1, 'primary') },
  ]);
  // Leaked is what no pod has named for some minutes.
  const findings = new Findings(RULES);
  for (const at of [NOW - 3_600_000, NOW]) {
    const found = findings.all(replica, at);
    if (found !== null) replica.apply({ findings: found });
  }
  expect(whatIfAdvised(replica, `f:branch-eni-leaked/${branch.id}`).sentence).toMatch(
    /would give 1 address back to .*; no pod loses an address, as no pod names it\. n1 then has 8 of its 9 branch ENIs\./,
  );
});
