/** Addresses in the VPC that no pod has: of NAT gateways, load balancers, databases, functions, endpoints, and of the control plane. */
import { Cluster } from '../kit/cluster';
import type { Node } from '../kit/node';
import type { Subnet } from '../kit/subnet';
import { fill, found, none, says, silentOn, type Saying, type Situation } from './situation';

const NAT = 'Interface for NAT Gateway nat-0a1b2c3d4e5f60718';

interface Start {
  readonly cluster: Cluster;
  readonly subnet: Subnet;
  readonly node: Node;
}

/** A node at rest: nothing is wrong with it. */
function start(available = 3000, cidr = '10.40.0.0/20'): Start {
  const cluster = new Cluster();
  const subnet = cluster.subnet(cidr, 'eu-west-1a', { available });
  const node = cluster.node('n1', subnet, { maxPods: 20 });
  fill(cluster, node, node.primary, 4);
  node.primary.free(5);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  return { cluster, subnet, node };
}

const quiet = [none('findings[severity=error]'), none('findings[severity=warning]')];

/** The source address in a database's log: the NAT gateway's. */
function natGateway(): Situation {
  const { cluster, subnet } = start();
  const eni = cluster.loose({ type: 'nat_gateway', description: NAT, status: 'in-use', ip: '10.40.9.17' }, subnet);
  return {
    source: 'repost.aws: requester-managed network interfaces (whose is this private address?)',
    cluster,
    checks: quiet,
    sayings: [
      { command: 'lookup', words: '10.40.9.17', says: /NAT gateway/, silentOn: /no known holder|describe-network/ },
      { command: 'lookup', words: '10.40.9.17', says: new RegExp(eni.id) },
      { command: 'lookup', words: eni.id, says: /NAT gateway/, silentOn: /^no /m },
      { command: 'lookup', words: eni.mac, says: /NAT gateway/ },
      { command: 'lookup', words: 'nat-0a1b2c3d4e5f60718', says: new RegExp(eni.id) },
      { command: 'explain', words: '10.40.9.17 who', says: /NAT gateway/ },
      { command: 'explain', words: eni.id, says: /no such eni: .*NAT gateway/ },
      { command: 'explain', words: '10.40.9.17 where', says: /NAT gateway/ },
      // Nobody has this one.
      { command: 'lookup', words: '10.40.9.18', says: /no known holder/ },
    ],
  };
}

/** Every service that people ask about, by what EC2 says of its ENI. */
function ofEveryKind(): Situation {
  const { cluster, subnet } = start();
  const of = (ip: string, says: RegExp, spec: Parameters<Cluster['loose']>[0]): Saying => {
    cluster.loose({ ip, status: 'in-use', ...spec }, subnet);
    return { command: 'lookup', words: ip, says };
  };
  return {
    source: 'repost.aws: which resource uses this network interface; AWS support runbook DescribeNetworkInterfaces',
    cluster,
    sayings: [
      of('10.40.9.1', /control plane.*Amazon EKS prod/, { description: 'Amazon EKS prod' }),
      of('10.40.9.2', /Application Load Balancer/, { description: 'ELB app/k8s-web/0a1b', requester: 'amazon-elb' }),
      of('10.40.9.3', /Network Load Balancer/, { type: 'network_load_balancer', description: 'ELB net/k8s-web/0a1b' }),
      of('10.40.9.4', /database/, { description: 'RDSNetworkInterface', requester: 'amazon-rds' }),
      of('10.40.9.5', /Lambda/, { type: 'lambda', description: 'AWS Lambda VPC ENI-report-0a1b' }),
      of('10.40.9.6', /VPC endpoint/, { type: 'vpc_endpoint', description: 'VPC Endpoint Interface vpce-0a1b2c3d' }),
      of('10.40.9.7', /EFS mount target/, { description: 'EFS mount target for fs-0a1b (fsmt-0a1b)' }),
      of('10.40.9.8', /ElastiCache/, { description: 'ElastiCache redis-0001-001', requester: 'amazon-elasticache' }),
      of('10.40.9.9', /transit gateway/, {
        type: 'transit_gateway',
        description: 'Network Interface for Transit Gateway',
      }),
      of('10.40.9.10', /amazon-workspaces/, {
        description: 'Created By Amazon Workspaces',
        requester: 'amazon-workspaces',
      }),
      { command: 'lookup', words: 'vpce-0a1b2c3d', says: /VPC endpoint/ },
    ],
    checks: [...quiet, none('findings[rule=eni-leaked]')],
  };
}

