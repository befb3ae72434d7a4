/**
 * Reduces a record to what a viewer without rights to every namespace may see. Pure, one record at a time: the result
 * depends only on the record and on `Visibility`.
 *
 * Nodes, cards, ENIs, slots, subnets and address pools stay unchanged, including the addresses that EC2 reports on an
 * ENI. Hidden pods, their interfaces, and fields that only reveal these are removed; a slot that a hidden pod holds is
 * assigned without a named holder. Texts that mention hidden objects are replaced. A record without hidden parts is
 * returned as the same object.
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
import { namesHidden, type Visibility } from './hidden-names';

/** The namespace in a record id; null when it has none. */
export function namespaceOfId(id: string): string | null {
  if (id.startsWith('pod:') || id.startsWith('if:') || id.startsWith('net:') || id.startsWith('pool:'))
    return idParts(id)[0] ?? '';
  return id.startsWith('att:') ? (idParts(id)[1] ?? '') : null;
}

const attachedNetwork = (id: string): string => `net:${id.split('/').slice(1).join('/')}`;

/** The subject in the id of a signal or finding. */
const subjectIn = (id: string): string => /^(?:sig:|f:[^/]*\/)(.*)$/s.exec(id)?.[1] ?? id;

/** Whether the record is visible, judged by its id alone. */
export function isIdVisible(id: string, visibility: Visibility): boolean {
  if (id.startsWith('sig:') || id.startsWith('f:')) return isIdVisible(subjectIn(id), visibility);
  const namespace = namespaceOfId(id);
  if (namespace === null || visibility.visible.has(namespace)) return true;
  return visibility.used.has(id.startsWith('att:') ? attachedNetwork(id) : id);
}

const REPLACED = 'Not shown: it names objects that you may not see.';

const filtered = <T>(list: readonly T[], keeps: (item: T) => boolean): readonly T[] =>
  list.every(keeps) ? list : list.filter(keeps);

/** The record with these fields; the same object if none of them differs. */
function changed<R extends object>(record: R, fields: Partial<R>): R {
  for (const name in fields) if (fields[name] !== record[name]) return { ...record, ...fields };
  return record;
}

function visibleTags(tags: Readonly<Record<string, string>>, visibility: Visibility): Readonly<Record<string, string>> {
  const entries = Object.entries(tags);
  if (!entries.some(([, value]) => namesHidden(value, visibility))) return tags;
  return Object.fromEntries(entries.map(([key, value]) => [key, namesHidden(value, visibility) ? '' : value]));
}

function visibleNode(node: NodeRecord, visibility: Visibility): NodeRecord {
  const { ipamdEnis, networkConditions } = node;
  const hides = ({ message }: NodeRecord['networkConditions'][number]): boolean => namesHidden(message, visibility);
  const isForeign = ({ pod }: { readonly pod: string | null }): boolean => pod !== null && namesHidden(pod, visibility);
  const isForeignClaim = ({ claim }: { readonly claim: string }): boolean => namesHidden(claim, visibility);
  return changed(node, {
    devicePools: node.devicePools.some(({ allocated }) => allocated.some(isForeignClaim))
      ? node.devicePools.map((pool) => ({ ...pool, allocated: pool.allocated.filter((one) => !isForeignClaim(one)) }))
      : node.devicePools,
    networkConditions: networkConditions.some(hides)
      ? networkConditions.map((one) => (hides(one) ? { ...one, message: REPLACED } : one))
      : networkConditions,
    ipamdEnis: ipamdEnis.some(({ assigned }) => assigned.some(isForeign))
      ? ipamdEnis.map((eni) => ({
          ...eni,
          assigned: eni.assigned.map((one) => (isForeign(one) ? { ...one, pod: null } : one)),
        }))
      : ipamdEnis,
  });
}

function visibleEni(eni: EniRecord, visibility: Visibility): EniRecord {
  const hides = (id: string | null): boolean => id !== null && !isIdVisible(id, visibility);
  const { addresses, branchPod, claimedBy, description, ipamd, tags } = eni;
  const foreign = addresses.some((one) => hides(one.interface));
  const sandboxes = ipamd === null ? [] : filtered(ipamd.unheldBy, (name) => !namesHidden(name, visibility));
  return changed(eni, {
    addresses: foreign ? addresses.map((one) => (hides(one.interface) ? { ...one, interface: null } : one)) : addresses,
    branchPod: hides(branchPod) ? null : branchPod,
    claimedBy: filtered(claimedBy, (id) => !hides(id)),
    description: namesHidden(description, visibility) ? '' : description,
    tags: visibleTags(tags, visibility),
    ipamd: ipamd === null || sandboxes === ipamd.unheldBy ? ipamd : { ...ipamd, unheldBy: sandboxes },
  });
}

