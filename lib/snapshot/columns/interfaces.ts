/**
 * Interfaces on the wire. Most of an interface is its pod's or its ENI's: what is equal there is left out. `Same` fields say
 * where that is so.
 */
import { interfaceId } from '../../model/ids';
import { familyOf } from '../../model/ip';
import type { EniRecord, InterfaceAddress, InterfaceRecord, PodRecord } from '../../model/records';
import { RECORDS } from '../schema';
import type { ObjectShape } from '../shape';
import { boolean, list, nullable, number, text } from '../shape';
import { fromTemplate, toTemplate } from './template';

type Row = Readonly<Record<string, unknown>>;

/** What both sides know when they pack and unpack interfaces. */
export interface InterfaceContext {
  /** Pods in wire order. */
  readonly pods: readonly PodRecord[];
  /** Place of each pod id in that order. */
  readonly podAt: ReadonlyMap<string, number>;
  readonly enis: ReadonlyMap<string, EniRecord>;
  /** The first ENI in wire order that carries an address. */
  readonly eniByIp: ReadonlyMap<string, string>;
}

const addressFields: ObjectShape = {
  kind: 'object',
  fields: [
    ['ip', nullable(text)],
    ['backed', text],
    ['eniSame', boolean],
    ['eni', nullable(text)],
  ],
  missing: {},
};
const REPLACED = ['id', 'pod', 'node', 'ips', 'addresses', 'mac', 'eni', 'card', 'link'] as const;
/** The fields that travel as they are. */
type Kept = Omit<InterfaceRecord, (typeof REPLACED)[number]>;

export const INTERFACE_ROW: ObjectShape = {
  kind: 'object',
  fields: [
    ['podAt', nullable(number)],
    ['pod', nullable(text)],
    ['id', nullable(text)],
    ['nodeSame', boolean],
    ['node', nullable(text)],
    ['ipsSame', boolean],
    ['ips', nullable(list(text))],
    ['eniSame', boolean],
    ['eni', nullable(text)],
    ['cardSame', boolean],
    ['card', nullable(number)],
    ['macSame', boolean],
    ['mac', nullable(text)],
    ['addresses', { kind: 'list', of: addressFields }],
    ['rule', text],
    ['certainty', text],
    ['evidence', text],
    ['candidates', list(text)],
    ...RECORDS.interfaces.fields.filter(([name]) => !REPLACED.some((one) => one === name)),
  ],
  missing: {},
};

interface Packed {
  readonly podAt: number | null;
  readonly pod: string | null;
  readonly id: string | null;
  readonly nodeSame: boolean;
  readonly node: string | null;
  readonly ipsSame: boolean;
  readonly ips: readonly string[] | null;
  readonly eniSame: boolean;
  readonly eni: string | null;
  readonly cardSame: boolean;
  readonly card: number | null;
  readonly macSame: boolean;
  readonly mac: string | null;
  readonly addresses: readonly {
    readonly ip: string | null;
    readonly backed: InterfaceAddress['backed'];
    readonly eniSame: boolean;
    readonly eni: string | null;
  }[];
  readonly rule: InterfaceRecord['link']['rule'];
  readonly certainty: InterfaceRecord['link']['certainty'];
  readonly evidence: string;
  readonly candidates: readonly string[];
}

const idOf = (pod: PodRecord | undefined, name: string | null): string | null =>
  pod === undefined || name === null ? null : interfaceId(pod.namespace, pod.name, name);

const sameTexts = (a: readonly string[], b: readonly string[] | undefined): boolean =>
  b?.length === a.length && a.every((one, index) => one === b[index]);

const predictedEni = (ips: readonly string[], context: InterfaceContext): string | null =>
  ips[0] === undefined ? null : (context.eniByIp.get(ips[0]) ?? null);

