/** Links on the host: from inventories and NodeENI, and names that follow from ENIs or NADs by a rule. */
import { hostNicId } from '../../model/ids';
import type { HostNicRecord } from '../../model/records';
import { byCodeUnit } from '../../model/order';
import type { NodeContext } from '../context/context';
import type { Derived } from './interfaces';

const NIC_PREFIX = 'nic:';
const NO_NAMES: readonly string[] = [];

/** The NICs of a node, from the APIs that list them and from what interfaces imply. */
export function deriveHostNics(context: NodeContext, derived: readonly Derived[]): readonly HostNicRecord[] {
  const node = context.id;
  const nics = new Map<string, HostNicRecord>();
  const vfsInUse = new Set(derived.flatMap(({ record }) => record.device?.pciAddress ?? []));

  for (const { link, source, eni } of context.links.known) {
    const used = link.vfs.filter((vf) => vfsInUse.has(vf.pciAddress)).length;
    nics.set(link.name, {
      id: hostNicId(context.name, link.name),
      node,
      name: link.name,
      altNames: link.altNames,
      mac: link.mac,
      pciAddress: link.pciAddress,
      up: link.up,
      mtu: link.mtu,
      over: link.over,
      vfs: link.totalVfs === null || link.totalVfs === 0 ? null : { total: link.totalVfs, used },
      eni: eni?.id ?? link.eni,
      certainty: 'observed',
      source,
    });
  }

  // A link that a pod has whole is no longer on the host.
  const gone = derived.flatMap(({ record }) => (record.claim?.whole === true ? (record.eni ?? []) : []));
  const named = new Set([...[...nics.values()].map(({ eni }) => eni), ...gone]);
  for (const eni of context.enis) {
    if (named.has(eni.id)) continue;
    const name = context.links.guessName(eni);
    if (name === null || nics.has(name)) continue;
    named.add(eni.id);
    nics.set(name, inferred(context, node, name, { mac: eni.mac, eni: eni.id, source: 'rule' }));
  }

  // NodeENI reports ENI and device index without EC2; the link's name is still inferred.
  for (const { attachments } of context.facts.factsOf('nodeEnisByNode', context.name)) {
    for (const attachment of attachments) {
      if (attachment.node !== context.name || named.has(attachment.eni) || attachment.deviceIndex === null) continue;
      const name = context.links.guessNameAt(attachment.deviceIndex);
      if (name === null || nics.has(name)) continue;
      named.add(attachment.eni);
      nics.set(name, inferred(context, node, name, { mac: null, eni: attachment.eni, source: 'NodeENI' }));
    }
  }

  // A parent that is only known from a NAD.
  const own = `${NIC_PREFIX}${hostNicId(context.name, '').slice(NIC_PREFIX.length)}`;
  for (const { record } of derived) {
    if (record.hostNic?.startsWith(own) !== true) continue;
    const known = [...nics.values()].some(({ id }) => id === record.hostNic);
    if (known) continue;
    const name = decode(record.hostNic.slice(own.length));
    nics.set(name, inferred(context, node, name, { mac: null, eni: record.eni, source: 'rule' }));
  }
  return [...nics.values()].sort((a, b) => byCodeUnit(a.id, b.id));
}

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

const inferred = (
  context: NodeContext,
  node: string,
  name: string,
  known: Pick<HostNicRecord, 'mac' | 'eni' | 'source'>,
): HostNicRecord => ({
  id: hostNicId(context.name, name),
  node,
  name,
  altNames: NO_NAMES,
  pciAddress: null,
  up: null,
  mtu: null,
  over: NO_NAMES,
  vfs: null,
  certainty: 'inferred',
  ...known,
});
