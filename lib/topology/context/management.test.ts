import { describe, expect, it } from 'vitest';
import type { EniFact } from '../../model/facts';
import { awsNode, engineOf, eni, get, INSTANCE, metrics, node, status, upsert } from '../../../e2e/testing/facts';

const NO_MANAGE = 'node.k8s.amazonaws.com/no_manage';
const OWN = { 'node.k8s.amazonaws.com/instance_id': INSTANCE };

interface Case {
  readonly what: string;
  readonly eni: Partial<EniFact>;
  readonly env?: Readonly<Record<string, string>>;
  readonly others?: readonly EniFact[];
  readonly state: string;
  readonly rule: string;
}

/** vpc-cni §1.2, in ipamd's order: primary, tags, card, EFA-only. */
const CASES: readonly Case[] = [
  { what: 'the primary ENI', eni: { deviceIndex: 0, tags: OWN }, state: 'managed', rule: 'primary' },
  {
    what: 'the tag on the primary is ignored',
    eni: { deviceIndex: 0, tags: { [NO_MANAGE]: 'true' } },
    state: 'managed',
    rule: 'primary',
  },
  {
    what: 'no_manage=true',
    eni: { deviceIndex: 1, tags: { [NO_MANAGE]: 'true' } },
    state: 'unmanaged',
    rule: 'no-manage-tag',
  },
  {
    what: 'no_manage=true takes precedence over instance_id',
    eni: { deviceIndex: 1, tags: { ...OWN, [NO_MANAGE]: 'true' } },
    state: 'unmanaged',
    rule: 'no-manage-tag',
  },
  ...['True', 'TRUE', '1', 'yes', ' true', 'false', ''].map((value) => ({
    what: `no_manage=${JSON.stringify(value)} is not true`,
    eni: { deviceIndex: 1, tags: { [NO_MANAGE]: value } },
    state: 'managed',
    rule: 'no-manage-tag-false',
  })),
  {
    what: 'no_manage=false overrides MANAGE_UNTAGGED_ENI=false',
    eni: { deviceIndex: 1, tags: { [NO_MANAGE]: 'false' } },
    env: { MANAGE_UNTAGGED_ENI: 'false' },
    state: 'managed',
    rule: 'no-manage-tag-false',
  },
  {
    what: 'instance_id of this instance',
    eni: { deviceIndex: 1, tags: OWN },
    env: { MANAGE_UNTAGGED_ENI: 'false' },
    state: 'managed',
    rule: 'instance-id-tag',
  },
  {
    what: 'instance_id of another instance does not count',
    eni: { deviceIndex: 1, tags: { 'node.k8s.amazonaws.com/instance_id': 'i-other' } },
    env: { MANAGE_UNTAGGED_ENI: 'false' },
    state: 'unmanaged',
    rule: 'untagged-ignored',
  },
  { what: 'untagged, adopted by default', eni: { deviceIndex: 1 }, state: 'managed', rule: 'untagged-adopted' },
  {
    what: 'untagged, MANAGE_UNTAGGED_ENI=f',
    eni: { deviceIndex: 1 },
    env: { MANAGE_UNTAGGED_ENI: 'f' },
    state: 'unmanaged',
    rule: 'untagged-ignored',
  },
  {
    what: 'an invalid boolean means the default',
    eni: { deviceIndex: 1 },
    env: { MANAGE_UNTAGGED_ENI: 'no' },
    state: 'managed',
    rule: 'untagged-adopted',
  },
  {
    what: 'tags of another cluster change nothing',
    eni: { deviceIndex: 1, tags: { ...OWN, 'cluster.k8s.amazonaws.com/name': 'other' } },
    state: 'managed',
    rule: 'instance-id-tag',
  },
  { what: 'a card above 0', eni: { networkCardIndex: 1, tags: OWN }, state: 'outside', rule: 'card-not-managed' },
  {
    what: 'a tag on a card above 0 is checked first',
    eni: { networkCardIndex: 1, tags: { [NO_MANAGE]: 'true' } },
    state: 'unmanaged',
    rule: 'no-manage-tag',
  },
  {
    what: 'a card above 0 with multi-NIC',
    eni: { networkCardIndex: 1, tags: OWN },
    env: { ENABLE_MULTI_NIC: 'true' },
    state: 'managed',
    rule: 'instance-id-tag',
  },
  {
    what: 'device 0 of another card is not the primary',
    eni: { networkCardIndex: 1, deviceIndex: 0, tags: { [NO_MANAGE]: 'true' } },
    env: { ENABLE_MULTI_NIC: 'true' },
    state: 'unmanaged',
    rule: 'no-manage-tag',
  },
  {
    what: 'EFA is managed',
    eni: { deviceIndex: 1, interfaceType: 'efa', tags: OWN },
    state: 'managed',
    rule: 'instance-id-tag',
  },
  {
    what: 'EFA-only has no IP stack',
    eni: { deviceIndex: 1, interfaceType: 'efa-only' },
    state: 'outside',
    rule: 'efa-only',
  },
  {
    what: 'EFA-only alone on its card',
    eni: { networkCardIndex: 1, interfaceType: 'efa-only' },
    env: { ENABLE_MULTI_NIC: 'true' },
    state: 'outside',
    rule: 'card-not-managed',
  },
  {
    what: 'EFA-only beside ENA on its card',
    eni: { networkCardIndex: 1, interfaceType: 'efa-only' },
    env: { ENABLE_MULTI_NIC: 'true' },
    others: [eni('eni-ena', { networkCardIndex: 1, deviceIndex: 1, tags: OWN })],
    state: 'outside',
    rule: 'efa-only',
  },
  {
    what: 'an unmanaged ENA ENI does not make the card managed',
    eni: { networkCardIndex: 1, interfaceType: 'efa-only' },
    env: { ENABLE_MULTI_NIC: 'true' },
    others: [eni('eni-ena', { networkCardIndex: 1, deviceIndex: 1, tags: { [NO_MANAGE]: 'true' } })],
    state: 'outside',
    rule: 'card-not-managed',
  },
  { what: 'a trunk', eni: { deviceIndex: 5, interfaceType: 'trunk', tags: OWN }, state: 'managed', rule: 'trunk' },
  {
    what: 'a tagged trunk',
    eni: { deviceIndex: 5, interfaceType: 'trunk', tags: { [NO_MANAGE]: 'true' } },
    state: 'unmanaged',
    rule: 'no-manage-tag',
  },
  {
    what: 'a branch',
    eni: {
      instanceId: null,
      deviceIndex: null,
      interfaceType: 'branch',
      tags: { 'vpcresources.k8s.aws/trunk-eni-id': 'eni-t' },
    },
    others: [eni('eni-t', { interfaceType: 'trunk', deviceIndex: 5 })],
    state: 'outside',
    rule: 'branch',
  },
  {
    what: 'IMDS-only never honours the tag',
    eni: { deviceIndex: 1, tags: { [NO_MANAGE]: 'true' } },
    env: { ENABLE_IMDS_ONLY_MODE: 'true' },
    state: 'managed',
    rule: 'imds-only',
  },
  ...['trunk', 'efa', 'efa-only'].map((interfaceType) => ({
    what: `IMDS-only does not tell the type ${interfaceType}`,
    eni: { deviceIndex: 1, interfaceType },
    env: { ENABLE_IMDS_ONLY_MODE: 'true' },
    state: 'managed',
    rule: 'imds-only',
  })),
  {
    what: 'IMDS-only does not detect that a card has only an EFA-only ENI',
    eni: { networkCardIndex: 1, interfaceType: 'efa-only' },
    env: { ENABLE_IMDS_ONLY_MODE: 'true', ENABLE_MULTI_NIC: 'true' },
    state: 'managed',
    rule: 'imds-only',
  },
  {
    what: 'IMDS-only, a card above 0 without multi-NIC',
    eni: { networkCardIndex: 1, tags: OWN },
    env: { ENABLE_IMDS_ONLY_MODE: 'true' },
    state: 'outside',
    rule: 'card-not-managed',
  },
  {
    what: 'ADDITIONAL_ENI_TAGS and the owner tag change nothing',
    eni: { deviceIndex: 1, tags: { 'eks:eni:owner': 'somebody', team: 'a' } },
    env: { MANAGE_UNTAGGED_ENI: 'false' },
    state: 'unmanaged',
    rule: 'untagged-ignored',
  },
  {
    what: 'ENIs of a cordoned node are managed regardless of AWS_MANAGE_ENIS_NON_SCHEDULABLE',
    eni: { deviceIndex: 1, tags: OWN },
    env: { AWS_MANAGE_ENIS_NON_SCHEDULABLE: 'true' },
    state: 'managed',
    rule: 'instance-id-tag',
  },
  {
    what: 'in IPv6 mode: no_manage',
    eni: { deviceIndex: 1, tags: { [NO_MANAGE]: 'true' } },
    env: { ENABLE_IPv6: 'true' },
    state: 'unmanaged',
    rule: 'no-manage-tag',
  },
  {
    what: 'in IPv6 mode: a card above 0',
    eni: { networkCardIndex: 1 },
    env: { ENABLE_IPv6: 'true' },
    state: 'outside',
    rule: 'card-not-managed',
  },
  {
    what: 'in IPv6 mode: EFA-only',
    eni: { deviceIndex: 1, interfaceType: 'efa-only' },
    env: { ENABLE_IPv6: 'true' },
    state: 'outside',
    rule: 'efa-only',
  },
  {
    what: 'in IPv6 mode: the primary ENI, whatever its tag',
    eni: { deviceIndex: 0, tags: { [NO_MANAGE]: 'true' } },
    env: { ENABLE_IPv6: 'true' },
    state: 'managed',
    rule: 'primary',
  },
];

