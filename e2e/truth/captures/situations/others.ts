/** Nodes on which ipamd is not who hands out addresses, and what EC2 keeps of nodes that are gone. */
import { Cluster } from '../kit/cluster';
import {
  fill,
  count,
  found,
  is,
  NO_ADDRESS,
  none,
  OLD,
  refused,
  says,
  silentOn,
  warning,
  type Situation,
} from './situation';

const NO_MORE =
  'plugin type="cilium-cni" failed (add): unable to allocate IP via local cilium agent: [POST /ipam][502] postIpamFailure  No more IPs available';

/** Cilium's ENI mode: the DaemonSet aws-node is still there and runs nowhere. */
function ciliumEni(): Situation {
  const cluster = new Cluster({ daemon: false });
  // As Cilium's guide patches it.
  cluster.object({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'aws-node', namespace: 'kube-system', uid: 'ds-aws-node' },
    spec: {
      template: {
        metadata: { labels: { 'k8s-app': 'aws-node' } },
        spec: {
          hostNetwork: true,
          nodeSelector: { 'io.cilium/aws-node-enabled': 'true' },
          containers: [{ name: 'aws-node', image: 'eks/amazon-k8s-cni:v1.18.2' }],
        },
      },
    },
  });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { ipamd: false, maxPods: 58, type: 'm5.xlarge' });
  const eni = node.eni(
    { dev: 1, description: `Cilium-CNI (${node.instance ?? ''})`, tags: { 'io.cilium/cilium-managed': 'true' } },
    subnet,
  );
  for (let at = 0; at < 14; at += 1) cluster.pod(`shop/c-${String(at)}`, node, eni);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_MORE);
  cluster.write('kube-system/cilium-1', node, [], { hostNetwork: true, labels: { 'k8s-app': 'cilium' } });
  return {
    source: 'cilium/cilium#20074',
    cluster,
    checks: [
      is('nodes[name=n1].headroom.pods', null),
      is('nodes[name=n1].headroom.limitedBy', 'unknown'),
      is(`interfaces[id=if:shop/c-0/eth0].eni`, eni.id),
      is('interfaces[id=if:shop/c-0/eth0].link.certainty', 'observed'),
      none('findings[rule=eni-adopted]'),
      none('findings[rule=eni-will-be-adopted]'),
      none('findings[rule=max-pods-too-high]'),
      says('findings[subjects~pod:shop/late]', 'No more IPs available'),
      silentOn('findings[subjects~pod:shop/late]', '(?i)aws-node|ipamd'),
    ],
    sayings: [
      {
        command: 'explain',
        words: 'pod shop/late address',
        says: /No more IPs available/,
        silentOn: /aws-node|ipamd/i,
      },
    ],
  };
}

