/** What people look up from elsewhere: veths of tcpdump, ARNs, provider ids, DNS names of pods, public addresses, instances that are no nodes. */
import { Cluster } from '../kit/cluster';
import type { Node } from '../kit/node';
import type { Subnet } from '../kit/subnet';
import { fill, none, type Saying, type Situation } from './situation';

interface Start {
  readonly cluster: Cluster;
  readonly subnet: Subnet;
  readonly node: Node;
}

function start(): Start {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('ip-10-40-0-5.eu-west-1.compute.internal', subnet);
  fill(cluster, node, node.primary, 2);
  return { cluster, subnet, node };
}

const quiet = [none('findings[severity=error]'), none('findings[severity=warning]')];
const finds = (words: string, says: RegExp): Saying => ({ command: 'lookup', words, says });

/** The host's end of a pod's link: eni, vlan or cali, and the beginning of the SHA-1 of NAMESPACE.POD. */
function veths(): Situation {
  const { cluster, node } = start();
  cluster.pod('kube-system/coredns-5d78c9869d-abcde', node, node.primary);
  node.primary.free(6);
  return {
    source:
      'aws/amazon-vpc-cni-k8s#2106 (which pod is that veth), pkg/networkutils (GeneratePodHostVethName); projectcalico/calico (cali…)',
    cluster,
    checks: quiet,
    sayings: [
      // printf %s kube-system.coredns-5d78c9869d-abcde | sha1sum
      finds('eni4d5f75c480c', /kube-system\/coredns-5d78c9869d-abcde/),
      finds('cali4d5f75c480c', /kube-system\/coredns-5d78c9869d-abcde/),
      finds('eni4d5f75c480c@if3', /kube-system\/coredns-5d78c9869d-abcde/),
      finds('eni00000000000', /no pod|no known pod/),
    ],
  };
}

/** Pasted from consoles, manifests and logs. */
function pasted(): Situation {
  const { cluster, node } = start();
  const held = cluster.pod('shop/web', node, node.primary);
  node.primary.free(6);
  const instance = node.instance ?? '';
  return {
    source: 'posted: ARNs of CloudTrail, spec.providerID, names of pods in DNS',
    cluster,
    checks: quiet,
    sayings: [
      finds(
        `arn:aws:ec2:eu-west-1:111122223333:network-interface/${node.primary.id}`,
        new RegExp(`${node.primary.id} .*node ip-10-40-0-5`),
      ),
      finds(`arn:aws:ec2:eu-west-1:111122223333:instance/${instance}`, /node ip-10-40-0-5/),
      finds(`arn:aws:ec2:eu-west-1:111122223333:subnet/${node.subnet.id}`, /addresses free/),
      finds(`aws:///eu-west-1a/${instance}`, /node ip-10-40-0-5/),
      finds(`${instance}.eu-west-1.compute.internal`, /node ip-10-40-0-5/),
      finds(`${held.ip.replaceAll('.', '-')}.shop.pod.cluster.local`, /pod shop\/web/),
      finds(held.ip.replaceAll('.', '-'), /pod shop\/web/),
    ],
  };
}

/** A bastion in the same VPC: an instance, and no node. */
function instanceOfOthers(): Situation {
  const { cluster, subnet, node } = start();
  node.primary.free(7);
  const eni = cluster.loose(
    { ip: '10.40.7.7', status: 'in-use', description: 'bastion' },
    subnet,
    'i-0bbbbbbbbbbbbbbbb',
  );
  return {
    source: 'posted: an instance of a flow log that is no node',
    cluster,
    checks: quiet,
    sayings: [
      finds('i-0bbbbbbbbbbbbbbbb', new RegExp(eni.id)),
      finds('i-0bbbbbbbbbbbbbbbb', /not on a node of this cluster/),
      finds('10.40.7.7', new RegExp(`${eni.id}.*not on a node of this cluster`)),
      finds('i-0cccccccccccccccc', /no node of this cluster is that instance/),
    ],
  };
}

/** The public address in a partner's log: of a NAT gateway, and of a node in a public subnet. */
function publicAddresses(): Situation {
  const { cluster, subnet, node } = start();
  node.primary.free(7);
  const nat = cluster.loose(
    { type: 'nat_gateway', description: 'Interface for NAT Gateway nat-0a1b', status: 'in-use' },
    subnet,
  );
  const associated = (eni: typeof nat, ip: string) => ({
    ...eni.toEc2(),
    Association: { PublicIp: ip, IpOwnerId: '111122223333', AllocationId: 'eipalloc-0a1b' },
    PrivateIpAddresses: [
      { Primary: true, PrivateIpAddress: eni.ip, Association: { PublicIp: ip, IpOwnerId: '111122223333' } },
      ...eni.addresses.map((one) => ({ Primary: false, PrivateIpAddress: one.ip })),
    ],
  });
  cluster.extraFiles.push({
    path: 'ec2/public.json',
    text: JSON.stringify({
      NetworkInterfaces: [associated(nat, '54.72.10.11'), associated(node.primary, '18.200.1.2')],
    }),
  });
  return {
    source: 'posted: whose is this public address (Association.PublicIp)',
    cluster,
    checks: quiet,
    sayings: [
      finds('54.72.10.11', /NAT gateway.*nat-0a1b/),
      finds('18.200.1.2', new RegExp(`${node.primary.id}.*node ip-10-40-0-5`)),
      finds('8.8.8.8', /not in this VPC|in no known subnet/),
    ],
  };
}

/** The address of a Service, where the cluster tells no ServiceCIDR. */
function serviceAddress(): Situation {
  const { cluster, node } = start();
  node.primary.free(7);
  return {
    source: 'posted: 172.20.0.10 in a flow log of an EKS 1.30 cluster',
    cluster,
    checks: quiet,
    sayings: [finds('172.20.0.10', /Service/), finds('10.100.0.1', /Service/)],
  };
}

export const names: Readonly<Record<string, () => Situation>> = {
  'veths of the host': veths,
  'names as pasted': pasted,
  'foreign instance': instanceOfOthers,
  'public addresses': publicAddresses,
  'address of a Service': serviceAddress,
};
