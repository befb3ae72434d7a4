/** Packs and unpacks ENIs; ids repeated in tags and description become templates. */
import type { EniAddress, EniRecord, InterfaceRecord } from '../../model/records';
import type { EniRow } from './eni-row';
import type { NodeList } from './nodes';
import { fromTemplate, toTemplate } from './template';

/** The record without the holders of its addresses. */
export type UnheldEni = Omit<EniRow, 'nodeAt' | 'instanceSame'> & Pick<EniRecord, 'node'>;

/** Finds the interface that has an address on an ENI: the first in wire order. */
export type Holder = (eni: string, ip: string) => string | null;

/** Values that description and tags may repeat. */
const tokensOf = (eni: Pick<EniRecord, 'id' | 'instanceId' | 'trunk' | 'createdAt'>): readonly (string | null)[] => [
  eni.instanceId,
  eni.id,
  eni.trunk,
  eni.createdAt,
];

/** Packs an ENI; `before` is that of the previous row. */
export function packEni(eni: EniRecord, before: EniRecord | undefined, nodes: NodeList, holder: Holder): EniRow {
  const tokens = tokensOf(eni);
  const instanceSame = eni.instanceId === (before?.instanceId ?? null);
  const { node, ...kept } = eni;
  return {
    ...kept,
    nodeAt: nodes.placeOf(node),
    instanceSame,
    instanceId: instanceSame ? null : eni.instanceId,
    description: toTemplate(eni.description, tokens),
    tags: Object.fromEntries(Object.entries(eni.tags).map(([key, value]) => [key, toTemplate(value, tokens)])),
    addresses: eni.addresses.map((one) => {
      const same = one.interface === heldBy(one, eni.id, holder);
      return { ...one, holderSame: same, interface: same ? null : one.interface };
    }),
  };
}

/** Only an assigned address is expected to have a holder. */
const heldBy = (address: Pick<EniAddress, 'ip' | 'state'>, eni: string, holder: Holder): string | null =>
  address.state === 'assigned' ? holder(eni, address.ip) : null;

/** Unpacks everything except the holders of its addresses, which `fillHolders` adds once the interfaces are known. */
export function unpackEni(row: EniRow, before: UnheldEni | undefined, nodes: NodeList): UnheldEni {
  const { nodeAt, instanceSame, ...packed } = row;
  const instanceId = instanceSame ? (before?.instanceId ?? null) : packed.instanceId;
  const tokens = tokensOf({ ...packed, instanceId });
  const tags = Object.fromEntries(
    Object.entries(packed.tags).map(([key, value]) => [key, fromTemplate(value, tokens)]),
  );
  return {
    ...packed,
    node: nodes.at(nodeAt),
    instanceId,
    tags,
    description: fromTemplate(packed.description, tokens),
  };
}

/** Completes an unpacked ENI with the holders of its addresses. */
export function fillHolders(eni: UnheldEni, holder: Holder): EniRecord {
  return {
    ...eni,
    addresses: eni.addresses.map(({ holderSame, ...one }) =>
      holderSame ? { ...one, interface: heldBy(one, eni.id, holder) } : one,
    ),
  };
}

/** Builds the `Holder` look-up from interfaces in wire order. */
export function holders(interfaces: readonly InterfaceRecord[]): Holder {
  // There is almost always one interface per address, so the list is short.
  interface Held {
    readonly eni: string;
    readonly id: string;
    readonly next: Held | null;
  }
  const byIp = new Map<string, Held>();
  for (let i = interfaces.length - 1; i >= 0; i--) {
    const one = interfaces[i];
    if (one === undefined || one.eni === null) continue;
    for (const ip of one.ips) byIp.set(ip, { eni: one.eni, id: one.id, next: byIp.get(ip) ?? null });
  }
  return (eni, ip) => {
    for (let held = byIp.get(ip) ?? null; held !== null; held = held.next) if (held.eni === eni) return held.id;
    return null;
  };
}
