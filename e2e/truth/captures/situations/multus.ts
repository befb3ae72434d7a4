/** Further networks: addresses that are given twice, kept for nobody or on no ENI; machines that move; security groups for pods. */
import { Cluster } from '../kit/cluster';
import type { Node } from '../kit/node';
import { NETWORKS, STATUS } from '../kit/pod';
import type { Json, PodSpec } from '../kit/types';
import { ipPool, launcher, reservation } from './attaching';
import { found, is, none, OLD, refused, says, silentOn, warning, type Situation } from './situation';

function start(): { readonly cluster: Cluster; readonly n1: Node; readonly n2: Node } {
  const cluster = new Cluster({ multus: 'v4.1.4-eksbuild.3' });
  const subnet = cluster.subnet('10.40.0.0/20');
  const n1 = cluster.node('n1', subnet);
  const n2 = cluster.node('n2', subnet);
  for (const node of [n1, n2]) node.primary.free(6);
  return { cluster, n1, n2 };
}

/** A running pod with one further interface as Multus reports it. */
function attached(
  c: Cluster,
  key: string,
  node: Node,
  network: string,
  told: { readonly ips?: readonly string[]; readonly mac?: string; readonly as?: string },
  spec: PodSpec = {},
): void {
  const held = node.primary.add();
  const status: Json = [
    { name: 'aws-cni', interface: 'eth0', ips: [held.ip], default: true, dns: {} },
    {
      name: network,
      interface: told.as ?? 'net1',
      ips: told.ips ?? [],
      ...(told.mac === undefined ? {} : { mac: told.mac }),
      dns: {},
    },
  ];
  c.write(key, node, [held.ip], {
    ...spec,
    annotations: { [NETWORKS]: network, [STATUS]: JSON.stringify(status), ...spec.annotations },
  });
}

const bridge = (c: Cluster, key: string, ipam: Json): void =>
  c.nad(key, { cniVersion: '0.3.1', type: 'bridge', bridge: 'br1', ipam });

/** The node restarts, the kubelet makes the sandbox anew, and the pod's own old reservations fill the range. */
function rangeFullOfOwnReservations(): Situation {
  const { cluster, n1 } = start();
  bridge(cluster, 'shop/vips', {
    type: 'whereabouts',
    range: '192.168.7.0/24',
    range_start: '192.168.7.32',
    range_end: '192.168.7.34',
  });
  ipPool(cluster, '192.168.7.0-24', '192.168.7.0/24', { '32': 'shop/db-0', '33': 'shop/db-1', '34': 'shop/db-2' });
  attached(cluster, 'shop/db-1', n1, 'shop/vips', { ips: ['192.168.7.33'], mac: '0a:58:00:00:00:01' });
  attached(cluster, 'shop/db-2', n1, 'shop/vips', { ips: ['192.168.7.34'], mac: '0a:58:00:00:00:02' });
  cluster.waiting('shop/db-0', n1, { createdAt: OLD, annotations: { [NETWORKS]: 'shop/vips' } });
  refused(
    cluster,
    'shop/db-0',
    'plugin type="multus" name="multus-cni-network" failed (add): [shop/db-0:vips]: error adding container to network "vips": Error at storage engine: Could not allocate IP in range: ip: 192.168.7.32 / - 192.168.7.34 / range: net.IPNet{IP:net.IP{0xc0, 0xa8, 0x7, 0x0}, Mask:net.IPMask{0xff, 0xff, 0xff, 0x0}}',
  );
  return {
    source: 'k8snetworkplumbingwg/whereabouts#291',
    cluster,
    checks: [
      says('findings[rule=ipam-pool-full]', '3'),
      // That the waiting pod itself keeps one is what the reporter had to find out.
      says('findings[subjects~pod:shop/db-0]', '192\\.168\\.7\\.32|own reservation|itself'),
    ],
    sayings: [
      { command: 'explain', words: 'pod shop/db-0 address', says: /range|full|Could not allocate/i },
      { command: 'lookup', words: '192.168.7.32', says: /shop\/db-0/ },
    ],
  };
}

