/** The short words shown in the picture itself. */
import type { InterfaceRecord, Pool } from '../model/records';
import type { EniOrOutline } from './eni-outline';

/** The word before an ENI's ratio; null for an ordinary managed ENI. */
export function eniWord(eni: EniOrOutline): string | null {
  switch (eni.management.rule) {
    case 'no-manage-tag':
      return 'no_manage';
    case 'untagged-adopted':
      // The ENI has no tag yet: ipamd adopts it at its next reconcile, unless its metrics show that it already has.
      return eni.management.observed === true ? 'adopted' : 'to be adopted';
    case 'untagged-ignored':
      return 'untagged';
    case 'card-not-managed':
      return 'not managed';
    case 'efa-only':
      return 'efa-only';
    case 'trunk':
      return 'trunk';
    case 'branch':
      return 'branch';
    case 'imds-only':
      return 'imds only';
    case 'no-ipamd':
      return 'no ipamd';
    case 'unknown':
      return 'management unknown';
    case 'instance-id-tag':
      return eni.creator === 'other' ? 'adopted' : null;
    case 'primary':
    case 'no-manage-tag-false':
    case 'unattached':
      return null;
  }
}

/** Whether an ENI is drawn as unmanaged: ipamd assigns none of its addresses. */
export const isUnmanaged = (eni: EniOrOutline): boolean =>
  eni.management.state === 'unmanaged' || (eni.management.state === 'outside' && eni.role !== 'branch');

/** `ens7` observed, `~ens8` inferred, nothing when unknown. */
export function hostDeviceName(eni: EniOrOutline): string | null {
  if (eni.hostDevice === null || eni.hostDevice.certainty === 'unknown') return null;
  return eni.hostDevice.certainty === 'inferred' ? `~${eni.hostDevice.name}` : eni.hostDevice.name;
}

/** EC2's "Up to 10 Gigabit", "100 Gigabit" as "up to 10 Gbps", "100 Gbps". */
export function performanceWords(performance: string | null): string | null {
  if (performance === null) return null;
  return performance
    .replace(/^Up to/, 'up to')
    .replace(/ ?Gigabit$/, ' Gbps')
    .replace(/ ?Megabit$/, ' Mbps');
}

/** The name of an interface; a claimed device without a link has none. */
export const interfaceName = ({ name, claim }: Pick<InterfaceRecord, 'name' | 'claim'>): string =>
  name ?? (claim?.kind === 'rdma' ? 'no link' : 'no name');

/** The name of a network, `core/n6`; for claimed devices, the DeviceClass. */
export const networkLabel = (network: string): string =>
  network.replace(/^net:/, '').replace(/^class:/, 'DeviceClass ');

/** `06:04`, UTC; text that is not a timestamp is returned unchanged. */
export const clockTime = (timestamp: string): string => /T(\d\d:\d\d)/.exec(timestamp)?.[1] ?? timestamp;

/** The known numbers of a pool, each with its word. */
export function poolFigures(pool: Pool): readonly { readonly count: number; readonly word: string }[] {
  const figures: { count: number; word: string }[] = [];
  if (pool.assigned !== null) figures.push({ count: pool.assigned, word: 'assigned' });
  if (pool.warm !== null && pool.cooling !== null) {
    figures.push({ count: pool.warm, word: 'warm' }, { count: pool.cooling, word: 'cooling' });
  } else if (pool.available !== null) figures.push({ count: pool.available, word: 'available' });
  return figures;
}
