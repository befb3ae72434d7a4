/** One thing taken for another: an IPAM plugin for a network, a template's addresses for each pod's, a bond for its links. */
import { Cluster } from '../kit/cluster';
import { ago } from '../kit/node';
import { asking, entry, ipPool, multusSays, running, start } from './attaching';
import { labPod, startLab } from './lab';
import { fill, found, NO_ADDRESS, none, OLD, refused, says, silentOn, type Situation } from './situation';

/** An IPAM plugin in place of the plugin for the interface: it reserves an address, and no interface is created. */
function ipamAsNetwork(type: 'host-local' | 'whereabouts' | 'static'): Situation {
  const { cluster, node } = startLab();
  cluster.nad('shop/macvlan-conf', {
    cniVersion: '0.3.1',
    type,
    master: 'bond0.1103',
    mode: 'bridge',
    ipam: {
      type: 'host-local',
      subnet: '172.18.163.0/24',
      rangeStart: '172.18.163.215',
      rangeEnd: '172.18.163.216',
    },
  });
  labPod(cluster, 'shop/samplepod', node, 'macvlan-conf', [
    { name: 'shop/macvlan-conf', interface: 'net1', ips: ['172.18.163.216'], dns: {} },
  ]);
  return {
    source: 'k8snetworkplumbingwg/multus-cni#576',
    cluster,
    checks: [
      found('findings[subjects~net:shop/macvlan-conf]'),
      says('findings[subjects~net:shop/macvlan-conf]', 'IPAM'),
      says('findings[subjects~net:shop/macvlan-conf]', 'no interface|makes no|creates no'),
    ],
  };
}

/** Both replicas have the address of the template. */
function addressInTemplate(): Situation {
  const { cluster, node } = startLab();
  cluster.nad('shop/network1', {
    cniVersion: '0.3.1',
    type: 'macvlan',
    master: 'eth1',
    capabilities: { ips: true },
    ipam: { type: 'static' },
  });
  const annotation = '[{ "name": "network1", "ips": [ "10.13.19.7/24" ] }]';
  cluster.object({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { namespace: 'shop', name: 'multus', uid: 'sts-1' },
    spec: {
      replicas: 2,
      template: {
        metadata: { annotations: { 'k8s.v1.cni.cncf.io/networks': annotation } },
        spec: { containers: [{ name: 'a', image: 'a' }] },
      },
    },
  });
  for (const name of ['multus-0', 'multus-1'])
    labPod(
      cluster,
      `shop/${name}`,
      node,
      annotation,
      [entry('shop/network1', 'net1', '10.13.19.7', `2e:00:00:00:00:0${name.slice(-1)}`)],
      { owner: { kind: 'StatefulSet', name: 'multus' } },
    );
  return {
    source: 'k8snetworkplumbingwg/multus-cni#537, k8snetworkplumbingwg/multus-cni#1309',
    cluster,
    checks: [
      says('findings[rule=duplicate-address]', 'shop/multus-0'),
      says('findings[rule=duplicate-address]', 'shop/multus-1'),
      says('findings[rule=duplicate-address]', 'replica'),
      silentOn('findings[rule=duplicate-address]', 'host-local'),
    ],
    sayings: [{ command: 'lookup', words: '10.13.19.7', says: /multus-0[^]*multus-1|multus-1[^]*multus-0/ }],
  };
}

