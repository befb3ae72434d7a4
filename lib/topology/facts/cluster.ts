/** What many units read of a few facts: queries, so that they run again only when the part that they read changes. */
import type { AwsNodeAgent, SubnetFact } from '../../model/facts';
import type { Timestamp } from '../../model/records';
import type { FactQuery } from './reader';

/** What aws-node's DaemonSet would give a node that has no aws-node pod of its own. */
export const awsNodeDaemonSet: FactQuery<AwsNodeAgent | null> = {
  name: 'awsNodeDaemonSet',
  of: (facts) => facts.all('daemonSet').find(({ awsNode }) => awsNode !== null)?.awsNode ?? null,
};

/** Whether that DaemonSet runs on some nodes only, as where another CNI (Cilium) has taken over the others. */
export const isAwsNodeSelective: FactQuery<boolean> = {
  name: 'isAwsNodeSelective',
  of: (facts) => facts.all('daemonSet').some(({ awsNode, selective }) => awsNode !== null && selective),
};

/** The oldest of Multus' DaemonSets; null where none is read. */
export const multusInstalledAt: FactQuery<Timestamp | null> = {
  name: 'multusInstalledAt',
  of: (facts) =>
    facts
      .all('daemonSet')
      .flatMap(({ multus, createdAt }) => (multus === null || createdAt === null ? [] : createdAt))
      .reduce<Timestamp | null>((a, b) => (a === null || Date.parse(b) < Date.parse(a) ? b : a), null),
};

/** A subnet without what every address that is taken changes. */
export type SubnetPlace = Omit<SubnetFact, 'availableAddresses'>;

const placeOf = ({ id, cidr, ipv6Cidr, vpc, zone, tags }: SubnetFact): SubnetPlace => ({
  id,
  cidr,
  ipv6Cidr,
  vpc,
  zone,
  tags,
});

/** A subnet by its id, without the fields that follow from its addresses; null for an unknown one. */
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

/** The version that aws-node's own metrics name, by node; null where they were not read or do not say. */
export const metricsVersion: FactQuery<string | null> = {
  name: 'toldVersion',
  of: (facts, node) => facts.get('awsNodeMetrics', node)?.version ?? null,
};
