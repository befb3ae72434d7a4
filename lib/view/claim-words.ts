/** Claimed devices, in words. */
import { counted } from '../model/counted';
import type { InterfaceRecord, PodClaimRecord, PodDevice } from '../model/records';
import type { EniOrOutline } from './eni-outline';

/** The properties of a claimed device, each preceded by a separator; empty without any. */
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

/** How claims use an ENI; null when none does. */
export function eniClaimWords({ claimedBy, offeredBy }: Pick<EniOrOutline, 'claimedBy' | 'offeredBy'>): string | null {
  if (claimedBy.length === 1) return 'claimed as a whole by one pod';
  if (claimedBy.length > 1) return `claimed as a whole by ${counted(claimedBy.length, 'pod')}`;
  return offeredBy.length === 0 ? null : `free for claims: ${offeredBy.join(', ')}`;
}

const STATES: Readonly<Record<PodClaimRecord['state'], string>> = {
  allocated: 'allocated',
  pending: 'waits for devices',
  missing: 'the ResourceClaim does not exist',
  unknown: 'ResourceClaims are not read',
};

/** A pod's claim with its state. */
export function podClaimWords({ claim, template, state, pods }: PodClaimRecord): string {
  const made = claim === null && template !== null ? [`of template ${template}`] : [];
  return [
    claim ?? 'no ResourceClaim yet',
    ...made,
    ...(claim === null ? [] : [STATES[state]]),
    ...(pods !== null && pods > 1 ? [`shared by ${counted(pods, 'pod')}`] : []),
  ].join(' · ');
}

/** A device of a claim. */
export function deviceWords({
  driver,
  pool,
  device,
  kind,
  ready,
  reason,
  listed,
  pcieRoot,
  adminAccess,
}: PodDevice): string {
  const state = adminAccess
    ? 'admin access only'
    : (reason ?? (ready === null ? 'its driver reports no condition' : 'ready'));
  return [
    `${device} of ${driver}, pool ${pool}`,
    ...(kind === 'rdma' ? ['RDMA only: no address'] : []),
    ...(kind === 'gpu' ? [] : [state]),
    ...(listed === false ? ['no longer listed'] : []),
    ...(pcieRoot === null ? [] : [`PCIe root ${pcieRoot}`]),
  ].join(' · ');
}