/** A rolling update needs one address more than the range has. */
function rollingIntoFullRange(): Situation {
  const { cluster, node } = start({ maxPods: 20 });
  cluster.nad('shop/vlan1', {
    cniVersion: '0.4.0',
    type: 'ipvlan',
    master: 'eth1',
    ipam: { type: 'whereabouts', range: '10.13.19.0/24', range_start: '10.13.19.10', range_end: '10.13.19.11' },
  });
  ipPool(cluster, '10.13.19.0-24', '10.13.19.0/24', { '10': 'shop/web-5d-a', '11': 'shop/web-5d-b' });
  for (const [at, name] of ['web-5d-a', 'web-5d-b'].entries())
    running(cluster, `shop/${name}`, node, 'vlan1', [
      entry('shop/vlan1', 'net1', `10.13.19.1${String(at)}`, '06:00:00:00:00:01'),
    ]);
  asking(cluster, 'shop/web-7f-c', node, 'vlan1');
  refused(
    cluster,
    'shop/web-7f-c',
    multusSays(
      'shop/web-7f-c',
      'vlan1',
      'error at storage engine: Could not allocate IP in range: ip: 10.13.19.10 / - 10.13.19.11 / range: 10.13.19.0/24 / excludeRanges: []',
    ),
  );
  return {
    source: 'k8snetworkplumbingwg/multus-cni#1309 (upgrade)',
    cluster,
    checks: [
      says('findings[rule=ipam-pool-full]', '10\\.13\\.19\\.'),
      says('findings', 'web-7f-c'),
      silentOn('findings[rule=ipam-pool-full]', 'pods that are gone|dead|no longer exist'),
      none('findings[rule=ipam-inconsistent]'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/web-7f-c address', says: /full|no free|every address|allocated/ }],
  };
}

/** Xen instances do not support prefixes; 18 addresses for 110 pods. */
function smallestXen(): Situation {
  const cluster = new Cluster({ env: { ENABLE_PREFIX_DELEGATION: 'true', WARM_PREFIX_TARGET: '1' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), {
    type: 'm4.large',
    maxPods: 110,
    version: 'v1.15.3-eksbuild.1',
  });
  fill(cluster, node, node.primary, 9);
  fill(cluster, node, node.eni({ dev: 1, by: 'ipamd' }), 9);
  cluster.waiting('shop/late', node, { createdAt: ago(900) });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws-ia/terraform-aws-eks-blueprints#1757 (a type without prefixes)',
    cluster,
    checks: [
      says('nodes[name=n1].cni.mode', 'secondary-ip'),
      found('findings[rule=max-pods-too-high]'),
      says('findings[rule=pod-ip-failed]', 'every slot|node-addresses-full'),
      silentOn('findings', '[Tt]urn on prefix mode'),
    ],
  };
}

/** The namespace wants a primary network of its own, and there is none. */
function primaryNetworkMissing(): Situation {
  const { cluster, node } = startLab();
  cluster.object({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'blue', uid: 'ns-blue', labels: { 'k8s.ovn.org/primary-user-defined-network': '' } },
  });
  cluster.waiting('blue/web', node, { createdAt: OLD });
  refused(
    cluster,
    'blue/web',
    'plugin type="multus-shim" name="multus-cni-network" failed (add): CmdAdd (shim): CNI request failed with status 400: \'ERRORED: error configuring pod [blue/web] networking: [blue/web/0a1b:ovn-kubernetes]: error adding container to network "ovn-kubernetes": CNI request failed with status 400: \'[blue/web 0a1b] failed to get primary network: invalid primary network state for namespace "blue": a valid primary user defined network or network attachment definition custom resource, and required namespace label "k8s.ovn.org/primary-user-defined-network" must both be present\'',
  );
  return {
    source: 'ovn-kubernetes/ovn-kubernetes#4912',
    cluster,
    checks: [
      says('findings[subjects~pod:blue/web]', 'primary-user-defined-network'),
      says('findings[subjects~pod:blue/web].advice', 'UserDefinedNetwork'),
      silentOn('findings[subjects~pod:blue/web]', 'does not know this message'),
    ],
  };
}

/** bond-cni compares with the bond's own links, not with a parent on the node. */
function bondLargerThanLinks(): Situation {
  const { cluster, node } = startLab();
  for (const name of ['left', 'right'])
    cluster.nad(`shop/${name}`, { cniVersion: '0.3.1', type: 'macvlan', master: 'ens1', mtu: 1460 });
  cluster.nad('shop/bond-nad1', {
    cniVersion: '0.3.1',
    type: 'bond',
    mode: 'active-backup',
    failOverMac: 1,
    linksInContainer: true,
    mtu: 1500,
    links: [{ name: 'net1' }, { name: 'net2' }],
    ipam: { type: 'static', addresses: [{ address: '10.9.0.5/24' }] },
  });
  asking(cluster, 'shop/testpod-1', node, 'left,right,bond-nad1');
  refused(
    cluster,
    'shop/testpod-1',
    multusSays(
      'shop/testpod-1',
      'bond-nad1',
      'Invalid MTU (1500). The requested MTU for bond is bigger than that of the slave link (net1), slave mtu (1460)',
    ),
  );
  return {
    source: 'k8snetworkplumbingwg/bond-cni#40',
    cluster,
    checks: [
      says('findings[subjects~pod:shop/testpod-1]', 'MTU'),
      says('findings[subjects~pod:shop/testpod-1]', 'net1'),
      silentOn('findings[subjects~pod:shop/testpod-1]', 'does not know this message|EC2|every node'),
    ],
  };
}

/** A reboot without DEL leaves the files of host-local. */
function rebootKeepsFiles(): Situation {
  const { cluster, node } = startLab();
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    type: 'macvlan',
    master: 'eth1',
    ipam: {
      type: 'host-local',
      ranges: [[{ subnet: '10.8.0.0/24', rangeStart: '10.8.0.5', rangeEnd: '10.8.0.7' }]],
    },
  });
  labPod(cluster, 'shop/a', node, 'lan', [entry('shop/lan', 'net1', '10.8.0.5', '2e:00:00:00:01:01')]);
  asking(cluster, 'shop/b', node, 'lan');
  refused(
    cluster,
    'shop/b',
    multusSays(
      'shop/b',
      'lan',
      'failed to allocate for range 0: no IP addresses available in range set: 10.8.0.5-10.8.0.7',
    ),
  );
  return {
    source: 'siderolabs/docs#760, k8snetworkplumbingwg/multus-cni#1087',
    cluster,
    checks: [
      says('findings', '/var/lib/cni/networks|on (this|the|each) node'),
      says('findings[subjects~pod:shop/b]', 'host-local|range|address'),
      silentOn('findings', '[Ww]iden the range(?! )'),
    ],
  };
}

