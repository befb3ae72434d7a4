/** Devices by PCI address, or by their drivers' names for them. A name or an address may exist on every node. */
import type { HostNicRecord } from '../../model/records';
import type { Replica } from '../../records/replica';
import { hit, type Hit } from './answer';
import { eniSteps, interfaceSteps, nodeSteps, words } from './owner-path';

/** A host NIC and its node. `asked`: the value that found it. */
export const hostNicHit = ({ id, name, node }: HostNicRecord, asked: string): Hit =>
  hit('host-nic', id, [words(asked), { id, text: `host NIC ${name}` }, ...nodeSteps(node)]);

/** `lspci` leaves the domain out if it is 0000. */
const PCI = /^(?:[0-9a-f]{4,8}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/;

/** Drivers name a device after its PCI address, with dashes: DRANET `pci-0000-00-06-0`, dra-driver-sriov `0000-3b-00-1`. */
const PCI_NAME = /^(?:pci-)?([0-9a-f]{4,8})-([0-9a-f]{2})-([0-9a-f]{2})-([0-7])$/;

/** The devices with this PCI address; null if the query is not a PCI address. */
export function lookupPci(replica: Replica, query: string): Hit[] | null {
  if (!PCI.test(query.toLowerCase())) return null;
  const address = `${query.length === '00:00.0'.length ? '0000:' : ''}${query.toLowerCase()}`;
  const dashed = address.replaceAll(/[:.]/g, '-');
  return devices(replica, address, address, [dashed, `pci-${dashed}`]);
}

/** A device by its driver's name for it. */
export function lookupDevice(replica: Replica, name: string): Hit[] {
  const [, domain, bus, slot, fn] = PCI_NAME.exec(name) ?? [];
  const address = domain === undefined ? null : `${domain}:${bus ?? ''}:${slot ?? ''}.${fn ?? ''}`;
  return devices(replica, name, address, [name]);
}

/** The pods that have the device, the host NICs of the device, and the ENIs that drivers offer as it. */
function devices(replica: Replica, asked: string, address: string | null, names: readonly string[]): Hit[] {
  const { records } = replica;
  const hits: Hit[] = [];
  for (const face of records.interfaces.values()) {
    const isDevice = address !== null && face.device?.pciAddress === address;
    const ofClaim = face.claim === null ? [] : [face.claim.device, face.claim.rdmaDevice];
    if (isDevice || ofClaim.some((name) => name !== null && names.includes(name)))
      hits.push(hit('interface', face.id, [words(asked), ...interfaceSteps(replica, face)]));
  }
  const shown = new Set<string | null>();
  for (const nic of records.hostNics.values()) {
    if (nic.pciAddress === null || nic.pciAddress !== address) continue;
    shown.add(nic.eni);
    hits.push(hostNicHit(nic, asked));
  }
  for (const eni of records.enis.values()) {
    const offered = eni.offeredBy.map((offer) => offer.slice(offer.indexOf('/') + 1));
    if (eni.claimedBy.length === 0 && !shown.has(eni.id) && offered.some((name) => names.includes(name)))
      hits.push(hit('eni', eni.id, [words(asked), ...eniSteps(eni)]));
  }
  return hits;
}
