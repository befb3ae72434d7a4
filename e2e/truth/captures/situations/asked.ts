/** Who asks for networks: owners that Kubernetes does not know itself, machines whose networks change, and pods with another default. */
import type { Cluster } from '../kit/cluster';
import { NETWORKS, STATUS } from '../kit/pod';
import type { Json } from '../kit/types';
import { entry, launcher, running, start } from './attaching';
import { found, is, none, refused, says, silentOn, type Situation } from './situation';

const lan = (c: Cluster, key = 'shop/lan'): void =>
  c.nad(key, { cniVersion: '0.3.1', type: 'bridge', bridge: 'br0', ipam: {} });

const template = (networks = 'lan'): Json => ({
  metadata: { labels: { app: 'a' }, annotations: { [NETWORKS]: networks } },
  spec: { containers: [{ name: 'main', image: 'registry.example.com/app:1' }] },
});

const machine: Json = {
  metadata: { labels: { app: 'a' } },
  spec: { domain: { devices: {} }, networks: [{ name: 'lan', multus: { networkName: 'lan' } }] },
};

const OWNERS: Readonly<Record<string, readonly [apiVersion: string, spec: Json]>> = {
  Rollout: ['argoproj.io/v1alpha1', { replicas: 0, strategy: { canary: {} }, template: template() }],
  ReplicaSet: ['apps/v1', { replicas: 0, template: template() }],
  ReplicationController: ['v1', { replicas: 0, template: template() }],
  DeploymentConfig: ['apps.openshift.io/v1', { replicas: 0, template: template() }],
  CloneSet: ['apps.kruise.io/v1alpha1', { replicas: 0, template: template() }],
  JobSet: [
    'jobset.x-k8s.io/v1alpha2',
    { suspend: true, replicatedJobs: [{ name: 'w', template: { spec: { template: template() } } }] },
  ],
  MPIJob: ['kubeflow.org/v2beta1', { mpiReplicaSpecs: { Worker: { replicas: 0, template: template() } } }],
  RayCluster: ['ray.io/v1', { workerGroupSpecs: [{ replicas: 0, template: template() }] }],
  LeaderWorkerSet: ['leaderworkerset.x-k8s.io/v1', { leaderWorkerTemplate: { workerTemplate: template() } }],
  VirtualMachinePool: [
    'pool.kubevirt.io/v1alpha1',
    { replicas: 0, virtualMachineTemplate: { spec: { template: machine } } },
  ],
  VirtualMachineInstanceReplicaSet: ['kubevirt.io/v1', { replicas: 0, template: machine }],
  VirtualMachineInstance: ['kubevirt.io/v1', (machine as { readonly spec: Json }).spec],
};

/** An owner at rest: nothing runs, and its template names the network. */
function ownerAtRest(kind: string): Situation {
  const { cluster } = start();
  lan(cluster);
  const [apiVersion, spec] = OWNERS[kind] ?? ['v1', {}];
  cluster.object({
    apiVersion,
    kind,
    metadata: { namespace: 'shop', name: 'nightly', uid: `o-${kind}`, creationTimestamp: '2026-08-01T00:00:00Z' },
    spec,
  });
  return {
    source: `k8snetworkplumbingwg/multus-cni#199, k8snetworkplumbingwg/sriov-network-operator#672 (${kind})`,
    cluster,
    checks: [
      none('findings[rule=network-unused]'),
      says('networks[id=net:shop/lan].namedBy', 'nightly'),
      none('findings[severity=error]'),
    ],
  };
}

/** The annotation stands on a Rollout itself, not on its template: no pod gets it. */
function annotationOnTheOwner(): Situation {
  const { cluster, node } = start();
  lan(cluster);
  cluster.object({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: {
      namespace: 'shop',
      name: 'web',
      uid: 'o-web',
      creationTimestamp: '2026-08-01T00:00:00Z',
      annotations: { [NETWORKS]: 'lan' },
    },
    spec: { replicas: 1, template: { metadata: { labels: { app: 'a' } }, spec: { containers: [] } } },
  });
  cluster.pod('shop/web-6c-x', node, node.primary, { owner: { kind: 'ReplicaSet', name: 'web-6c' } });
  return {
    source: 'k8snetworkplumbingwg/multus-cni#444, #566 (with a Rollout)',
    cluster,
    checks: [
      says('findings[rule=networks-annotation-on-workload]', 'web'),
      says('findings[rule=networks-annotation-on-workload].advice', 'template'),
    ],
  };
}

/** An interface is plugged into a running machine: the controller adds it, and writes both annotations anew. */
function pluggedIn(done: boolean): Situation {
  const { cluster, node } = start();
  lan(cluster, 'vms/lan');
  lan(cluster, 'vms/fancy');
  const wants = [
    { name: 'lan', namespace: 'vms', interface: 'pod16477688c0e' },
    { name: 'fancy', namespace: 'vms', interface: 'pod7e0055a6880' },
  ];
  running(
    cluster,
    'vms/virt-launcher-db-aaaaa',
    node,
    JSON.stringify(wants),
    [
      entry('vms/lan', 'pod16477688c0e', null, '02:fc:9e:00:00:01'),
      ...(done ? [entry('vms/fancy', 'pod7e0055a6880', null, '02:fc:9e:00:00:02')] : []),
    ],
    launcher('db'),
  );
  return {
    source: 'kubevirt/kubevirt#6733, kubevirt/user-guide#664',
    cluster,
    checks: done
      ? [
          none('findings[severity=error]'),
          none('findings[severity=warning]'),
          found('interfaces[id=if:vms/virt-launcher-db-aaaaa/pod7e0055a6880]'),
        ]
      : [
          says('findings[subjects~pod:vms/virt-launcher-db-aaaaa]', 'fancy'),
          // Deleting its pod ends the machine; a live migration gives it a pod with the interface.
          says('findings[subjects~pod:vms/virt-launcher-db-aaaaa].advice', '(?i)migrat'),
          silentOn('findings[subjects~pod:vms/virt-launcher-db-aaaaa].advice', '(?i)(delete|recreate|restart) the pod'),
        ],
  };
}

