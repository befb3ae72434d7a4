/** The contract of a CNI plugin type: one file in `plugins/`, one line in `index.ts`. `plugins/unknown.ts` reads all other types. */
import type { Certainty } from '../../model/records';
import type { ParentKind } from '../../model/vocabulary';
import type { Fields, Route } from './fields';
import { canonicalMac } from '../../model/ip';
import { goParseMac } from '../go/net';
import type { ConfigReader } from './reader';

/** A network's parent on the host, as configured. The topology determines its ENI on each node. */
export interface NetworkParent {
  readonly kind: ParentKind;
  readonly value: string | null;
}

/** How interfaces of this plugin behave; used by rules and views. */
export interface PluginSemantics {
  /**
   * Whether packets leave the node through the parent with the interface's own address, so that EC2 must have that address
   * on the ENI (multus §3.2).
   */
  readonly leavesNodeOnEni: boolean;
  /**
   * `parent`: the interface has its parent's MAC, so that MAC identifies the ENI (multus §3.5). `own`: a MAC that EC2 does
   * not know.
   */
  readonly macPolicy: 'parent' | 'own' | 'unknown';
  /** Whether the device moves into the pod, so that a second pod on the node cannot have it (multus §2.2). */
  readonly onePodPerDevice: boolean;
  /** Whether each node has a network of its own, so that equal addresses on two nodes do not conflict. */
  readonly perNode: boolean;
  /** Whether `master` names an interface inside the pod (multus §2.2). */
  readonly linkInContainer: boolean;
  /** False for userspace (DPDK) interfaces, which are invisible to the kernel and have no address. */
  readonly kernelInterface: boolean;
}

/** The interpretation of a plugin's config. Null in `mode`, `vlan` and `mtu`: the config does not set it. */
export interface PluginReading {
  readonly parent: NetworkParent;
  /** How certain the parent is from the config alone; `evidence` is the reason, in one sentence. */
  readonly certainty: Certainty;
  readonly evidence: string;
  readonly mode: string | null;
  /** A bond's `failOverMac`: which MAC it uses after a failover; null if not set, and for other plugins. */
  readonly failOverMac: number | null;
  readonly vlan: number | null;
  readonly mtu: number | null;
  readonly semantics: PluginSemantics;
  /** Whether the plugin itself adds a default route (`isDefaultGateway`). */
  readonly addsDefaultRoute: boolean;
  /** Pod or host interfaces that a bond joins. */
  readonly links: readonly string[];
  /** Ranges of addresses that the plugin assigns itself, without an IPAM; canonical. */
  readonly ranges: readonly string[];
  /** Null for a plugin whose config does not name its NetworkAttachmentDefinition. */
  readonly ownName: OwnName | null;
  /** What it does: a sentence without its full stop. */
  readonly description: string;
}

/** A key in which a config repeats the name of its NetworkAttachmentDefinition, which a controller compares. */
export interface OwnName {
  readonly key: string;
  readonly value: string;
  readonly form: 'NAMESPACE/NAME' | 'NAME.NAMESPACE' | 'NAME.NAMESPACE.ovn';
  /** Whose controller compares it. */
  readonly by: string;
}

/** The inputs of a plugin's reading besides its own config. */
export interface PluginContext {
  /** The resource in the NAD's annotation, whose device plugin provides the device ID; null without one. */
  readonly resourceName: string | null;
  /** Position in the chain, from 0; a later plugin may use the interface from the previous result. */
  readonly position: number;
  /** `ipam.type`; null if there is none. */
  readonly ipam: string | null;
}

/** A plugin type that creates an interface. */
export interface MainPlugin {
  readonly kind: 'main';
  readonly type: string;
  /** Other names of the binary. */
  readonly aliases?: readonly string[];
  /** The fields that the plugin decodes besides the common ones; `any` if its config is not checked. */
  readonly fields: Fields | 'any';
  readonly read: (config: ConfigReader, context: PluginContext) => PluginReading;
}

/** Modifies an interface that another plugin created; never determines a network's parent. */
export interface MetaPlugin {
  readonly kind: 'meta';
  readonly type: string;
  readonly aliases?: readonly string[];
  readonly fields: Fields | 'any';
  /** Checks the config and returns what the plugin does in a few words, as in "then …". */
  readonly read: (config: ConfigReader) => string;
  /** The routes of the interface after the plugin, given those before it; absent if it changes none. */
  readonly routesAfter?: (config: ConfigReader, before: readonly Route[]) => readonly Route[];
}

