/**
 * The contract of a CNI plugin type. One file each in `plugins/`, one line each in `index.ts`; a type that is not
 * listed is read by `plugins/unknown.ts` and never dropped.
 */
import type { Certainty } from '../../model/records';
import type { ParentKind } from '../../model/vocabulary';
import type { Fields } from './fields';
import { canonicalMac } from '../../model/ip';
import { goParseMac } from '../go/net';
import type { ConfigReader } from './reader';

/** The host thing that a network hangs on, as configured; which ENI that is on a node is for the topology to find. */
export interface NetworkParent {
  readonly kind: ParentKind;
  readonly value: string | null;
}

/** What follows for interfaces of this plugin; the rules that read it say why. */
export interface PluginSemantics {
  /** Packets leave the node through the parent, under the interface's own address: it must be on that ENI (multus §3.2). */
  readonly leavesNodeOnEni: boolean;
  /** `parent`: the pod's MAC is the parent's, so a reported MAC names the ENI (multus §3.5). */
  readonly macPolicy: 'parent' | 'own' | 'unknown';
  /** The device moves into the pod: a second pod on the node gets none (multus §2.2). */
  readonly onePodPerDevice: boolean;
  /** A network of its own on every node: equal addresses on two nodes do not meet. */
  readonly perNode: boolean;
  /** `master` names an interface inside the pod (multus §2.2). */
  readonly linkInContainer: boolean;
  /** A kernel interface that can carry an address; false for userspace (DPDK) interfaces. */
  readonly kernelInterface: boolean;
}

export interface PluginReading {
  readonly parent: NetworkParent;
  /** How sure the parent's identity is from the config alone, and why, in one sentence. */
  readonly certainty: Certainty;
  readonly evidence: string;
  readonly mode: string | null;
  readonly vlan: number | null;
  readonly mtu: number | null;
  readonly semantics: PluginSemantics;
  /** Whether the plugin adds a default route of its own (`isDefaultGateway`). */
  readonly addsDefaultRoute: boolean;
  /** Pod or host interfaces that it joins (bond). */
  readonly links: readonly string[];
  /** What it does, a sentence without its full stop. */
  readonly description: string;
}

export interface PluginContext {
  /** Of the NAD's annotation: the device plugin's resource that a device ID comes from. */
  readonly resourceName: string | null;
  /** Position in the chain; a plugin behind another may take its interface from the previous result. */
  readonly position: number;
  /** `ipam.type`, null when there is none. */
  readonly ipam: string | null;
}

export interface MainPlugin {
  readonly kind: 'main';
  readonly type: string;
  /** Other spellings of the binary's name. */
  readonly aliases?: readonly string[];
  /** What it decodes beside the common keys; `any` where its config is not ours to judge. */
  readonly fields: Fields | 'any';
  readonly read: (config: ConfigReader, context: PluginContext) => PluginReading;
}

/** Changes an interface that another plugin made; never the one that tells where a network hangs. */
export interface MetaPlugin {
  readonly kind: 'meta';
  readonly type: string;
  readonly aliases?: readonly string[];
  readonly fields: Fields | 'any';
  /** Lints, and says what it does in a few words, as the end of "then …". */
  readonly read: (config: ConfigReader) => string;
}

export type Plugin = MainPlugin | MetaPlugin;

/** Keys of every plugin config, whose types Multus and libcni have judged before (`go/net-conf.ts`): the CNI spec, and what Multus injects for a device (multus §2.1). */
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

/** What a capability hands over for the interface's MAC. */
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

/** A reading with what most plugins have in common filled in. */
export function reading(given: Given): PluginReading {
  return {
    certainty: given.parent.kind === 'unknown' ? 'unknown' : 'observed',
    evidence: given.parent.kind === 'none' ? 'it hangs on no host interface' : 'the config says so',
    mode: null,
    vlan: null,
    mtu: null,
    addsDefaultRoute: false,
    links: [],
    ...given,
    semantics: { ...NOTHING, ...given.semantics },
  };
}

/** A config's MTU: 0 means the parent's own; the kernel refuses what no link carries. */
export function readMtu(config: ConfigReader, small: 'error' | 'warning' = 'warning'): number | null {
  const mtu = config.whole('mtu');
  if (mtu === null || mtu === 0) return null;
  if (mtu < 0 || mtu > 65_535) config.error(`invalid MTU ${mtu}`);
  else if (mtu < 68) config.faults.add(small, `${config.owner}: MTU ${mtu} is too small for IPv4`);
  return mtu;
}

/** A VLAN id within the plugin's limits; null when absent or refused. */
export function readVlan(config: ConfigReader, key: string, highest: number): number | null {
  const vlan = config.whole(key);
  if (vlan === null) return null;
  if (vlan >= 0 && vlan <= highest) return vlan;
  config.error(`invalid VLAN ID ${vlan} (must be between 0 and ${highest})`);
  return null;
}

/** A MAC as Go's parser takes it: canonical; null when absent, refused, or none of Ethernet's (InfiniBand's have 8 or 20 octets). */
export function readMac(config: ConfigReader, key = 'mac'): string | null {
  const text = config.text(key);
  if (text === null) return null;
  if ('error' in goParseMac(text)) config.error(`"${key}" is no MAC address: ${text.slice(0, 64)}`);
  return canonicalMac(text);
}

/** The list of allowed VLAN ids of a bridge's port, each one or a span. */
export interface TrunkEntry {
  readonly minID: number | null;
  readonly maxID: number | null;
  readonly id: number | null;
}

export const TRUNK = { minID: 'int', maxID: 'int', id: 'int' } as const satisfies Fields;

export const readTrunk = (config: ConfigReader, key: string): readonly TrunkEntry[] =>
  config
    .objects(key)
    .map((entry) => ({ minID: entry.whole('minID'), maxID: entry.whole('maxID'), id: entry.whole('id') }));

/** A list of pointers whose elements the plugin follows without looking. */
export function noNulls(config: ConfigReader, key: string): void {
  const list = config.get(key);
  if (Array.isArray(list) && list.includes(null)) {
    config.error(`an element of "${key}" is null, on which the plugin crashes`);
  }
}

/** An interface without an address is none to these plugins: with no `ipam` they look for a program without a name. */
export function needsIpam(config: ConfigReader, ipam: string | null): void {
  if (ipam === null) config.error(`${config.owner} needs an address: "ipam" is missing`);
}
