/** Links that carry no traffic, and policies that are not enforced: reports in which every object looks right. */
import type { Cluster } from '../kit/cluster';
import { entry, asking, launcher, multusSays } from './attaching';
import { labPod, startLab } from './lab';
import { count, found, none, refused, says, silentOn, type Situation } from './situation';

const macvlan = (c: Cluster, key: string): void =>
  c.nad(key, {
    cniVersion: '0.3.0',
    type: 'macvlan',
    master: 'eth0',
    mode: 'bridge',
    ipam: { type: 'whereabouts', range: '192.168.1.0/24' },
  });

/** Pods on one node reach each other, pods on different nodes do not: the cloud's network does not know their MACs. */
function macvlanIn(cloud: string, source: string, told: RegExp | null): Situation {
  const { cluster, node } = startLab({ providerId: `${cloud}://2f1c/w1` });
  macvlan(cluster, 'shop/lan');
  labPod(cluster, 'shop/a', node, 'lan', [entry('shop/lan', 'net1', '192.168.1.200', '5e:3d:0f:f3:28:4e')]);
  return {
    source,
    cluster,
    checks:
      told === null
        ? [none('findings[rule=macvlan-on-eni]')]
        : [
            count('findings[rule=macvlan-on-eni]', 1),
            says('findings[rule=macvlan-on-eni]', told.source),
            silentOn('findings[rule=macvlan-on-eni]', 'ENI\\b(?!")|VPC'),
          ],
  };
}

/** A pod on the network works, but a virtual machine on it gets no answers. */
function machineOn(type: 'macvlan' | 'bridge'): Situation {
  const { cluster, node } = startLab();
  cluster.nad('vms/lan', {
    cniVersion: '0.3.1',
    type,
    ...(type === 'bridge' ? { bridge: 'br1' } : { master: 'eth1', mode: 'bridge' }),
    ipam: { type: 'whereabouts', range: '172.16.0.0/24' },
  });
  labPod(
    cluster,
    'vms/virt-launcher-fedora-x',
    node,
    '[{"name":"lan","namespace":"vms","interface":"net1"}]',
    [entry('vms/lan', 'net1', '172.16.0.6', '5e:3d:0f:f3:28:4e')],
    launcher('fedora'),
  );
  return {
    source: 'kubevirt/kubevirt#5483, #3331, #2925; #3489 (why: the MACs of the machine and of the link differ)',
    cluster,
    checks:
      type === 'bridge'
        ? [none('findings[rule=machine-behind-macvlan]')]
        : [
            says('findings[rule=machine-behind-macvlan]', 'virtual machine fedora'),
            says('findings[rule=machine-behind-macvlan].advice', 'bridge'),
          ],
  };
}

/** The same network twice in a pod, with one address for both. */
function oneAddressTwice(second: string): Situation {
  const { cluster, node } = startLab();
  macvlan(cluster, 'shop/lan');
  labPod(cluster, 'shop/tools-0', node, 'lan, lan', [
    entry('shop/lan', 'net1', '192.168.1.140', 'ae:3d:0f:f3:28:4e'),
    entry('shop/lan', 'net2', second, '22:3b:b7:71:d5:c9'),
  ]);
  return {
    source: 'k8snetworkplumbingwg/whereabouts#446 (a network twice in one pod)',
    cluster,
    checks:
      second === '192.168.1.140'
        ? [
            count('findings[rule=duplicate-address]', 1),
            says('findings[rule=duplicate-address]', 'two interfaces of one pod'),
          ]
        : [none('findings[rule=duplicate-address]')],
    ...(second === '192.168.1.140'
      ? { sayings: [{ command: 'lookup', words: '192.168.1.140', says: /both have 192\.168\.1\.140/ }] as const }
      : {}),
  };
}

