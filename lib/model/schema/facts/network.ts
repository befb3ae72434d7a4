/** NetworkAttachmentDefinitions, address managers and host links. */
import { boolean, list, nullable, number, object, text, time, word } from '../shape';
import type { ValueOf } from '../shape';
import { objectFields } from './object';

const nadFact = object({
  ...objectFields,
  /** spec.config; null when absent; cut at 1 MiB with a problem. */
  config: nullable(text),
  resourceName: nullable(text),
  /** The object that it is generated from, for example `SriovNetwork fast`; null without one. */
  writtenFrom: nullable(text),
  /** When the config was written as it is (multus §0.8); null where no field proves it. */
  configAt: nullable(time),
  problems: list(text),
});
/** A NetworkAttachmentDefinition. The config is foreign text: `lib/cni` reads it. */
export interface NadFact extends ValueOf<typeof nadFact> {}

const whereaboutsPoolFact = object({
  ...objectFields,
  range: nullable(text),
  /** Decimal offset from the network address → the holder of that address (multus §4.2). */
  allocations: list(
    object({
      offset: text,
      podRef: text,
      ifname: nullable(text),
    }),
  ),
  problems: list(text),
});
/** An IPPool of whereabouts. */
export interface WhereaboutsPoolFact extends ValueOf<typeof whereaboutsPoolFact> {}

const whereaboutsReservationFact = object({
  ...objectFields,
  ip: nullable(text),
  podRef: nullable(text),
  ifname: nullable(text),
});
/** An OverlappingRangeIPReservation of whereabouts. */
export interface WhereaboutsReservationFact extends ValueOf<typeof whereaboutsReservationFact> {}

/** A NodeSlicePool of Whereabouts. */
const nodeSlicePoolFact = object({
  ...objectFields,
  range: nullable(text),
  sliceSize: nullable(text),
  allocations: list(
    object({
      node: text,
      range: text,
    }),
  ),
});
const hostLink = object({
  name: text,
  altNames: list(text),
  mac: nullable(text),
  pciAddress: nullable(text),
  up: nullable(boolean),
  mtu: nullable(number),
  /** The links below it, by name: a VLAN's base, the ports of a bond or bridge. */
  over: list(text),
  totalVfs: nullable(number),
  vfs: list(
    object({
      pciAddress: text,
      name: nullable(text),
      mac: nullable(text),
    }),
  ),
  eni: nullable(text),
  kind: nullable(text),
});
/** A host link, from SriovNetworkNodeState, NodeNetworkState or NodeENI (multus §4.3–4.6). */
export interface HostLink extends ValueOf<typeof hostLink> {}

const hostInventoryFact = object({
  ...objectFields,
  source: word(['SriovNetworkNodeState', 'NodeNetworkState']),
  node: text,
  asOf: nullable(time),
  /** The operator's message if it failed to configure the links as its policies require; null without one. */
  failure: nullable(text),
  links: list(hostLink),
});
/** The links of one node as reported by an operator; `asOf` is null if it reports no time. */
export interface HostInventoryFact extends ValueOf<typeof hostInventoryFact> {}

/** The ENIs that a NodeENI attaches. */
const nodeEniFact = object({
  ...objectFields,
  attachments: list(
    object({
      node: text,
      instanceId: nullable(text),
      eni: text,
      deviceIndex: nullable(number),
      subnet: nullable(text),
    }),
  ),
});

/** A ServiceCIDR. */
const serviceCidrFact = object({
  ...objectFields,
  cidrs: list(text),
});

/** The fact kinds of networks, address managers and host links. */
export const NETWORK_FACTS = {
  nad: nadFact,
  whereaboutsPool: whereaboutsPoolFact,
  whereaboutsReservation: whereaboutsReservationFact,
  nodeSlicePool: nodeSlicePoolFact,
  sriovNodeState: hostInventoryFact,
  nodeNetworkState: hostInventoryFact,
  nodeEni: nodeEniFact,
  serviceCidr: serviceCidrFact,
};
