/**
 * The config of a NetworkAttachmentDefinition, read as Multus and libcni read it (multus.md §2): a plugin or a chain,
 * which of them makes the interface, what host thing it hangs on, where its addresses come from, and what is wrong with
 * it. Never throws and never drops a plugin; unreadable configs come back as `invalid` with Multus' message.
 */
import { decodeGo, goBool, goList, goString, goStruct, isObject, kindOfJson, type Decoder } from './go/decode';
import { parseGoJson } from './go/json';
import { isDefaultRoute, ipamSize, type IpamReading } from './ipam/ipam';
import { ipamOf } from './ipam/registry';
import { COMMON_KEYS, reading, type MainPlugin, type NetworkParent, type Plugin, type PluginReading } from './plugin';
import { unknownPlugin } from './plugins/unknown';
import { ConfigReader, Faults, lintKeys, type ConfigFault } from './reader';
import { pluginOf } from './registry';

export type { NetworkParent, PluginSemantics } from './plugin';
export type { ConfigFault } from './reader';
export type { IpamScope, Route } from './ipam/ipam';

export interface ChainedPlugin {
  readonly type: string;
  /** `unknown`: not listed in `index.ts`; it counts as one that makes an interface. */
  readonly kind: 'main' | 'meta' | 'unknown';
}

export interface NetworkIpam extends IpamReading {
  readonly type: string;
  /** How many addresses can be handed out; null when the config does not say, or nobody counts that far. */
  readonly size: number | null;
}

export interface NetworkConfig {
  /** `on-node`: no config here, a file on each node holds it. `invalid`: Multus refuses it, `error` says why. */
  readonly state: 'valid' | 'invalid' | 'on-node';
  /** The first reason why Multus or a plugin refuses the config; null when nothing speaks against it. */
  readonly error: string | null;
  readonly cniVersion: string | null;
  /** The name inside the config, which status entries of old Multus and error texts carry. */
  readonly name: string | null;
  readonly chain: readonly ChainedPlugin[];
  /** Types in chain order. */
  readonly plugins: readonly string[];
  /** Index of the plugin that makes the interface; null when there is none. */
  readonly mainPlugin: number | null;
  readonly parent: NetworkParent;
  readonly parentCertainty: PluginReading['certainty'];
  readonly parentEvidence: string;
  readonly mode: string | null;
  readonly vlan: number | null;
  readonly mtu: number | null;
  /** Links that a bond joins. */
  readonly links: readonly string[];
  /** Of all plugins in the chain: `mac` and `ips` decide whether a pod's request is honoured (multus.md §1.3). */
  readonly capabilities: readonly string[];
  readonly ipam: NetworkIpam | null;
  /** Pods get a default route through this network, by IPAM or by the plugin itself. */
  readonly hasDefaultRoute: boolean;
  readonly resourceName: string | null;
  readonly semantics: PluginReading['semantics'];
  /** What it does, by the plugins themselves: a sentence without its full stop. */
  readonly description: string;
  readonly faults: readonly ConfigFault[];
  /** The texts of `faults`, errors first. */
  readonly problems: readonly string[];
}

/** libcni's idea of a plugin config, which Multus decodes first; a wrong type here is refused before any plugin runs. */
const NET_CONF_FIELDS = {
  cniVersion: goString,
  name: goString,
  type: goString,
  capabilities: goCapabilities(),
  ipam: goStruct('types', 'IPAM', { type: goString }),
};
const NET_CONF = goStruct('types', 'NetConf', NET_CONF_FIELDS);
const NET_CONF_LIST = goStruct('types', 'NetConfList', {
  cniVersion: goString,
  name: goString,
  plugins: goList(NET_CONF, 'pointer'),
});

function goCapabilities(): Decoder<readonly string[]> {
  const type = 'map[string]bool';
  return {
    type,
    zero: () => [],
    read: (value, place, issues) => {
      if (value === null) return [];
      if (!isObject(value)) {
        issues.type ??= `json: cannot unmarshal ${kindOfJson(value)} into Go struct field NetConf.capabilities of type ${type}`;
        return [];
      }
      return Object.entries(value).flatMap(([name, on]) => (goBool.read(on, place, issues) ? [name] : []));
    },
  };
}

const NO_SEMANTICS = reading({ parent: { kind: 'unknown', value: null }, description: '' }).semantics;

const EMPTY: Omit<NetworkConfig, 'state' | 'description' | 'resourceName'> = {
  error: null,
  cniVersion: null,
  name: null,
  chain: [],
  plugins: [],
  mainPlugin: null,
  parent: { kind: 'unknown', value: null },
  parentCertainty: 'unknown',
  parentEvidence: '',
  mode: null,
  vlan: null,
  mtu: null,
  links: [],
  capabilities: [],
  ipam: null,
  hasDefaultRoute: false,
  semantics: { ...NO_SEMANTICS, macPolicy: 'unknown' },
  faults: [],
  problems: [],
};

