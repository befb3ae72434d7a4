/** NodeNetworkState (nmstate.io): a node's links according to nmstate (multus §4.5). The object is named after its node. */
import type { HostLink } from '../../model/facts';
import { canonicalMac } from '../../model/ip';
import { count, fields, readEach, text, timestamp } from '../read/guards';
import { normaliser } from './object';

/** `asOf` is the time of the last successful update; null without one. */
export const normaliseNodeNetworkState = normaliser<'nodeNetworkState'>((object) => ({
  source: 'NodeNetworkState',
  failure: null,
  node: object.meta.name,
  asOf: timestamp(object.status['lastSuccessfulUpdateTime']),
  links: withBases(readEach(fields(object.status['currentState'])['interfaces'], link)),
}));

/** A link, and the name of the link below it, if any. */
interface Read {
  readonly link: HostLink;
  readonly base: string | null;
}

/** Marks links over a link that is down as down: nmstate may report a VLAN as `up` while no packet passes its bond. */
function withBases(read: readonly Read[]): readonly HostLink[] {
  const byName = new Map(read.map((one) => [one.link.name, one]));
  return read.map(({ link, base }) => {
    const below = base === null ? undefined : byName.get(base);
    // Two levels are enough for real nodes, and end with any loop.
    const lowest = below?.base == null ? undefined : byName.get(below.base);
    return below?.link.up === false || lowest?.link.up === false ? { ...link, up: false } : link;
  });
}

function link(value: unknown): Read | null {
  const entry = fields(value);
  const name = text(entry['name']);
  if (name === null) return null;
  const mac = entry['mac-address'];
  const sriov = fields(fields(entry['ethernet'])['sr-iov']);
  const base = text(fields(entry['vlan'])['base-iface']) ?? text(fields(entry['mac-vlan'])['base-iface']);
  const known: HostLink = {
    name,
    altNames: readEach(entry['alt-names'], (item) => text(item) ?? text(fields(item)['name'])),
    mac: typeof mac === 'string' ? canonicalMac(mac) : null,
    pciAddress: text(entry['pci-address'])?.toLowerCase() ?? null,
    up: entry['state'] === 'up' ? true : entry['state'] === 'down' ? false : null,
    totalVfs: count(sriov['total-vfs']),
    vfs: [],
    eni: null,
    kind: text(entry['type']),
  };
  return { link: known, base };
}
