/** Texts of plugins that have nothing to do with the addresses of the VPC: what must be told is whose they are. */
import { asking, multusSays, start } from './attaching';
import { found, none, OLD, refused, says, silentOn, type Situation } from './situation';

interface Text {
  readonly source: string;
  readonly config: Readonly<Record<string, string | number | Readonly<Record<string, string>>>>;
  readonly text: string;
  /** What a finding about the pod says beside the text. */
  readonly says: readonly string[];
  /** Multus itself says it, and no plugin of a network. */
  readonly whole?: boolean;
}

function told({ source, config, text, says: words, whole = false }: Text): Situation {
  const { cluster, node } = start();
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  cluster.nad('shop/lan', { cniVersion: '0.3.1', ...config });
  asking(cluster, 'shop/app', node, 'lan');
  refused(cluster, 'shop/app', whole ? text : multusSays('shop/app', 'lan', text));
  return {
    source,
    cluster,
    checks: [
      found('findings[subjects~pod:shop/app]'),
      ...words.map((word) => says('findings[subjects~pod:shop/app]', word)),
      none('findings[rule=pod-ip-failed]'),
      silentOn('findings[subjects~pod:shop/app].command', 'c aws-node'),
      silentOn('findings[subjects~pod:shop/app]', '(?i)out of addresses|WARM_'),
    ],
    sayings: [
      {
        command: 'explain',
        words: 'pod shop/app address',
        says: new RegExp(text.slice(-30).replaceAll(/[()[\]"./?*+]/g, '.')),
      },
    ],
  };
}

/** The same text, and the pod is there: it is over. */
function over(): Situation {
  const { cluster, node } = start();
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  cluster.nad('shop/lan', { cniVersion: '0.3.1', type: 'bridge', bridge: 'br0', ipam: { type: 'dhcp' } });
  const held = node.primary.add();
  cluster.write('shop/app', node, [held.ip], {
    createdAt: OLD,
    annotations: {
      'k8s.v1.cni.cncf.io/networks': 'lan',
      'k8s.v1.cni.cncf.io/network-status': JSON.stringify([
        { name: 'aws-cni', interface: 'eth0', ips: [held.ip], default: true, dns: {} },
        { name: 'shop/lan', interface: 'net1', ips: ['192.168.1.9'], mac: '0a:58:00:00:03:01', dns: {} },
      ]),
    },
  });
  refused(
    cluster,
    'shop/app',
    multusSays(
      'shop/app',
      'lan',
      'error dialing DHCP daemon: dial unix /run/cni/dhcp.sock: connect: no such file or directory',
    ),
  );
  return {
    source: 'containernetworking/plugins (dhcp daemon), once it runs',
    cluster,
    checks: [none('findings[subjects~pod:shop/app]'), none('findings[severity=error]')],
  };
}

export const texts: Readonly<Record<string, () => Situation>> = {
  'DHCP daemon that does not run': () =>
    told({
      source: 'k8snetworkplumbingwg/multus-cni#1082, containernetworking/plugins (dhcp)',
      config: { type: 'macvlan', master: 'eth1', ipam: { type: 'dhcp' } },
      text: 'error dialing DHCP daemon: dial unix /run/cni/dhcp.sock: connect: connection refused',
      says: ['dhcp\\.sock', '(?i)dhcp daemon[^"]*(runs?|start)'],
    }),
  'DHCP daemon that was never started': () =>
    told({
      source: 'containernetworking/plugins (dhcp)',
      config: { type: 'bridge', bridge: 'br0', ipam: { type: 'dhcp' } },
      text: 'error dialing DHCP daemon: dial unix /run/cni/dhcp.sock: connect: no such file or directory',
      says: ['(?i)dhcp daemon[^"]*(runs?|start)'],
    }),
  'Multus whose token has expired': () =>
    told({
      source: 'k8snetworkplumbingwg/multus-cni (Unauthorized), aws/amazon-vpc-cni-k8s Multus manifest',
      config: { type: 'bridge', bridge: 'br0', ipam: {} },
      text: 'plugin type="multus" name="multus-cni-network" failed (add): Multus: [shop/app/0a1b]: error getting pod: Unauthorized',
      says: ['error getting pod: Unauthorized', '(?i)kubeconfig|token'],
      whole: true,
    }),
  'whereabouts without permissions': () =>
    told({
      source: 'k8snetworkplumbingwg/whereabouts (RBAC)',
      config: { type: 'macvlan', master: 'eth1', ipam: { type: 'whereabouts', range: '192.168.4.0/24' } },
      text: 'error at storage engine: k8s get error: ippools.whereabouts.cni.cncf.io "192.168.4.0-24" is forbidden: User "system:serviceaccount:kube-system:whereabouts" cannot get resource "ippools"',
      says: ['is forbidden'],
    }),
  'bridge with too long a name': () =>
    told({
      source: 'containernetworking/plugins (bridge), IFNAMSIZ',
      config: { type: 'bridge', bridge: 'br-production-lan', ipam: {} },
      text: 'failed to create bridge "br-production-lan": could not add "br-production-lan": numerical result out of range',
      says: ['br-production-lan', '15'],
    }),
  'device that left the host': () =>
    told({
      source: 'k8snetworkplumbingwg/sriov-network-device-plugin#693',
      config: { type: 'host-device', pciBusID: '0000:c1:00.5', ipam: {} },
      text: 'failed to get device: lstat /sys/bus/pci/devices/0000:c1:00.5: no such file or directory',
      says: ['0000:c1:00\\.5'],
    }),
  'Calico whose token has expired': () =>
    told({
      source: 'projectcalico/calico#5712 (chained behind aws-cni)',
      config: { type: 'bridge', bridge: 'br0', ipam: {} },
      text: 'plugin type="calico" failed (add): error getting ClusterInformation: connection is unauthorized: Unauthorized',
      says: ['ClusterInformation'],
      whole: true,
    }),
  'missing Open vSwitch bridge': () =>
    told({
      source: 'k8snetworkplumbingwg/ovs-cni, nmstate/kubernetes-nmstate',
      config: { type: 'ovs', bridge: 'br1' },
      text: 'failed to find bridge br1',
      says: ['br1'],
    }),
  'outdated error of a plugin': over,
};
