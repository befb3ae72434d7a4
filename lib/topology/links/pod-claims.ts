/** The claims of a pod (resource.k8s.io): ResourceClaims and their devices. */
import type { ClaimedDevice, DeviceStatus, PodClaim, PodFact, ResourceClaimFact } from '../../model/facts';
import { RESOURCE_CLAIMS } from '../../model/source-ids';
import type { InterfaceRecord, PodClaimRecord, PodDevice } from '../../model/records';
import type { DeviceKind } from '../../model/vocabulary';
import type { NodeContext } from '../context/context';
import { isEfa, type KnownDevice } from '../context/devices';
import type { FactReader } from '../facts/reader';

/** A device that may be an interface of the pod, with the content of its slice. */
export interface ClaimedLink {
  /** metadata.name of the ResourceClaim. */
  readonly claim: string;
  readonly pods: number;
  readonly device: PodDevice;
  /** A share of a device by capacity (KEP-5075): other pods have theirs by claims of their own. */
  readonly isShare: boolean;
  readonly known: KnownDevice | null;
}

/** The claims of a pod and the interfaces that result from them. */
export interface PodClaims {
  readonly records: readonly PodClaimRecord[];
  readonly links: readonly ClaimedLink[];
}

const NONE: PodClaims = { records: [], links: [] };

/** Drivers whose devices are always network devices, whether or not the drivers report networkData. */
const NETWORK_DRIVERS: ReadonlySet<string> = new Set([
  'dra.net',
  'sriovnetwork.k8snetworkplumbingwg.io',
  'networkdriver.cilium.io',
  'cni.dra.networking.x-k8s.io',
]);

/** `context`: that of the pod's node; null while the pod is not scheduled. */
export function podClaimsOf(facts: FactReader, context: NodeContext | null, pod: PodFact): PodClaims {
  if (pod.claims.length === 0) return NONE;
  const links: ClaimedLink[] = [];
  const records = pod.claims.map((claim) => recordOf(facts, context, pod, claim, links));
  return { records, links };
}

function recordOf(
  facts: FactReader,
  context: NodeContext | null,
  pod: PodFact,
  claim: PodClaim,
  links: ClaimedLink[],
): PodClaimRecord {
  const made = claim.claim ?? madeFor(facts, pod, claim);
  const base = { name: claim.name, claim: made, template: claim.template };
  const fact = made === null ? undefined : facts.get('resourceClaim', `${pod.namespace}/${made}`);
  if (made === null || fact === undefined) {
    const isMissing = made !== null && facts.isLive(RESOURCE_CLAIMS);
    const state = isMissing ? 'missing' : made === null ? 'pending' : 'unknown';
    return { ...base, state, pods: null, deviceClasses: [], devices: [] };
  }
  const pods = Math.max(1, fact.pods.length);
  const devices = fact.devices.map((allocated): PodDevice => {
    const known = context?.devices.find(allocated.driver, allocated.pool, allocated.device);
    const device = deviceOf(fact, allocated, known);
    const isLink =
      device.kind !== 'gpu' && !device.adminAccess && (device.reported !== null || NETWORK_DRIVERS.has(device.driver));
    if (isLink) links.push({ claim: made, pods, device, isShare: allocated.shareId !== null, known: known ?? null });
    return device;
  });
  return {
    ...base,
    state: fact.allocated ? 'allocated' : 'pending',
    pods: fact.pods.length,
    deviceClasses: [...new Set(fact.requests.map(({ deviceClass }) => deviceClass))],
    devices,
  };
}

/**
 * The claim that was created from a template for the pod, if its status does not name it: a Multus with an older API client
 * removes the name whenever it writes the status (kubernetes #139772).
 */
function madeFor(facts: FactReader, pod: PodFact, { name, template }: PodClaim): string | null {
  if (template === null) return null;
  const made = facts
    .factsOf('claimsByPod', pod.uid)
    .filter((claim) => claim.namespace === pod.namespace && claim.name.startsWith(`${pod.name}-${name}-`));
  return made.length === 1 ? (made[0]?.name ?? null) : null;
}

const isOf = (allocated: ClaimedDevice, status: DeviceStatus): boolean =>
  status.driver === allocated.driver &&
  status.pool === allocated.pool &&
  status.device === allocated.device &&
  status.shareId === allocated.shareId;

function deviceOf(fact: ResourceClaimFact, allocated: ClaimedDevice, known: KnownDevice | null | undefined): PodDevice {
  const status = fact.status.find((device) => isOf(allocated, device));
  const ready = status?.conditions.find(({ type }) => type === 'Ready') ?? null;
  const failed = status?.conditions.find(({ type, status: is }) => type.endsWith('Ready') && is !== 'True') ?? null;
  return {
    request: allocated.request,
    deviceClass: classOf(fact, allocated.request),
    driver: allocated.driver,
    pool: allocated.pool,
    device: allocated.device,
    kind: kindOf(allocated.driver, status, ready?.reason ?? null, known ?? null),
    ready: ready === null ? null : ready.status === 'True',
    reason:
      failed === null ? null : [failed.type, failed.reason, failed.message].filter((part) => part !== null).join(': '),
    reported: reportedOf(status),
    listed: known === undefined ? null : known !== null,
    pciAddress: known?.device.pciAddress ?? null,
    pcieRoot: known?.device.pcieRoot ?? null,
    hostLink: known?.device.ifName ?? null,
    adminAccess: allocated.adminAccess,
    tolerates: allocated.tolerates,
    interface: null,
  };
}

/** If one of several subrequests was satisfied, the result names it as `REQUEST/SUBREQUEST`. */
const classOf = (fact: ResourceClaimFact, request: string): string | null =>
  fact.requests.find(({ name }) => name === request)?.deviceClass ?? null;

function reportedOf(status: DeviceStatus | undefined): PodDevice['reported'] {
  const network = status?.network ?? null;
  if (network === null) return null;
  const { interfaceName, ips, mac } = network;
  return interfaceName === null && ips.length === 0 && mac === null ? null : { name: interfaceName, ips, mac };
}

/** A device without a link reports no networkData: DRANET says so in the reason of its Ready condition. */
function kindOf(
  driver: string,
  status: DeviceStatus | undefined,
  reason: string | null,
  known: KnownDevice | null,
): DeviceKind {
  if (driver === 'gpu.nvidia.com') return 'gpu';
  if (reportedOf(status) !== null) return 'network';
  if (reason === 'RDMAOnlyDeviceReady' || (known !== null && isEfa(known.device))) return 'rdma';
  const encapsulation = known?.device.encapsulation ?? null;
  if (encapsulation !== null) return encapsulation.startsWith('infiniband') ? 'rdma' : 'network';
  if (known !== null && (known.mac !== null || known.device.ifName !== null)) return 'network';
  return 'unknown';
}

/** The pod's claims, with the interfaces that result from their devices. */
export function withInterfaces(
  records: readonly PodClaimRecord[],
  interfaces: readonly InterfaceRecord[],
): readonly PodClaimRecord[] {
  if (!interfaces.some(({ claim }) => claim !== null)) return records;
  const idOf = (claim: string | null, { driver, device }: PodDevice): string | null =>
    interfaces.find(
      (draft) => draft.claim?.name === claim && draft.claim.driver === driver && draft.claim.device === device,
    )?.id ?? null;
  return records.map((record) => ({
    ...record,
    devices: record.devices.map((device) => ({ ...device, interface: idOf(record.claim, device) })),
  }));
}