/** A plugin type, discriminated by `kind`. */
export type Plugin = MainPlugin | MetaPlugin;

/** Keys of every plugin config, checked by Multus and libcni (`go/net-conf.ts`): the CNI spec's, and Multus' for a device (multus §2.1). */
export const COMMON_KEYS: readonly string[] = [
  'cniVersion',
  'name',
  'type',
  'capabilities',
  'ipam',
  'dns',
  'args',
  'runtimeConfig',
  'prevResult',
  'deviceID',
  'pciBusID',
];

/** The runtime's value for the capability `mac`. */
export const RUNTIME_MAC = { mac: 'string' } as const satisfies Fields;

const NOTHING: PluginSemantics = {
  leavesNodeOnEni: false,
  macPolicy: 'own',
  onePodPerDevice: false,
  perNode: false,
  linkInContainer: false,
  kernelInterface: true,
};

type Given = Pick<PluginReading, 'parent' | 'description'> &
  Partial<Omit<PluginReading, 'semantics'>> & { readonly semantics?: Partial<PluginSemantics> };

/** A reading with defaults that suit most plugins. */
export function reading(given: Given): PluginReading {
  return {
    certainty: given.parent.kind === 'unknown' ? 'unknown' : 'observed',
    evidence: given.parent.kind === 'none' ? 'it uses no host interface' : 'the config says so',
    mode: null,
    failOverMac: null,
    vlan: null,
    mtu: null,
    addsDefaultRoute: false,
    links: [],
    ranges: [],
    ownName: null,
    ...given,
    semantics: { ...NOTHING, ...given.semantics },
  };
}

/** A config's MTU in bytes; null if absent or 0 (the parent's own). Reports an MTU that the kernel rejects. */
export function readMtu(config: ConfigReader, small: 'error' | 'warning' = 'warning'): number | null {
  const mtu = config.whole('mtu');
  if (mtu === null || mtu === 0) return null;
  if (mtu < 0 || mtu > 65_535) config.error(`invalid MTU ${mtu}`);
  else if (mtu < 68) config.faults.add(small, `${config.owner}: MTU ${mtu} is too small for IPv4`);
  return mtu;
}

/** A VLAN ID within the plugin's limits; null if absent or rejected. */
export function readVlan(config: ConfigReader, key: string, highest: number): number | null {
  const vlan = config.whole(key);
  if (vlan === null) return null;
  if (vlan >= 0 && vlan <= highest) return vlan;
  config.error(`invalid VLAN ID ${vlan} (must be between 0 and ${highest})`);
  return null;
}

/**
 * A MAC that Go's parser accepts, in canonical form; null if absent, rejected or not Ethernet (InfiniBand MACs have 8 or 20
 * octets).
 */
export function readMac(config: ConfigReader, key = 'mac'): string | null {
  const text = config.text(key);
  if (text === null) return null;
  if ('error' in goParseMac(text)) config.error(`"${key}" is not a MAC address: ${text.slice(0, 64)}`);
  return canonicalMac(text);
}

/** One entry of a bridge port's VLAN trunk: an ID, or a range of IDs. */
export interface TrunkEntry {
  readonly minID: number | null;
  readonly maxID: number | null;
  readonly id: number | null;
}

/** The fields of a `TrunkEntry`, for a plugin's `fields`. */
export const TRUNK = { minID: 'int', maxID: 'int', id: 'int' } as const satisfies Fields;

/** The entries of a VLAN trunk; an absent or unreadable number is null. */
export const readTrunk = (config: ConfigReader, key: string): readonly TrunkEntry[] =>
  config
    .objects(key)
    .map((entry) => ({ minID: entry.whole('minID'), maxID: entry.whole('maxID'), id: entry.whole('id') }));

/** Reports a null in a list whose elements the plugin dereferences unchecked. */
export function noNulls(config: ConfigReader, key: string): void {
  const list = config.get(key);
  if (Array.isArray(list) && list.includes(null)) {
    config.error(`an element of "${key}" is null, on which the plugin crashes`);
  }
}

/** Reports a missing `ipam`: these plugins need an address and would run an IPAM binary with an empty name. */
export function needsIpam(config: ConfigReader, ipam: string | null): void {
  if (ipam === null) config.error(`${config.owner} needs an address: "ipam" is missing`);
}
