/**
 * A NetworkAttachmentDefinition's config, read as Multus and libcni read it (multus §2): a plugin or a chain, the plugin
 * that creates the interface, its parent, its addresses, and its faults. Never throws, never drops a plugin; an unreadable
 * config is `invalid` with Multus' message.
 */
import { isObject } from '../model/is-object';
import { readChain } from './chain';
import { decodeGo, goMap, unmarshalGo } from './go/decode';
import { parseGoTree } from './go/json';
import { NET_CONF, NET_CONF_LIST } from './go/net-conf';
import { EMPTY_CONFIG, sortedFaults, type NetworkConfig } from './network-config';
import { Faults } from './base/reader';

export type { NetworkConfig } from './network-config';
export type { PluginSemantics } from './base/plugin';

/** Reads a NAD's `spec.config`; null or empty: a file on the node. `resourceName`: its annotation `k8s.v1.cni.cncf.io/resourceName`. */
export function readNetworkConfig(config: string | null, resourceName: string | null): NetworkConfig {
  if (config === null || config === '') {
    return {
      ...EMPTY_CONFIG,
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
      ...EMPTY_CONFIG,
      state: 'invalid',
      resourceName,
      parentEvidence: 'the config cannot be read',
      description: 'a config that Multus cannot read',
      ...sortedFaults(faults),
      error,
    };
  };
  const spec = unmarshalGo(config, goMap);
  const unreadable = 'GetCNIConfig: err in getCNIConfigFromSpec: failed to unmarshal Spec.Config:';
  if ('error' in spec) return refuse(`${unreadable} ${spec.error}`);
  const top = spec.value;
  if (top === null) return refuse(`${unreadable} json: null, on which Multus crashes`);
  const bytes = asDecoded(config, top);
  const single = decodeGo(bytes, NET_CONF);
  if ('error' in single) return refuse(`LoadDelegateNetConf: error unmarshalling delegate config: ${single.error}`);
  if (single.value.type !== '') {
    if (Object.hasOwn(top, 'plugins'))
      faults.add('warning', '"type" and "plugins" are both set: "type" wins, the list is not read');
    return readChain(top, [oneType(top, single.value.type)], single.value, resourceName, faults, false);
  }
  const list = decodeGo(bytes, NET_CONF_LIST);
  if ('error' in list) {
    return refuse(
      `LoadDelegateNetConf: failed with: LoadDelegateNetConfList: error unmarshalling delegate conflist: ${list.error}`,
    );
  }
  const refusal = refusesList(top, list.value.plugins);
  const plugins = (Array.isArray(top['plugins']) ? top['plugins'] : []).filter(isObject);
  if (refusal !== null) faults.list.push({ severity: 'error', text: refusal });
  // For a chain, libcni matches these two keys case-sensitively.
  const head = { cniVersion: textOf(top['cniVersion']), name: textOf(top['name']) };
  const read = readChain(top, plugins, head, resourceName, faults, true);
  // A rejected chain is still shown as far as it is readable.
  return refusal === null ? read : { ...read, state: 'invalid', error: refusal };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Keeps the spelling of `type` that libcni uses: it reads a single config in document order. */
function oneType(top: Readonly<Record<string, unknown>>, type: string): Readonly<Record<string, unknown>> {
  const spellings = Object.keys(top).filter((key) => key.toLowerCase() === 'type');
  if (spellings.length < 2) return top;
  return { ...Object.fromEntries(Object.entries(top).filter(([key]) => !spellings.includes(key))), type };
}

/** The config as libcni receives it: if it has no name, Multus adds one and re-encodes the JSON, sorted and without repeated keys. */
function asDecoded(config: string, top: Readonly<Record<string, unknown>>): unknown {
  const named = Object.hasOwn(top, 'name') && top['name'] !== '';
  const tree = named ? parseGoTree(config) : { value: { ...top, name: '' } };
  return 'value' in tree ? tree.value : top;
}

/** Multus' or libcni's message for a chain that they reject; null if they accept it. */
function refusesList(
  top: Readonly<Record<string, unknown>>,
  plugins: readonly ({ readonly type: string } | null)[] | null,
): string | null {
  const prefix = 'LoadDelegateNetConf: failed with: LoadDelegateNetConfList:';
  if (plugins === null) return `${prefix} delegate must have the 'type' or 'plugin' field`;
  if (plugins.length === 0) return 'the list of plugins is empty, on which Multus crashes';
  const [first] = plugins;
  if (first === null) return 'the first plugin is null, on which Multus crashes';
  if (first?.type === '') return `${prefix} a plugin delegate must have the 'type' field`;
  const list = 'error parsing configuration list:';
  // A wrong type was rejected above, where `null` passes.
  const isNull = (key: string): boolean => Object.hasOwn(top, key) && top[key] === null;
  if (isNull('name')) return `${list} invalid name type <nil>`;
  if (isNull('cniVersion')) return `${list} invalid cniVersion type <nil>`;
  for (const key of ['disableCheck', 'disableGC']) if (isNull(key)) return `${list} invalid type <nil> for ${key}`;
  const written: unknown = top['plugins'];
  if (!Array.isArray(written)) {
    return `${list} no 'plugins' key: libcni requires this spelling, in lower case`;
  }
  if (written.length === 0) return `${list} no plugins in list`;
  const bad = written.findIndex((plugin) => typeOf(plugin) === '');
  if (bad >= 0) return `failed to parse plugin config ${bad}: error parsing configuration: missing 'type'`;
  return null;
}

function typeOf(plugin: unknown): string {
  const read = decodeGo(plugin, NET_CONF);
  return 'value' in read ? read.value.type : '';
}