/** The record's own words that its evidence may repeat, in a fixed order. */
const tokensOf = (
  record: Pick<InterfaceRecord, 'eni' | 'mac' | 'ips' | 'node' | 'hostNic' | 'name' | 'network'>,
  pod: PodRecord | undefined,
): readonly (string | null)[] => [
  record.eni,
  record.mac,
  record.node?.slice('node:'.length) ?? null,
  record.hostNic,
  pod === undefined ? null : `${pod.namespace}/${pod.name}`,
  pod?.name ?? null,
  record.network,
  record.name,
  ...record.ips,
];

export function packInterface(record: InterfaceRecord, context: InterfaceContext): Row {
  const at = context.podAt.get(record.pod);
  const pod = at === undefined ? undefined : context.pods[at];
  const eni = record.eni === null ? undefined : context.enis.get(record.eni);
  const nodeSame = record.node === (pod?.node ?? null);
  const ipsSame = sameTexts(record.ips, pod?.ips);
  const eniSame = record.eni === predictedEni(record.ips, context);
  const cardSame = record.card === (eni?.card ?? null);
  const macSame = record.mac === (eni?.mac ?? null);
  const packed: Packed & Kept = {
    podAt: at ?? null,
    pod: at === undefined ? record.pod : null,
    id: record.id === idOf(pod, record.name) ? null : record.id,
    nodeSame,
    node: nodeSame ? null : record.node,
    ipsSame,
    ips: ipsSame ? null : record.ips,
    eniSame,
    eni: eniSame ? null : record.eni,
    cardSame,
    card: cardSame ? null : record.card,
    macSame,
    mac: macSame ? null : record.mac,
    addresses: record.addresses.map((one, index) => {
      const same = one.eni === record.eni;
      return {
        ip: one.ip === record.ips[index] ? null : one.ip,
        backed: one.backed,
        eniSame: same,
        eni: same ? null : one.eni,
      };
    }),
    rule: record.link.rule,
    certainty: record.link.certainty,
    evidence: toTemplate(record.link.evidence, tokensOf(record, pod)),
    candidates: record.link.candidates,
    name: record.name,
    network: record.network,
    mtu: record.mtu,
    default: record.default,
    state: record.state,
    hostNic: record.hostNic,
    device: record.device,
    requestIndex: record.requestIndex,
    gateways: record.gateways,
  };
  return packed as unknown as Row;
}

export function unpackInterface(row: Row, context: InterfaceContext): InterfaceRecord {
  const packed = row as unknown as Packed;
  const own = row as unknown as Kept;
  const pod = packed.podAt === null ? undefined : context.pods[packed.podAt];
  const ips = packed.ips ?? pod?.ips ?? [];
  const eniId = packed.eniSame ? predictedEni(ips, context) : packed.eni;
  const eni = eniId === null ? undefined : context.enis.get(eniId);
  const node = packed.nodeSame ? (pod?.node ?? null) : packed.node;
  const mac = packed.macSame ? (eni?.mac ?? null) : packed.mac;
  const { name, network, hostNic } = own;
  return {
    id: packed.id ?? idOf(pod, name) ?? '',
    pod: packed.pod ?? pod?.id ?? '',
    node,
    name,
    network,
    ips,
    addresses: packed.addresses.map((one, index) => {
      const ip = one.ip ?? ips[index] ?? '';
      return { ip, family: familyOf(ip), backed: one.backed, eni: one.eniSame ? eniId : one.eni };
    }),
    mac,
    mtu: own.mtu,
    default: own.default,
    state: own.state,
    eni: eniId,
    card: packed.cardSame ? (eni?.card ?? null) : packed.card,
    hostNic,
    device: own.device,
    requestIndex: own.requestIndex,
    gateways: own.gateways,
    link: {
      rule: packed.rule,
      certainty: packed.certainty,
      evidence: fromTemplate(packed.evidence, tokensOf({ eni: eniId, mac, ips, node, hostNic, name, network }, pod)),
      candidates: packed.candidates,
    },
  };
}