/** Multus calls flannel, flannel calls bridge, and bridge waits for the pod's port. */
function portThatStaysDown(): Situation {
  const { cluster, node } = startLab();
  cluster.waiting('apps/forgcc', node, { createdAt: OLD });
  refused(
    cluster,
    'apps/forgcc',
    multusSays(
      'apps/forgcc',
      'cbr0',
      'plugin type="flannel" failed (add): failed to delegate add: bridge port in error state: lower-layer-down',
    ),
  );
  return {
    source: 'k8snetworkplumbingwg/multus-cni#1276',
    cluster,
    checks: [
      says('findings[subjects~pod:apps/forgcc]', 'port on the bridge'),
      silentOn('findings[subjects~pod:apps/forgcc]', 'does not know this message|exchange full'),
    ],
  };
}

export const takenFor: Readonly<Record<string, () => Situation>> = {
  'host-local as a network': () => ipamAsNetwork('host-local'),
  'whereabouts as a network': () => ipamAsNetwork('whereabouts'),
  'static as a network': () => ipamAsNetwork('static'),
  'address in a template of two replicas': addressInTemplate,
  'rolling update into a full range': rollingIntoFullRange,
  'Xen with prefix mode and 110 pods': smallestXen,
  'primary network of the namespace is missing': primaryNetworkMissing,
  'bond with a larger MTU than its links': bondLargerThanLinks,
  'files of host-local after a reboot': rebootKeepsFiles,
  'bridge port that stays down': portThatStaysDown,
};
