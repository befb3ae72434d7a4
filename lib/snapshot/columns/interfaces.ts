/** Packs and unpacks interfaces. */
import { CLUSTER_NETWORK, interfaceId } from '../../model/ids';
import { familyOf } from '../../model/ip';
import type { EniAddress, EniRecord, InterfaceRecord, PodRecord } from '../../model/records';
import type { InterfaceRow } from './interface-row';
import type { NodeList } from './nodes';
import { fromTemplate, toTemplate } from './template';

/** The parts of an ENI that interfaces repeat. */
type KnownEni = Pick<EniRecord, 'id' | 'card' | 'mac'> & { readonly addresses: readonly Pick<EniAddress, 'ip'>[] };

/** What both sides know when packing and unpacking interfaces. */
export interface InterfaceContext {
  readonly nodes: NodeList;
  /** Pods in wire order. */
  readonly pods: readonly PodRecord[];
  /** Position of each pod id in that order. */
  readonly podAt: ReadonlyMap<string, number>;
  readonly enis: ReadonlyMap<string, KnownEni>;
  /** The first ENI in wire order that has an address. */
  readonly eniByIp: ReadonlyMap<string, string>;
}

/** Builds the context. Both sides must pass the same lists in the same order. */
export function interfaceContext(
  pods: readonly PodRecord[],
  enis: readonly KnownEni[],
  nodes: NodeList,
): InterfaceContext {
  const eniByIp = new Map<string, string>();
  for (const eni of enis) for (const { ip } of eni.addresses) if (!eniByIp.has(ip)) eniByIp.set(ip, eni.id);
  return {
    nodes,
    pods,
    podAt: new Map(pods.map((pod, index) => [pod.id, index])),
    enis: new Map(enis.map((eni) => [eni.id, eni])),
    eniByIp,
  };
}

export const idOf = (pod: Pick<PodRecord, 'namespace' | 'name'> | undefined, name: string | null): string | null =>
  pod === undefined || name === null ? null : interfaceId(pod.namespace, pod.name, name);

const sameTexts = (a: readonly string[], b: readonly string[] | undefined): boolean =>
  b?.length === a.length && a.every((one, index) => one === b[index]);

const predictedEni = (ips: readonly string[], context: InterfaceContext): string | null =>
  ips[0] === undefined ? null : (context.eniByIp.get(ips[0]) ?? null);

/** What an interface's network and name follow from. */
type Requesting = Pick<PodRecord, 'requested'>;

/** The network of the request that an interface satisfies; the cluster network if it satisfies none. */
export const predictedNetwork = (pod: Requesting | undefined, requestIndex: number | null): string | null =>
  requestIndex === null ? CLUSTER_NETWORK : (pod?.requested[requestIndex]?.network ?? null);

/** The name according to Multus' rule (multus §1.4), unless the pod requests another one. */
export const predictedName = (pod: Requesting | undefined, requestIndex: number | null): string =>
  requestIndex === null ? 'eth0' : (pod?.requested[requestIndex]?.interface ?? `net${requestIndex + 1}`);

/** Values of the record that its evidence may repeat, in a fixed order. */
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

/** Packs an interface. Its ENI, pod and node must be those of `context`. */
export function packInterface(record: InterfaceRecord, context: InterfaceContext): InterfaceRow {
  const at = context.podAt.get(record.pod);
  const pod = at === undefined ? undefined : context.pods[at];
  const eni = record.eni === null ? undefined : context.enis.get(record.eni);
  const nodeSame = record.node === (pod?.node ?? null);
  const ipsSame = sameTexts(record.ips, pod?.ips);
  const eniSame = record.eni === predictedEni(record.ips, context);
  const cardSame = record.card === (eni?.card ?? null);
  const nameSame = record.name === predictedName(pod, record.requestIndex);
  const networkSame = record.network === predictedNetwork(pod, record.requestIndex);
  const macSame = record.mac === (eni?.mac ?? null);
  return {
    podAt: at ?? null,
    pod: at === undefined ? record.pod : null,
    id: record.id === idOf(pod, record.name) ? null : record.id,
    nodeSame,
    nodeAt: nodeSame ? null : context.nodes.placeOf(record.node),
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
    nameSame,
    name: nameSame ? null : record.name,
    networkSame,
    network: networkSame ? null : record.network,
    mtu: record.mtu,
    default: record.default,
    state: record.state,
    hostNic: record.hostNic,
    device: record.device,
    claim: record.claim,
    requestIndex: record.requestIndex,
    gateways: record.gateways,
    formerConfig: record.formerConfig,
  };
}

/** The inverse of `packInterface`, given an equal context. */
export function unpackInterface(packed: InterfaceRow, context: InterfaceContext): InterfaceRecord {
  const pod = packed.podAt === null ? undefined : context.pods[packed.podAt];
  const ips = packed.ips ?? pod?.ips ?? [];
  const eniId = packed.eniSame ? predictedEni(ips, context) : packed.eni;
  const eni = eniId === null ? undefined : context.enis.get(eniId);
  const node = packed.nodeSame ? (pod?.node ?? null) : context.nodes.at(packed.nodeAt);
  const mac = packed.macSame ? (eni?.mac ?? null) : packed.mac;
  const { hostNic, requestIndex } = packed;
  const name = packed.nameSame ? predictedName(pod, requestIndex) : packed.name;
  const network = (packed.networkSame ? predictedNetwork(pod, requestIndex) : packed.network) ?? '';
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
    mtu: packed.mtu,
    default: packed.default,
    state: packed.state,
    eni: eniId,
    card: packed.cardSame ? (eni?.card ?? null) : packed.card,
    hostNic,
    device: packed.device,
    claim: packed.claim,
    requestIndex,
    gateways: packed.gateways,
    formerConfig: packed.formerConfig,
    link: {
      rule: packed.rule,
      certainty: packed.certainty,
      evidence: fromTemplate(packed.evidence, tokensOf({ eni: eniId, mac, ips, node, hostNic, name, network }, pod)),
      candidates: packed.candidates,
    },
  };
}
