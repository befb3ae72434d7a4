/** The contract of a CNI plugin type: one file in `plugins/`, one line in `index.ts`. `plugins/unknown.ts` reads all other types. */
import type { Certainty } from '../../model/records';
import type { ParentKind } from '../../model/vocabulary';
import type { Fields } from './fields';
import { canonicalMac } from '../../model/ip';
import { goParseMac } from '../go/net';
import type { ConfigReader } from './reader';

/** A network's parent on the host, as configured. The topology finds out which ENI that is on each node. */
export interface NetworkParent {
  readonly kind: ParentKind;
  readonly value: string | null;
}

/** How interfaces of this plugin behave; rules and views read it. */
export interface PluginSemantics {
  /** Packets leave the node through the parent with the interface's own address, so EC2 must have that address on the ENI (multus §3.2). */
  readonly leavesNodeOnEni: boolean;
  /** `parent`: the interface has its parent's MAC, so that MAC identifies the ENI (multus §3.5). `own`: a MAC that EC2 does not know. */
  readonly macPolicy: 'parent' | 'own' | 'unknown';
  /** The device moves into the pod, so there is none for a second pod on the node (multus §2.2). */
  readonly onePodPerDevice: boolean;
  /** Each node has a network of its own: the same address on two nodes does not conflict. */
  readonly perNode: boolean;
  /** `master` names an interface inside the pod (multus §2.2). */
  readonly linkInContainer: boolean;
  /** False for userspace (DPDK) interfaces, which the kernel does not see and which carry no address. */
  readonly kernelInterface: boolean;
}

/** What a plugin's config means. Null in `mode`, `vlan` and `mtu`: the config does not set it. */
export interface PluginReading {
  readonly parent: NetworkParent;
  /** How certain the config alone makes the parent; `evidence` says why in one sentence. */
  readonly certainty: Certainty;
  readonly evidence: string;
  readonly mode: string | null;
  readonly vlan: number | null;
  readonly mtu: number | null;
  readonly semantics: PluginSemantics;
  /** Whether the plugin itself adds a default route (`isDefaultGateway`). */
  readonly addsDefaultRoute: boolean;
  /** Pod or host interfaces that a bond joins. */
  readonly links: readonly string[];
  /** What it does: a sentence without its full stop. */
  readonly description: string;
}

/** What a plugin's reading depends on besides its own config. */
export interface PluginContext {
  /** The resource in the NAD's annotation, whose device plugin provides the device ID; null without one. */
  readonly resourceName: string | null;
  /** Position in the chain, from 0; a later plugin may use the interface of the previous result. */
  readonly position: number;
  /** `ipam.type`, null when there is none. */
  readonly ipam: string | null;
}

/** A plugin type that creates an interface. */
export interface MainPlugin {
  readonly kind: 'main';
  readonly type: string;
  /** Other names of the binary. */
  readonly aliases?: readonly string[];
  /** The fields it decodes besides the common ones; `any` if we do not judge its config. */
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

/** What the runtime passes for the capability `mac`. */
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
    vlan: null,
    mtu: null,
    addsDefaultRoute: false,
    links: [],
    ...given,
    semantics: { ...NOTHING, ...given.semantics },
  };
}

/** A config's MTU in bytes: null when absent or 0 (the parent's own). Reports one that the kernel refuses. */
export function readMtu(config: ConfigReader, small: 'error' | 'warning' = 'warning'): number | null {
  const mtu = config.whole('mtu');
  if (mtu === null || mtu === 0) return null;
  if (mtu < 0 || mtu > 65_535) config.error(`invalid MTU ${mtu}`);
  else if (mtu < 68) config.faults.add(small, `${config.owner}: MTU ${mtu} is too small for IPv4`);
  return mtu;
}

/** A VLAN ID within the plugin's limits; null when absent or refused. */
export function readVlan(config: ConfigReader, key: string, highest: number): number | null {
  const vlan = config.whole(key);
  if (vlan === null) return null;
  if (vlan >= 0 && vlan <= highest) return vlan;
  config.error(`invalid VLAN ID ${vlan} (must be between 0 and ${highest})`);
  return null;
}

/** A MAC that Go's parser accepts, in canonical form; null when absent, refused or not Ethernet's (InfiniBand's have 8 or 20 octets). */
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
