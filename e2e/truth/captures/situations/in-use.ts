/** Networks that no running pod has, and that somebody still asks for or makes: removing them is no advice. */
import { Cluster } from '../kit/cluster';
import { NETWORKS } from '../kit/pod';
import type { Json } from '../kit/types';
import { found, none, silentOn, type Situation } from './situation';

function start(): Cluster {
  const cluster = new Cluster({ multus: 'v4.1.4-eksbuild.3' });
  const subnet = cluster.subnet('10.40.0.0/20');
  cluster.node('n1', subnet).primary.free(9);
  return cluster;
}

const lan = (c: Cluster, key = 'shop/lan', annotations: Readonly<Record<string, string>> = {}): void =>
  c.nad(key, { cniVersion: '0.3.1', type: 'bridge', bridge: 'br0', ipam: {} }, annotations);

const template = (networks: string): Json => ({
  metadata: { labels: { app: 'a' }, annotations: { [NETWORKS]: networks } },
  spec: { containers: [{ name: 'main', image: 'registry.example.com/app:1' }] },
});

/** Workloads at rest: what their templates name is in use. */
function workloadAtRest(kind: 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'CronJob' | 'Job'): Situation {
  const cluster = start();
  lan(cluster);
  const spec: Json =
    kind === 'CronJob'
      ? { schedule: '0 3 * * *', jobTemplate: { spec: { template: template('lan') } } }
      : { replicas: 0, selector: { matchLabels: { app: 'a' } }, template: template('lan') };
  cluster.object({
    apiVersion: kind === 'CronJob' || kind === 'Job' ? 'batch/v1' : 'apps/v1',
    kind,
    metadata: { namespace: 'shop', name: 'nightly', uid: `w-${kind}`, creationTimestamp: '2026-08-01T00:00:00Z' },
    spec,
  });
  return {
    source: 'k8snetworkplumbingwg/sriov-network-operator#672 (network-unused); workloads scaled to none',
    cluster,
    checks: [none('findings[rule=network-unused]')],
  };
}

/** A virtual machine that is switched off. */
function machineSwitchedOff(): Situation {
  const cluster = start();
  lan(cluster, 'vms/lan');
  cluster.object({
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { namespace: 'vms', name: 'db', uid: 'vm-db', creationTimestamp: '2026-08-01T00:00:00Z' },
    spec: {
      runStrategy: 'Halted',
      template: {
        metadata: {},
        spec: {
          domain: { devices: {} },
          networks: [
            { name: 'default', pod: {} },
            { name: 'lan', multus: { networkName: 'lan' } },
          ],
        },
      },
    },
  });
  return {
    source: 'kubevirt/kubevirt (runStrategy: Halted)',
    cluster,
    checks: [none('findings[rule=network-unused]')],
  };
}

/** The default network of a pod, by the annotation for it. */
function defaultNetworkOfAPod(): Situation {
  const cluster = start();
  lan(cluster, 'kube-system/flat');
  const node = cluster.nodes[0];
  if (node === undefined) throw new Error('a node');
  cluster.pod('shop/a', node, node.primary, { annotations: { 'v1.multus-cni.io/default-network': 'flat' } });
  return {
    source: 'k8snetworkplumbingwg/multus-cni (default-network)',
    cluster,
    checks: [none('findings[rule=network-unused]')],
  };
}

/** A network that an operator renders: deleting it does nothing for long. */
function renderedByAnOperator(kind: 'SriovNetwork' | 'MultiNicNetwork' | 'owner'): Situation {
  const cluster = start();
  const object: Json = {
    apiVersion: 'k8s.cni.cncf.io/v1',
    kind: 'NetworkAttachmentDefinition',
    metadata: {
      namespace: 'shop',
      name: 'fast',
      uid: 'nad-fast',
      generation: 1,
      creationTimestamp: '2026-08-01T00:00:00Z',
      annotations:
        kind === 'SriovNetwork'
          ? {
              'sriovnetwork.openshift.io/owner-ref':
                'SriovNetwork.sriovnetwork.openshift.io/sriov-network-operator/fast',
              'k8s.v1.cni.cncf.io/resourceName': 'openshift.io/fast',
            }
          : {},
      ...(kind === 'SriovNetwork'
        ? {}
        : {
            ownerReferences: [
              {
                apiVersion: kind === 'owner' ? 'k8s.ovn.org/v1' : 'multinic.fms.io/v1',
                kind: kind === 'owner' ? 'UserDefinedNetwork' : kind,
                name: 'fast',
                uid: 'o-1',
                controller: true,
              },
            ],
          }),
    },
    spec: {
      config: JSON.stringify({ cniVersion: '0.3.1', type: kind === 'SriovNetwork' ? 'sriov' : 'bridge', ipam: {} }),
    },
  };
  cluster.object(object);
  return {
    source: 'k8snetworkplumbingwg/sriov-network-operator (rendered NADs), ovn-org/ovn-kubernetes (UserDefinedNetwork)',
    cluster,
    checks: [
      silentOn('findings[rule=network-unused].command', 'delete network-attachment-definition'),
      silentOn('findings[rule=network-unused].advice', '^.{0,3}Remove it'),
    ],
  };
}

/** Nobody asks for it: then it is told, and may go. */
function trulyUnused(): Situation {
  const cluster = start();
  lan(cluster);
  return {
    source: 'sriov-network-operator#672 (its counterpart)',
    cluster,
    checks: [found('findings[rule=network-unused][subjects~net:shop/lan]')],
  };
}

export const inUse: Readonly<Record<string, () => Situation>> = {
  'network of a scaled-down Deployment': () => workloadAtRest('Deployment'),
  'network of a scaled-down StatefulSet': () => workloadAtRest('StatefulSet'),
  'network of a DaemonSet without nodes': () => workloadAtRest('DaemonSet'),
  'network of a CronJob': () => workloadAtRest('CronJob'),
  'network of a Job': () => workloadAtRest('Job'),
  'network of a stopped virtual machine': machineSwitchedOff,
  'network that is a pod’s default': defaultNetworkOfAPod,
  'network rendered for a SriovNetwork': () => renderedByAnOperator('SriovNetwork'),
  'network rendered for a MultiNicNetwork': () => renderedByAnOperator('MultiNicNetwork'),
  'network of a UserDefinedNetwork': () => renderedByAnOperator('owner'),
  'unused network': trulyUnused,
};
