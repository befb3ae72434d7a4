/**
 * Records in words, for tooltips and screen readers: a title, then one short line per fact. Unknown facts are named as
 * unknown.
 */
import { counted } from '../model/counted';
import { eniClaimWords } from './claim-words';
import { idParts, nameOf } from '../model/ids';
import { byCodeUnit } from '../model/order';
import type { AddressState, EniRecord, InterfaceRecord, NodeRecord } from '../model/records';
import { sum } from '../model/sums';
import { SEVERITY_RANK } from '../model/vocabulary';
import { addressesIn, type EniOrOutline } from './eni-outline';
import { LIMIT_WORDS } from './limit-words';
import { currentEni, hasArrived, nodeOfRecord } from './partial-set';
import { labelOf } from './record-label';
import { nodesOfFinding } from './troubles';
import { idsOf, recordsOf, type ViewSource } from './view-source';
import { eniWord, hostDeviceName, performanceWords, poolFigures, interfaceName } from './labels';

/** A title and lines of facts. */
export interface Description {
  readonly title: string;
  readonly lines: readonly string[];
}

const networkName = (id: string): string => (id === 'cluster' ? 'cluster network' : nameOf(id));

const MANAGEMENT: Readonly<Record<EniRecord['management']['rule'], string>> = {
  primary: 'managed: primary ENIs always are',
  'no-manage-tag': 'not managed: tag node.k8s.amazonaws.com/no_manage is true',
  'no-manage-tag-false': 'managed: the no_manage tag is set, but not to exactly true',
  'instance-id-tag': 'managed: tagged with this instance by the VPC CNI',
  'untagged-adopted': 'managed: untagged, so the VPC CNI adopts it',
  'untagged-ignored': 'not managed: untagged, and MANAGE_UNTAGGED_ENI is false',
  'card-not-managed': 'not managed: the VPC CNI does not manage this network card',
  'efa-only': 'not managed: EFA-only ENIs have no addresses',
  trunk: 'managed: trunk ENI for security groups for pods',
  branch: 'branch ENI of one pod',
  unattached: 'not attached',
  'imds-only': 'not managed: not in the instance metadata (IMDS-only mode)',
  'no-ipamd': 'no VPC CNI runs on this node',
  unknown: 'management not known',
};

const STATE_WORDS: Readonly<Record<AddressState, string>> = {
  primary: 'primary address of the ENI, never assigned to pods',
  assigned: 'assigned to an unknown pod',
  warm: 'warm: ready to assign',
  cooling: 'cooling: recently freed',
  unclaimed: 'unclaimed: nothing assigns addresses from this ENI',
  excluded: 'excluded: the VPC CNI does not use it',
  unknown: 'state not known',
};

const present = (lines: readonly (string | null)[]): readonly string[] => lines.filter((line) => line !== null);

function findingLines(source: ViewSource, id: string): readonly string[] {
  return recordsOf(source.indexes.findingsBySubject, id, source.records.findings)
    .filter(({ subjects }) => subjects[0] === id)
    .map(({ severity, title }) => `${severity}: ${title}`)
    .sort();
}

/** Maximum number of findings of a node that its description names. */
const MAX_FINDINGS = 3;

/** The findings that a node's badge counts, worst first. */
function findingLinesOfNode(source: ViewSource, id: string): readonly string[] {
  const all = [...source.records.findings.values()]
    .filter((finding) => nodesOfFinding(source, finding).has(id))
    .sort((a, b) => SEVERITY_RANK[a.severity] - SEVERITY_RANK[b.severity] || byCodeUnit(a.id, b.id));
  const named = all
    .slice(0, MAX_FINDINGS)
    .map(({ severity, title, subjects: [subject = id] }) =>
      subject === id ? `${severity}: ${title}` : `${severity}: ${title} (${labelOf(subject)})`,
    );
  const rest = all.length - named.length;
  return rest === 0 ? named : [...named, counted(rest, 'more finding')];
}

