/**
 * ResourceClaims: created with their pod or shared by several, allocated on the pod's node, prepared by the drivers, and
 * released. The state is kept here; the API object is written from it.
 */
import { rfc3339 } from './clock';
import type { ClaimRequest, SimClaim, SimPodClaim } from './claim';
import type { SimDevice } from './device';
import { publishDevices } from './devices';
import { uid } from './identity';
import { must } from './must';
import type { SimNode } from './node';
import type { SimPod, TrueInterface } from './pod';
import { objectsOf, type ClusterState } from './state';

const CLAIMS = 'resource.k8s.io/resourceclaims';

const keyOf = ({ namespace, name }: { readonly namespace: string; readonly name: string }): string =>
  `${namespace}/${name}`;

/** Adds a claim that pods of the namespace share by its name. */
export function addSharedClaim(
  state: ClusterState,
  namespace: string,
  wanted: ClaimRequest & { readonly shared: string },
): void {
  addClaim(state, namespace, wanted.shared, wanted, null);
}

function addClaim(
  state: ClusterState,
  namespace: string,
  name: string,
  wanted: ClaimRequest,
  template: string | null,
): SimClaim {
  const claim: SimClaim = {
    namespace,
    name,
    uid: uid(state.random),
    createdAt: state.now(),
    template,
    wanted,
    node: null,
    allocatedAt: null,
    devices: [],
    pods: new Map(),
    ready: false,
  };
  state.claims.set(keyOf(claim), claim);
  write(state, claim);
  return claim;
}

/** The claims of a new pod; missing ones are created. */
export function claimsFor(
  state: ClusterState,
  { namespace, name, app }: { readonly namespace: string; readonly name: string; readonly app: string },
  wanted: readonly ClaimRequest[],
): readonly SimPodClaim[] {
  return wanted.map((request) => {
    if (request.shared !== undefined) return { name: request.name, claim: request.shared, template: null };
    const template = `${app}-${request.name}`;
    const made = addClaim(state, namespace, `${name}-${request.name}-${state.random.suffix(5)}`, request, template);
    return { name: request.name, claim: made.name, template };
  });
}

/** Devices for a claim on that node, by request; null if there are not enough. */
function choose(state: ClusterState, node: SimNode, { requests, together }: ClaimRequest): SimClaim['devices'] | null {
  const roots = together === true ? new Set(node.devices.map(({ pcieRoot }) => pcieRoot)) : new Set([undefined]);
  for (const root of roots) {
    const chosen: { request: string; device: SimDevice }[] = [];
    for (const { name, deviceClass, count = 1 } of requests) {
      const { driver, fits } = must(state.deviceClasses.get(deviceClass), `device class ${deviceClass}`);
      const free = node.devices.filter(
        (device) =>
          device.claim === null &&
          device.driver === driver &&
          fits(device) &&
          (root === undefined || device.pcieRoot === root) &&
          !chosen.some((one) => one.device === device),
      );
      chosen.push(...free.slice(0, count).map((device) => ({ request: name, device })));
    }
    const most = requests.reduce((sum, { count = 1 }) => sum + count, 0);
    if (chosen.length === most) return chosen;
  }
  return null;
}

/** Whether the node has the devices for a pod with this request. */
export function canAllocate(
  state: ClusterState,
  node: SimNode,
  namespace: string,
  wanted: readonly ClaimRequest[],
): boolean {
  return wanted.every((request) => {
    const shared = request.shared === undefined ? undefined : state.claims.get(`${namespace}/${request.shared}`);
    if (shared?.node != null) return shared.node === node.facts.name;
    return choose(state, node, request) !== null;
  });
}

