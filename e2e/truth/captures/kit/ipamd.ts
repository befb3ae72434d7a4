/** What one node's ipamd tells of itself: the metrics text, and `/v1/enis` in the shapes before and since v1.20.0 (vpc-cni §4.2–4.3). */
import { toCidr } from './address';
import { inIpamd, isTaken, type Eni, type Held } from './eni';
import { ago, type Node } from './node';
import type { Json } from './types';

const singlesOf = (eni: Eni): readonly Held[] => eni.addresses.filter(inIpamd);

const assignedOn = (eni: Eni): number =>
  [...singlesOf(eni), ...eni.prefixes.filter(inIpamd).flatMap(({ held }) => held)].filter(isTaken).length;

export function metricsOf(node: Node, extra: readonly string[] = []): string {
  const inStore = node.inDatastore();
  const lines = [
    '# TYPE awscni_build_info gauge',
    `awscni_build_info{goversion="go1.25.0",version="${node.version}"} 1`,
    '# TYPE awscni_eni_allocated gauge',
    `awscni_eni_allocated ${String(inStore.length)}`,
    '# TYPE awscni_assigned_ip_per_eni gauge',
    ...inStore.map((eni) => `awscni_assigned_ip_per_eni{eni="${eni.id}"} ${String(assignedOn(eni))}`),
    '# TYPE awscni_assigned_ip_per_cidr gauge',
    ...inStore.flatMap((eni) => [
      ...singlesOf(eni).map((held) => `awscni_assigned_ip_per_cidr{cidr="${held.ip}/32"} ${isTaken(held) ? '1' : '0'}`),
      ...eni.prefixes
        .filter(inIpamd)
        .map(({ cidr, held }) => `awscni_assigned_ip_per_cidr{cidr="${cidr}"} ${String(held.filter(isTaken).length)}`),
    ]),
    ...extra,
  ];
  return `${lines.join('\n')}\n`;
}

const maskOf = (length: number, bits: 32 | 128): string =>
  Buffer.from(
    Array.from({ length: bits / 8 }, (_, at) => (0xff << (8 - Math.min(8, Math.max(0, length - 8 * at)))) & 0xff),
  ).toString('base64');

function addressOf(held: Held, old: boolean): Json {
  const [pod = '', name = ''] = held.holder === null ? [] : held.holder.slice('if:'.length).split('/').slice(0, 2);
  const assigned = isTaken(held);
  return {
    Address: held.ip,
    IPAMKey: {
      networkName: assigned ? 'aws-cni' : '',
      containerID: old && assigned ? 'f'.repeat(64) : '',
      ifName: old && assigned ? 'eth0' : '',
    },
    IPAMMetadata: assigned && held.holder !== null ? { k8sPodNamespace: pod, k8sPodName: name } : {},
    AssignedTime: ago(3600),
    UnassignedTime: held.freedSecondsAgo === null || assigned ? '0001-01-01T00:00:00Z' : ago(held.freedSecondsAgo),
  };
}

function cidrOf(cidr: string, held: readonly Held[], old: boolean): Json {
  const range = toCidr(cidr);
  const known = held.filter((one) => isTaken(one) || one.freedSecondsAgo !== null);
  return {
    Cidr: { IP: cidr.split('/')[0], Mask: maskOf(range.length, range.bits) },
    IPAddresses: Object.fromEntries(known.map((one) => [one.ip, addressOf(one, old)])),
    IsPrefix: range.length !== range.bits,
    AddressFamily: '',
  };
}

function storeOf(node: Node, card: number, old: boolean): Json {
  const enis = node.inDatastore().filter((eni) => eni.card === card);
  return {
    TotalIPs: enis.reduce((sum, eni) => sum + singlesOf(eni).length + 16 * eni.prefixes.length, 0),
    AssignedIPs: enis.reduce((sum, eni) => sum + assignedOn(eni), 0),
    ENIs: Object.fromEntries(
      enis.map((eni) => [
        eni.id,
        {
          ID: eni.id,
          IsPrimary: eni === node.primary,
          IsTrunk: eni.type === 'trunk',
          IsEFA: eni.type === 'efa',
          DeviceNumber: eni.dev,
          AvailableIPv4Cidrs: {
            ...Object.fromEntries(
              singlesOf(eni).map((held) => [`${held.ip}/32`, cidrOf(`${held.ip}/32`, [held], old)] as const),
            ),
            ...Object.fromEntries(
              node
                .prefixesRead(eni)
                .filter(({ range }) => range.bits === 32)
                .map(({ cidr, held }) => [cidr, cidrOf(cidr, held, old)] as const),
            ),
          },
          IPv6Cidrs: Object.fromEntries(
            eni.prefixes
              .filter(({ range }) => range.bits === 128)
              .map(({ cidr, held }) => [cidr, cidrOf(cidr, held, old)] as const),
          ),
          ...(old ? {} : { IsExcludedForPodIPs: false, RouteTableID: eni.dev + 1, SubnetID: eni.subnet.id }),
        },
      ]),
    ),
  };
}

export function enisJsonOf(node: Node): Json {
  if (node.spec.enisJson === 'old') return storeOf(node, 0, true);
  return Object.fromEntries(node.managedCards.map((card) => [String(card), storeOf(node, card, false)]));
}