/** A node: machine, state, pods, pools, room. */
export function describeNode(source: ViewSource, node: NodeRecord): Description {
  const { limitedBy, pods } = node.headroom;
  const head =
    pods === null
      ? null
      : pods === 0
        ? `no more pods fit (limited by ${LIMIT_WORDS[limitedBy]})`
        : `room for ${counted(pods, 'more pod')} (limited by ${LIMIT_WORDS[limitedBy]})`;
  const pools = node.pools.map((pool) => {
    const figures = poolFigures(pool).map(({ count, word }) => `${count} ${word}`);
    const target = pool.target === null ? [] : [`target ${pool.target}`];
    const text = [...figures, ...target].join(' · ');
    return node.pools.length > 1 ? `card ${pool.card}: ${text || 'not known'}` : `pool: ${text || 'not known'}`;
  });
  return {
    title: node.name,
    lines: present([
      present([node.instanceType, node.zone, node.instanceId]).join(' · ') || null,
      node.gone ? 'deleted, but still referenced' : null,
      node.ready === false ? 'NotReady' : node.ready === null ? 'readiness not known' : null,
      node.unschedulable ? 'cordoned' : null,
      ...findingLinesOfNode(source, node.id),
      node.podCount === null
        ? 'pods not known'
        : counted(node.podCount, 'pod') + (node.maxPods === null ? '' : ` of ${node.maxPods}`),
      ...pools,
      head,
      hasArrived(source, node.id) ? null : 'its pods and addresses are loading',
    ]),
  };
}

/**
 * A slot holds an address or, in prefix mode, a prefix of several addresses; prefixes and addresses are then counted
 * separately.
 */
function slotWords({ capacity, addressCapacity, prefixes }: EniOrOutline, assigned: number): string {
  if (capacity === null) return 'capacity not known';
  if (prefixes.length === 0) return `${assigned} of ${capacity} slots assigned`;
  const held = sum(prefixes.map(({ size }) => size));
  const total = prefixes.some(({ cidr }) => cidr.includes(':')) ? null : (held ?? addressCapacity);
  return `prefixes in ${prefixes.length} of ${capacity} slots · ${assigned}${total === null ? '' : ` of ${total}`} addresses in use`;
}

/** An ENI with its addresses, or its outline. */
export function describeEni(source: ViewSource, eni: EniOrOutline): Description {
  const assigned = addressesIn(eni, 'assigned');
  const where = eni.deviceIndex === null ? null : `card ${eni.card ?? 'not known'} · device ${eni.deviceIndex}`;
  const slots = slotWords(eni, assigned);
  return {
    title: [eni.id, hostDeviceName(eni)].filter((word) => word !== null).join(' · '),
    lines: present([
      present([where, eniWord(eni)]).join(' · ') || null,
      eni.management.rule === 'unattached' && eni.instanceId !== null
        ? 'attached to an instance outside this cluster'
        : MANAGEMENT[eni.management.rule],
      eniClaimWords(eni),
      eni.role === 'efa-only' || (eni.claimedBy.length > 0 && eni.capacity === null) ? null : slots,
      present([eni.subnet, 'mac' in eni ? eni.mac : null]).join(' · ') || null,
      eni.securityGroups.length === 0 ? null : eni.securityGroups.join(' '),
      eni.hostDevice?.certainty === 'inferred' ? '~ the host NIC name is inferred' : null,
      'addresses' in eni ? null : 'its addresses are loading',
      ...findingLines(source, eni.id),
    ]),
  };
}

const STATES: Readonly<Record<InterfaceRecord['state'], string | null>> = {
  reported: null,
  requested: 'requested, not reported',
  unrequested: 'reported, not requested',
  expected: 'expected; no Kubernetes API reports it',
};