/** A small subnet is eaten by what is no node. */
function subnetOfLoadBalancers(): Situation {
  const { cluster, subnet } = start(3, '10.40.0.0/26');
  for (let at = 0; at < 20; at += 1)
    cluster.loose(
      { type: 'network_load_balancer', description: `ELB net/k8s-${String(at)}/0a`, status: 'in-use' },
      subnet,
    );
  for (let at = 0; at < 8; at += 1)
    cluster.loose({ description: `ELB app/k8s-${String(at)}/0a`, requester: 'amazon-elb', status: 'in-use' }, subnet);
  return {
    source: 'kubernetes-sigs/aws-load-balancer-controller#1695 (not enough IP space), aws/amazon-vpc-cni-k8s#1923',
    cluster,
    checks: [none('findings[rule=eni-leaked]')],
    sayings: [
      { command: 'explain', words: `subnet ${subnet.id} room`, says: /3 of 59 addresses free/ },
      { command: 'explain', words: `subnet ${subnet.id} room`, says: /20 addresses of a Network Load Balancer/ },
      { command: 'explain', words: `subnet ${subnet.id} room`, says: /8 addresses of an Application Load Balancer/ },
    ],
  };
}

/** An ENI that Lambda left: attached to nothing, and nothing of ours. */
function leftByLambda(): Situation {
  const { cluster, subnet } = start();
  const eni = cluster.loose({ type: 'lambda', description: 'AWS Lambda VPC ENI-report-0a1b', ip: '10.40.9.5' }, subnet);
  return {
    source:
      'hashicorp/terraform-provider-aws#10329 (Lambda ENIs that stay), aws/amazon-vpc-cni-k8s#608 (its counterpart)',
    cluster,
    checks: [...quiet, none('findings[rule=eni-leaked]')],
    sayings: [
      { command: 'explain', words: 'leaked', silentOn: new RegExp(eni.id) },
      { command: 'lookup', words: eni.id, says: /Lambda/ },
    ],
  };
}

/** whereabouts gave a pod an address of the VPC's subnet that EC2 gave to a load balancer. */
function addressOfALoadBalancer(): Situation {
  const { cluster, subnet, node } = start();
  const multus = node.eni({ dev: 2, tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } });
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    type: 'ipvlan',
    master: 'eth2',
    ipam: { type: 'whereabouts', range: '10.40.9.0/24' },
  });
  const taken = cluster.loose(
    { type: 'network_load_balancer', description: 'ELB net/k8s-web/0a1b', ip: '10.40.9.40', status: 'in-use' },
    subnet,
  );
  cluster.pod('shop/a', node, node.primary, {
    annotations: {
      'k8s.v1.cni.cncf.io/networks': 'lan',
      'k8s.v1.cni.cncf.io/network-status': JSON.stringify([
        { name: 'shop/lan', interface: 'net1', ips: ['10.40.9.40'], mac: multus.mac, dns: {} },
      ]),
    },
  });
  return {
    source: 'k8snetworkplumbingwg/whereabouts#175 (range shared with others), aws-samples/eks-install-guide-for-multus',
    cluster,
    checks: [
      found('findings[rule=address-not-on-eni]'),
      says('findings[rule=address-not-on-eni]', taken.id),
      silentOn('findings[rule=address-not-on-eni].advice', `unassign|${taken.id}`),
    ],
    sayings: [
      { command: 'lookup', words: '10.40.9.40', says: /shop\/a/ },
      { command: 'lookup', words: '10.40.9.40', says: new RegExp(taken.id) },
    ],
  };
}

export const services: Readonly<Record<string, () => Situation>> = {
  'address of a NAT gateway': natGateway,
  'addresses of services': ofEveryKind,
  'subnet of load balancers': subnetOfLoadBalancers,
  'ENI left by Lambda': leftByLambda,
  'address that a load balancer has': addressOfALoadBalancer,
};