/** Reads `spec.config` of a NAD; `resourceName` is its annotation `k8s.v1.cni.cncf.io/resourceName`. */
export function readNetworkConfig(config: string | null, resourceName: string | null): NetworkConfig {
  if (config === null || config === '') {
    return {
      ...EMPTY,
      state: 'on-node',
      resourceName,
      parentEvidence: 'the config is a file on each node, which the API does not show',
      description: 'config on the node: a file there has the name of this network',
    };
  }
  const faults = new Faults();
  const refuse = (error: string): NetworkConfig => {
    faults.list.unshift({ severity: 'error', text: error });
    return {
      ...EMPTY,
      state: 'invalid',
      resourceName,
      parentEvidence: 'the config cannot be read',
      description: 'a config that Multus cannot read',
      ...sorted(faults),
      error,
    };
  };
  const json = parseGoJson(config);
  if ('error' in json) {
    return refuse(`GetCNIConfig: err in getCNIConfigFromSpec: failed to unmarshal Spec.Config: ${json.error}`);
  }
  const top = json.value;
  if (!isObject(top)) {
    const what =
      top === null
        ? 'null, on which Multus crashes'
        : `cannot unmarshal ${kindOfJson(top)} into Go value of type map[string]interface {}`;
    return refuse(`GetCNIConfig: err in getCNIConfigFromSpec: failed to unmarshal Spec.Config: json: ${what}`);
  }
  const single = decodeGo(top, NET_CONF);
  if ('error' in single) return refuse(`LoadDelegateNetConf: error unmarshalling delegate config: ${single.error}`);
  if (single.value.type !== '') {
    if (Object.hasOwn(top, 'plugins'))
      faults.add('warning', '"type" and "plugins" are both set: "type" wins, the list is not read');
    return assemble(top, [top], single.value, resourceName, faults, false);
  }
  const list = decodeGo(top, NET_CONF_LIST);
  if ('error' in list) {
    return refuse(
      `LoadDelegateNetConf: failed with: LoadDelegateNetConfList: error unmarshalling delegate conflist: ${list.error}`,
    );
  }
  const refusal = refusesList(top, list.value.plugins);
  const plugins = (Array.isArray(top['plugins']) ? top['plugins'] : []).filter(isObject);
  if (refusal !== null) faults.list.push({ severity: 'error', text: refusal });
  const read = assemble(top, plugins, list.value, resourceName, faults, true);
  // What can be read of a refused chain is shown all the same.
  return refusal === null ? read : { ...read, state: 'invalid', error: refusal };
}

const LIST_KEYS = [
  'cniVersion',
  'cniVersions',
  'name',
  'type',
  'plugins',
  'disableCheck',
  'disableGC',
  'loadOnlyInlinedPlugins',
];

/** What Multus, and behind it libcni, say of a chain that they do not take; null when they take it. */
function refusesList(
  top: Readonly<Record<string, unknown>>,
  plugins: readonly ({ readonly type: string } | null)[] | null,
): string | null {
  const prefix = 'LoadDelegateNetConf: failed with: LoadDelegateNetConfList:';
  if (plugins === null) return `${prefix} delegate must have the 'type' or 'plugin' field`;
  if (plugins.length === 0) return 'the list of plugins is empty, on which Multus crashes';
  if (plugins[0]?.type === '') return `${prefix} a plugin delegate must have the 'type' field`;
  if (!Array.isArray(top['plugins'])) {
    return "error parsing configuration list: no 'plugins' key: libcni wants it spelt so, in lower case";
  }
  const bad = plugins.findIndex((plugin) => plugin === null || plugin.type === '');
  if (bad >= 0) return `failed to parse plugin config ${bad}: error parsing configuration: missing 'type'`;
  return null;
}

const KNOWN_VERSIONS = ['0.1.0', '0.2.0', '0.3.0', '0.3.1', '0.4.0', '1.0.0', '1.1.0'];

function checkVersion(version: string, isList: boolean, faults: Faults): void {
  if (version === '') {
    if (isList) {
      faults.add(
        'warning',
        'no "cniVersion": the chain gives a result of the oldest form, which lists no interfaces, so pods get no network-status entry for it',
      );
    }
  } else if (!KNOWN_VERSIONS.includes(version)) {
    faults.add(
      'warning',
      `cniVersion "${version.slice(0, 32)}" is none that plugins support (${KNOWN_VERSIONS.join(', ')})`,
    );
  }
}

/** Chains have a handful of plugins; beyond this one is made to hurt. */
const MAX_CHAIN = 256;

interface Head {
  readonly cniVersion: string;
  readonly name: string;
}

