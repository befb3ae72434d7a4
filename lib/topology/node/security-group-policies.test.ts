import { describe, expect, it } from 'vitest';
import type { LabelSelector, PodFact, SecurityGroupPolicyFact } from '../../model/facts';
import type { Observation } from '../../model/observation';
import { batch, engineOf, get, node, pod, remove, status, upsert } from '../../../e2e/testing/facts';

const LIVE = status('kubernetes/securitygrouppolicies');

const policy = (name: string, more: Partial<SecurityGroupPolicyFact> = {}): SecurityGroupPolicyFact => ({
  namespace: 'default',
  name,
  uid: name,
  createdAt: null,
  deleting: false,
  podSelector: null,
  serviceAccountSelector: null,
  groupIds: ['sg-1'],
  ...more,
});

const labels = (matchLabels: Readonly<Record<string, string>>): LabelSelector => ({
  matchLabels,
  matchExpressions: [],
});
const ALL = labels({});
const WEB = labels({ app: 'web' });
const DB = labels({ app: 'db' });
const BROKEN: LabelSelector = { matchLabels: {}, matchExpressions: [{ key: 'app', operator: 'Gt', values: ['1'] }] };

interface Case {
  readonly what: string;
  readonly policy: Partial<SecurityGroupPolicyFact>;
  readonly pod?: Partial<PodFact>;
  readonly os?: string;
  readonly wanted: 'inferred' | 'unknown' | null;
}

// vpc-cni §6: the resource controller's webhook.
const CASES: readonly Case[] = [
  { what: 'a pod selector that matches', policy: { podSelector: WEB }, wanted: 'inferred' },
  { what: 'a pod selector that does not match', policy: { podSelector: DB }, wanted: null },
  { what: 'an empty pod selector selects every pod', policy: { podSelector: ALL }, wanted: 'inferred' },
  { what: 'neither selector', policy: {}, wanted: null },
  { what: 'no security groups', policy: { podSelector: ALL, groupIds: [] }, wanted: null },
  { what: 'a selector that Kubernetes rejects', policy: { podSelector: BROKEN }, wanted: null },
  { what: 'an empty service account selector', policy: { serviceAccountSelector: ALL }, wanted: 'inferred' },
  {
    what: 'a service account selector, whose labels are not read',
    policy: { serviceAccountSelector: WEB },
    wanted: 'unknown',
  },
  { what: 'both, the pod matches', policy: { podSelector: WEB, serviceAccountSelector: WEB }, wanted: 'unknown' },
  {
    what: 'both, the pod does not match',
    policy: { podSelector: DB, serviceAccountSelector: ALL },
    wanted: null,
  },
  { what: 'another namespace', policy: { podSelector: ALL, namespace: 'other' }, wanted: null },
  { what: 'a pod on the host network', policy: { podSelector: ALL }, pod: { hostNetwork: true }, wanted: null },
  { what: 'a pod on Windows', policy: { podSelector: ALL }, os: 'windows', wanted: null },
  { what: 'a pod waiting for a node', policy: { podSelector: WEB }, pod: { node: null }, wanted: 'inferred' },
];

const policiesOf = (observations: readonly Observation[]) =>
  get(engineOf(observations), 'pods', 'pod:default/a').securityGroupPolicies;

describe('SecurityGroupPolicies of a pod', () => {
  it.each(CASES)('$what: $wanted', ({ policy: more, pod: own, os = 'linux', wanted }) => {
    const found = policiesOf([
      LIVE,
      upsert('node', node('n1', { os })),
      upsert('pod', pod('a', { labels: { app: 'web' }, ...own })),
      upsert('securityGroupPolicy', policy('p', more)),
    ]);
    expect(found).toEqual(
      wanted === null
        ? []
        : [
            {
              name: 'p',
              securityGroups: ['sg-1'],
              certainty: wanted,
              dependsOn: wanted === 'unknown' ? 'labels of service account default' : null,
            },
          ],
    );
  });

  it('are unknown if the kind cannot be read, and empty if it can', () => {
    expect(policiesOf([upsert('pod', pod('a'))])).toBeNull();
    expect(
      policiesOf([status('kubernetes/securitygrouppolicies', 'denied', null), upsert('pod', pod('a'))]),
    ).toBeNull();
    expect(policiesOf([LIVE, upsert('pod', pod('a'))])).toEqual([]);
  });

  it.each([{ node: 'n1' }, { node: null }])('follow the policy and its source: %j', (where) => {
    const engine = engineOf([upsert('node', node()), upsert('pod', pod('a', where))]);
    const found = () => get(engine, 'pods', 'pod:default/a').securityGroupPolicies?.map(({ name }) => name) ?? null;
    expect(found()).toBeNull();
    engine.apply(batch([LIVE]));
    expect(found()).toEqual([]);
    const two = [policy('q', { podSelector: ALL }), policy('p', { podSelector: ALL })];
    engine.apply(batch(two.map((one) => upsert('securityGroupPolicy', one))));
    expect(found()).toEqual(['p', 'q']);
    engine.apply(batch([remove('securityGroupPolicy', policy('p', { podSelector: ALL }))]));
    expect(found()).toEqual(['q']);
    engine.apply(batch([status('kubernetes/securitygrouppolicies', 'denied', null)]));
    expect(found()).toBeNull();
  });
});
