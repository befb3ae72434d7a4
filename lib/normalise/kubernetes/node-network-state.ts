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
  links: readEach(fields(object.status['currentState'])['interfaces'], link),
}));

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
    totalVfs: count(sriov['total-vfs']),
    vfs: [],
    eni: null,
    kind: text(entry['type']),
  };
}