/** An interface is unplugged: it is no longer asked for, and the pod still has it until the machine moves. */
function unplugged(): Situation {
  const { cluster, node } = start();
  lan(cluster, 'vms/lan');
  lan(cluster, 'vms/fancy');
  running(
    cluster,
    'vms/virt-launcher-db-aaaaa',
    node,
    JSON.stringify([{ name: 'lan', namespace: 'vms', interface: 'pod16477688c0e' }]),
    [
      entry('vms/lan', 'pod16477688c0e', null, '02:fc:9e:00:00:01'),
      entry('vms/fancy', 'pod7e0055a6880', null, '02:fc:9e:00:00:02'),
    ],
    launcher('db'),
  );
  return {
    source: 'kubevirt/kubevirt#14074',
    cluster,
    checks: [
      says('findings[subjects~pod:vms/virt-launcher-db-aaaaa]', 'fancy|pod7e0055a6880'),
      silentOn('findings[subjects~pod:vms/virt-launcher-db-aaaaa].advice', '(?i)(delete|recreate|restart) the pod'),
      none('findings[rule=network-unused][subjects~net:vms/fancy]'),
    ],
  };
}

/** The pod's default network is another one, on an ENI that is kept from ipamd. */
function otherDefault(): Situation {
  const { cluster, node } = start();
  const outer = cluster.subnet('10.41.0.0/24');
  const kept = node.eni({ dev: 1, tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } }, outer);
  const held = kept.add();
  cluster.nad('kube-system/flat', {
    cniVersion: '0.3.1',
    type: 'ipvlan',
    master: 'eth1',
    mode: 'l2',
    ipam: { type: 'whereabouts', range: '10.41.0.0/24' },
  });
  cluster.write('shop/a', node, [held.ip], {
    annotations: {
      'v1.multus-cni.io/default-network': 'flat',
      [STATUS]: JSON.stringify([
        { name: 'kube-system/flat', interface: 'eth0', ips: [held.ip], mac: kept.mac, default: true, dns: {} },
      ]),
    },
  });
  return {
    source: 'k8snetworkplumbingwg/multus-cni#174, #158',
    cluster,
    checks: [
      is('interfaces[id=if:shop/a/eth0].eni', kept.id),
      is('interfaces[id=if:shop/a/eth0].network', 'net:kube-system/flat'),
      is('nodes[name=n1].pools.0.assigned', 0),
      none('findings[rule=network-unused]'),
      none('findings[rule=pod-address-not-on-node]'),
      none('findings[rule=network-status-missing]'),
      none('findings[severity=error]'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/a where', says: new RegExp(kept.id) }],
  };
}

/** A default network that is not there, and one too many. */
function wrongDefault(how: 'missing' | 'two'): Situation {
  const { cluster, node } = start();
  lan(cluster, 'kube-system/flat');
  lan(cluster, 'kube-system/wide');
  cluster.waiting('shop/a', node, {
    createdAt: '2026-09-01T11:30:00Z',
    annotations: { 'v1.multus-cni.io/default-network': how === 'two' ? 'flat,wide' : 'calico-conf' },
  });
  refused(
    cluster,
    'shop/a',
    `plugin type="multus" name="multus-cni-network" failed (add): Multus: [shop/a]: error loading k8s delegates k8s args: TryLoadPodDelegates: error in loading K8s cluster default network from pod annotation: ${
      how === 'two'
        ? 'tryLoadK8sPodDefaultNetwork: more than one default network is specified: flat,wide'
        : 'tryLoadK8sPodDefaultNetwork: failed getting the delegate: getNetDelegate: cannot find network: calico-conf'
    }`,
  );
  return {
    source: 'k8snetworkplumbingwg/multus-cni#492 (default-network)',
    cluster,
    checks:
      how === 'two'
        ? [
            says('findings[subjects~pod:shop/a]', 'more than one default network'),
            none('findings[rule=network-unused][subjects~net:kube-system/flat]'),
          ]
        : [
            says('findings[subjects~pod:shop/a]', 'calico-conf'),
            says('findings[rule=network-missing]', 'kube-system'),
            silentOn('findings[subjects~pod:shop/a].advice', 'ipamd'),
          ],
    sayings: [
      { command: 'explain', words: 'pod shop/a address', says: how === 'two' ? /more than one/ : /calico-conf/ },
    ],
  };
}

export const asked: Readonly<Record<string, () => Situation>> = {
  ...Object.fromEntries(Object.keys(OWNERS).map((kind) => [`${kind} at rest`, () => ownerAtRest(kind)])),
  'annotation on a Rollout': annotationOnTheOwner,
  'interface plugged into a machine': () => pluggedIn(true),
  'interface to be plugged into a machine': () => pluggedIn(false),
  'interface unplugged from a machine': unplugged,
  'another default network': otherDefault,
  'default network that is missing': () => wrongDefault('missing'),
  'two default networks': () => wrongDefault('two'),
};
