/**
 * Reduces a record to what a viewer without rights to every namespace may see. Pure, one record at a time: the result
 * depends only on the record and on `Visibility`.
 *
 * Nodes, cards, ENIs, slots, subnets and address pools stay, with their states, prefixes and ranges. Hidden pods, their
 * interfaces, and fields that only reveal these are removed; addresses that may be a hidden pod's are stand-ins. Texts
 * that mention hidden objects are replaced; texts about records other than the viewer's own contain no addresses. A
 * record without hidden parts is returned as the same object.
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
import { namesHidden, withoutNumbers, type Visibility } from './hidden-names';
import { visibleAddresses, visibleAllocations, visibleIpamdEni, type Sees } from './visible-addresses';

/** The namespace in a record id; null when it has none. */
export function namespaceOfId(id: string): string | null {
  if (
    id.startsWith('pod:') ||
    id.startsWith('if:') ||
    id.startsWith('net:') ||
    id.startsWith('pool:') ||
    id.startsWith('work:')
  )
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

/** A text about a record other than the viewer's own. */
const visibleText = (text: string, visibility: Visibility): string =>
  namesHidden(text, visibility) ? REPLACED : withoutNumbers(text);

function visibleTexts(list: readonly string[], visibility: Visibility): readonly string[] {
  const seen = list.map((text) => visibleText(text, visibility));
  return seen.every((text, at) => text === list[at]) ? list : seen;
}

/** Whether the record is one of the viewer's pods, or an interface of one. */
const isOwnPod = (id: string, { visible }: Visibility): boolean =>
  /^(?:pod|if):/.test(id) && visible.has(namespaceOfId(id) ?? '');

const seesBy =
  (visibility: Visibility): Sees =>
  (id) =>
    id !== null && isIdVisible(id, visibility);

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
  const { agentTrouble, devicePools, eniConfigProblems, ipamdEnis, networkConditions, pools, problems } = node;
  const isSame = <T>(before: readonly T[], after: readonly T[]): boolean =>
    after.every((one, at) => one === before[at]);
  const conditions = networkConditions.map((one) => changed(one, { message: visibleText(one.message, visibility) }));
  const seenPools = pools.map((pool) => changed(pool, { next: visibleNext(pool.next, visibility) }));
  const sees: Sees = (pod) => pod !== null && isIdVisible(`pod:${pod}`, visibility);
  const enis = ipamdEnis.map((eni) => visibleIpamdEni(eni, sees));
  const isForeignClaim = ({ claim }: { readonly claim: string }): boolean => namesHidden(claim, visibility);
  return changed(node, {
    devicePools: devicePools.some(({ allocated }) => allocated.some(isForeignClaim))
      ? devicePools.map((pool) => ({ ...pool, allocated: pool.allocated.filter((one) => !isForeignClaim(one)) }))
      : devicePools,
    networkConditions: isSame(networkConditions, conditions) ? networkConditions : conditions,
    agentTrouble: agentTrouble === null ? null : visibleText(agentTrouble, visibility),
    eniConfigProblems: visibleTexts(eniConfigProblems, visibility),
    problems: visibleTexts(problems, visibility),
    pools: isSame(pools, seenPools) ? pools : seenPools,
    ipamdEnis: isSame(ipamdEnis, enis) ? ipamdEnis : enis,
  });
}

type Next = NodeRecord['pools'][number]['next'];

function visibleNext(next: Next, visibility: Visibility): Next {
  if (next === null) return null;
  const { blockedBy, reason } = next;
  return changed(next, {
    reason: visibleText(reason, visibility),
    blockedBy: blockedBy === null ? null : visibleText(blockedBy, visibility),
  });
}

function visibleEni(whole: EniRecord, visibility: Visibility): EniRecord {
  const sees = seesBy(visibility);
  const eni = changed(whole, visibleAddresses(whole, sees));
  const { branchPod, claimedBy, description, ipamd, tags } = eni;
  const sandboxes = ipamd === null ? [] : filtered(ipamd.unheldBy, (name) => !namesHidden(name, visibility));
  return changed(eni, {
    branchPod: sees(branchPod) ? branchPod : null,
    claimedBy: filtered(claimedBy, sees),
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
  return changed(pool, {
    ...visibleAllocations(pool, seesBy(visibility)),
    networks,
    problems: visibleTexts(pool.problems, visibility),
  });
}

function visibleFinding(finding: FindingRecord, visibility: Visibility): FindingRecord | null {
  const { subjects, title, detail, evidence, advice, command } = finding;
  if (!isIdVisible(finding.id, visibility) || !isIdVisible(subjects[0] ?? '', visibility)) return null;
  const kept = filtered(subjects, (id) => isIdVisible(id, visibility));
  const hides = (text: string): boolean => namesHidden(text, visibility);
  // If a subject is hidden, texts may mention it in any form, for example an Event's message.
  const isPart = kept !== subjects;
  const isOwn = isOwnPod(subjects[0] ?? '', visibility);
  const seen = (text: string): string => (hides(text) ? REPLACED : isOwn ? text : withoutNumbers(text));
  const lines = evidence.map(seen);
  const seenCommand = command === null || isPart || hides(command) ? null : command;
  return changed(finding, {
    subjects: kept,
    title: seen(title),
    detail: isPart ? REPLACED : seen(detail),
    evidence: isPart ? [REPLACED] : lines.every((line, at) => line === evidence[at]) ? evidence : lines,
    advice: seen(advice),
    command: seenCommand === null || seen(seenCommand) !== seenCommand ? null : seenCommand,
  });
}

function visibleSource(source: SourceRecord, visibility: Visibility): SourceRecord {
  const hides = source.reason !== null && namesHidden(source.reason, visibility);
  return hides ? { ...source, reason: REPLACED } : source;
}

const ifVisible = <R extends { readonly id: string }>(record: R, visibility: Visibility): R | null =>
  isIdVisible(record.id, visibility) ? record : null;

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
    isIdVisible(attachment.network, visibility)
      ? changed(attachment, { evidence: visibleText(attachment.evidence, visibility) })
      : null,
  ipPools: visiblePool,
  pods: ifVisible,
  interfaces: (record: InterfaceRecord, visibility) => {
    if (!isIdVisible(record.id, visibility)) return null;
    const { link } = record;
    return namesHidden(link.evidence, visibility) ? { ...record, link: { ...link, evidence: REPLACED } } : record;
  },
  signals: (signal: SignalRecord, visibility) => {
    if (!isIdVisible(signal.subject, visibility)) return null;
    const seen = namesHidden(signal.text, visibility) ? REPLACED : signal.text;
    return changed(signal, { text: isOwnPod(signal.subject, visibility) ? seen : withoutNumbers(seen) });
  },
  findings: visibleFinding,
};

/** The record as the viewer sees it; null when it is hidden entirely. */
export const visibleRecord = <T extends Table>(
  table: T,
  record: RecordByTable[T],
  visibility: Visibility,
): RecordByTable[T] | null => (RECORD_FILTERS[table] as RecordFilter<T>)(record, visibility);
