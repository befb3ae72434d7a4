/** Dynamic Resource Allocation (resource.k8s.io): claims, the devices that drivers publish, and classes of devices. */
import { boolean, list, nullable, number, object, text, time } from '../shape';
import type { ValueOf } from '../shape';
import { objectFields } from './object';

const claimedDevice = object({
  /** The request that it satisfies, `REQUEST` or `REQUEST/SUBREQUEST`. */
  request: text,
  driver: text,
  pool: text,
  device: text,
  /** For a device that several claims share by capacity. */
  shareId: nullable(text),
  /** Access beside the claim that has the device, for monitoring (KEP-5018): the device stays where it is. */
  adminAccess: boolean,
  /** Whether the claim tolerates taints of the device. */
  tolerates: boolean,
});
/** One entry of status.allocation.devices.results. */
export interface ClaimedDevice extends ValueOf<typeof claimedDevice> {}

const deviceStatus = object({
  driver: text,
  pool: text,
  device: text,
  shareId: nullable(text),
  /** Its conditions; the driver's free-form `data` is not kept. */
  conditions: list(
    object({
      type: text,
      status: text,
      reason: nullable(text),
      message: nullable(text),
    }),
  ),
  /** networkData: the interface as the driver configured it; drivers do not report later changes. */
  network: nullable(
    object({
      interfaceName: nullable(text),
      /** Canonical, without prefix length. */
      ips: list(text),
      /** Six lower-case octets; null for none, and for InfiniBand's twenty. */
      mac: nullable(text),
    }),
  ),
});
/** One entry of status.devices. */
export interface DeviceStatus extends ValueOf<typeof deviceStatus> {}

const resourceClaimFact = object({
  ...objectFields,
  requests: list(
    object({
      /** `REQUEST` or `REQUEST/SUBREQUEST`. */
      name: text,
      deviceClass: text,
    }),
  ),
  /** Whether status.allocation is present. */
  allocated: boolean,
  allocatedAt: nullable(time),
  /** The node of the allocation; null for devices that several nodes can access. */
  node: nullable(text),
  devices: list(claimedDevice),
  /** Pods of status.reservedFor. */
  pods: list(object({ name: text, uid: text })),
  status: list(deviceStatus),
  problems: list(text),
});
/** A ResourceClaim: what it requests, what was allocated, and what the drivers report. */
export interface ResourceClaimFact extends ValueOf<typeof resourceClaimFact> {}

const sliceDevice = object({
  name: text,
  /** The link's name on the host; null while a pod has the link. */
  ifName: nullable(text),
  mac: nullable(text),
  /** Canonical. */
  ips: list(text),
  up: nullable(boolean),
  mtu: nullable(number),
  pciAddress: nullable(text),
  pcieRoot: nullable(text),
  numaNode: nullable(number),
  /** For example `ether`, `infiniband`. */
  encapsulation: nullable(text),
  rdma: nullable(boolean),
  /** Its RDMA device, for example `rdmap0s30`, `mlx5_0`. */
  rdmaDevice: nullable(text),
  /** Whether the link has no device of its own: VLAN, bond, bridge, dummy. */
  virtual: nullable(boolean),
  /** Name of the PCI device, for example `Elastic Fabric Adapter (EFA)`. */
  product: nullable(text),
  /** For a virtual function: its physical function. */
  pfName: nullable(text),
  pfPciAddress: nullable(text),
  /** The device plugin resource that covers the same device. */
  resourceName: nullable(text),
  /** Its taints that have an effect, each as `KEY=VALUE:EFFECT`; those of DeviceTaintRules are not among them. */
  taints: list(text),
});
/** A device as published by its driver. */
export interface SliceDevice extends ValueOf<typeof sliceDevice> {}

const resourceSliceFact = object({
  ...objectFields,
  driver: text,
  pool: text,
  generation: number,
  /** Number of slices in the pool. */
  sliceCount: number,
  /** The node of the devices; null for devices that several nodes can access. */
  node: nullable(text),
  devices: list(sliceDevice),
});
/** A ResourceSlice: part of a driver's device pool. */
export interface ResourceSliceFact extends ValueOf<typeof resourceSliceFact> {}

const deviceClassFact = object({
  ...objectFields,
  /** Drivers named in its selectors. */
  drivers: list(text),
  /** The extended resource that stands for the class (KEP-5004). */
  extendedResource: nullable(text),
});

/** A DeviceTaintRule: a taint of every device that it selects. */
const deviceTaintRuleFact = object({
  ...objectFields,
  /** What it selects; null: any. */
  driver: nullable(text),
  pool: nullable(text),
  device: nullable(text),
  /** As `KEY=VALUE:EFFECT`. */
  taint: text,
});

/** The fact kinds of claims and claimable devices. */
export const CLAIM_FACTS = {
  resourceClaim: resourceClaimFact,
  resourceSlice: resourceSliceFact,
  deviceClass: deviceClassFact,
  deviceTaintRule: deviceTaintRuleFact,
};
