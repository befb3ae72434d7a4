/**
 * Received records reuse the texts of the records that they refer to. Parsing creates a pod's address four times (in the
 * pod, its interface, the interface's addresses, and the ENI's), and the ids of interfaces and ENIs with each address; at
 * 1,000 nodes these copies took a sixth of the memory of a received set.
 */
import type { Delta } from '../model/delta';
import type { EniAddress, InterfaceRecord, RecordMaps } from '../model/records';
import { equal } from '../model/equal';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** A list's own object for an equal text. */
const sameIn = (texts: readonly string[], text: string): string => texts.find((one) => one === text) ?? text;

type Addressed = Pick<InterfaceRecord, 'ips' | 'eni' | 'addresses'>;

function shareWithin({ ips, eni, addresses }: Addressed): void {
  for (const address of addresses as readonly Writable<Addressed['addresses'][number]>[]) {
    address.ip = sameIn(ips, address.ip);
    if (address.eni === eni) address.eni = eni;
  }
}

function shareInterface(iface: Writable<InterfaceRecord>, { pods }: RecordMaps): void {
  const pod = pods.get(iface.pod);
  if (pod !== undefined) {
    iface.pod = pod.id;
    if (equal(iface.ips, pod.ips)) iface.ips = pod.ips;
  }
  shareWithin(iface);
}

function shareAddresses(addresses: readonly object[], { interfaces }: RecordMaps): void {
  for (const address of addresses as readonly Writable<EniAddress>[]) {
    const holder = address.interface === null ? undefined : interfaces.get(address.interface);
    if (holder === undefined) continue;
    address.interface = holder.id;
    address.ip = sameIn(holder.ips, address.ip);
  }
}

/**
 * Changes no content, only which of several equal objects the new records and patches contain. `tables` must have been
 * parsed for this caller; `records` are those that it will be applied to.
 */
export function shareReferences({ interfaces, enis }: Delta['tables'], records: RecordMaps): void {
  for (const iface of interfaces?.put ?? []) shareInterface(iface, records);
  for (const { id, set } of interfaces?.patch ?? []) {
    const known = records.interfaces.get(id);
    if (known !== undefined) shareWithin({ ips: known.ips, eni: known.eni, addresses: [], ...set });
  }
  for (const { addresses } of enis?.put ?? []) shareAddresses(addresses, records);
  for (const { addresses } of enis?.patch ?? []) shareAddresses(addresses?.put ?? [], records);
}