/** The scheduler's part: allocates devices on the pod's node and reserves them for it. */
export function allocate(state: ClusterState, node: SimNode, pod: SimPod): void {
  for (const { claim: name } of pod.claims) {
    const claim = must(state.claims.get(`${pod.namespace}/${name}`), `claim ${name}`);
    if (claim.node === null) {
      claim.devices = must(choose(state, node, claim.wanted), `devices for ${name} on ${node.facts.name}`);
      claim.node = node.facts.name;
      claim.allocatedAt = state.live ? state.now() : pod.createdAt;
      for (const { device } of claim.devices) device.claim = keyOf(claim);
    }
    claim.pods.set(keyOf(pod), pod.uid);
    write(state, claim);
  }
}

/** The kubelet's and the drivers' part: moves links into the pod. Returns the interfaces that the pod gets from the claim. */
export function prepare(state: ClusterState, node: SimNode, pod: SimPod): readonly TrueInterface[] {
  const interfaces: TrueInterface[] = [];
  for (const { claim: name } of pod.claims) {
    const claim = must(state.claims.get(`${pod.namespace}/${name}`), `claim ${name}`);
    claim.ready = true;
    for (const [index, { request, device }] of claim.devices.entries()) {
      if (device.link !== null) device.moved = true;
      if (isInterface(device)) interfaces.push(interfaceOf(state, claim, request, device, index));
    }
    write(state, claim);
  }
  if (pod.claims.length > 0) publishDevices(state, node);
  return interfaces;
}

/** A device that Multus configures is reported by Multus; a GPU is not an interface. */
const isInterface = (device: SimDevice): boolean =>
  (device.link !== null && device.report !== 'nothing') || (device.eniId !== null && device.link === null);

const linkNameOf = (index: number): string => `nic${index}`;

function interfaceOf(
  state: ClusterState,
  claim: SimClaim,
  request: string,
  device: SimDevice,
  index: number,
): TrueInterface {
  const { link, eniId, report } = device;
  const eni = eniId === null ? undefined : state.ec2.enis.get(eniId);
  const deviceClass = must(
    claim.wanted.requests.find(({ name }) => name === request),
    'request',
  ).deviceClass;
  const reportsMac = link !== null && report === 'all';
  return {
    name: link === null ? `~${device.name}` : linkNameOf(index),
    network: `class:${deviceClass}`,
    ips: (link?.ips ?? []).map((ip) => ip.slice(0, ip.indexOf('/'))),
    recorded: true,
    mac: reportsMac ? link.mac : null,
    eni: eni?.id ?? null,
    card: eni?.attachment?.card ?? null,
    // The driver's MAC is the ENI's; an address is on an ENI; a device with neither is identified by its position.
    rules: eni === undefined ? [] : link === null ? ['pcie-root', 'device-order'] : ['mac', 'vpc-ip', 'claim-device'],
    observed: eni !== undefined && link !== null,
    candidates: [],
    pciAddress: device.pciAddress,
    from: 'claim',
  };
}

/** PCI addresses of virtual functions that the pod claims, which Multus passes on to the network's plugin. */
export const functionsOf = (state: ClusterState, pod: SimPod): readonly string[] =>
  pod.claims.flatMap(({ claim }) =>
    (state.claims.get(`${pod.namespace}/${claim}`)?.devices ?? []).flatMap(({ device }) =>
      device.pfName === null || device.pciAddress === null ? [] : [device.pciAddress],
    ),
  );

/** Called when the pod has finished or was deleted: its own claims are deleted, and a shared one is released by its last pod. */
export function release(state: ClusterState, pod: SimPod): void {
  for (const { claim: name } of pod.claims) {
    const claim = state.claims.get(`${pod.namespace}/${name}`);
    if (claim === undefined) continue;
    claim.pods.delete(keyOf(pod));
    if (claim.pods.size > 0) {
      write(state, claim);
      continue;
    }
    for (const { device } of claim.devices) {
      device.claim = null;
      device.moved = false;
    }
    const node = state.nodes.get(claim.node ?? '');
    Object.assign(claim, { devices: [], node: null, allocatedAt: null, ready: false });
    if (claim.template === null) write(state, claim);
    else {
      state.claims.delete(keyOf(claim));
      objectsOf(state, CLAIMS).delete(keyOf(claim));
    }
    if (node !== undefined) publishDevices(state, node);
  }
}

