/** Claims (DRA): what drivers offer, what a claim was given, and pods that have one. */
import { Cluster } from '../kit/cluster';
import type { Eni } from '../kit/eni';
import type { Node } from '../kit/node';
import { podObject } from '../kit/pod';
import type { Json, PodSpec } from '../kit/types';
import { warning } from './situation';

const NO_MANAGE = { 'node.k8s.amazonaws.com/no_manage': 'true' };

export interface Device {
  readonly name: string;
  readonly attributes: Readonly<Record<string, Json>>;
}

export function slice(c: Cluster, node: string, driver: string, devices: readonly Device[]): void {
  c.object({
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceSlice',
    metadata: {
      name: `${node}-${driver}-x`,
      uid: `slice-${node}-${driver}`,
      creationTimestamp: '2026-08-01T00:00:00Z',
    },
    spec: {
      driver,
      nodeName: node,
      pool: { name: node, generation: 1, resourceSliceCount: 1 },
      devices: devices.map(({ name, attributes }) => ({ name, attributes })),
    },
  });
}

export const nic = (
  name: string,
  ifName: string | null,
  mac: string | null,
  more: Readonly<Record<string, Json>> = {},
): Device => ({
  name,
  attributes: {
    ...(ifName === null ? {} : { 'dra.net/ifName': { string: ifName } }),
    ...(mac === null ? {} : { 'dra.net/mac': { string: mac } }),
    'dra.net/rdma': { bool: false },
    'dra.net/virtual': { bool: false },
    ...more,
  },
});

interface Claim {
  readonly key: string;
  readonly pods: readonly string[];
  readonly device: string | null;
  readonly node: string;
  readonly told?: Json;
  readonly driver?: string;
  /** Which share of the device it is. */
  readonly share?: string;
  /** The pod that it was made for, by a template under that name. */
  readonly owner?: { readonly pod: string; readonly name: string };
}

export function claim(c: Cluster, { key, pods, device, node, told, driver = 'dra.net', share, owner }: Claim): void {
  const [namespace = '', name = ''] = key.split('/');
  c.object({
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceClaim',
    metadata: {
      namespace,
      name,
      uid: `claim-${key}`,
      creationTimestamp: '2026-09-01T09:00:00Z',
      ...(owner === undefined
        ? {}
        : {
            annotations: { 'resource.kubernetes.io/pod-claim-name': owner.name },
            ownerReferences: [
              {
                apiVersion: 'v1',
                kind: 'Pod',
                name: owner.pod,
                uid: `pod-${namespace}-${owner.pod}`,
                controller: true,
              },
            ],
          }),
    },
    spec: {
      devices: {
        requests: [{ name: 'nic', exactly: { deviceClassName: 'nics', allocationMode: 'ExactCount', count: 1 } }],
      },
    },
    ...(device === null
      ? {}
      : {
          status: {
            allocation: {
              devices: {
                results: [
                  { request: 'nic', driver, pool: node, device, ...(share === undefined ? {} : { shareID: share }) },
                ],
              },
              nodeSelector: {
                nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] }],
              },
            },
            reservedFor: pods.map((pod) => ({ resource: 'pods', name: pod, uid: `pod-${namespace}-${pod}` })),
            ...(told === undefined ? {} : { devices: [told] }),
          },
        }),
  });
}

export function claimingPod(
  c: Cluster,
  key: string,
  node: Node | null,
  claimName: string | null,
  ips: readonly string[],
  {
    extendedClaim,
    ...spec
  }: PodSpec & { readonly extendedClaim?: { readonly claim: string; readonly resource: string } } = {},
): void {
  const [namespace = '', name = ''] = key.split('/');
  const place = {
    namespace,
    name,
    node: node?.name ?? null,
    hostIp: node?.enis[0]?.ip ?? null,
    ips,
    number: 900 + c.objects.length,
  };
  const made = podObject(place, { uid: `pod-${namespace}-${name}`, ...spec }) as {
    readonly spec: { readonly [key: string]: Json };
    readonly status: { readonly [key: string]: Json };
  };
  c.object({
    ...(made as { readonly [key: string]: Json }),
    spec: {
      ...made.spec,
      // Without a name of its own it is made from a template.
      ...(extendedClaim !== undefined
        ? {}
        : {
            resourceClaims: [
              {
                name: 'nic',
                ...(claimName === null ? { resourceClaimTemplateName: 'nics' } : { resourceClaimName: claimName }),
              },
            ],
          }),
    },
    status: {
      ...made.status,
      ...(claimName === null ? {} : { resourceClaimStatuses: [{ name: 'nic', resourceClaimName: claimName }] }),
      ...(extendedClaim === undefined
        ? {}
        : {
            extendedResourceClaimStatus: {
              resourceClaimName: extendedClaim.claim,
              requestMappings: [{ containerName: 'main', resourceName: extendedClaim.resource, requestName: 'nic' }],
            },
          }),
    },
  });
}

export const ready = (node: string, device: string, name: string, eni: Eni, driver = 'dra.net'): Json => ({
  driver,
  pool: node,
  device,
  conditions: [
    {
      type: 'Ready',
      status: 'True',
      reason: 'NetworkDeviceReady',
      lastTransitionTime: '2026-09-01T09:00:05Z',
      message: '',
    },
  ],
  networkData: { interfaceName: name, hardwareAddress: eni.mac, ips: [`${eni.ip ?? ''}/20`] },
});

export function startClaims(): { readonly cluster: Cluster; readonly node: Node; readonly kept: Eni } {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { maxPods: 20 });
  node.primary.free(6);
  const kept = node.eni({ dev: 1, tags: NO_MANAGE });
  cluster.object({
    apiVersion: 'resource.k8s.io/v1',
    kind: 'DeviceClass',
    metadata: { name: 'nics', uid: 'class-nics' },
    spec: { selectors: [] },
  });
  return { cluster, node, kept };
}

/** What the scheduler says of a pod. */
export const unscheduled = (c: Cluster, pod: string, text: string): void =>
  warning(c, pod, 'FailedScheduling', text, 'default-scheduler');

/** A slice by its spec; `node` null: it names no node. */
export function sliceOf(c: Cluster, node: string | null, driver: string, spec: { readonly [key: string]: Json }): void {
  c.object({
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceSlice',
    metadata: { name: `s-${String(c.objects.length)}`, uid: `slice-${String(c.objects.length)}` },
    spec: { driver, ...(node === null ? {} : { nodeName: node }), ...spec },
  });
}

/** A pod with several claims, each by its own name. */
export function podWith(
  c: Cluster,
  key: string,
  node: Node,
  ips: readonly string[],
  claims: readonly string[],
  spec: PodSpec = {},
): void {
  const [namespace = '', name = ''] = key.split('/');
  const place = { namespace, name, node: node.name, hostIp: node.enis[0]?.ip ?? null, ips, number: 1 };
  const made = podObject(place, { uid: `pod-${namespace}-${name}`, ...spec }) as {
    readonly [key: string]: Json;
    readonly spec: { readonly [key: string]: Json };
    readonly status: { readonly [key: string]: Json };
  };
  c.object({
    ...made,
    spec: { ...made.spec, resourceClaims: claims.map((one) => ({ name: one, resourceClaimName: one })) },
    status: { ...made.status },
  });
}
