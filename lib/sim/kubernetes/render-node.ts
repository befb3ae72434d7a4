/** A node as `GET /api/v1/nodes` shows it. */
import { rfc3339 } from '../model/clock';
import type { Entry } from '../model/collection';
import type { NodeFacts, OsFlavour } from '../model/node';
import type { ClusterState } from '../model/state';

const OS_IMAGE: Readonly<Record<OsFlavour, readonly [string, string]>> = {
  al2: ['Amazon Linux 2', '5.10.245-241.976.amzn2.x86_64'],
  al2023: ['Amazon Linux 2023.9.20260914', '6.12.46-66.121.amzn2023.x86_64'],
  bottlerocket: ['Bottlerocket OS 1.52.0 (aws-k8s-1.35)', '6.12.40'],
  ubuntu: ['Ubuntu 24.04.3 LTS', '6.8.0-1039-aws'],
  windows: ['Windows Server 2022 Datacenter', '10.0.20348.4052'],
};

/** A Node in its API form. */
export function renderNode(state: ClusterState, { rv, value: node }: Entry<NodeFacts>): Record<string, unknown> {
  const [osImage, kernelVersion] =
    node.computeType === 'auto'
      ? ['Bottlerocket (EKS Auto, Standard) 2026.9.1 (aws-k8s-1.35-standard)', '6.12.40']
      : OS_IMAGE[node.os];
  const amounts = (which: 'capacity' | 'allocatable'): Record<string, string> => ({
    cpu: String(node.cpus),
    memory: `${node.memoryGiB * 1024 * 1024 - (which === 'allocatable' ? 750_000 : 0)}Ki`,
    'ephemeral-storage': '83873772Ki',
    pods: String(node.maxPods),
    ...Object.fromEntries(Object.entries(node.extended).map(([name, amount]) => [name, String(amount[which])])),
  });
  const healthy = (type: string, reason: string): Record<string, unknown> => ({
    type,
    status: 'False',
    reason,
    lastHeartbeatTime: rfc3339(state.now()),
    lastTransitionTime: rfc3339(node.createdAt),
  });
  return {
    metadata: {
      name: node.name,
      uid: node.uid,
      resourceVersion: String(rv),
      creationTimestamp: rfc3339(node.createdAt),
      ...(node.deletingAt === null ? {} : { deletionTimestamp: rfc3339(node.deletingAt) }),
      labels: node.labels,
      annotations: { 'node.alpha.kubernetes.io/ttl': '0' },
    },
    spec: {
      ...(node.providerId === '' ? {} : { providerID: node.providerId }),
      ...(node.unschedulable ? { unschedulable: true } : {}),
      ...(node.taints.length === 0
        ? {}
        : { taints: node.taints.map((taint) => ({ ...taint, timeAdded: rfc3339(node.readyAt) })) }),
    },
    status: {
      capacity: amounts('capacity'),
      allocatable: amounts('allocatable'),
      conditions: [
        healthy('MemoryPressure', 'KubeletHasSufficientMemory'),
        healthy('DiskPressure', 'KubeletHasNoDiskPressure'),
        healthy('PIDPressure', 'KubeletHasSufficientPID'),
        {
          type: 'Ready',
          status: node.ready ? 'True' : 'False',
          reason: node.ready ? 'KubeletReady' : 'KubeletNotReady',
          message: node.ready
            ? 'kubelet is posting ready status'
            : 'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
          lastHeartbeatTime: rfc3339(state.now()),
          lastTransitionTime: rfc3339(node.readyAt),
        },
      ],
      addresses: [
        { type: 'InternalIP', address: node.internalIp },
        { type: 'Hostname', address: node.name },
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      nodeInfo: {
        architecture: 'amd64',
        bootID: node.uid,
        containerRuntimeVersion: 'containerd://2.1.5',
        kernelVersion,
        kubeProxyVersion: '',
        kubeletVersion: state.kubernetesVersion,
        machineID: node.uid.replaceAll('-', ''),
        operatingSystem: node.os === 'windows' ? 'windows' : 'linux',
        osImage,
        systemUUID: node.uid,
      },
    },
  };
}
