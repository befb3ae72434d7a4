/** Pods with more than one home on EKS: what the VPC CNI and Multus report together, and addresses that EC2 keeps for itself. */
import { Cluster } from '../kit/cluster';
import { NETWORKS, STATUS } from '../kit/pod';
import type { Json } from '../kit/types';
import { asking, entry, running, start } from './attaching';
import { fill, is, none, OLD, refused, says, silentOn, warning, type Situation } from './situation';

const KEPT = { 'node.k8s.amazonaws.com/no_manage': 'true' };
const CALM = [none('findings[severity=error]'), none('findings[severity=warning]')];
const POD_ENI = 'vpc.amazonaws.com/pod-eni';

/** A pod on a branch ENI, with a further interface on a kept ENI. */
function branchAndFurther(): Situation {
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true' }, multus: 'v4.1.4-eksbuild.3' });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { type: 'm5.xlarge', maxPods: 20, capacity: { [POD_ENI]: '18' } });
  fill(cluster, node, node.primary, 2);
  node.primary.free(12);
  const trunk = node.eni({ dev: 1, type: 'trunk', by: 'controller' });
  const branch = node.eni({ type: 'branch', by: 'controller', trunk: trunk.id, status: 'in-use' });
  const kept = node.eni({ dev: 2, tags: KEPT });
  const held = kept.add();
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    type: 'ipvlan',
    master: 'eth2',
    ipam: { type: 'static', addresses: [{ address: `${held.ip}/20` }] },
  });
  cluster.write('shop/db', node, [branch.ip ?? ''], {
    resources: { [POD_ENI]: '1' },
    annotations: {
      [POD_ENI]: JSON.stringify([
        { eniId: branch.id, ifAddress: branch.mac, privateIp: branch.ip, vlanId: 3, subnetCidr: '10.40.0.0/20' },
      ]),
      [NETWORKS]: 'lan',
      [STATUS]: JSON.stringify([
        { name: 'aws-cni', interface: 'eth0', ips: [branch.ip], default: true, dns: {} },
        entry('shop/lan', 'net1', held.ip, kept.mac),
      ]),
    },
  });
  return {
    source: 'aws/amazon-vpc-cni-k8s (security groups for pods with Multus), awsdocs/amazon-eks-user-guide#906',
    cluster,
    checks: [
      is('interfaces[id=if:shop/db/eth0].eni', branch.id),
      is('interfaces[id=if:shop/db/net1].eni', kept.id),
      ...CALM,
    ],
    sayings: [
      { command: 'lookup', words: held.ip, says: new RegExp(`shop/db[^]*${kept.id}`) },
      { command: 'lookup', words: branch.mac, says: /shop\/db/ },
    ],
  };
}

/** Multi-NIC pods behind Multus: one entry of aws-cni for each card, and dummies that are no interfaces. */
function cardsBehindMultus(): Situation {
  const cluster = new Cluster({ env: { ENABLE_MULTI_NIC: 'true' }, multus: 'v4.1.4-eksbuild.3' });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { type: 'p4d.24xlarge', maxPods: 737 });
  node.primary.free(39);
  node.eni({ dev: 1, by: 'ipamd' }).free(49);
  const cards = [1, 2, 3].map((card) => node.eni({ card, dev: 1, by: 'ipamd' }));
  const held = node.primary.add();
  held.holder = 'if:ai/train/eth0';
  const further = cards.map((eni, at) => {
    const one = eni.add();
    eni.free(1);
    one.holder = `if:ai/train/mNicIf${String(at + 1)}`;
    return { eni, ip: one.ip };
  });
  cluster.write('ai/train', node, [held.ip], {
    annotations: {
      'k8s.amazonaws.com/nicConfig': 'multi-nic-attachment',
      [STATUS]: JSON.stringify([
        { name: 'aws-cni', interface: 'eth0', ips: [held.ip], mac: '254', default: true, dns: {} },
        { name: 'aws-cni', interface: 'dummy0a1b2c3d4e5', mac: '0', dns: {} },
        ...further.flatMap(({ ip }, at) => [
          {
            name: 'aws-cni',
            interface: `mNicIf${String(at + 1)}`,
            ips: [ip],
            mac: String(10001 + 100 * (at + 1)),
            dns: {},
          },
          { name: 'aws-cni', interface: `dummy1a1b2c3d4e${String(at)}`, mac: '0', dns: {} },
        ]),
      ]),
    },
  });
  const [first] = further;
  return {
    source: 'aws/amazon-vpc-cni-k8s cmd/routed-eni-cni-plugin/cni.go with multus-cni 4.1 (multi-NIC)',
    cluster,
    checks: [
      is('interfaces[id=if:ai/train/mNicIf1].eni', first?.eni.id),
      none('interfaces[id=if:ai/train/dummy0a1b2c3d4e5]'),
      none('findings[rule=duplicate-mac]'),
      none('findings[severity=error]'),
    ],
    sayings: [{ command: 'lookup', words: first?.ip ?? '', says: /ai\/train/ }],
  };
}