function visibleSubnet(subnet: SubnetRecord, visibility: Visibility): SubnetRecord {
  const { others, tags } = subnet;
  const hides = ({ description }: OtherEni): boolean => namesHidden(description, visibility);
  return changed(subnet, {
    others: others.some(hides) ? others.map((one) => (hides(one) ? { ...one, description: '' } : one)) : others,
    tags: visibleTags(tags, visibility),
  });
}

function visiblePool(pool: IpPoolRecord, visibility: Visibility): IpPoolRecord | null {
  const networks = filtered(pool.networks, (id) => isIdVisible(id, visibility));
  if (!isIdVisible(pool.id, visibility) && networks.every((id) => id === 'cluster')) return null;
  const hides = (id: string | null): boolean => id !== null && !isIdVisible(id, visibility);
  const foreign = pool.allocations.some(({ pod }) => hides(pod));
  return changed(pool, {
    networks,
    allocations: foreign
      ? pool.allocations.map((one) => (hides(one.pod) ? { ...one, pod: null, interface: null } : one))
      : pool.allocations,
    problems: filtered(pool.problems, (text) => !namesHidden(text, visibility)),
  });
}

function visibleFinding(finding: FindingRecord, visibility: Visibility): FindingRecord | null {
  const { subjects, title, detail, evidence, advice, command } = finding;
  if (!isIdVisible(finding.id, visibility) || !isIdVisible(subjects[0] ?? '', visibility)) return null;
  const kept = filtered(subjects, (id) => isIdVisible(id, visibility));
  const hides = (text: string): boolean => namesHidden(text, visibility);
  // If a subject is hidden, texts may mention it in any form, for example an Event's message.
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

function visibleSource(source: SourceRecord, visibility: Visibility): SourceRecord {
  const hides = source.reason !== null && namesHidden(source.reason, visibility);
  return hides ? { ...source, reason: REPLACED } : source;
}

const ifVisible = <R extends { readonly id: string }>(record: R, visibility: Visibility): R | null =>
  isIdVisible(record.id, visibility) ? record : null;
const visibleEvidence = <R extends { readonly evidence: string }>(record: R, visibility: Visibility): R =>
  namesHidden(record.evidence, visibility) ? { ...record, evidence: REPLACED } : record;

function visibleWorkloads(
  workloads: NetworkRecord['faultyWorkloads'],
  visibility: Visibility,
): NetworkRecord['faultyWorkloads'] {
  const hides = (text: string): boolean => namesHidden(text, visibility);
  const shown = (text: string): string => (hides(text) ? REPLACED : text);
  const seen = filtered(workloads, ({ namespace }) => visibility.visible.has(namespace));
  const isWhole = ({ networks, misplaced, refusal }: NetworkRecord['faultyWorkloads'][number]): boolean =>
    networks.every((id) => isIdVisible(id, visibility)) && ![...misplaced, refusal ?? ''].some(hides);
  return seen.every(isWhole)
    ? seen
    : seen.map((one) => ({
        ...one,
        networks: one.networks.filter((id) => isIdVisible(id, visibility)),
        misplaced: one.misplaced.map(shown),
        refusal: one.refusal === null ? null : shown(one.refusal),
      }));
}

type RecordFilter<T extends Table> = (record: RecordByTable[T], visibility: Visibility) => RecordByTable[T] | null;
const unchanged = <R>(record: R): R => record;

const RECORD_FILTERS: { readonly [T in Table]: RecordFilter<T> } = {
  sources: visibleSource,
  nodes: visibleNode,
  networkCards: unchanged,
  hostNics: unchanged,
  enis: visibleEni,
  subnets: visibleSubnet,
  networks: (network: NetworkRecord, visibility) =>
    isIdVisible(network.id, visibility)
      ? changed(network, {
          namedBy: filtered(network.namedBy, (text) => !namesHidden(text, visibility)),
          faultyWorkloads: visibleWorkloads(network.faultyWorkloads, visibility),
        })
      : null,
  attachments: (attachment: AttachmentRecord, visibility) =>
    isIdVisible(attachment.network, visibility) ? visibleEvidence(attachment, visibility) : null,
  ipPools: visiblePool,
  pods: ifVisible,
  interfaces: (record: InterfaceRecord, visibility) => {
    if (!isIdVisible(record.id, visibility)) return null;
    return changed(record, { link: visibleEvidence(record.link, visibility) });
  },
  signals: (signal: SignalRecord, visibility) => {
    if (!isIdVisible(signal.subject, visibility)) return null;
    return namesHidden(signal.text, visibility) ? { ...signal, text: REPLACED } : signal;
  },
  findings: visibleFinding,
};

/** The record as the viewer sees it; null when it is hidden entirely. */
export const visibleRecord = <T extends Table>(
  table: T,
  record: RecordByTable[T],
  visibility: Visibility,
): RecordByTable[T] | null => (RECORD_FILTERS[table] as RecordFilter<T>)(record, visibility);
