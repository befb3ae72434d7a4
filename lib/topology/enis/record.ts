/** The record of an ENI: the fields from EC2 and its tags, and the derived ones. */
import { podId } from '../../model/ids';
import type { EniAddress, EniPrefix, EniRecord } from '../../model/records';
import { podOfEni } from '../facts/owners';
import { createdAtOf, TRUNK_TAG, type EniShape } from '../facts/parts';
import type { FactReader } from '../facts/reader';
import { cardOf } from '../links/link';
import { isPrimaryEni, managementOf, type decideManagement } from '../context/management';

function roleOf(eni: EniShape): EniRecord['role'] {
  if (eni.interfaceType === 'trunk' || eni.interfaceType === 'branch' || eni.interfaceType === 'efa-only') {
    return eni.interfaceType;
  }
  return isPrimaryEni(eni) ? 'primary' : 'secondary';
}

/** Only the description identifies the creator, and its case varies (vpc-cni §1.1). */
export function creatorOf(eni: EniShape): EniRecord['creator'] {
  if (eni.description.startsWith('aws-K8S-')) return 'ipamd';
  return eni.description.startsWith('aws-k8s-') ? 'vpc-resource-controller' : 'other';
}

const VLAN_TAG = 'vpcresources.k8s.aws/vlan-id';

/** The place of an ENI and what was decided about it. */
export interface Placed {
  /** Record id. */
  readonly node: string | null;
  readonly verdict: ReturnType<typeof decideManagement>;
  readonly observed: boolean | null;
  readonly capacity: number | null;
  readonly perSlot: number;
  readonly claimedBy: EniRecord['claimedBy'];
  readonly offeredBy: EniRecord['offeredBy'];
  readonly hostDevice: EniRecord['hostDevice'];
  readonly addresses: readonly EniAddress[];
  readonly prefixes: readonly EniPrefix[];
  readonly ipamd: EniRecord['ipamd'];
}

/** The record of an ENI, without the state of its slots. */
export function recordOf(facts: FactReader, eni: EniShape, placed: Placed): EniRecord {
  const pod = podOfEni(facts, eni.id);
  const annotation = pod?.podEni?.find(({ eniId }) => eniId === eni.id);
  const vlan = Number(eni.tags[VLAN_TAG]);
  return {
    id: eni.id,
    node: placed.node,
    instanceId: eni.instanceId,
    card: cardOf(eni),
    deviceIndex: eni.deviceIndex,
    interfaceType: eni.interfaceType,
    role: roleOf(eni),
    trunk: eni.tags[TRUNK_TAG] ?? null,
    vlan: Number.isInteger(vlan) ? vlan : (annotation?.vlanId ?? null),
    branchPod: pod === undefined ? null : podId(pod.namespace, pod.name),
    claimedBy: placed.claimedBy,
    offeredBy: placed.offeredBy,
    hostDevice: placed.hostDevice,
    management: managementOf(placed.verdict, placed.observed),
    creator: creatorOf(eni),
    status: eni.status,
    attachmentStatus: eni.attachmentStatus,
    attachedAt: eni.attachedAt,
    createdAt: createdAtOf(eni),
    deleteOnTermination: eni.deleteOnTermination,
    sourceDestCheck: eni.sourceDestCheck,
    mac: eni.mac,
    vpc: eni.vpc,
    zone: eni.zone,
    subnet: eni.subnet,
    securityGroups: eni.securityGroups,
    description: eni.description,
    tags: eni.tags,
    capacity: placed.capacity,
    addressCapacity: placed.capacity === null ? null : placed.capacity * placed.perSlot,
    addresses: placed.addresses,
    publicIps: eni.publicIps,
    prefixes: placed.prefixes,
    ipamd: placed.ipamd,
  };
}

/** A tag is foreign text: only a timestamp is accepted. */