/** In an IPv6 cluster each pod reaches IPv4 by an address of the node alone, and Multus reports it. */
function egressBehindMultus(): Situation {
  const cluster = new Cluster({
    env: { ENABLE_IPv4: 'false', ENABLE_IPv6: 'true', ENABLE_PREFIX_DELEGATION: 'true' },
    multus: 'v4.1.4-eksbuild.3',
  });
  const subnet = cluster.subnet('10.40.0.0/20', 'eu-west-1a', { ipv6: '2a05:d018:40::/64' });
  for (const [at, name] of ['n1', 'n2'].entries()) {
    const node = cluster.node(name, subnet, { maxPods: 110 });
    node.primary.prefix(`2a05:d018:40:0:${String(at + 1)}::/80`);
    const ip = `2a05:d018:40:0:${String(at + 1)}::7`;
    cluster.write(`shop/on-${name}`, node, [ip], {
      annotations: {
        [STATUS]: JSON.stringify([
          { name: 'aws-cni', interface: 'eth0', ips: [ip], mac: '254', default: true, dns: {} },
          { name: 'aws-cni', interface: 'v4if0', ips: ['169.254.172.2'], mac: '2e:00:00:00:00:01', dns: {} },
        ]),
      },
    });
  }
  return {
    source: 'aws/amazon-vpc-cni-k8s (egress-cni with Multus in IPv6 clusters)',
    cluster,
    checks: [
      none('findings[rule=duplicate-address]'),
      none('findings[rule=duplicate-mac]'),
      none('findings[rule=address-not-on-eni]'),
      none('findings[severity=error]'),
    ],
  };
}

/** The router's address of the subnet, given to a pod by a range that excludes nothing. */
function addressOfTheRouter(last: string, whose: string): Situation {
  const { cluster, node } = start({ maxPods: 20, os: 'Amazon Linux 2' });
  const subnet = cluster.subnet('10.60.0.0/24');
  const kept = node.eni({ dev: 1, tags: KEPT }, subnet);
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    type: 'ipvlan',
    master: 'eth1',
    ipam: { type: 'whereabouts', range: '10.60.0.0/24' },
  });
  running(cluster, 'shop/a', node, 'lan', [entry('shop/lan', 'net1', `10.60.0.${last}`, kept.mac)]);
  return {
    source:
      'aws-samples/eks-install-guide-for-multus (ranges without the first four and the last address), VPC user guide “Subnet sizing”',
    cluster,
    checks: [
      says('findings[subjects~if:shop/a/net1]', `10\\.60\\.0\\.${last}`),
      says('findings[subjects~if:shop/a/net1]', '(?i)reserve|AWS keeps|kept by AWS'),
      says('findings[subjects~if:shop/a/net1].advice', '(?i)exclude|range_start|range'),
      // EC2 refuses to assign it to any ENI.
      silentOn('findings[subjects~if:shop/a/net1]', 'assign-private-ip-addresses'),
    ],
    sayings: [{ command: 'lookup', words: `10.60.0.${last}`, says: new RegExp(whose) }],
  };
}

/** A kept ENI whose own address no host link has: a pod may have it. */
function ownAddressOfAKeptEni(): Situation {
  const { cluster, node } = start({ maxPods: 20, os: 'Amazon Linux 2' });
  const subnet = cluster.subnet('10.60.0.0/24');
  const kept = node.eni({ dev: 1, tags: KEPT }, subnet);
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    type: 'ipvlan',
    master: 'eth1',
    ipam: { type: 'static', addresses: [{ address: `${kept.ip ?? ''}/24` }] },
  });
  running(cluster, 'shop/a', node, 'lan', [entry('shop/lan', 'net1', kept.ip, kept.mac)]);
  return {
    source: 'aws-samples/eks-install-guide-for-multus (links of Multus ENIs have no address on the host)',
    cluster,
    checks: [is('interfaces[id=if:shop/a/net1].eni', kept.id), none('findings[severity=error]')],
    sayings: [{ command: 'lookup', words: kept.ip ?? '', says: /shop\/a/ }],
  };
}

