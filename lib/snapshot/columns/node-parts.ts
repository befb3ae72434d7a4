/** Host NICs and attachments on the wire: their ids and sentences repeat their node, network and ENI. */
import type { AttachmentRecord, HostNicRecord } from '../../model/records';
import { nullable, number, reshaped } from '../../model/schema/shape';
import type { ValueOf } from '../../model/schema/shape';
import { RECORDS } from '../../model/schema/tables';
import type { NodeList } from './nodes';
import { sharing } from './shared';
import { fromTemplate, toTemplate } from './template';

/** Position of the node in the list of nodes. Null would mean no node, which these records always have. */
const nodeAt = nullable(number);

/** `id` is a template. */
export const HOST_NIC_ROW = sharing(reshaped(RECORDS.hostNics, ['node'], { nodeAt }), [
  'id',
  'name',
  'altNames',
  'over',
  'source',
]);
type HostNicRow = ValueOf<typeof HOST_NIC_ROW>;

/** `id`, `hostNic` and `evidence` are templates. */
export const ATTACHMENT_ROW = sharing(reshaped(RECORDS.attachments, ['node'], { nodeAt }), [
  'id',
  'network',
  'hostNic',
  'evidence',
]);
type AttachmentRow = ValueOf<typeof ATTACHMENT_ROW>;

const tailOf = (id: string): string => id.slice(id.indexOf(':') + 1);

const nicTokens = ({ node, name }: Pick<HostNicRecord, 'node' | 'name'>): readonly string[] => [tailOf(node), name];

/** `nodes` must contain its node. */
export function packHostNic({ node, ...nic }: HostNicRecord, nodes: NodeList): HostNicRow {
  return { ...nic, nodeAt: nodes.placeOf(node), id: toTemplate(nic.id, nicTokens({ node, name: nic.name })) };
}

/** The inverse of `packHostNic`. */
export function unpackHostNic({ nodeAt: place, ...row }: HostNicRow, nodes: NodeList): HostNicRecord {
  const node = nodes.at(place) ?? '';
  return { ...row, node, id: fromTemplate(row.id, nicTokens({ node, name: row.name })) };
}

const attachmentTokens = (
  node: string,
  { network, eni }: Pick<AttachmentRow, 'network' | 'eni'>,
): readonly (string | null)[] => [eni, tailOf(node), tailOf(network)];

/** `nodes` must contain its node. */
export function packAttachment({ node, ...attachment }: AttachmentRecord, nodes: NodeList): AttachmentRow {
  const tokens = attachmentTokens(node, attachment);
  const { hostNic } = attachment;
  return {
    ...attachment,
    nodeAt: nodes.placeOf(node),
    id: toTemplate(attachment.id, tokens),
    hostNic: hostNic === null ? null : toTemplate(hostNic, tokens),
    evidence: toTemplate(attachment.evidence, tokens),
  };
}

/** The inverse of `packAttachment`. */
export function unpackAttachment({ nodeAt: place, ...row }: AttachmentRow, nodes: NodeList): AttachmentRecord {
  const node = nodes.at(place) ?? '';
  const tokens = attachmentTokens(node, row);
  return {
    ...row,
    node,
    id: fromTemplate(row.id, tokens),
    hostNic: row.hostNic === null ? null : fromTemplate(row.hostNic, tokens),
    evidence: fromTemplate(row.evidence, tokens),
  };
}
