/** What ipamd told where it is not what follows from EC2 and the pods: its own list, and its counters. */
import type { Cluster } from '../kit/cluster';
import type { Eni, Held, Prefix } from '../kit/eni';
import { ago, type Node } from '../kit/node';
import type { Json } from '../kit/types';

interface Known {
  readonly eni: Eni;
  readonly addresses?: readonly Held[];
  readonly prefixes?: readonly Prefix[];
}

const entry = (ip: string, holder: string): Json => ({
  Address: ip,
  IPAMKey: { networkName: 'aws-cni', containerID: '', ifName: '' },
  IPAMMetadata: {
    k8sPodNamespace: holder.split('/')[0]?.replace('if:', '') ?? '',
    k8sPodName: holder.split('/')[1] ?? '',
  },
  AssignedTime: ago(3600),
  UnassignedTime: '0001-01-01T00:00:00Z',
});

const cidr = (ip: string, mask: string, held: readonly Held[]): Json => ({
  Cidr: { IP: ip, Mask: mask },
  IPAddresses: Object.fromEntries(
    held.flatMap(({ ip: one, holder }) => (holder === null ? [] : [[one, entry(one, holder)] as const])),
  ),
  IsPrefix: mask !== '/////w==',
  AddressFamily: '',
});

/** ipamd's own list, as it would not follow from what EC2 has. */
export function ipamdHas(c: Cluster, node: Node, known: readonly Known[]): void {
  const held = known.flatMap(({ addresses = [], prefixes = [] }) => [
    ...addresses,
    ...prefixes.flatMap((one) => one.held),
  ]);
  const size = known.reduce(
    (sum, { addresses = [], prefixes = [] }) => sum + addresses.length + 16 * prefixes.length,
    0,
  );
  const list = {
    TotalIPs: size,
    AssignedIPs: held.filter(({ holder }) => holder !== null).length,
    ENIs: Object.fromEntries(
      known.map(({ eni, addresses = [], prefixes = [] }) => [
        eni.id,
        {
          ID: eni.id,
          IsPrimary: eni === node.primary,
          IsTrunk: eni.type === 'trunk',
          IsEFA: eni.type === 'efa',
          DeviceNumber: eni.dev,
          AvailableIPv4Cidrs: Object.fromEntries([
            ...addresses.map((one) => [`${one.ip}/32`, cidr(one.ip, '/////w==', [one])] as const),
            ...prefixes.map((one) => [one.cidr, cidr(one.cidr.split('/')[0] ?? '', '////8A==', one.held)] as const),
          ]),
          IPv6Cidrs: {},
        },
      ]),
    ),
  };
  c.extraFiles.push({ path: `aws-node/${node.name}.enis.json`, text: JSON.stringify({ '0': list }) });
}

export function counters(c: Cluster, node: Node, lines: readonly string[]): void {
  c.extraFiles.push({
    path: `aws-node/${node.name}.prom`,
    text: [`awscni_build_info{goversion="go1.25.0",version="${node.version}"} 1`, ...lines, ''].join('\n'),
  });
}
