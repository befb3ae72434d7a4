/** A single plugin or a chain: which plugin creates the interface, its parent, and the source of its addresses. */
import { checkFields, lintFields } from './base/fields';
import { decodeGo } from './go/decode';
import { NET_CONF } from './go/net-conf';
import { ipamReading, ipamSize, isDefaultRoute } from './ipam/ipam';
import { ipamOf } from './ipam/registry';
import { unknownIpam } from './ipam/unknown';
import { EMPTY_CONFIG, sortedFaults, type NetworkConfig, type NetworkIpam } from './network-config';
import { COMMON_KEYS, type Plugin, type PluginReading } from './base/plugin';
import { unknownPlugin } from './plugins/unknown';
import { ConfigReader, type Faults } from './base/reader';
import { lintKeys } from './base/unread-keys';
import { insideIpam, outsideOfIpam, outsideOfPlugins } from './misplaced-keys';
import { pluginOf } from './registry';

/** Keys beside a chain's plugins. A single config is converted to a chain, so it may have them as well. */
export const LIST_KEYS = [
  'cniVersion',
  'cniVersions',
  'name',
  'type',
  'plugins',
  'disableCheck',
  'disableGC',
  'loadOnlyInlinedPlugins',
];

const KNOWN_VERSIONS = ['0.1.0', '0.2.0', '0.3.0', '0.3.1', '0.4.0', '1.0.0', '1.1.0'];

function checkVersion(version: string, isList: boolean, faults: Faults): void {
  if (version === '') {
    if (isList) {
      faults.add(
        'warning',
        'no "cniVersion": the chain returns a result in the oldest format, which lists no interfaces, so pods get no network-status entry for it',
      );
    }
  } else if (!KNOWN_VERSIONS.includes(version)) {
    faults.add(
      'warning',
      `cniVersion "${version.slice(0, 32)}" is not supported by plugins (${KNOWN_VERSIONS.join(', ')})`,
    );
  }
}

/** Plugins that fail or crash without the result of a previous plugin (`prevResult`). */
const NEEDS_RESULT: ReadonlySet<string> = new Set([
  'bandwidth',
  'firewall',
  'portmap',
  'route-override',
  'sbr',
  'tuning',
  'vrf',
]);

/** Chains have a handful of plugins; a longer one is hostile. */
const MAX_CHAIN = 256;

interface Head {
  readonly cniVersion: string;
  readonly name: string;
}

/** Reads the plugins of a config that Multus accepts, or the readable ones of a config that it rejects. Never throws. */
export function readChain(
  top: Readonly<Record<string, unknown>>,
  raw: readonly Readonly<Record<string, unknown>>[],
  head: Head,
  resourceName: string | null,
  faults: Faults,
  isList: boolean,
): NetworkConfig {
  checkVersion(head.cniVersion, isList, faults);
  if (isList) lintKeys(new ConfigReader(top, faults, 'config'), LIST_KEYS, outsideOfPlugins);

  if (raw.length > MAX_CHAIN) faults.add('error', `a chain of ${raw.length} plugins: the first ${MAX_CHAIN} are read`);
  const members = raw.slice(0, MAX_CHAIN).map((object) => memberOf(object, faults, isList));
  const mains = members.flatMap((member, index) =>
    member.plugin.kind === 'main' && member.type !== '' ? [index] : [],
  );
  // An unlisted plugin beside a listed one prepares or completes the listed one's interface (Spiderpool's ifacer, before
  // macvlan); so does an unlisted plugin or a cluster network after another plugin (like cilium-cni). Two other main
  // plugins do not.
  const listed = mains.filter((index) => members[index]?.plugin !== unknownPlugin);
  const candidates = listed.length > 0 ? listed : mains;
  const mainPlugin = candidates[0] ?? null;
  const creators = candidates.filter((index, i) => i === 0 || members[index]?.plugin.fields !== 'any');
  if (creators.length > 1) {
    const types = creators.map((index) => members[index]?.type ?? '').join(', ');
    faults.add(
      'warning',
      `several plugins of the chain create an interface (${types.slice(0, 128)}): only the first is shown`,
    );
  } else if (mainPlugin === null && members.length > 0) {
    faults.add('error', 'no plugin of the chain creates an interface');
  }

  const before = listed.length > 0 ? members.slice(0, mainPlugin ?? 0) : [];
  for (const { type } of before)
    if (NEEDS_RESULT.has(type))
      faults.add(
        'error',
        `${type} requires the result of the plugin that creates the interface, but comes before it: move it after that plugin`,
      );
  const owner = mainPlugin === null ? undefined : members[mainPlugin];
  const given = owner === undefined ? null : readIpam(owner.config, head.cniVersion);
  const ipam = given === null ? null : { ...given, routes: routesAfter(members, given.routes) };
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
    ...EMPTY_CONFIG,
    state: 'valid',
    ...sortedFaults(faults),
    cniVersion: head.cniVersion || null,
    name: head.name || null,
    plugins: members.map(({ type }) => type),
    mainPlugin,
    ...(main === null
      ? { parentEvidence: 'no plugin of the chain creates an interface' }
      : {
          parent: main.parent,
          parentCertainty: main.certainty,
          parentEvidence: main.evidence,
          mode: main.mode,
          failOverMac: main.failOverMac,
          vlan: main.vlan,
          mtu: main.mtu,
          links: main.links,
          semantics: main.semantics,
        }),
    capabilities: [...new Set(members.flatMap(({ capabilities }) => capabilities))].sort(),
    ipam: ipam ?? ownIpam(main, owner?.type ?? ''),
    hasDefaultRoute: (main?.addsDefaultRoute ?? false) || (ipam?.routes.some(isDefaultRoute) ?? false),
    resourceName,
    ownNames: [main?.ownName ?? null, ipam?.ownName ?? null].filter((one) => one !== null),
    description: describe(main, ipam, metas),
  };
}

