/** A pod of a capture, as `kubectl get pods -o json` prints it. */
import { ago } from './node';
import type { Json, PodSpec } from './types';

export interface PodPlace {
  readonly namespace: string;
  readonly name: string;
  readonly node: string | null;
  readonly hostIp: string | null;
  readonly ips: readonly string[];
  readonly number: number;
}

export const NETWORKS = 'k8s.v1.cni.cncf.io/networks';
export const STATUS = 'k8s.v1.cni.cncf.io/network-status';

export function podObject({ namespace, name, node, hostIp, ips, number }: PodPlace, spec: PodSpec): Json {
  const phase = spec.phase ?? 'Running';
  const waiting = phase === 'Pending';
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      uid: spec.uid ?? `pod-${String(number)}`,
      creationTimestamp: spec.createdAt ?? '2026-09-01T09:00:00Z',
      ...(spec.deleting === true ? { deletionTimestamp: ago(10) } : {}),
      labels: { ...spec.labels },
      annotations: { ...spec.annotations },
      ...(spec.owner === undefined
        ? {}
        : {
            ownerReferences: [
              { apiVersion: 'apps/v1', ...spec.owner, uid: `owner-${spec.owner.name}`, controller: true },
            ],
          }),
    },
    spec: {
      ...(node === null ? {} : { nodeName: node }),
      ...(spec.hostNetwork === true ? { hostNetwork: true } : {}),
      ...spec.more?.spec,
      ...(spec.initResources === undefined
        ? {}
        : {
            initContainers: [
              { name: 'first', image: 'registry.example.com/init:1', resources: { limits: spec.initResources } },
            ],
          }),
      containers: [
        {
          name: 'main',
          image: 'registry.example.com/app:1',
          resources: spec.resources === undefined ? {} : { limits: spec.resources, requests: spec.resources },
        },
      ],
    },
    status: {
      phase,
      ...spec.more?.status,
      ...(spec.statusReason === undefined ? {} : { reason: spec.statusReason }),
      ...(spec.statusMessage === undefined ? {} : { message: spec.statusMessage }),
      ...(hostIp === null ? {} : { hostIP: hostIp, hostIPs: [{ ip: hostIp }] }),
      ...(waiting ? {} : { startTime: spec.createdAt ?? '2026-09-01T09:00:00Z' }),
      ...(ips.length === 0 ? {} : { podIP: ips[0] }),
      ...(ips.length === 0 || spec.podIpsOnlyInOldField === true ? {} : { podIPs: ips.map((ip) => ({ ip })) }),
      conditions: [
        { type: 'PodScheduled', status: node === null ? 'False' : 'True', lastTransitionTime: ago(10_000) },
        {
          type: 'Ready',
          status: waiting || spec.ready === false ? 'False' : 'True',
          lastTransitionTime: spec.runningSince ?? ago(10_000),
        },
      ],
      containerStatuses: [
        {
          name: 'main',
          image: 'registry.example.com/app:1',
          ready: !waiting,
          restartCount: 0,
          state: waiting
            ? { waiting: { reason: 'ContainerCreating' } }
            : { running: { startedAt: spec.runningSince ?? ago(10_000) } },
        },
      ],
    },
  };
}

/** One of aws-node's own pods, or Multus'. */
export function daemonPod(options: {
  readonly name: string;
  readonly app: string;
  readonly image: string;
  readonly node: string;
  readonly hostIp: string;
  readonly env: readonly Json[];
  readonly envFrom?: readonly Json[];
  readonly initContainers?: readonly Json[];
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ready: boolean;
  /** The container waits to be started again, after so many times; null where it runs. */
  readonly restarts: number | null;
  readonly containers?: { readonly init?: readonly Json[]; readonly main?: readonly Json[] };
}): Json {
  const { name, app, image, node, hostIp, env, ready, restarts, containers } = options;
  const state: Json =
    restarts === null
      ? { running: { startedAt: ago(10_000) } }
      : { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting failed container' } };
  const running = podObject(
    { namespace: 'kube-system', name, node, hostIp, ips: [hostIp], number: 0 },
    {
      hostNetwork: true,
      labels: { 'k8s-app': app },
      annotations: options.annotations ?? {},
      owner: { kind: 'DaemonSet', name: app },
      uid: `uid-${name}`,
    },
  ) as { readonly spec: { readonly [key: string]: Json }; readonly status: { readonly [key: string]: Json } };
  return {
    ...(running as { readonly [key: string]: Json }),
    spec: {
      ...running.spec,
      ...(options.initContainers === undefined ? {} : { initContainers: options.initContainers }),
      containers: [{ name: app, image, env, ...(options.envFrom === undefined ? {} : { envFrom: options.envFrom }) }],
    },
    status: {
      ...running.status,
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: ago(10_000) }],
      ...(containers?.init === undefined ? {} : { initContainerStatuses: containers.init }),
      containerStatuses: containers?.main ?? [{ name: app, image, ready, restartCount: restarts ?? 0, state }],
    },
  };
}
