/**
 * Reduces a record to what a viewer without rights to every namespace may see. Pure, one record at a time: a viewer's
 * view of a record set depends only on its records and on `Sight`.
 *
 * Nodes, cards, ENIs, slots, subnets and address pools stay as they are, including the addresses that EC2 reports on an
 * ENI. Hidden pods, their interfaces and what only they reveal are left out; a slot that such a pod holds is assigned
 * without a named holder. Texts that mention them are replaced. A record without hidden parts is returned unchanged.
 */
import { idParts } from '../../model/ids';
import type {
  AttachmentRecord,
  EniRecord,
  FindingRecord,
  InterfaceRecord,
  IpPoolRecord,
  NetworkRecord,
  NodeRecord,
  OtherEni,
  RecordByTable,
  SignalRecord,
  SourceRecord,
  SubnetRecord,
  Table,
} from '../../model/records';
import { namesHidden, type SeenNames } from './text';

export type Sight = SeenNames;

/** The namespace in a record id; null when it has none. */
export function namespaceOf(id: string): string | null {
  if (id.startsWith('pod:') || id.startsWith('if:') || id.startsWith('net:') || id.startsWith('pool:'))
    return idParts(id)[0] ?? '';
  return id.startsWith('att:') ? (idParts(id)[1] ?? '') : null;
}

/** The network's id, from an attachment's id. */
const attachedNetwork = (id: string): string => `net:${id.split('/').slice(1).join('/')}`;

/** The subject in the id of a signal or finding. */
const subjectIn = (id: string): string => /^(?:sig:|f:[^/]*\/)(.*)$/s.exec(id)?.[1] ?? id;

/** Whether the record may be seen, judged by its id alone. */
export function seesId(id: string, sight: Sight): boolean {
  if (id.startsWith('sig:') || id.startsWith('f:')) return seesId(subjectIn(id), sight);
  const namespace = namespaceOf(id);
  if (namespace === null || sight.visible.has(namespace)) return true;
  return sight.used.has(id.startsWith('att:') ? attachedNetwork(id) : id);
}

const REPLACED = 'Not shown: it names objects that you may not see.';

const filtered = <T>(list: readonly T[], keeps: (item: T) => boolean): readonly T[] =>
  list.every(keeps) ? list : list.filter(keeps);

/** The record with these fields; the same object when none of them differs. */
function changed<R extends object>(record: R, fields: Partial<R>): R {
  for (const name in fields) if (fields[name] !== record[name]) return { ...record, ...fields };
  return record;
}

function tagsSeen(tags: Readonly<Record<string, string>>, sight: Sight): Readonly<Record<string, string>> {
  const entries = Object.entries(tags);
  if (!entries.some(([, value]) => namesHidden(value, sight))) return tags;
  return Object.fromEntries(entries.map(([key, value]) => [key, namesHidden(value, sight) ? '' : value]));
}

function nodeSeen(node: NodeRecord, sight: Sight): NodeRecord {
  const hides = ({ message }: NodeRecord['networkConditions'][number]): boolean => namesHidden(message, sight);
  if (!node.networkConditions.some(hides)) return node;
  const networkConditions = node.networkConditions.map((one) => (hides(one) ? { ...one, message: REPLACED } : one));
  return { ...node, networkConditions };
}

function eniSeen(eni: EniRecord, sight: Sight): EniRecord {
  const hides = (id: string | null): boolean => id !== null && !seesId(id, sight);
  const { addresses, branchPod, claimedBy, description, ipamd, tags } = eni;
  const foreign = addresses.some((one) => hides(one.interface));
  const sandboxes = ipamd === null ? [] : filtered(ipamd.unheldBy, (name) => !namesHidden(name, sight));
  return changed(eni, {
    addresses: foreign ? addresses.map((one) => (hides(one.interface) ? { ...one, interface: null } : one)) : addresses,
    branchPod: hides(branchPod) ? null : branchPod,
    claimedBy: filtered(claimedBy, (id) => !hides(id)),
    description: namesHidden(description, sight) ? '' : description,
    tags: tagsSeen(tags, sight),
    ipamd: ipamd === null || sandboxes === ipamd.unheldBy ? ipamd : { ...ipamd, unheldBy: sandboxes },
  });
}

