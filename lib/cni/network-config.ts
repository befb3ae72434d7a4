/** A parsed network config as plain data. */
import { SEVERITY_RANK } from '../model/vocabulary';
import type { IpamReading } from './ipam/ipam';
import { reading, type NetworkParent, type OwnName, type PluginReading } from './base/plugin';
import type { ConfigFault, Faults } from './base/reader';

/** The IPAM section of the plugin that creates the interface. */
export interface NetworkIpam extends IpamReading {
  readonly type: string;
  /** Number of addresses that can be assigned; null if the config does not define it, or if it is too large for an exact number. */
  readonly size: number | null;
}

/** A NetworkAttachmentDefinition's parsed config. Null means absent or not known. */
export interface NetworkConfig {
  /**
   * `on-node`: a file on each node. `invalid`: Multus or libcni rejects it. `valid`: they accept it; a plugin may still
   * reject it.
   */
  readonly state: 'valid' | 'invalid' | 'on-node';
  /** The first reason why Multus or a plugin rejects the config; null if there is none. */
  readonly error: string | null;
  readonly cniVersion: string | null;
  /** The name inside the config, which appears in status entries of old Multus versions and in error messages. */
  readonly name: string | null;
  /** Types in chain order. */
  readonly plugins: readonly string[];
  /** Index in `plugins` of the plugin that creates the interface; null if there is none. */
  readonly mainPlugin: number | null;
  readonly parent: NetworkParent;
  readonly parentCertainty: PluginReading['certainty'];
  readonly parentEvidence: string;
  readonly mode: string | null;
  /** `failOverMac` of a bond. */
  readonly failOverMac: number | null;
  readonly vlan: number | null;
  readonly mtu: number | null;
  /** Links that a bond joins. */
  readonly links: readonly string[];
  /** Capabilities of all plugins in the chain: `mac` and `ips` decide whether a pod's request takes effect (multus §1.3). */
  readonly capabilities: readonly string[];
  readonly ipam: NetworkIpam | null;
  /** Whether pods get a default route through this network, from IPAM or from the plugin itself. */
  readonly hasDefaultRoute: boolean;
  readonly resourceName: string | null;
  /** Keys in which the config repeats the name of its NetworkAttachmentDefinition. */
  readonly ownNames: readonly OwnName[];
  readonly semantics: PluginReading['semantics'];
  /** What the plugins do: a sentence without its full stop. */
  readonly description: string;
  readonly faults: readonly ConfigFault[];
  /** The texts of `faults`, errors first. */
  readonly problems: readonly string[];
}

const NO_SEMANTICS = reading({ parent: { kind: 'unknown', value: null }, description: '' }).semantics;

/** A config about which nothing is known, as a base to spread. */
export const EMPTY_CONFIG: Omit<NetworkConfig, 'state' | 'description' | 'resourceName'> = {
  error: null,
  cniVersion: null,
  name: null,
  plugins: [],
  mainPlugin: null,
  parent: { kind: 'unknown', value: null },
  parentCertainty: 'unknown',
  parentEvidence: '',
  mode: null,
  failOverMac: null,
  vlan: null,
  mtu: null,
  links: [],
  capabilities: [],
  ipam: null,
  hasDefaultRoute: false,
  ownNames: [],
  semantics: { ...NO_SEMANTICS, macPolicy: 'unknown' },
  faults: [],
  problems: [],
};

/** The collected faults, most severe first. */
export function sortedFaults(faults: Faults): Pick<NetworkConfig, 'faults' | 'problems' | 'error'> {
  const list = faults.list.toSorted((a, b) => SEVERITY_RANK[a.severity] - SEVERITY_RANK[b.severity]);
  return {
    faults: list,
    problems: list.map(({ text }) => text),
    error: list[0]?.severity === 'error' ? list[0].text : null,
  };
}
