/** A claimed device, in words. */
import type { InterfaceRecord } from '../model/records';

/** What sets the device apart, each part behind a separator; empty when nothing does. */
export function claimWords({ claim, state }: Pick<InterfaceRecord, 'claim' | 'state'>): string {
  if (claim === null) return '';
  return [
    ...(claim.kind === 'rdma' ? ['RDMA only: no address'] : []),
    ...(claim.kind !== 'rdma' && state === 'requested' ? ['the driver reports no interface'] : []),
    ...(claim.pods > 1 ? [`shared by ${claim.pods} pods`] : []),
    ...(claim.whole ? ['whole device'] : []),
  ]
    .map((part) => ` · ${part}`)
    .join('');
}