function assemble(
  top: Readonly<Record<string, unknown>>,
  raw: readonly Readonly<Record<string, unknown>>[],
  head: Head,
  resourceName: string | null,
  faults: Faults,
  isList: boolean,
): NetworkConfig {
  checkVersion(head.cniVersion, isList, faults);
  if (isList) lintKeys(new ConfigReader(top, faults, 'config'), LIST_KEYS);

  if (raw.length > MAX_CHAIN) faults.add('error', `a chain of ${raw.length} plugins: the first ${MAX_CHAIN} are read`);
  const members = raw.slice(0, MAX_CHAIN).map((object) => memberOf(object, faults, isList));
  const mains = members.flatMap((member, index) =>
    member.plugin.kind === 'main' && member.type !== '' ? [index] : [],
  );
  const mainPlugin = mains[0] ?? null;
  // An unlisted plugin or a cluster network behind another one is chained onto it (cilium-cni does so); one of these is not.
  const makers = mains.filter((index, i) => i === 0 || members[index]?.plugin.keys !== 'any');
  if (makers.length > 1) {
    const types = makers.map((index) => members[index]?.type ?? '').join(', ');
    faults.add(
      'warning',
      `several plugins of the chain make an interface (${types.slice(0, 128)}): only the first is shown`,
    );
  } else if (mainPlugin === null && members.length > 0) {
    faults.add('error', 'no plugin of the chain makes an interface');
  }

  const owner = mainPlugin === null ? undefined : members[mainPlugin];
  const ipam = owner === undefined ? null : readIpam(owner.config);
  const main =
    owner?.plugin.kind === 'main'
      ? owner.plugin.read(owner.config, { resourceName, position: mainPlugin ?? 0, ipam: ipam?.type ?? null })
      : null;
  const metas = members.flatMap((member) => (member.plugin.kind === 'meta' ? [member.plugin.read(member.config)] : []));
  if (main?.semantics.kernelInterface === false && ipam !== null) {
    faults.add(
      'info',
      'addresses are taken from the pool, but a userspace interface cannot carry them: the application must',
    );
  }

  return {
    ...EMPTY,
    state: 'valid',
    ...sorted(faults),
    cniVersion: head.cniVersion || null,
    name: head.name || null,
    chain: members.map(({ type, plugin }) => ({ type, kind: plugin === unknownPlugin ? 'unknown' : plugin.kind })),
    plugins: members.map(({ type }) => type),
    mainPlugin,
    ...(main === null
      ? { parentEvidence: 'no plugin of the chain makes an interface' }
      : {
          parent: main.parent,
          parentCertainty: main.certainty,
          parentEvidence: main.evidence,
          mode: main.mode,
          vlan: main.vlan,
          mtu: main.mtu,
          links: main.links,
          semantics: main.semantics,
        }),
    capabilities: [...new Set(members.flatMap(({ capabilities }) => capabilities))].sort(),
    ipam,
    hasDefaultRoute: (main?.addsDefaultRoute ?? false) || (ipam?.routes.some(isDefaultRoute) ?? false),
    resourceName,
    description: describe(main, ipam, metas),
  };
}

interface Member {
  readonly type: string;
  readonly plugin: Plugin;
  readonly config: ConfigReader;
  readonly capabilities: readonly string[];
}

function memberOf(object: Readonly<Record<string, unknown>>, faults: Faults, isList: boolean): Member {
  const decoded = decodeGo(object, NET_CONF);
  const { type, capabilities } = 'value' in decoded ? decoded.value : NET_CONF.zero();
  const shown = type.slice(0, 64);
  const plugin: Plugin = pluginOf(type) ?? unknownPlugin;
  const config = new ConfigReader(object, faults, shown);
  if (type === '') lintKeys(config, COMMON_KEYS);
  else if (plugin.keys !== 'any') lintKeys(config, [...COMMON_KEYS, ...plugin.keys, ...(isList ? [] : LIST_KEYS)]);
  if (type.includes('/') || type.includes('\0')) config.error('"type" is the name of a program, not a path');
  return { type: shown, plugin, config, capabilities };
}

/** The IPAM part of a plugin; null when there is none or it is `{}`, which asks for no address. */
function readIpam(config: ConfigReader): NetworkIpam | null {
  const section = config.object('ipam');
  const type = section?.text('type') ?? null;
  if (section === null) return null;
  if (type === null) {
    if (Object.keys(section.raw).length > 0) config.warn('"ipam" has no "type": no address is given');
    return null;
  }
  const plugin = ipamOf(type);
  const reader = new ConfigReader(section.raw, config.faults, type.slice(0, 64));
  if (plugin.keys !== 'any') lintKeys(reader, ['type', 'name', ...plugin.keys]);
  const read = plugin.read(reader);
  const counted = config.faults.truncated ? { ...read, allocatable: [] } : read;
  return { ...counted, type: type.slice(0, 64), size: ipamSize(counted) };
}

function describe(
  main: ReturnType<MainPlugin['read']> | null,
  ipam: NetworkIpam | null,
  metas: readonly string[],
): string {
  const parts = [main?.description ?? 'a chain that makes no interface'];
  if (ipam !== null) parts.push(ipam.description);
  if (metas.length > 0) parts.push(`then ${metas.slice(0, 8).join(', ')}`);
  return parts.join('; ');
}

const RANK = { error: 0, warning: 1, info: 2 } as const;

function sorted(faults: Faults): Pick<NetworkConfig, 'faults' | 'problems' | 'error'> {
  const list = faults.list.toSorted((a, b) => RANK[a.severity] - RANK[b.severity]);
  return {
    faults: list,
    problems: list.map(({ text }) => text),
    error: list[0]?.severity === 'error' ? list[0].text : null,
  };
}
