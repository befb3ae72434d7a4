/** SriovNetworkNodeState: a node's SR-IOV links and their virtual functions (multus §4.3). The object is named after its node. */
import type { HostLink } from '../../model/facts';
import { canonicalMac } from '../../model/ip';
import { count, fields, readEach, text, type Fields } from '../read/guards';
import { normaliser } from './object';

const MAX_FAILURE_LENGTH = 256;

/** The object has no timestamp, so `asOf` is null. */
export const normaliseSriovNodeState = normaliser<'sriovNodeState'>((object) => ({
  source: 'SriovNetworkNodeState',
  node: object.meta.name,
  asOf: null,
  failure: failureOf(object.status) ?? missingVfs(object.spec, object.status),
  links: readEach(object.status['interfaces'], link),
}));

/** The operator's daemon keeps the last error even after a success, so the status decides. */
function failureOf(status: Fields): string | null {
  const state = text(status['syncStatus']);
  const error = text(status['lastSyncError'])?.slice(0, MAX_FAILURE_LENGTH) ?? '';
  if (state === 'Succeeded') return null;
  if (state === 'InProgress') return `InProgress${error === '' ? '' : `, and its last error is: ${error}`}`;
  return error === '' ? null : error;
}

/** Links for which the policies request more virtual functions than exist, although the daemon reports success. */
function missingVfs(spec: Fields, status: Fields): string | null {
  const links = readEach(status['interfaces'], link);
  const missing = readEach(spec['interfaces'], (value) => {
    const wanted = fields(value);
    const [pciAddress, vfs] = [pciOf(wanted['pciAddress']), count(wanted['numVfs']) ?? 0];
    const found = links.find((one) => one.pciAddress !== null && one.pciAddress === pciAddress);
    if (found === undefined || vfs <= (found.totalVfs ?? 0)) return null;
    return `${found.name} should have ${vfs} virtual functions and has ${found.totalVfs ?? 0}`;
  });
  return missing.length === 0 ? null : missing.join(', ').slice(0, MAX_FAILURE_LENGTH);
}

function link(value: unknown): HostLink | null {
  const entry = fields(value);
  const name = text(entry['name']);
  if (name === null) return null;
  const state = text(entry['linkAdminState']);
  // The operator's Go type calls it `Vfs`.
  const vfs = readEach(entry['Vfs'] ?? entry['vfs'], (item) => {
    const vf = fields(item);
    const pciAddress = pciOf(vf['pciAddress']);
    return pciAddress === null ? null : { pciAddress, name: text(vf['name']), mac: macOf(vf['mac']) };
  });
  return {
    name,
    altNames: readEach(entry['altNames'], text),
    mac: macOf(entry['mac']),
    pciAddress: pciOf(entry['pciAddress']),
    up: state === null ? null : state.toLowerCase() === 'up',
    mtu: count(entry['mtu']),
    over: [],
    // `numVfs` counts the VFs that exist, `totalvfs` those that the card could have. Without `numVfs`, the list is
    // counted.
    totalVfs: count(entry['numVfs']) ?? (vfs.length > 0 || count(entry['totalvfs']) !== null ? vfs.length : null),
    vfs,
    eni: null,
    kind: text(entry['linkType']),
  };
}

const macOf = (value: unknown): string | null => (typeof value === 'string' ? canonicalMac(value) : null);
const pciOf = (value: unknown): string | null => text(value)?.toLowerCase() ?? null;