/** Two writers of one IPPool: the allocation is lost, the reservation stays. */
function reservationWithoutAllocation(): Situation {
  const { cluster, n1 } = start();
  bridge(cluster, 'shop/vips', { type: 'whereabouts', range: '192.168.7.0/24' });
  ipPool(cluster, '192.168.7.0-24', '192.168.7.0/24', { '1': 'shop/a' });
  reservation(cluster, '192.168.7.1', 'shop/a');
  reservation(cluster, '192.168.7.2', 'shop/gone');
  attached(cluster, 'shop/a', n1, 'shop/vips', { ips: ['192.168.7.1'], mac: '0a:58:00:00:00:01' });
  return {
    source: 'k8snetworkplumbingwg/whereabouts#409, #712',
    cluster,
    checks: [
      says('findings[rule=ipam-inconsistent]', '192\\.168\\.7\\.2'),
      silentOn('findings[rule=ipam-inconsistent]', '192\\.168\\.7\\.1[^0-9]'),
    ],
    sayings: [{ command: 'lookup', words: '192.168.7.2', says: /shop\/gone|reserv/i }],
  };
}

/** The reconciler took an address back while its pod was starting: the next pod got it, too. */
function reconcilerRace(): Situation {
  const { cluster, n1, n2 } = start();
  bridge(cluster, 'shop/vips', { type: 'whereabouts', range: '192.168.7.0/24' });
  ipPool(cluster, '192.168.7.0-24', '192.168.7.0/24', { '5': 'shop/new' });
  attached(cluster, 'shop/sts-0', n1, 'shop/vips', { ips: ['192.168.7.5'], mac: '0a:58:00:00:00:01' });
  attached(cluster, 'shop/new', n2, 'shop/vips', { ips: ['192.168.7.5'], mac: '0a:58:00:00:00:02' });
  return {
    source: 'k8snetworkplumbingwg/whereabouts#162',
    cluster,
    checks: [
      found('findings[rule=duplicate-address]'),
      says('findings[rule=duplicate-address]', '(?s)sts-0.*new|new.*sts-0'),
    ],
    sayings: [{ command: 'explain', words: 'address 192.168.7.5 who', says: /sts-0[\s\S]*new|new[\s\S]*sts-0/ }],
  };
}

/** A machine that is moved has two pods with one MAC for a while, and with one address where it is fixed. */
function liveMigration(over: boolean): Situation {
  const { cluster, n1, n2 } = start();
  cluster.nad('vms/lan', { cniVersion: '0.3.1', type: 'bridge', bridge: 'br1', ipam: {} });
  const told = { ips: ['192.168.5.20'], mac: '4a:1b:58:c2:93:07', as: 'pod16477688c0e' };
  attached(cluster, 'vms/virt-launcher-db-aaaaa', n1, 'vms/lan', told, {
    ...launcher('db'),
    ...(over ? { phase: 'Succeeded' } : {}),
  });
  attached(
    cluster,
    'vms/virt-launcher-db-bbbbb',
    n2,
    'vms/lan',
    told,
    launcher('db', { 'kubevirt.io/migrationJobUID': 'm-1' }),
  );
  return {
    source: 'kubevirt/kubevirt#17195, #7967',
    cluster,
    checks: [none('findings[rule=duplicate-address]')],
    sayings: over
      ? [{ command: 'explain', words: 'address 192.168.5.20 who', says: /db-bbbbb/, silentOn: /conflict|duplicate/i }]
      : [
          {
            command: 'explain',
            words: 'mac 4a:1b:58:c2:93:07 who',
            says: /migrat/i,
            silentOn: /address conflict|one address for/i,
          },
          { command: 'explain', words: 'address 192.168.5.20 who', says: /migrat/i },
        ],
  };
}

/** Two machines, one address: that is no migration. */
function twoMachinesOneAddress(clash: boolean): Situation {
  const { cluster, n1, n2 } = start();
  // A bridge without an uplink is the node's own: host-local gives its addresses out on each node, and they never meet.
  bridge(
    cluster,
    'vms/lan',
    clash ? { type: 'whereabouts', range: '192.168.5.0/24' } : { type: 'host-local', subnet: '192.168.5.0/24' },
  );
  attached(
    cluster,
    'vms/virt-launcher-db-aaaaa',
    n1,
    'vms/lan',
    { ips: ['192.168.5.20'], mac: '4a:00:00:00:00:01' },
    launcher('db'),
  );
  attached(
    cluster,
    'vms/virt-launcher-web-bbbbb',
    n2,
    'vms/lan',
    { ips: ['192.168.5.20'], mac: '4a:00:00:00:00:02' },
    launcher('web'),
  );
  return {
    source: 'kubevirt/kubevirt#14320',
    cluster,
    checks: [(clash ? found : none)('findings[rule=duplicate-address]')],
    sayings: [{ command: 'explain', words: 'address 192.168.5.20 who', silentOn: /migrat/i }],
  };
}