interface Member {
  readonly type: string;
  readonly plugin: Plugin;
  readonly config: ConfigReader;
  readonly capabilities: readonly string[];
}

/** Multus itself. A network of that type nests it. */
const MULTUS: ReadonlySet<string> = new Set(['multus', 'multus-shim']);
const NESTED =
  'its "delegates" are separate networks, the first of which is the cluster network, and not a chain. List several plugins for one interface in "plugins", starting with the one that creates the interface';

function memberOf(object: Readonly<Record<string, unknown>>, faults: Faults, isList: boolean): Member {
  const decoded = decodeGo(object, NET_CONF);
  const { type, capabilities } = 'value' in decoded ? decoded.value : NET_CONF.zero();
  const shown = type.slice(0, 64);
  const plugin: Plugin = pluginOf(type) ?? unknownPlugin;
  const config = new ConfigReader(object, faults, shown);
  if (plugin === unknownPlugin && ipamOf(type) !== unknownIpam)
    faults.add(
      'warning',
      `"type" is ${type}, an IPAM plugin: it reserves an address but creates no interface. Set "type" to the plugin that creates the interface (macvlan, ipvlan, bridge …); ${type} belongs in "ipam"`,
    );
  if (MULTUS.has(type)) faults.add('warning', `"type" is ${type}, which calls Multus again: ${NESTED}`);
  if (type === '') lintKeys(config, COMMON_KEYS);
  else if (plugin.fields !== 'any') {
    lintFields(config, plugin.fields, [...COMMON_KEYS, ...(isList ? [] : LIST_KEYS)], outsideOfIpam(config));
    checkFields(config, plugin.fields);
  }
  if (type.includes('/') || type.includes('\0')) config.error('"type" is the name of a program, not a path');
  const on = [...capabilities].flatMap(([name, wanted]) => (wanted ? [name] : []));
  return { type: shown, plugin, config, capabilities: on };
}

/** The routes of the interface once the chain has run. */
const routesAfter = (members: readonly Member[], routes: NetworkIpam['routes']): NetworkIpam['routes'] =>
  members.reduce(
    (before, { plugin, config }) =>
      plugin.kind === 'meta' && plugin.routesAfter !== undefined ? plugin.routesAfter(config, before) : before,
    routes,
  );

/** The IPAM of a plugin; null if absent or `{}`, which requests no address. */
function readIpam(config: ConfigReader, cniVersion: string): NetworkIpam | null {
  const section = config.object('ipam');
  const type = section?.text('type') ?? null;
  if (section === null) return null;
  if (type === null) {
    if (Object.keys(section.raw).length > 0) config.warn('"ipam" has no "type": no address is given');
    return null;
  }
  const plugin = ipamOf(type);
  const reader = new ConfigReader(section.raw, config.faults, type.slice(0, 64));
  if (plugin.fields !== 'any') {
    lintFields(
      reader,
      plugin.fields,
      ['type', 'name'],
      insideIpam(pluginOf(config.text('type') ?? '')?.fields ?? 'any'),
    );
    checkFields(reader, { name: 'string', ...plugin.fields });
  }
  if (plugin.outer !== undefined) checkFields(config, plugin.outer);
  const read = plugin.read(reader, { cniVersion });
  const { truncated } = config.faults;
  return {
    ...read,
    allocatable: truncated ? [] : read.allocatable,
    type: type.slice(0, 64),
    size: truncated ? null : ipamSize(read),
  };
}

/** What the plugin assigns itself, as its IPAM. */
const ownIpam = (main: PluginReading | null, type: string): NetworkIpam | null =>
  main === null || main.ranges.length === 0
    ? null
    : { ...ipamReading({ scope: 'external', ranges: main.ranges, description: main.description }), type, size: null };

function describe(main: PluginReading | null, ipam: NetworkIpam | null, metas: readonly string[]): string {
  const parts = [main?.description ?? 'a chain that creates no interface'];
  if (ipam !== null) parts.push(ipam.description);
  if (metas.length > 0) parts.push(`then ${metas.slice(0, 8).join(', ')}`);
  return parts.join('; ');
}
