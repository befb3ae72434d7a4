/** Answers of `aws eks`: reads DescribeCluster, and recognises the answers that are not needed. */
import { cidrText, fields, objectOrNull, readEach, text } from '../../normalise/read/guards';
import type { Fields } from '../../normalise/read/guards';

/** The fields of DescribeCluster that ifscope reads. */
export interface EksCluster {
  readonly name: string | null;
  readonly version: string | null;
  readonly vpcId: string | null;
  /** The ranges of Service addresses; before Kubernetes 1.33 no object of the cluster contains them. */
  readonly serviceCidrs: readonly string[];
}

/** Reads the answer of DescribeCluster, complete or only its `cluster`; null for anything else. */
export function readEksCluster(root: Fields): EksCluster | null {
  const cluster = objectOrNull(root['cluster']) ?? root;
  const network = objectOrNull(cluster['kubernetesNetworkConfig']);
  const vpc = objectOrNull(cluster['resourcesVpcConfig']);
  if (vpc === null || text(cluster['name']) === null) return null;
  return {
    name: text(cluster['name']),
    version: text(cluster['version']),
    vpcId: text(vpc['vpcId']),
    serviceCidrs: readEach([network?.['serviceIpv4Cidr'], network?.['serviceIpv6Cidr']], cidrText),
  };
}

/** The answer, reduced to the fields that are read. */
export const writeEksCluster = ({ name, version, vpcId, serviceCidrs }: EksCluster): Fields => ({
  cluster: {
    name,
    version,
    resourcesVpcConfig: { vpcId },
    kubernetesNetworkConfig: {
      serviceIpv4Cidr: serviceCidrs.find((cidr) => !cidr.includes(':')),
      serviceIpv6Cidr: serviceCidrs.find((cidr) => cidr.includes(':')),
    },
  },
});

/** Why another answer of `aws eks` is not needed; null for anything else. */
export function eksNotNeeded(root: Fields): string | null {
  const of = (key: string, field: string): boolean => text(fields(root[key])[field]) !== null;
  if (of('nodegroup', 'nodegroupName'))
    return 'is an answer of aws eks describe-nodegroup, which ifscope does not need: the nodes and their instances say what runs';
  if (of('addon', 'addonName'))
    return 'is an answer of aws eks describe-addon, which ifscope does not need: the DaemonSet aws-node and its pods say which settings are in effect (kubectl get daemonsets,pods -n kube-system -o json)';
  const lists = ['nodegroups', 'addons', 'clusters', 'fargateProfileNames'].filter(
    (key) => Array.isArray(root[key]) && (root[key] as readonly unknown[]).every((one) => typeof one === 'string'),
  );
  return lists.length === 0 ? null : 'is a list of names by aws eks, which ifscope does not need';
}