/** Cilium’s agent times out behind aws-cni: the address was given out, and is not what is missing. */
function chainedCilium(): Situation {
  const { cluster, node } = start({ maxPods: 20 });
  cluster.waiting('kube-system/coredns-1', node, { createdAt: OLD });
  refused(
    cluster,
    'kube-system/coredns-1',
    'plugin type="cilium-cni" name="aws-cni" failed (add): unable to create endpoint: Cilium API client timeout exceeded',
  );
  return {
    source: 'aws/amazon-vpc-cni-k8s#1314, cilium/cilium#37464',
    cluster,
    checks: [
      says('findings[subjects~pod:kube-system/coredns-1]', '(?i)cilium'),
      says('findings[subjects~pod:kube-system/coredns-1].advice', '(?i)cilium'),
      none('findings[rule=pod-ip-failed]'),
      silentOn('findings[subjects~pod:kube-system/coredns-1].advice', '(?i)restart aws-node|ipamd'),
    ],
    sayings: [{ command: 'explain', words: 'pod kube-system/coredns-1 address', says: /cilium/i }],
  };
}

const RESOURCE = 'openshift.io/mlxnics';

/** The operator is still at it, or waits for a drain that does not end. */
function operatorAtWork(lastSyncError: string | null): Situation {
  const { cluster, node } = start({ capacity: { [RESOURCE]: '0' }, cordoned: true });
  cluster.nad(
    'telco/sriov',
    { cniVersion: '0.3.1', type: 'sriov', ipam: {} },
    { 'k8s.v1.cni.cncf.io/resourceName': RESOURCE },
  );
  cluster.object({
    apiVersion: 'sriovnetwork.openshift.io/v1',
    kind: 'SriovNetworkNodeState',
    metadata: { namespace: 'sriov-network-operator', name: node.name, uid: 'snns-1' },
    spec: { interfaces: [{ name: 'ens1f1', numVfs: 8, pciAddress: '0000:3b:00.1' }] },
    status: {
      syncStatus: 'InProgress',
      ...(lastSyncError === null ? {} : { lastSyncError }),
      interfaces: [
        { name: 'ens1f1', pciAddress: '0000:3b:00.1', driver: 'i40e', mac: '3c:fd:fe:00:00:01', totalvfs: 64 },
      ],
    } satisfies Json,
  });
  asking(cluster, 'telco/cu', null, 'sriov', { resources: { [RESOURCE]: '1' } });
  warning(
    cluster,
    'telco/cu',
    'FailedScheduling',
    `0/1 nodes are available: 1 Insufficient ${RESOURCE}, 1 node(s) were unschedulable.`,
    'default-scheduler',
  );
  return {
    source: 'k8snetworkplumbingwg/sriov-network-operator#306, #718',
    cluster,
    checks: [
      says('findings[subjects~pod:telco/cu]', RESOURCE),
      says('findings[subjects~pod:telco/cu]', 'InProgress'),
      ...(lastSyncError === null ? [] : [says('findings[subjects~pod:telco/cu]', lastSyncError)]),
      none('findings[rule=network-unused]'),
    ],
    sayings: [{ command: 'explain', words: 'pod telco/cu address', says: /mlxnics/ }],
  };
}

/** What people leave out of what they post. */
function elided(sign: string): Situation {
  const { cluster, node } = start({ maxPods: 20 });
  const held = node.primary.add();
  cluster.extraFiles.push({
    path: 'kubernetes/posted.yaml',
    text: [
      'apiVersion: v1',
      'kind: Pod',
      'metadata:',
      '  name: posted',
      '  namespace: shop',
      '  uid: pod-posted',
      `  ${sign}`,
      'spec:',
      `  nodeName: ${node.name}`,
      '  containers:',
      '  - name: app',
      `    ${sign}`,
      'status:',
      '  phase: Running',
      `  podIP: ${held.ip}`,
      '  podIPs:',
      `  - ip: ${held.ip}`,
      '',
    ].join('\n'),
  });
  return {
    source: 'k8snetworkplumbingwg/multus-cni and others (objects as posted, with parts left out)',
    cluster,
    checks: [
      is('pods[id=pod:shop/posted].ips.0', held.ip),
      is('interfaces[id=if:shop/posted/eth0].eni', node.primary.id),
    ],
    sayings: [{ command: 'lookup', words: held.ip, says: /shop\/posted/ }],
  };
}

export const homes: Readonly<Record<string, () => Situation>> = {
  'branch ENI and an additional interface': branchAndFurther,
  'multi-NIC pod behind Multus': cardsBehindMultus,
  'IPv4 egress behind Multus': egressBehindMultus,
  'router’s address assigned to a pod': () => addressOfTheRouter('1', 'router'),
  'broadcast address assigned to a pod': () => addressOfTheRouter('255', 'broadcast'),
  'own address of an unmanaged ENI': ownAddressOfAKeptEni,
  'Cilium timeout behind aws-cni': chainedCilium,
  'healthy SR-IOV operator': () => operatorAtWork(null),
  'SR-IOV operator waiting for a drain': () => operatorAtWork('timed out waiting for the condition'),
  'object with parts omitted as dots': () => elided('...'),
  'object with parts omitted as a note': () => elided('<snip>'),
};
