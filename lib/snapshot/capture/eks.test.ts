/** Answers of `aws eks` in captures. */
import { describe, expect, it } from 'vitest';
import { podObject } from '../../../e2e/testing/objects';
import { readCapture } from './read';

const CLUSTER = {
  cluster: {
    name: 'prod',
    arn: 'arn:aws:eks:eu-west-1:111122223333:cluster/prod',
    version: '1.31',
    resourcesVpcConfig: { subnetIds: ['subnet-1'], vpcId: 'vpc-1' },
    kubernetesNetworkConfig: { serviceIpv4Cidr: '172.20.0.0/16', ipFamily: 'ipv4' },
  },
};
const PODS = { kind: 'List', apiVersion: 'v1', items: [podObject()] };

function read(...values: readonly object[]) {
  const capture = readCapture(values.map((value, at) => ({ path: `f${at}.json`, text: JSON.stringify(value) })));
  const observations = capture.batches.flatMap((batch) => batch.observations);
  return {
    cluster: observations.flatMap((one) => (one.op === 'cluster' ? [one.cluster] : []))[0],
    cidrs: observations.flatMap((one) =>
      one.op === 'replaceAll' && one.kind === 'serviceCidr'
        ? one.facts.map(([, fact]) => (fact as { readonly cidrs: readonly string[] }).cidrs)
        : [],
    ),
    states: new Map(observations.flatMap((one) => (one.op === 'status' ? [[one.source.id, one.source.state]] : []))),
    problems: capture.problems,
    others: capture.others,
  };
}

describe('describe-cluster', () => {
  it.each([
    ['whole', CLUSTER],
    ['by --query cluster', CLUSTER.cluster],
  ])('%s provides name, version, VPC and the Service CIDR', (_what, answer) => {
    const { cluster, cidrs, states, problems } = read(PODS, answer);
    expect(cluster).toMatchObject({ name: 'prod', kubernetesVersion: '1.31', vpcId: 'vpc-1' });
    expect([cidrs, states.get('kubernetes/servicecidrs'), problems]).toEqual([[['172.20.0.0/16']], 'live', []]);
  });

  it('gives precedence to the cluster’s own answers', () => {
    const own = { kind: 'ServiceCIDR', apiVersion: 'networking.k8s.io/v1', metadata: { name: 'kubernetes' } };
    const { cluster, cidrs } = read(PODS, { ...own, spec: { cidrs: ['10.100.0.0/16'] } }, CLUSTER, {
      serverVersion: { gitVersion: 'v1.31.2-eks-7f9249a' },
    });
    expect([cluster, cidrs]).toMatchObject([{ kubernetesVersion: 'v1.31.2-eks-7f9249a' }, [['10.100.0.0/16']]]);
  });
});

it.each([
  ['describe-nodegroup', { nodegroup: { nodegroupName: 'a', clusterName: 'prod' } }, /nodes and their instances/],
  [
    'describe-addon',
    { addon: { addonName: 'vpc-cni', addonVersion: 'v1' } },
    /kubectl get daemonsets,pods -n kube-system/,
  ],
  ['list-nodegroups', { nodegroups: ['a', 'b'] }, /list of names by aws eks/],
])('%s is reported as not needed, and fails no source', (_what, answer, says) => {
  const { problems, others } = read(PODS, answer);
  expect([problems, others]).toEqual([[], [expect.stringMatching(says)]]);
});
