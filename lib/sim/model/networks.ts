/** NetworkAttachmentDefinitions in the forms that users write, with the true parent of each. */
import { numberToIpv4, parseCidr } from '../../model/ip';
import { rfc3339 } from './clock';
import { uid } from './identity';
import type { Naming, NetworkPlugin, SimNetwork } from './network';
import { createHeld, RangeIpam, type Held } from './range-ipam';
import { objectsOf, type ClusterState } from './state';

/** Key of the collection of NetworkAttachmentDefinitions. */
export const NADS = 'k8s.cni.cncf.io/network-attachment-definitions';

/** A network to create. */
export interface NewNetwork {
  readonly namespace: string;
  readonly name: string;
  readonly plugin: NetworkPlugin;
  /** Host link in the config: `eth1`, `ens6`. */
  readonly master?: string;
  /** The true device index of `master` on the nodes that use it. */
  readonly device?: number;
  /** Default: `master`. The keys of other kinds go into `extra`. */
  readonly naming?: Naming;
  readonly isUserspace?: boolean;
  /** Whether the config contains `from` and `to`. */
  readonly declaresRange?: boolean;
  /** Prefix length of the slice of the range that whereabouts assigns to each node. */
  readonly sliceBits?: number;
  readonly range?: string;
  readonly gateway?: string;
  readonly ipam?: 'whereabouts' | 'host-local' | 'static' | 'none';
  /** Offsets of the range that pods may get. */
  readonly from?: number;
  readonly to?: number;
  readonly resourceName?: string;
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly chain?: readonly Readonly<Record<string, unknown>>[];
  /** Overrides the whole config text. */
  readonly config?: string;
  readonly assignsInEc2?: boolean;
}

/** Creates a network and writes its NetworkAttachmentDefinition. */
export function addNetwork(state: ClusterState, wanted: NewNetwork): SimNetwork {
  const key = `${wanted.namespace}/${wanted.name}`;
  const kind = wanted.ipam ?? (wanted.plugin === 'bridge' || wanted.plugin === 'ptp' ? 'host-local' : 'whereabouts');
  const ipam =
    wanted.range === undefined || kind === 'none'
      ? null
      : new RangeIpam({
          kind,
          range: wanted.range,
          from: wanted.from,
          to: wanted.to,
          sliceBits: wanted.sliceBits,
          shared: kind === 'whereabouts' ? heldOf(state, wanted.range) : null,
        });
  const network: SimNetwork = {
    key,
    namespace: wanted.namespace,
    name: wanted.name,
    plugin: wanted.plugin,
    device: wanted.device ?? null,
    naming: wanted.naming ?? (wanted.device === undefined ? 'none' : 'name'),
    isUserspace: wanted.isUserspace ?? false,
    resourceName: wanted.resourceName ?? null,
    config: wanted.config ?? JSON.stringify(configOf(wanted, kind)),
    createdAt: state.now() - 40 * 86_400_000,
    ipam,
    declaresRange: wanted.declaresRange ?? false,
    gateway: wanted.gateway ?? null,
    assignsInEc2: wanted.assignsInEc2 ?? (wanted.device !== undefined && wanted.plugin !== 'macvlan'),
  };
  state.networks.set(key, network);
  objectsOf(state, NADS).put({
    apiVersion: 'k8s.cni.cncf.io/v1',
    kind: 'NetworkAttachmentDefinition',
    metadata: {
      name: wanted.name,
      namespace: wanted.namespace,
      uid: uid(state.random),
      creationTimestamp: rfc3339(network.createdAt),
      generation: 1,
      ...(wanted.resourceName === undefined
        ? {}
        : { annotations: { 'k8s.v1.cni.cncf.io/resourceName': wanted.resourceName } }),
    },
    spec: { config: network.config },
  });
  return network;
}

/** whereabouts keeps one record per range, whichever networks use it (multus §4.2). */
function heldOf(state: ClusterState, range: string): Held {
  const found = state.whereabouts.get(range) ?? createHeld();
  state.whereabouts.set(range, found);
  return found;
}

function configOf(wanted: NewNetwork, kind: 'whereabouts' | 'host-local' | 'static' | 'none'): Record<string, unknown> {
  const main: Record<string, unknown> = { type: wanted.plugin, ...parentOf(wanted), ...wanted.extra };
  if (kind !== 'none' && main['ipam'] === undefined) main['ipam'] = ipamOf(wanted, kind);
  const head = { cniVersion: '0.3.1', name: wanted.name };
  return wanted.chain === undefined ? { ...head, ...main } : { ...head, plugins: [main, ...wanted.chain] };
}

function parentOf(wanted: NewNetwork): Record<string, unknown> {
  const { plugin, master } = wanted;
  if (plugin === 'bridge') return { bridge: `br-${wanted.name}`, isGateway: true };
  if (master === undefined) return {};
  if (plugin === 'host-device') return { device: master };
  if (plugin === 'ipvlan') return { master, mode: 'l2' };
  if (plugin === 'macvlan') return { master, mode: 'bridge' };
  return { master };
}

function declaredRange(wanted: NewNetwork): Record<string, string> {
  const cidr = wanted.declaresRange === true ? parseCidr(wanted.range ?? '') : null;
  if (cidr === null) return {};
  const at = (offset: number): string => numberToIpv4(Number(cidr.first) + offset);
  return {
    ...(wanted.from === undefined ? {} : { range_start: at(wanted.from) }),
    // `to` is exclusive.
    ...(wanted.to === undefined ? {} : { range_end: at(wanted.to - 1) }),
  };
}

function ipamOf(wanted: NewNetwork, kind: 'whereabouts' | 'host-local' | 'static'): Record<string, unknown> {
  if (kind === 'whereabouts') {
    return {
      type: kind,
      range: wanted.range,
      // whereabouts itself does not leave the gateway out.
      ...(wanted.gateway === undefined ? {} : { gateway: wanted.gateway, exclude: [`${wanted.gateway}/32`] }),
      ...(wanted.sliceBits === undefined ? {} : { node_slice_size: `/${wanted.sliceBits}` }),
      ...declaredRange(wanted),
    };
  }
  if (kind === 'host-local') return { type: kind, ranges: [[{ subnet: wanted.range }]] };
  return { type: kind, addresses: [] };
}
