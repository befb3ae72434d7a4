/** Which subnets the CNI takes addresses from, by tags and version (vpc-cni §1.1). */
import { describe, expect, it } from 'vitest';
import { awsNode, engineOf, get, node, ownEni, status, subnet, upsert } from '../../../e2e/testing/facts';
import { FactReader, type ReaderContext } from '../facts/reader';
import { FactStore } from '../facts/store';
import { newTrace } from '../../tracking/tracker';
import { isSubnetCandidate, isSubnetExcluded, subnetsForNewEni } from './subnet-choice';
import { readSettings } from '../context/settings';

const ROLE = 'kubernetes.io/role/cni';
const NEW = 'cni.networking.k8s.aws/cluster/';
const OLD = 'kubernetes.io/cluster/';
const settings = (version: string | null, env: Readonly<Record<string, string>> = { CLUSTER_NAME: 'mine' }) =>
  readSettings({ version, env }, null);
const primary = subnet('subnet-1');

describe('subnet exclusion by tags', () => {
  it.each<[what: string, version: string | null, tags: Readonly<Record<string, string>>, excluded: boolean]>([
    ['role 0', 'v1.23.1', { [ROLE]: '0' }, true],
    ['role 0, unknown version', null, { [ROLE]: '0' }, true],
    ['role 0 before 1.22.0', 'v1.21.1', { [ROLE]: '0' }, false],
    ['role 1', 'v1.23.1', { [ROLE]: '1' }, false],
    ['no tag', 'v1.23.1', {}, false],
    ['another cluster', 'v1.22.1', { [ROLE]: '1', [`${NEW}other`]: 'shared' }, true],
    ['this cluster among others', 'v1.22.1', { [ROLE]: '1', [`${NEW}other`]: '', [`${NEW}mine`]: '' }, false],
    ['another cluster without a role is ignored', 'v1.22.1', { [`${NEW}other`]: '' }, false],
    ['an empty role counts as none', 'v1.22.1', { [ROLE]: '', [`${NEW}other`]: '' }, false],
    ['1.22.0 reads the older prefix', 'v1.22.0', { [ROLE]: '1', [`${OLD}other`]: 'owned' }, true],
    ['1.22.0 does not read the newer prefix', 'v1.22.0', { [ROLE]: '1', [`${NEW}other`]: '' }, false],
    ['1.22.1 does not read the older prefix', 'v1.22.1', { [ROLE]: '1', [`${OLD}other`]: 'owned' }, false],
  ])('%s', (_what, version, tags, excluded) => {
    expect(isSubnetExcluded(subnet('subnet-2', { tags }), settings(version))).toBe(excluded);
  });

  it.each<[what: string, env: Readonly<Record<string, string>>]>([
    ['without subnet discovery', { ENABLE_SUBNET_DISCOVERY: 'false' }],
    ['under custom networking', { AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true' }],
  ])('does not apply %s', (_what, env) => {
    expect(isSubnetExcluded(subnet('subnet-2', { tags: { [ROLE]: '0' } }), settings('v1.23.1', env))).toBe(false);
  });

  it('ignores the cluster tag if CLUSTER_NAME is empty', () => {
    const tags = { [ROLE]: '1', [`${NEW}other`]: '' };
    expect(isSubnetExcluded(subnet('subnet-2', { tags }), settings('v1.23.1', {}))).toBe(false);
  });
});

describe('a subnet for new ENIs', () => {
  it.each<[what: string, version: string, of: Parameters<typeof subnet>, candidate: boolean]>([
    ['the primary ENI’s subnet without a tag', 'v1.23.1', ['subnet-1'], true],
    ['the primary ENI’s subnet with role 0', 'v1.23.1', ['subnet-1', { tags: { [ROLE]: '0' } }], false],
    ['the primary ENI’s subnet with role 0 before 1.22.0', 'v1.21.1', ['subnet-1', { tags: { [ROLE]: '0' } }], true],
    ['another without a tag', 'v1.23.1', ['subnet-2'], false],
    ['another with role 1', 'v1.23.1', ['subnet-2', { tags: { [ROLE]: '1' } }], true],
    ['any value except 0 and empty', 'v1.23.1', ['subnet-2', { tags: { [ROLE]: 'yes' } }], true],
    ['an empty value', 'v1.23.1', ['subnet-2', { tags: { [ROLE]: '' } }], false],
    ['another with role 0 before 1.22.0', 'v1.21.1', ['subnet-2', { tags: { [ROLE]: '0' } }], true],
    ['an empty value before 1.22.0', 'v1.21.1', ['subnet-2', { tags: { [ROLE]: '' } }], true],
    ['another zone', 'v1.23.1', ['subnet-2', { tags: { [ROLE]: '1' }, zone: 'eu-west-1b' }], false],
    ['another VPC', 'v1.23.1', ['subnet-2', { tags: { [ROLE]: '1' }, vpc: 'vpc-2' }], false],
    ['another cluster’s', 'v1.23.1', ['subnet-2', { tags: { [ROLE]: '1', [`${NEW}other`]: '' } }], false],
  ])('%s', (_what, version, of, candidate) => {
    expect(isSubnetCandidate(subnet(...of), primary, settings(version))).toBe(candidate);
  });

  it('is only the primary ENI’s subnet without subnet discovery', () => {
    const off = settings('v1.23.1', { ENABLE_SUBNET_DISCOVERY: 'false' });
    expect(isSubnetCandidate(primary, primary, off)).toBe(true);
    expect(isSubnetCandidate(subnet('subnet-2', { tags: { [ROLE]: '1' } }), primary, off)).toBe(false);
  });

  it('is the ENIConfig’s under custom networking, and unknown while that is unknown', () => {
    const custom = settings('v1.23.1', { AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true' });
    const config = { name: 'a', found: true, subnet: 'subnet-9', securityGroups: [] };
    const of = (eniConfig: Parameters<typeof subnetsForNewEni>[3]) =>
      subnetsForNewEni(emptyFacts(), [ownEni('eni-0')], custom, eniConfig);
    expect(of(config as never)).toEqual(['subnet-9']);
    expect(of({ ...config, found: null, subnet: null })).toBeNull();
    expect(of({ ...config, found: false, subnet: null })).toBe('there is no ENIConfig a');
  });

  it.each([
    ['is listed', ['subnet-1', 'subnet-9'], false],
    ['is not listed', ['subnet-1'], true],
    // The response is then not about this VPC.
    ['is not listed, nor is the node’s own', ['subnet-7'], false],
  ])('does not exist if the ENIConfig’s subnet is deleted: it %s', (_what, listed, gone) => {
    const engine = engineOf([
      upsert('node', node()),
      upsert('pod', awsNode({ AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true' })),
      upsert('eniConfig', {
        namespace: '',
        name: 'default',
        uid: 'u',
        createdAt: null,
        deleting: false,
        subnet: 'subnet-9',
        securityGroups: null,
        problems: [],
      }),
      upsert('eni', ownEni('eni-0', { subnet: 'subnet-1' })),
      ...listed.map((id) => upsert('subnet', subnet(id))),
      status('ec2/subnets'),
    ]);
    expect(get(engine, 'nodes', 'node:n1').eniConfigProblems).toHaveLength(gone ? 1 : 0);
  });

  it('is unknown while the primary ENI’s subnet is unknown', () => {
    expect(subnetsForNewEni(emptyFacts(), [ownEni('eni-0')], settings('v1.23.1'), null)).toBeNull();
  });
});

function emptyFacts(): FactReader {
  const context: ReaderContext = { now: () => 0, ask: (query, key) => query.of(facts, key), derivedPod: () => null };
  const facts: FactReader = new FactReader(new FactStore(() => undefined), newTrace(), context, null);
  return facts;
}
