/** Finds the places of a record in the picture. */
import type { EniRecord } from '../../model/records';
import { idsOf, type ViewSource } from '../../view/view-source';
import { blockOf, type Rack } from '../rack/rack';
import { blockPlace, blocksOf, boxPlace, slotPlaces, type Place } from './places';

/** The block that shows an ENI: its own, or its trunk's. */
const blockOfEni = (rack: Rack, eni: EniRecord): number | undefined =>
  blockOf(rack, eni.role === 'branch' ? (eni.trunk ?? eni.id) : eni.id);

/** Every slot or row of these interfaces, in the given order. */
export function placesOf(source: ViewSource, rack: Rack, interfaces: Iterable<string>): readonly Place[] {
  const places: Place[] = [];
  const byBlock = new Map<number, readonly Place[]>();
  for (const id of interfaces) {
    const record = source.records.interfaces.get(id);
    const box = record?.node == null ? undefined : rack.boxOf.get(record.node);
    if (record === undefined || box === undefined) continue;
    const eni = record.eni === null ? undefined : source.records.enis.get(record.eni);
    const own = eni === undefined ? undefined : blockOfEni(rack, eni);
    for (const block of own === undefined ? blocksOf(rack, box) : [own]) {
      const slots = byBlock.get(block) ?? slotPlaces(source, rack, block);
      byBlock.set(block, slots);
      places.push(...slots.filter((slot) => slot.id === id));
    }
  }
  return places;
}

/** The slots of an ENI with one of these addresses. */
export function addressPlaces(
  source: ViewSource,
  rack: Rack,
  eni: EniRecord,
  ips: ReadonlySet<string>,
): readonly Place[] {
  const block = blockOfEni(rack, eni);
  if (block === undefined) return [];
  return slotPlaces(source, rack, block).filter(({ ip }) => ip !== null && ips.has(ip));
}

/** The place of a record: its slot, block or box; null when the rack does not show it. */
export function placeOf(source: ViewSource, rack: Rack, id: string): Place | null {
  const block = blockOf(rack, id);
  if (block !== undefined) return blockPlace(rack, block);
  const box = rack.boxOf.get(id);
  if (box !== undefined) return boxPlace(rack, box);
  const { records, indexes } = source;
  const pod = records.pods.get(id);
  const held = pod === undefined ? [id] : idsOf(indexes.interfacesByPod, id);
  const slot = placesOf(source, rack, held)[0];
  if (slot !== undefined) return slot;
  const eni = records.enis.get(id);
  if (eni?.trunk != null) return placeOf(source, rack, eni.trunk);
  const owner = pod ?? records.interfaces.get(id) ?? eni ?? records.networkCards.get(id) ?? records.hostNics.get(id);
  return owner?.node == null ? null : placeOf(source, rack, owner.node);
}
