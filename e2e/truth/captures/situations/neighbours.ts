/** Neighbours of what was answered wrong: other services and forms, ENIs of services that hold what a pod claims, and what they must not disturb. */
import { Cluster } from '../kit/cluster';
import { fill, found, is, none, says, silentOn, type Saying, type Situation } from './situation';

const quiet = [none('findings[severity=error]'), none('findings[severity=warning]')];
const finds = (words: string, says: RegExp, silentOn?: RegExp): Saying => ({
  command: 'lookup',
  words,
  says,
  ...(silentOn === undefined ? {} : { silentOn }),
});

function start(env: Readonly<Record<string, string>> = {}, ipv6?: string) {
  const cluster = new Cluster({ env });
  const subnet = cluster.subnet('10.40.0.0/20', 'eu-west-1a', ipv6 === undefined ? {} : { ipv6 });
  const node = cluster.node('n1', subnet, { maxPods: 20 });
  return { cluster, subnet, node };
}

/** A pod of the cluster network has the address of a database: EC2 gave it away after a stale read. */
function podOnADatabase(): Situation {
  const { cluster, subnet, node } = start();
  fill(cluster, node, node.primary, 2);
  node.primary.free(7);
  const eni = cluster.loose(
    { description: 'RDSNetworkInterface', requester: 'amazon-rds', status: 'in-use', ip: '10.40.9.9' },
    subnet,
  );
  cluster.write('shop/lost', node, ['10.40.9.9'], { createdAt: '2026-09-01T09:00:00Z' });
  return {
    source: 'aws/amazon-vpc-cni-k8s#1967, #732 (the address is somebody else’s by now)',
    cluster,
    checks: [
      found('findings[rule=pod-address-not-on-node][subjects~pod:shop/lost]'),
      says('findings[rule=pod-address-not-on-node].detail', `${eni.id}, an ENI of a database`),
      silentOn('findings[rule=pod-address-not-on-node]', 'on another node'),
      is('interfaces[id=if:shop/lost/eth0].addresses.0.backed', 'other-node'),
    ],
    sayings: [finds('10.40.9.9', /shop\/lost/), finds('10.40.9.9', new RegExp(eni.id))],
  };
}

/** Two addresses on one load balancer, one of them IPv6; a network load balancer in an IPv6 cluster. */
function ipv6OfALoadBalancer(): Situation {
  const { cluster, subnet, node } = start(
    { ENABLE_IPv6: 'true', ENABLE_IPv4: 'false', ENABLE_PREFIX_DELEGATION: 'true' },
    '2001:db8:1234:1a00::/64',
  );
  node.primary.prefix('2001:db8:1234:1a00:aaaa::/80');
  cluster.write('shop/a', node, ['2001:db8:1234:1a00:aaaa::2']);
  const eni = cluster.loose(
    { type: 'network_load_balancer', description: 'ELB net/k8s-web/0a', status: 'in-use' },
    subnet,
  );
  eni.ipv6.push('2001:db8:1234:1a00:77::9');
  return {
    source: 'kubernetes-sigs/aws-load-balancer-controller#2153 (dual-stack)',
    cluster,
    checks: quiet,
    sayings: [
      finds('2001:db8:1234:1a00:77::9', /Network Load Balancer/),
      finds('2001:DB8:1234:1A00:77:0:0:9', /Network Load Balancer/),
      finds(eni.ip ?? '', /Network Load Balancer/),
      // A load balancer’s prefix is none of ours.
      finds('2001:db8:1234:1a00:aaaa::2', /shop\/a/),
    ],
  };
}

/** A description that only looks like that of a service, on an instance of ours. */
function describedLikeAService(): Situation {
  const { cluster, node } = start();
  fill(cluster, node, node.primary, 2);
  node.primary.free(7);
  const own = node.eni({ dev: 1, description: 'ELB app/test', tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } });
  return {
    source: 'posted: an ENI that somebody described freely',
    cluster,
    checks: [none('findings[severity=error]'), is(`enis[id=${own.id}].node`, 'node:n1')],
    sayings: [finds(own.ip ?? '', new RegExp(`${own.id}.*node n1`), /Application Load Balancer/)],
  };
}

/** The range of a subnet is looked up: its services are no prefixes and no pods. */
function rangeWithServices(): Situation {
  const { cluster, subnet, node } = start();
  fill(cluster, node, node.primary, 2);
  node.primary.free(7);
  cluster.loose({ type: 'nat_gateway', description: 'Interface for NAT Gateway nat-0a', status: 'in-use' }, subnet);
  return {
    source: 'posted: which subnet is 10.40.0.0/20',
    cluster,
    checks: quiet,
    sayings: [
      finds('10.40.0.0/20', /subnet-01/),
      finds('10.40.0.3', /reserved by AWS for future use/),
      finds('10.40.15.255', /broadcast/),
      finds('10.99.0.1', /in no known subnet|not in this VPC/, /Service/),
    ],
  };
}

/** Two load balancers of one name in two zones: both are found, in the order of their subnets. */
function oneNameInTwoZones(): Situation {
  const { cluster, subnet, node } = start();
  fill(cluster, node, node.primary, 2);
  node.primary.free(7);
  const other = cluster.subnet('10.40.16.0/20', 'eu-west-1b');
  const enis = [subnet, other].map((one) =>
    cluster.loose({ description: 'ELB app/k8s-shop-web-0a1b2c/77', requester: 'amazon-elb', status: 'in-use' }, one),
  );
  return {
    source: 'kubernetes-sigs/aws-load-balancer-controller#1695 (ENIs of one load balancer)',
    cluster,
    checks: quiet,
    sayings: [
      ...enis.map(({ id }) => finds('k8s-shop-web-0a1b2c', new RegExp(id))),
      finds('k8s-shop-web', /eu-west-1b/),
    ],
  };
}

export const neighbours: Readonly<Record<string, () => Situation>> = {
  'pod with the address of a database': podOnADatabase,
  'IPv6 address of a load balancer': ipv6OfALoadBalancer,
  'ENI described like that of a service': describedLikeAService,
  'range with services': rangeWithServices,
  'load balancer in two zones': oneNameInTwoZones,
};