/** A pod interface with its link. */
export function describeInterface(source: ViewSource, record: InterfaceRecord): Description {
  const [namespace, pod] = idParts(record.pod);
  const eni = record.eni === null ? undefined : source.records.enis.get(record.eni);
  const grade =
    record.link.certainty === 'unknown' ? 'link not known' : `${record.link.certainty} (${record.link.rule})`;
  return {
    title: present([interfaceName(record), record.ips[0] ?? null]).join(' · '),
    lines: present([
      `pod ${namespace} / ${pod}`,
      networkName(record.network),
      STATES[record.state],
      eni === undefined ? null : `${eni.id} · card ${eni.card ?? 'not known'}`,
      record.link.evidence === '' ? grade : `${grade}: ${record.link.evidence}`,
      record.mac,
      ...findingLines(source, record.id),
    ]),
  };
}

/** An address slot without a known holder. */
export function describeSlot(source: ViewSource, eni: EniRecord, ip: string): Description {
  const address = eni.addresses.find((one) => one.ip === ip);
  const prefix = eni.prefixes.find(({ cidr }) => cidr === ip);
  const state =
    address !== undefined
      ? STATE_WORDS[address.state]
      : prefix !== undefined
        ? `prefix, ${prefix.assigned ?? 'an unknown number'} of ${prefix.size ?? 'its'} addresses assigned`
        : 'warm, in a prefix of this ENI';
  const { title } = describeEni(source, eni);
  return { title: ip, lines: [state, `on ${title}`] };
}

/** Describes anything in the picture; `ip` selects a slot of an ENI. Null for an unknown id. */
export function describe(source: ViewSource, id: string, ip: string | null): Description | null {
  const { records, indexes } = source;
  const record = records.interfaces.get(id);
  if (record !== undefined) return describeInterface(source, record);
  const eni = currentEni(source, id);
  if (eni !== undefined)
    return ip === null || !('addresses' in eni) ? describeEni(source, eni) : describeSlot(source, eni, ip);
  const node = records.nodes.get(id);
  if (node !== undefined) return describeNode(source, node);
  const card = records.networkCards.get(id);
  if (card !== undefined) {
    const { limit, used } = card.eniSlots;
    return {
      title: `card ${card.index}`,
      lines: present([
        performanceWords(card.performance),
        used === null ? 'ENIs not known' : `${used}${limit === null ? '' : ` of ${limit}`} ENIs attached`,
        card.managed === null ? null : card.managed ? 'managed by the VPC CNI' : 'not managed by the VPC CNI',
      ]),
    };
  }
  const nic = records.hostNics.get(id);
  if (nic !== undefined)
    return {
      title: `host NIC ${nic.name}`,
      lines: present([
        nic.up === null ? null : nic.up ? 'up' : 'down',
        nic.mtu === null ? null : `MTU ${nic.mtu}`,
        nic.over.length === 0 ? null : `over ${nic.over.join(', ')}`,
        nic.vfs === null ? null : `${nic.vfs.used ?? '?'} of ${nic.vfs.total ?? '?'} VFs used`,
        nic.pciAddress,
        nic.mac,
        `source: ${nic.source}`,
      ]),
    };
  const pod = records.pods.get(id);
  if (pod !== undefined)
    return {
      title: `${pod.namespace} / ${pod.name}`,
      lines: present([
        pod.phase,
        counted(idsOf(indexes.interfacesByPod, id).size, 'interface'),
        pod.ips.join(' ') || 'no address',
        ...findingLines(source, id),
      ]),
    };
  return null;
}

/** The node of a record, for screen readers; null for a node itself and for a record without a node. */
export function nodeWords(source: ViewSource, id: string): string | null {
  const node = source.records.networkCards.get(id)?.node ?? nodeOfRecord(source, id) ?? null;
  return node === null ? null : `on node ${idParts(node)[0] ?? node}`;
}

/** The description as one text for a screen reader; `where` follows the title. */
export const spoken = ({ title, lines }: Description, where: string | null = null): string =>
  [title, ...(where === null ? [] : [where]), ...lines].join('. ');