function subnetSeen(subnet: SubnetRecord, sight: Sight): SubnetRecord {
  const { others, tags } = subnet;
  const hides = ({ description }: OtherEni): boolean => namesHidden(description, sight);
  return changed(subnet, {
    others: others.some(hides) ? others.map((one) => (hides(one) ? { ...one, description: '' } : one)) : others,
    tags: tagsSeen(tags, sight),
  });
}

function poolSeen(pool: IpPoolRecord, sight: Sight): IpPoolRecord | null {
  const networks = filtered(pool.networks, (id) => seesId(id, sight));
  if (!seesId(pool.id, sight) && networks.every((id) => id === 'cluster')) return null;
  const hides = (id: string | null): boolean => id !== null && !seesId(id, sight);
  const foreign = pool.allocations.some(({ pod }) => hides(pod));
  return changed(pool, {
    networks,
    allocations: foreign
      ? pool.allocations.map((one) => (hides(one.pod) ? { ...one, pod: null, interface: null } : one))
      : pool.allocations,
    problems: filtered(pool.problems, (text) => !namesHidden(text, sight)),
  });
}

function findingSeen(finding: FindingRecord, sight: Sight): FindingRecord | null {
  const { subjects, title, detail, evidence, advice, command } = finding;
  if (!seesId(finding.id, sight) || !seesId(subjects[0] ?? '', sight)) return null;
  const kept = filtered(subjects, (id) => seesId(id, sight));
  const hides = (text: string): boolean => namesHidden(text, sight);
  // If a subject is hidden, texts may mention it in any form, as an Event's message does.
  const isPart = kept !== subjects;
  return changed(finding, {
    subjects: kept,
    title: hides(title) ? REPLACED : title,
    detail: isPart || hides(detail) ? REPLACED : detail,
    evidence: isPart
      ? [REPLACED]
      : evidence.some(hides)
        ? evidence.map((line) => (hides(line) ? REPLACED : line))
        : evidence,
    advice: hides(advice) ? REPLACED : advice,
    command: command !== null && (isPart || hides(command)) ? null : command,
  });
}

function sourceSeen(source: SourceRecord, sight: Sight): SourceRecord {
  const hides = source.reason !== null && namesHidden(source.reason, sight);
  return hides ? { ...source, reason: REPLACED } : source;
}

const ifSeen = <R extends { readonly id: string }>(record: R, sight: Sight): R | null =>
  seesId(record.id, sight) ? record : null;
const evidenceSeen = <R extends { readonly evidence: string }>(record: R, sight: Sight): R =>
  namesHidden(record.evidence, sight) ? { ...record, evidence: REPLACED } : record;

type Seen<T extends Table> = (record: RecordByTable[T], sight: Sight) => RecordByTable[T] | null;
const asItIs = <R>(record: R): R => record;

const SEEN: { readonly [T in Table]: Seen<T> } = {
  sources: sourceSeen,
  nodes: nodeSeen,
  networkCards: asItIs,
  hostNics: asItIs,
  enis: eniSeen,
  subnets: subnetSeen,
  networks: (network: NetworkRecord, sight) =>
    seesId(network.id, sight)
      ? changed(network, { namedBy: filtered(network.namedBy, (text) => !namesHidden(text, sight)) })
      : null,
  attachments: (attachment: AttachmentRecord, sight) =>
    seesId(attachment.network, sight) ? evidenceSeen(attachment, sight) : null,
  ipPools: poolSeen,
  pods: ifSeen,
  interfaces: (record: InterfaceRecord, sight) => {
    if (!seesId(record.id, sight)) return null;
    return changed(record, { link: evidenceSeen(record.link, sight) });
  },
  signals: (signal: SignalRecord, sight) => {
    if (!seesId(signal.subject, sight)) return null;
    return namesHidden(signal.text, sight) ? { ...signal, text: REPLACED } : signal;
  },
  findings: findingSeen,
};

/** The record as the viewer sees it; null when it is hidden entirely. */
export const recordSeen = <T extends Table>(
  table: T,
  record: RecordByTable[T],
  sight: Sight,
): RecordByTable[T] | null => (SEEN[table] as Seen<T>)(record, sight);
