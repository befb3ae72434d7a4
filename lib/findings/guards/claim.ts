/** Claimed devices (resource.k8s.io): their claims and their names. */
import type { PodClaimRecord, PodDevice, PodRecord } from '../../model/records';

/** A device with the claim that it is allocated to. */
export interface Claimed {
  readonly claim: PodClaimRecord;
  readonly device: PodDevice;
}

/** Driver name of DRANET. */
export const DRANET = 'dra.net';
/** Driver name of dra-driver-sriov. */
export const SRIOV_DRIVER = 'sriovnetwork.k8snetworkplumbingwg.io';

/** Devices allocated to the pod, in the order of its claims. */
export const devicesOf = ({ claims }: PodRecord): readonly Claimed[] =>
  claims.flatMap((claim) => claim.devices.map((device) => ({ claim, device })));

/** `device pci-0000-20-01-0 of dra.net`. */
export const deviceName = ({ driver, device }: Pick<PodDevice, 'driver' | 'device'>): string =>
  `device ${device} of ${driver}`;

/** `ResourceClaim ml/train-nic`. */
export const claimName = ({ namespace }: PodRecord, { claim }: PodClaimRecord): string =>
  `ResourceClaim ${namespace}/${claim ?? ''}`;
