/** Workloads whose template names a network that is not there, while no pod of theirs waits to tell of it. */
import { NETWORKS } from '../kit/pod';
import type { Cluster } from '../kit/cluster';
import type { Json } from '../kit/types';
import { asking, start } from './attaching';
import { count, found, none, refused, says, silentOn, type Situation } from './situation';

const template = (networks: string): Json => ({
  metadata: { labels: { app: 'gw' }, annotations: { [NETWORKS]: networks } },
  spec: { containers: [{ name: 'main', image: 'registry.example.com/gw:1' }] },
});

function workload(c: Cluster, kind: string, networks: string, replicas = 0): void {
  c.object({
    apiVersion: kind === 'CronJob' || kind === 'Job' ? 'batch/v1' : 'apps/v1',
    kind,
    metadata: { namespace: 'shop', name: 'gw', uid: `w-${kind}`, creationTimestamp: '2026-08-01T00:00:00Z' },
    spec:
      kind === 'CronJob'
        ? { schedule: '0 3 * * *', jobTemplate: { spec: { template: template(networks) } } }
        : { replicas, selector: { matchLabels: { app: 'gw' } }, template: template(networks) },
  });
}

const bridge = (c: Cluster, key: string): void =>
  c.nad(key, { cniVersion: '0.3.1', type: 'bridge', bridge: 'br0', ipam: {} });

/** Scaled to none, or not yet due: the next pod cannot start. */
function noPods(kind: string): Situation {
  const { cluster } = start();
  bridge(cluster, 'shop/lan-b');
  workload(cluster, kind, kind === 'CronJob' ? '[{"name": "lan-a", "namespace": "shop"}]' : 'lan-a');
  return {
    source:
      'k8snetworkplumbingwg/multus-cni#277, #1195; multus-cni pkg/k8sclient (the pod’s namespace where none is named)',
    cluster,
    checks: [
      says('findings[rule=network-missing]', `the pod template of ${kind} shop/gw`),
      says('findings[rule=network-missing]', 'shop/lan-a'),
      says('findings[rule=network-missing].advice', 'shop/lan-b'),
      says('findings[rule=network-missing].severity', 'warning'),
      count('findings[rule=network-missing]', 1),
    ],
    sayings: [{ command: 'lookup', words: 'lan-a', says: /does not exist/ }],
  };
}

/** Its pods tell already: once is enough. */
function withPods(): Situation {
  const { cluster, node } = start();
  bridge(cluster, 'shop/lan-b');
  workload(cluster, 'Deployment', 'lan-a', 1);
  asking(cluster, 'shop/gw-1', node, 'lan-a', { owner: { kind: 'ReplicaSet', name: 'gw-5f9c' } });
  refused(
    cluster,
    'shop/gw-1',
    'plugin type="multus" name="multus-cni-network" failed (add): Multus: [shop/gw-1/0a1b-2c3d]: error loading k8s delegates k8s args: TryLoadPodDelegates: error in getting k8s network for pod: GetNetworkDelegates: failed getting the delegate: getKubernetesDelegate: cannot find a network-attachment-definition (lan-a) in namespace (shop): network-attachment-definitions.k8s.cni.cncf.io "lan-a" not found',
  );
  return {
    source: 'k8snetworkplumbingwg/multus-cni#277',
    cluster,
    checks: [
      count('findings[rule=network-missing]', 1),
      found('findings[rule=network-missing][subjects~pod:shop/gw-1]'),
      says('findings[rule=network-missing].severity', 'error'),
    ],
  };
}

/** A pod that no node has room for names one that is not there: it tells before it is scheduled. */
function beforeItIsScheduled(): Situation {
  const { cluster } = start();
  bridge(cluster, 'shop/lan');
  asking(cluster, 'shop/a', null, 'lan, lna');
  return {
    source: 'k8snetworkplumbingwg/multus-cni#277 (before the scheduler has a node)',
    cluster,
    checks: [
      says('findings[rule=network-missing][subjects~pod:shop/a]', 'shop/lna'),
      silentOn('findings[rule=network-missing]', 'shop/lan,'),
    ],
  };
}

/** An annotation that Multus cannot read names nothing for certain. */
function refusedTemplate(): Situation {
  const { cluster } = start();
  bridge(cluster, 'shop/lan');
  workload(cluster, 'Deployment', '[{"name": "lan" "interface": "eth9"}]');
  return {
    source: 'k8snetworkplumbingwg/multus-cni#635',
    cluster,
    checks: [none('findings[rule=network-missing]'), none('findings[rule=network-unused]')],
  };
}

/** A machine that is switched off, on a network that nobody has made. */
function machineAtRest(): Situation {
  const { cluster } = start();
  bridge(cluster, 'vms/lan');
  cluster.object({
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { namespace: 'vms', name: 'db', uid: 'vm-db', creationTimestamp: '2026-08-01T00:00:00Z' },
    spec: {
      runStrategy: 'Halted',
      template: {
        metadata: {},
        spec: { domain: { devices: {} }, networks: [{ name: 'lan', multus: { networkName: 'default/lan' } }] },
      },
    },
  });
  return {
    source: 'kubevirt/kubevirt#3873 (network of a machine that does not exist)',
    cluster,
    checks: [
      says('findings[rule=network-missing]', 'VirtualMachine vms/db'),
      says('findings[rule=network-missing]', 'default/lan'),
    ],
  };
}

export const templates: Readonly<Record<string, () => Situation>> = {
  'scaled-down Deployment on a missing network': () => noPods('Deployment'),
  'scaled-down StatefulSet on a missing network': () => noPods('StatefulSet'),
  'CronJob that is not due, on a missing network': () => noPods('CronJob'),
  'Deployment whose pod reports its network': withPods,
  'unscheduled pod on a missing network': beforeItIsScheduled,
  'template that Multus cannot read': refusedTemplate,
  'stopped virtual machine on a missing network': machineAtRest,
};