/** ipvlan on a second ENI with addresses that nobody told EC2: the pods of one node reach one another, others do not. */
function ipvlanUnknownToEc2(): Situation {
  const { cluster, n1, n2 } = start();
  const outer = cluster.subnet('10.41.0.0/24');
  const kept = { dev: 1, tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } };
  const [e1, e2] = [n1.eni(kept, outer), n2.eni(kept, outer)];
  cluster.nad('shop/outer', {
    cniVersion: '0.3.1',
    type: 'ipvlan',
    master: 'eth1',
    mode: 'l2',
    ipam: { type: 'host-local', subnet: '10.41.0.0/24', rangeStart: '10.41.0.70', rangeEnd: '10.41.0.80' },
  });
  attached(cluster, 'shop/a', n1, 'shop/outer', { ips: ['10.41.0.70'], mac: e1.mac });
  attached(cluster, 'shop/b', n2, 'shop/outer', { ips: ['10.41.0.71'], mac: e2.mac });
  return {
    source: 'aws-samples/eks-install-guide-for-multus#1, #7',
    cluster,
    checks: [
      is('interfaces[id=if:shop/a/net1].eni', e1.id),
      found('findings[rule=address-not-on-eni][subjects~if:shop/a/net1]'),
      found('findings[rule=address-not-on-eni][subjects~if:shop/b/net1]'),
    ],
    sayings: [{ command: 'explain', words: 'address 10.41.0.70 where', says: /does not|no ENI|not (known|on)/i }],
  };
}

/** The VPC CNI named as a further network of Multus. */
function vpcCniTwice(): Situation {
  const { cluster, n1 } = start();
  cluster.nad('shop/aws-cni-conf', {
    cniVersion: '0.4.0',
    name: 'aws-cni',
    plugins: [{ name: 'aws-cni', type: 'aws-cni', vethPrefix: 'eni', mtu: '9001' }, { type: 'egress-v4-cni' }],
  });
  cluster.waiting('shop/twice', n1, { createdAt: OLD, annotations: { [NETWORKS]: 'aws-cni-conf' } });
  refused(
    cluster,
    'shop/twice',
    'plugin type="multus" name="multus-cni-network" failed (add): [shop/twice:aws-cni]: error adding container to network "aws-cni": add cmd: failed to setup network',
  );
  return {
    source: 'k8snetworkplumbingwg/multus-cni#562',
    cluster,
    checks: [found('findings[rule=vpc-cni-as-secondary]'), found('findings[subjects~pod:shop/twice]')],
    sayings: [{ command: 'explain', words: 'pod shop/twice address', says: /aws-cni/ }],
  };
}

/** The controller cannot write its annotation: a policy of the cluster refuses it. */
function branchAnnotationRefused(): Situation {
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { capacity: { 'vpc.amazonaws.com/pod-eni': '9' } });
  node.primary.free(9);
  node.eni({ dev: 2, type: 'trunk', by: 'controller' });
  cluster.waiting('shop/guarded', node, { createdAt: OLD, resources: { 'vpc.amazonaws.com/pod-eni': '1' } });
  warning(
    cluster,
    'shop/guarded',
    'BranchAllocationFailed',
    'failed to allocate branch ENI to pod: cannot create new eni entry already exist, older entry : [0xc000]',
    'vpc-resource-controller',
  );
  return {
    source: 'aws/amazon-vpc-resource-controller-k8s#8',
    cluster,
    checks: [
      says('findings[rule=pod-eni-stuck]', 'already exist'),
      // The entry exists: the subnet is not short of addresses.
      silentOn('findings[rule=pod-eni-stuck].advice', '(?i)out of addresses'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/guarded address', says: /already exist/ }],
  };
}

export const multus: Readonly<Record<string, () => Situation>> = {
  'range full of own reservations': rangeFullOfOwnReservations,
  'reservation without allocation': reservationWithoutAllocation,
  'reconciler race': reconcilerRace,
  'live migration in progress': () => liveMigration(false),
  'finished live migration': () => liveMigration(true),
  'two machines with one address': () => twoMachinesOneAddress(true),
  'two machines with one address on bridges of their own': () => twoMachinesOneAddress(false),
  'ipvlan address unknown to EC2': ipvlanUnknownToEc2,
  'VPC CNI as a further network': vpcCniTwice,
  'branch annotation refused': branchAnnotationRefused,
};