function write(state: ClusterState, claim: SimClaim): void {
  const { wanted } = claim;
  const owners = claim.template === null ? [] : [...claim.pods];
  objectsOf(state, CLAIMS).put({
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceClaim',
    metadata: {
      name: claim.name,
      namespace: claim.namespace,
      uid: claim.uid,
      creationTimestamp: rfc3339(claim.createdAt),
      ...(claim.template === null ? {} : { annotations: { 'resource.kubernetes.io/pod-claim-name': wanted.name } }),
      ...(owners.length === 0 ? {} : { ownerReferences: owners.map(([pod, of]) => ownerOf(pod, of)) }),
      finalizers: claim.node === null ? [] : ['resource.kubernetes.io/delete-protection'],
    },
    spec: {
      devices: {
        requests: wanted.requests.map(({ name, deviceClass, count = 1 }) => ({
          name,
          exactly: { deviceClassName: deviceClass, allocationMode: 'ExactCount', count },
        })),
        ...(wanted.together === true
          ? { constraints: [{ requests: [], matchAttribute: 'resource.kubernetes.io/pcieRoot' }] }
          : {}),
      },
    },
    status: statusOf(claim),
  });
}

const ownerOf = (pod: string, of: string): Record<string, unknown> => ({
  apiVersion: 'v1',
  kind: 'Pod',
  name: pod.slice(pod.indexOf('/') + 1),
  uid: of,
  controller: true,
  blockOwnerDeletion: true,
});

function statusOf(claim: SimClaim): Record<string, unknown> {
  if (claim.node === null) return {};
  const at = { driver: '', pool: claim.node };
  const term = { matchFields: [{ key: 'metadata.name', operator: 'In', values: [claim.node] }] };
  const reported = claim.ready ? claim.devices.filter(({ device }) => device.report !== 'nothing') : [];
  return {
    allocation: {
      devices: {
        results: claim.devices.map(({ request, device }) => ({
          request,
          ...at,
          driver: device.driver,
          device: device.name,
        })),
        config: claim.devices.map(({ request, device }, index) => ({
          source: 'FromClaim',
          requests: [request],
          opaque: { driver: device.driver, parameters: { interface: { name: linkNameOf(index) } } },
        })),
      },
      nodeSelector: { nodeSelectorTerms: [term] },
      allocationTimestamp: rfc3339(claim.allocatedAt ?? claim.createdAt),
    },
    reservedFor: [...claim.pods].map(([pod, of]) => ({
      resource: 'pods',
      name: pod.slice(pod.indexOf('/') + 1),
      uid: of,
    })),
    ...(reported.length === 0
      ? {}
      : {
          devices: reported.map(({ device }) => ({
            ...at,
            driver: device.driver,
            device: device.name,
            ...reportOf(claim, device),
          })),
        }),
  };
}

function reportOf(claim: SimClaim, { name, link, report }: SimDevice): Record<string, unknown> {
  const index = claim.devices.findIndex(({ device }) => device.name === name);
  const condition = (type: string, reason: string): Record<string, unknown> => ({
    type,
    status: 'True',
    reason,
    message: '',
    lastTransitionTime: rfc3339(claim.allocatedAt ?? claim.createdAt),
  });
  if (link === null) return { conditions: [condition('Ready', 'RDMAOnlyDeviceReady')] };
  return {
    conditions: [condition('Ready', 'NetworkDeviceReady'), condition('NetworkReady', 'NetworkReady')],
    data: { driverVersion: 'v1.4.0' },
    networkData: {
      interfaceName: linkNameOf(index),
      ips: link.ips,
      ...(report === 'all' ? { hardwareAddress: link.mac } : {}),
    },
  };
}