/** EKS Auto Mode: a pod subnet in another zone. There is no aws-node to look at. */
function autoModePodSubnet(): Situation {
  const cluster = new Cluster({ daemon: false });
  const subnet = cluster.subnet('10.40.0.0/20');
  cluster.subnet('100.64.0.0/18', 'eu-west-1b');
  const node = cluster.node('n1', subnet, {
    ipamd: false,
    maxPods: 27,
    os: 'Bottlerocket (EKS Auto, Standard) 2025.8.1 (aws-k8s-1.33-standard)',
    labels: { 'eks.amazonaws.com/compute-type': 'auto' },
  });
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'awsdocs/amazon-eks-user-guide#1088',
    cluster,
    checks: [
      is('nodes[name=n1].computeType', 'auto'),
      found('findings[subjects~pod:shop/late]'),
      silentOn('findings[subjects~pod:shop/late]', '(?i)log of aws-node|logs -c aws-node'),
      says('findings[subjects~pod:shop/late]', 'podSubnetSelectorTerms.*eu-west-1a'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', silentOn: /log of aws-node|logs -c aws-node/ }],
  };
}

/** A hybrid node: its pods' addresses are no VPC's, and nothing is wrong with that. */
function hybridNode(): Situation {
  const cluster = new Cluster();
  cluster.subnet('10.40.0.0/20');
  const node = cluster.node('mi-0abc', cluster.subnets[0] ?? cluster.subnet('10.41.0.0/20'), {
    ipamd: false,
    instance: false,
    type: null,
    providerId: 'eks-hybrid:///eu-west-1/shop/mi-0abc',
    labels: { 'eks.amazonaws.com/compute-type': 'hybrid' },
    os: 'Ubuntu 22.04',
  });
  cluster.write('shop/edge', node, ['10.85.1.17']);
  return {
    source: 'aws/eks-hybrid (hybrid nodes with Cilium)',
    cluster,
    checks: [
      is('nodes[name=mi-0abc].computeType', 'hybrid'),
      is('nodes[name=mi-0abc].headroom.pods', null),
      is('interfaces[id=if:shop/edge/eth0].eni', null),
      count('findings', 0),
    ],
    sayings: [{ command: 'lookup', words: '10.85.1.17', says: /shop\/edge/ }],
  };
}

/** Windows: the resource is asked for, and no node offers it until Windows IPAM is turned on. */
function windowsWithoutIpam(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  cluster.node('w1', subnet, { ipamd: false, os: 'Windows Server 2019 Datacenter' });
  cluster.write('shop/iis', null, [], {
    phase: 'Pending',
    createdAt: OLD,
    resources: { 'vpc.amazonaws.com/PrivateIPv4Address': '1' },
  });
  warning(
    cluster,
    'shop/iis',
    'FailedScheduling',
    "0/2 nodes are available: 1 Insufficient vpc.amazonaws.com/PrivateIPv4Address, 1 node(s) didn't match Pod's node affinity/selector.",
    'default-scheduler',
  );
  return {
    source: 'aws/containers-roadmap#240, eksctl-io/eksctl#1512',
    cluster,
    checks: [
      says('findings[subjects~pod:shop/iis]', 'vpc.amazonaws.com/PrivateIPv4Address'),
      says('findings[subjects~pod:shop/iis]', '(?i)windows'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/iis address', says: /PrivateIPv4Address/ }],
  };
}

/** Windows: the pod was placed, and the webhook never asked for an address for it. */
function windowsWithoutLabel(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('w1', subnet, {
    ipamd: false,
    os: 'Windows Server 2019 Datacenter',
    capacity: { 'vpc.amazonaws.com/PrivateIPv4Address': '9' },
  });
  cluster.waiting('shop/iis', node, { createdAt: OLD });
  refused(
    cluster,
    'shop/iis',
    'NetworkPlugin cni failed to set up pod "iis_shop" network: failed to parse Kubernetes args: pod does not have label vpc.amazonaws.com/PrivateIPv4Address',
  );
  return {
    source: 'aws/containers-roadmap#463',
    cluster,
    checks: [
      says('findings[subjects~pod:shop/iis]', 'pod does not have label vpc.amazonaws.com/PrivateIPv4Address'),
      silentOn('findings[subjects~pod:shop/iis]', 'aws-node'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/iis address', says: /PrivateIPv4Address/, silentOn: /aws-node/ }],
  };
}

/** IPv6: the /80 could not be assigned (no permission), and is not asked for again. */
function ipv6WithoutPrefix(): Situation {
  const cluster = new Cluster({
    env: { ENABLE_IPv4: 'false', ENABLE_IPv6: 'true', ENABLE_PREFIX_DELEGATION: 'true' },
  });
  const subnet = cluster.subnet('10.40.0.0/20', 'eu-west-1a', { ipv6: '2a05:d018:6:1::/64' });
  const node = cluster.node('n1', subnet, { maxPods: 110 });
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'eksctl-io/eksctl#4661, aws/amazon-vpc-cni-k8s#2338',
    cluster,
    checks: [is('nodes[name=n1].headroom.pods', 0), says('findings[subjects~pod:shop/late]', '/80')],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /\/80/ }],
  };
}

/** ENIs that ipamd made for instances that are gone, beside one that it is attaching now. */
function leakedAfterSpot(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/24', 'eu-west-1a', { available: 30 });
  const node = cluster.node('n1', subnet);
  node.primary.free(8);
  fill(cluster, node, node.primary, 1);
  const made = (createdAt: string, instance: string): Readonly<Record<string, string>> => ({
    'node.k8s.amazonaws.com/instance_id': instance,
    'node.k8s.amazonaws.com/createdAt': createdAt,
  });
  const leaked = cluster
    .loose(
      { description: 'aws-K8S-i-0dead0000000000000', tags: made('2026-08-30T10:00:00Z', 'i-0dead0000000000000') },
      subnet,
    )
    .free(9);
  cluster.loose(
    { description: `aws-K8S-${node.instance ?? ''}`, tags: made('2026-09-01T11:59:50Z', node.instance ?? '') },
    subnet,
  );
  return {
    source: 'aws/amazon-vpc-cni-k8s#69, #608',
    cluster,
    checks: [count('findings[rule=eni-leaked]', 1), found(`findings[rule=eni-leaked][subjects~${leaked.id}]`)],
    sayings: [
      { command: 'explain', words: 'leaked', says: /i-0dead0000000000000/ },
      { command: 'lookup', words: leaked.addresses[0]?.ip ?? '', says: new RegExp(leaked.id) },
    ],
  };
}

/** Somebody detached and deleted an ENI; ipamd still hands out its addresses. */
function eniTakenAway(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { type: 'm4.large', metrics: false });
  fill(cluster, node, node.primary, 9);
  const gone = 'eni-0deaddeaddeaddead';
  const address = (ip: string, pod: string | null): object => ({
    Cidr: { IP: ip, Mask: '/////w==' },
    IPAddresses:
      pod === null
        ? {}
        : {
            [ip]: {
              Address: ip,
              IPAMKey: { networkName: 'aws-cni', containerID: '', ifName: '' },
              IPAMMetadata: { k8sPodNamespace: 'shop', k8sPodName: pod },
              AssignedTime: '2026-09-01T09:00:00Z',
              UnassignedTime: '0001-01-01T00:00:00Z',
            },
          },
    IsPrefix: false,
    AddressFamily: '',
  });
  const eni = (id: string, primary: boolean, device: number, cidrs: object): object => ({
    ID: id,
    IsPrimary: primary,
    IsTrunk: false,
    IsEFA: false,
    DeviceNumber: device,
    AvailableIPv4Cidrs: cidrs,
    IPv6Cidrs: {},
  });
  const own = Object.fromEntries(
    node.primary.addresses.map(({ ip }, at) => [`${ip}/32`, address(ip, `${node.primary.id.slice(-4)}-${String(at)}`)]),
  );
  const lost = {
    '10.40.9.1/32': address('10.40.9.1', 'stale'),
    '10.40.9.2/32': address('10.40.9.2', null),
  };
  cluster.extraFiles.push({
    path: 'aws-node/n1.enis.json',
    text: JSON.stringify({
      '0': {
        TotalIPs: 11,
        AssignedIPs: 10,
        ENIs: { [node.primary.id]: eni(node.primary.id, true, 0, own), [gone]: eni(gone, false, 1, lost) },
      },
    }),
  });
  cluster.write('shop/stale', node, ['10.40.9.1']);
  return {
    source: 'aws/amazon-vpc-cni-k8s#391',
    cluster,
    checks: [
      // ipamd counts two ENIs of two, and the one address that it has left reaches nobody.
      is('nodes[name=n1].headroom.pods', 0),
      found('findings[rule=ipamd-view-differs][subjects~node:n1]'),
      found('findings[rule=pod-address-not-on-node][subjects~pod:shop/stale]'),
      says('findings', gone),
    ],
    sayings: [
      { command: 'explain', words: 'ipamd', says: new RegExp(gone) },
      { command: 'explain', words: 'node n1 ipamd', says: new RegExp(gone) },
    ],
  };
}

export const others: Readonly<Record<string, () => Situation>> = {
  'Cilium in ENI mode': ciliumEni,
  'Auto Mode with a pod subnet elsewhere': autoModePodSubnet,
  'hybrid node': hybridNode,
  'Windows without IPAM': windowsWithoutIpam,
  'Windows pod without its label': windowsWithoutLabel,
  'IPv6 without a prefix': ipv6WithoutPrefix,
  'leaked after a spot interruption': leakedAfterSpot,
  'ENI detached without ipamd': eniTakenAway,
};
