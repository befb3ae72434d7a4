/** Parts of a few facts that many units read. They are queries, so that their readers run again only if that part changes. */
import type { AwsNodeAgent, SubnetFact } from '../../model/facts';
import type { Timestamp } from '../../model/records';
import type { FactQuery } from './reader';

/** The settings that aws-node's DaemonSet gives a node without an aws-node pod of its own. */
export const awsNodeDaemonSet: FactQuery<AwsNodeAgent | null> = {
  name: 'awsNodeDaemonSet',
  of: (facts) => facts.all('daemonSet').find(({ awsNode }) => awsNode !== null)?.awsNode ?? null,
};

/** Whether that DaemonSet selects only some nodes, for example where another CNI (Cilium) runs on the others. */
export const isAwsNodeSelective: FactQuery<boolean> = {
  name: 'isAwsNodeSelective',
  of: (facts) => facts.all('daemonSet').some(({ awsNode, selective }) => awsNode !== null && selective),
};

/** When the oldest of Multus' DaemonSets was created; null where none is read. */
export const multusInstalledAt: FactQuery<Timestamp | null> = {
  name: 'multusInstalledAt',
  of: (facts) =>
    facts
      .all('daemonSet')
      .flatMap(({ multus, createdAt }) => (multus === null || createdAt === null ? [] : createdAt))
      .reduce<Timestamp | null>((a, b) => (a === null || Date.parse(b) < Date.parse(a) ? b : a), null),
};

/** A subnet without the fields that change with every assigned address. */
export type SubnetPlace = Omit<SubnetFact, 'availableAddresses'>;

const placeOf = ({ id, cidr, ipv6Cidr, vpc, zone, tags }: SubnetFact): SubnetPlace => ({
  id,
  cidr,
  ipv6Cidr,
  vpc,
  zone,
  tags,
});

/** A subnet by its id, without the fields that depend on its addresses; null for an unknown subnet. */
export const subnetPlace: FactQuery<SubnetPlace | null> = {
  name: 'subnetPlace',
  of: (facts, id) => {
    const subnet = facts.get('subnet', id);
    return subnet === undefined ? null : placeOf(subnet);
  },
};

/** Every known subnet, by id. */
export const subnetPlaces: FactQuery<readonly SubnetPlace[]> = {
  name: 'subnetPlaces',
  of: (facts) => facts.all('subnet').map(placeOf),
};

/** The version in aws-node's own metrics, by node; null where the metrics were not read or have no version. */
export const metricsVersion: FactQuery<string | null> = {
  name: 'toldVersion',
  of: (facts, node) => facts.get('awsNodeMetrics', node)?.version ?? null,
};

/** The plugin types whose networks the enforcer of MultiNetworkPolicies handles; null if no enforcer is known. */
export const policyPlugins: FactQuery<readonly string[] | null> = {
  name: 'policyPlugins',
  of: (facts) => facts.all('daemonSet').find((one) => one.policyPlugins !== null)?.policyPlugins ?? null,
};
