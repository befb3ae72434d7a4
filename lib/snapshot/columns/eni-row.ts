/** The row of an ENI on the wire, without address holders, which follow from the interfaces. */
import type { EniRecord } from '../../model/records';
import { boolean, list, nullable, number, object, reshaped, text, word } from '../../model/schema/shape';
import type { ValueOf } from '../../model/schema/shape';
import { RECORDS } from '../../model/schema/tables';
import { ADDRESS_STATES } from '../../model/schema/vocabulary';
import { alike } from './alike';

const row = reshaped(RECORDS.enis, ['node'], {
  /** Position of its node in the list of nodes. */
  nodeAt: nullable(number),
  /** The instance is that of the previous row and is left out. */
  instanceSame: boolean,
  addresses: list(
    object({
      ip: text,
      state: word(ADDRESS_STATES),
      /** The holder is the interface with this address and is left out. */
      holderSame: boolean,
      interface: nullable(text),
    }),
  ),
});
/** Fields that ENIs of a kind share, whole or in outline. */
export const KIND_FIELDS = [
  'card',
  'deviceIndex',
  'interfaceType',
  'role',
  'hostDevice',
  'management',
  'creator',
  'status',
  'attachmentStatus',
  'deleteOnTermination',
  'sourceDestCheck',
  'vpc',
  'zone',
  'subnet',
  'securityGroups',
  'capacity',
  'addressCapacity',
] as const;
/** The fields that ENIs of a kind share, as one text. */
export const ENIS_ALIKE = alike(row, [...KIND_FIELDS, 'description', 'tags']);
/** The row of an ENI. */
export type EniRow = ValueOf<typeof row>;

/** A sort key by card, then device index (below 2^20). */
export const placeOnNode = (eni: Pick<EniRecord, 'card' | 'deviceIndex'>): number =>
  (eni.card ?? -1) * 2 ** 20 + (eni.deviceIndex ?? -1);