/** A policy for a network of a type that the enforcer is not configured for. */
function policyPassedOver(args: readonly string[]): Situation {
  const { cluster, node } = startLab();
  cluster.nad('shop/ipv', { cniVersion: '0.3.1', type: 'ipvlan', master: 'eth1', ipam: { type: 'static' } });
  cluster.object({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { namespace: 'kube-system', name: 'multi-networkpolicy-ds-amd64', uid: 'ds-mnp' },
    spec: {
      selector: { matchLabels: { name: 'multi-networkpolicy' } },
      template: {
        metadata: { labels: { app: 'multi-networkpolicy', name: 'multi-networkpolicy' } },
        spec: {
          hostNetwork: true,
          containers: [
            {
              name: 'multi-networkpolicy',
              image: 'ghcr.io/k8snetworkplumbingwg/multi-networkpolicy-iptables:latest',
              command: ['/usr/bin/multi-networkpolicy-iptables'],
              args: ['--host-prefix=/host', ...args],
            },
          ],
        },
      },
    },
  });
  cluster.object({
    apiVersion: 'k8s.cni.cncf.io/v1beta1',
    kind: 'MultiNetworkPolicy',
    metadata: {
      namespace: 'shop',
      name: 'deny',
      uid: 'mnp',
      annotations: { 'k8s.v1.cni.cncf.io/policy-for': 'ipv' },
    },
    spec: { podSelector: { matchLabels: { app: 'x' } }, policyTypes: ['Ingress'], ingress: [] },
  });
  labPod(cluster, 'shop/a', node, 'ipv', [entry('shop/ipv', 'net1', '10.1.1.11', '0a:58:00:00:04:01')], {
    labels: { app: 'x' },
  });
  return {
    source: 'containernetworking/plugins#973, openshift/multus-networkpolicy#42 (enforcer: pkg/server/options.go)',
    cluster,
    checks: args.join().includes('ipvlan')
      ? [none('findings[rule=policy-uncovered]')]
      : [
          says('findings[rule=policy-uncovered]', 'type ipvlan, and the enforcer handles only macvlan'),
          says('findings[rule=policy-uncovered].advice', '--network-plugins'),
        ],
  };
}

/** The DHCP daemon runs as a pod, without access to the node's network namespaces. */
function dhcpDaemonWithoutNamespaces(): Situation {
  const { cluster, node } = startLab();
  cluster.nad('home/lan', { cniVersion: '0.3.1', type: 'macvlan', master: 'eth0', ipam: { type: 'dhcp' } });
  asking(cluster, 'home/assistant', node, 'lan');
  refused(
    cluster,
    'home/assistant',
    multusSays(
      'home/assistant',
      'lan',
      'error calling DHCP.Allocate: failed to Statfs "/var/run/netns/cni-67245572-4e92-2911-4af6-2a522836004b": no such file or directory',
    ),
  );
  return {
    source: 'rancher/rke2#3917',
    cluster,
    checks: [
      says('findings[subjects~pod:home/assistant]', '(?i)dhcp daemon'),
      says('findings[subjects~pod:home/assistant].advice', 'HostToContainer'),
    ],
    sayings: [{ command: 'explain', words: 'pod home/assistant address', says: /DHCP/ }],
  };
}

/** Calico as a second network of a pod whose first interface is from Calico. */
function calicoTwice(): Situation {
  const { cluster, node } = startLab();
  cluster.nad('shop/calico-net', { cniVersion: '0.3.0', type: 'calico', ipam: { type: 'calico-ipam' } });
  asking(cluster, 'shop/box', node, 'calico-net');
  refused(
    cluster,
    'shop/box',
    multusSays('shop/box', 'calico-net', 'failed to add IPv4 route for 0.0.0.0/0 via 169.254.1.1: file exists'),
  );
  return {
    source: 'k8snetworkplumbingwg/multus-cni#241',
    cluster,
    checks: [
      found('findings[subjects~pod:shop/box]'),
      says('findings[subjects~pod:shop/box]', '(?i)default route'),
      silentOn('findings[subjects~pod:shop/box]', 'does not know this message'),
    ],
  };
}

export const silentLinks: Readonly<Record<string, () => Situation>> = {
  'macvlan at Hetzner': () => macvlanIn('hcloud', 'k8snetworkplumbingwg/multus-cni#983', /Hetzner Cloud delivers only/),
  'macvlan on Azure': () =>
    macvlanIn('azure', 'k8snetworkplumbingwg/multus-cni#983 (another cloud)', /reaches nothing outside/),
  'macvlan on vSphere': () =>
    macvlanIn(
      'vsphere',
      'k8snetworkplumbingwg/multus-cni#660, #691, #653',
      /vSphere drops [^"]*forged transmits[^"]*promiscuous/,
    ),
  'macvlan on OpenStack': () =>
    macvlanIn('openstack', 'k8snetworkplumbingwg/multus-cni#660 (another hypervisor)', /port security/),
  'macvlan on machines of one’s own': () =>
    macvlanIn('metal3', 'k8snetworkplumbingwg/multus-cni#226 (works between pods)', null),
  'virtual machine on macvlan': () => machineOn('macvlan'),
  'virtual machine on a bridge': () => machineOn('bridge'),
  'network twice in a pod with one address': () => oneAddressTwice('192.168.1.140'),
  'network twice in a pod with two addresses': () => oneAddressTwice('192.168.1.141'),
  'policy for ipvlan, enforcer for macvlan': () => policyPassedOver(['--network-plugins=macvlan']),
  'policy for ipvlan, enforcer with its default': () => policyPassedOver([]),
  'policy for ipvlan, enforcer configured for it': () => policyPassedOver(['--network-plugins', 'macvlan,ipvlan']),
  'DHCP daemon without the namespaces': dhcpDaemonWithoutNamespaces,
  'Calico as a second network of Calico': calicoTwice,
};
