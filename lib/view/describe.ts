/**
 * Records in words: tooltips, and what a screen reader says of a place in the picture. First what it is, then what is
 * known, each fact a short line; what is not known says so.
 */
import { idParts } from '../model/ids';
import type { AddressState, EniRecord, InterfaceRecord, NodeRecord } from '../model/records';
import { idsOf, recordsOf, type ViewSource } from './view-source';
import { counted, eniWord, hostDeviceName, performanceWords, poolFigures } from './labels';

export interface Description {
  readonly title: string;
  readonly lines: readonly string[];
}

const dotless = (id: string): string => (id === 'cluster' ? 'cluster network' : idParts(id).join('/'));

const MANAGEMENT: Readonly<Record<EniRecord['management']['rule'], string>> = {
  primary: 'managed: the primary ENI always is',
  'no-manage-tag': 'not managed: tag node.k8s.amazonaws.com/no_manage is true',
  'no-manage-tag-false': 'managed: the no_manage tag is there, but not exactly true',
  'instance-id-tag': 'managed: tagged with this instance by the VPC CNI',
  'untagged-adopted': 'managed: it has no tag, so the VPC CNI took it over',
  'untagged-ignored': 'not managed: it has no tag, and untagged ENIs are left alone here',
  'card-not-managed': 'not managed: the VPC CNI does not manage this network card',
  'efa-only': 'not managed: EFA only, it carries no addresses',
  trunk: 'managed: the trunk of security groups for pods',
  branch: 'one pod’s own ENI, on the trunk',
  unattached: 'attached to no instance',
  'imds-only': 'not managed: only ENIs of the instance metadata are, and it is not among them',
  'no-ipamd': 'no VPC CNI runs on this node',
  unknown: 'whether the VPC CNI manages it is not known',
};

const STATE_WORDS: Readonly<Record<AddressState, string>> = {
  primary: 'the ENI’s primary address, never given to pods',
  assigned: 'assigned, but no interface we know holds it',
  warm: 'warm: ready to be handed out',
  cooling: 'cooling: freed a moment ago',
  unclaimed: 'unclaimed: nobody hands out addresses of this ENI',
  excluded: 'excluded: the VPC CNI will not use it',
  unknown: 'its state is not known',
};

const present = (lines: readonly (string | null)[]): readonly string[] => lines.filter((line) => line !== null);

function findingLines(source: ViewSource, id: string): readonly string[] {
  return recordsOf(source.indexes.findingsBySubject, id, source.records.findings)
    .filter(({ subjects }) => subjects[0] === id)
    .map(({ severity, title }) => `${severity}: ${title}`)
    .sort();
}

export function describeNode(source: ViewSource, node: NodeRecord): Description {
  const { limitedBy, pods } = node.headroom;
  const head =
    pods === null
      ? null
      : pods === 0
        ? `takes no more pods (${limitedBy})`
        : `${counted(pods, 'more pod')} ${pods === 1 ? 'gets' : 'get'} an address, then ${limitedBy} ends it`;
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
      node.gone ? 'deleted, but something still refers to it' : null,
      node.ready === false ? 'NotReady' : node.ready === null ? 'readiness not known' : null,
      node.unschedulable ? 'cordoned' : null,
      counted(node.podCount, 'pod') + (node.maxPods === null ? '' : ` of ${node.maxPods}`),
      ...pools,
      head,
      ...findingLines(source, node.id),
    ]),
  };
}

export function describeEni(source: ViewSource, eni: EniRecord): Description {
  const assigned = eni.addresses.filter(({ state }) => state === 'assigned').length;
  const where = eni.deviceIndex === null ? null : `card ${eni.card ?? 'not known'} · device ${eni.deviceIndex}`;
  const slots = eni.capacity === null ? 'capacity not known' : `${assigned} of ${eni.capacity} slots assigned`;
  return {
    title: [eni.id, hostDeviceName(eni)].filter((word) => word !== null).join(' · '),
    lines: present([
      present([where, eniWord(eni)]).join(' · ') || null,
      eni.management.rule === 'unattached' && eni.instanceId !== null
        ? 'attached to an instance that is no node of this cluster'
        : MANAGEMENT[eni.management.rule],
      eni.role === 'efa-only' ? null : slots,
      present([eni.subnet, eni.mac]).join(' · ') || null,
      eni.securityGroups.length === 0 ? null : eni.securityGroups.join(' '),
      eni.hostDevice?.certainty === 'inferred' ? '~ the host link’s name is inferred' : null,
      ...findingLines(source, eni.id),
    ]),
  };
}

const STATES: Readonly<Record<InterfaceRecord['state'], string | null>> = {
  reported: null,
  requested: 'requested, not reported',
  unrequested: 'reported, never asked for',
  expected: 'must exist; no Kubernetes API records it',
};

export function describeInterface(source: ViewSource, record: InterfaceRecord): Description {
  const [namespace, pod] = idParts(record.pod);
  const eni = record.eni === null ? undefined : source.records.enis.get(record.eni);
  const grade =
    record.link.certainty === 'unknown' ? 'link not known' : `${record.link.certainty} (${record.link.rule})`;
  return {
    title: present([record.name ?? 'no name', record.ips[0] ?? null]).join(' · '),
    lines: present([
      `pod ${namespace} / ${pod}`,
      dotless(record.network),
      STATES[record.state],
      eni === undefined ? null : `${eni.id} · card ${eni.card ?? 'not known'}`,
      record.link.evidence === '' ? grade : `${grade}: ${record.link.evidence}`,
      record.mac,
      ...findingLines(source, record.id),
    ]),
  };
}

/** A slot that no known interface holds. */
export function describeSlot(source: ViewSource, eni: EniRecord, ip: string): Description {
  const address = eni.addresses.find((one) => one.ip === ip);
  const prefix = eni.prefixes.find(({ cidr }) => cidr === ip);
  const state =
    address !== undefined
      ? STATE_WORDS[address.state]
      : prefix !== undefined
        ? `prefix, ${prefix.assigned ?? 'an unknown number'} of ${prefix.size ?? 'its'} addresses assigned`
        : 'ready, in a prefix of this ENI';
  const { title } = describeEni(source, eni);
  return { title: ip, lines: [state, `on ${title}`] };
}

/** Any place of the picture in words; null for an id that names no record. */
export function describe(source: ViewSource, id: string, ip: string | null): Description | null {
  const { records, indexes } = source;
  const record = records.interfaces.get(id);
  if (record !== undefined) return describeInterface(source, record);
  const eni = records.enis.get(id);
  if (eni !== undefined) return ip === null ? describeEni(source, eni) : describeSlot(source, eni, ip);
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
        nic.vfs === null ? null : `${nic.vfs.used ?? '?'} of ${nic.vfs.total ?? '?'} VFs used`,
        nic.pciAddress,
        nic.mac,
        `from ${nic.source}`,
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
      ]),
    };
  return null;
}

/** For a screen reader: one sentence after the other. */
export const spoken = ({ title, lines }: Description): string => [title, ...lines].join('. ');