describe('management of an ENI', () => {
  it.each(CASES)('$what: $state, $rule', ({ eni: given, env, others, state, rule }) => {
    const engine = engineOf([
      upsert('node', node('n1', { instanceType: 'p4d.24xlarge' })),
      upsert('pod', awsNode(env ?? {})),
      upsert('eni', eni('eni-x', given)),
      ...(others ?? []).map((one) => upsert('eni', one)),
    ]);
    expect(get(engine, 'enis', 'eni-x').management).toMatchObject({ state, rule });
  });

  it('is outside without ipamd, and unknown until the source has answered', () => {
    const there = [upsert('node', node()), upsert('eni', eni('eni-x', { deviceIndex: 1 }))];
    expect(get(engineOf(there), 'enis', 'eni-x').management).toMatchObject({ state: 'outside', rule: 'no-ipamd' });
    const blind = engineOf([...there, status('kubernetes/pods', 'denied', null)]);
    expect(get(blind, 'enis', 'eni-x').management).toEqual({
      state: 'unknown',
      rule: 'unknown',
      certainty: 'unknown',
      observed: null,
    });
  });

  it.each(['auto', 'fargate', 'hybrid'] as const)(
    'is outside on %s nodes, whatever the DaemonSet says',
    (computeType) => {
      const engine = engineOf([
        upsert('node', node('n1', { computeType })),
        upsert('daemonSet', { ...awsNodeSet }),
        upsert('eni', eni('eni-x', { deviceIndex: 0 })),
      ]);
      expect(get(engine, 'enis', 'eni-x').management).toMatchObject({ state: 'outside', rule: 'no-ipamd' });
    },
  );

  it('follows the DaemonSet on a node that has no aws-node pod yet', () => {
    const engine = engineOf([
      upsert('node', node()),
      upsert('daemonSet', { ...awsNodeSet, awsNode: { version: 'v1.23.1', env: { MANAGE_UNTAGGED_ENI: 'false' } } }),
      upsert('eni', eni('eni-x', { deviceIndex: 1 })),
    ]);
    expect(get(engine, 'enis', 'eni-x').management.rule).toBe('untagged-ignored');
    expect(get(engine, 'nodes', 'node:n1').ipamd).toBeNull();
  });

  it("states whether ipamd's own figures confirm it", () => {
    const there = [
      upsert('node', node()),
      upsert('pod', awsNode()),
      upsert('eni', eni('eni-1')),
      upsert('eni', eni('eni-2', { deviceIndex: 1 })),
    ];
    expect(get(engineOf(there), 'enis', 'eni-1').management).toMatchObject({ observed: null, certainty: 'inferred' });
    const engine = engineOf([...there, upsert('awsNodeMetrics', metrics('n1', { assignedPerEni: { 'eni-1': 3 } }))]);
    expect(get(engine, 'enis', 'eni-1').management).toMatchObject({ observed: true, certainty: 'observed' });
    // By its tags, ipamd should have it, but does not: the rule stands, and the contradiction is shown.
    expect(get(engine, 'enis', 'eni-2').management).toMatchObject({
      state: 'managed',
      observed: false,
      certainty: 'inferred',
    });
  });

  it('derives the creator from Description only, case-sensitively', () => {
    const made = (description: string) =>
      get(engineOf([upsert('node', node()), upsert('eni', eni('eni-x', { description }))]), 'enis', 'eni-x').creator;
    expect(made('aws-K8S-i-0abc')).toBe('ipamd');
    expect(made('aws-k8s-trunk-eni')).toBe('vpc-resource-controller');
    expect(made('AWS-K8S-x')).toBe('other');
    expect(made('')).toBe('other');
  });
});

const awsNodeSet = {
  namespace: 'kube-system',
  name: 'aws-node',
  uid: 'ds',
  createdAt: null,
  deleting: false,
  awsNode: { version: 'v1.23.1', env: {} },
  selective: false,
  multus: null,
  multusDefaultNetworks: false,
  policyPlugins: null,
};
