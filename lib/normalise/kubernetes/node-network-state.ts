/** NodeNetworkState (nmstate.io): a node's links according to nmstate (multus §4.5). The object is named after its node. */
import type { HostLink } from '../../model/facts';
import { canonicalMac } from '../../model/ip';
import { count, fields, readEach, text, timestamp, type Fields } from '../read/guards';
import { normaliser } from './object';

/** `asOf` is the time of the last successful update; null without one. */
export const normaliseNodeNetworkState = normaliser<'nodeNetworkState'>((object) => ({
  source: 'NodeNetworkState',
  failure: null,
  node: object.meta.name,
  asOf: timestamp(object.status['lastSuccessfulUpdateTime']),
  links: withBases(readEach(fields(object.status['currentState'])['interfaces'], link)),
}));

/** Levels of links that are followed: a link on a VLAN on a bond of two ports. Also ends any loop. */
const LEVELS = 3;

/**
 * Marks links over links that are down as down: nmstate may report a VLAN as `up` while no packet passes its base, and
 * a bond while all its ports are down. A bridge connects the pods of its node without any port.
 */
function withBases(links: readonly HostLink[]): readonly HostLink[] {
  const byName = new Map(links.map((one) => [one.name, one]));
  const isDown = (link: HostLink | undefined, levels: number): boolean =>
    link !== undefined &&
    (link.up === false ||
      (levels > 0 &&
        link.over.length > 0 &&
        !isBridge(link) &&
        link.over.every((name) => isDown(byName.get(name), levels - 1))));
  return links.map((link) => (link.up !== false && isDown(link, LEVELS) ? { ...link, up: false } : link));
}

const isBridge = ({ kind }: HostLink): boolean => kind?.includes('bridge') === true;

/** The names of the links below a link. */
function linksBelow(entry: Fields): readonly string[] {
  const bases = ['vlan', 'mac-vlan'].flatMap((kind) => text(fields(entry[kind])['base-iface']) ?? []);
  const bond = fields(entry['link-aggregation']);
  // nmstate before 2.0 calls them `slaves`.
  const ports = readEach(bond['port'] ?? bond['ports'] ?? bond['slaves'], text);
  const ofBridge = readEach(fields(entry['bridge'])['port'], (item) => text(fields(item)['name']));
  return [...new Set([...bases, ...ports, ...ofBridge])];
}

function link(value: unknown): HostLink | null {
  const entry = fields(value);
  const name = text(entry['name']);
  if (name === null) return null;
  const mac = entry['mac-address'];
  const sriov = fields(fields(entry['ethernet'])['sr-iov']);
  return {
    name,
    altNames: readEach(entry['alt-names'], (item) => text(item) ?? text(fields(item)['name'])),
    mac: typeof mac === 'string' ? canonicalMac(mac) : null,
    pciAddress: text(entry['pci-address'])?.toLowerCase() ?? null,
    up: entry['state'] === 'up' ? true : entry['state'] === 'down' ? false : null,
    mtu: count(entry['mtu']),
    over: linksBelow(entry),
    totalVfs: count(sriov['total-vfs']),
    vfs: [],
    eni: null,
    kind: text(entry['type']),
  };
}
