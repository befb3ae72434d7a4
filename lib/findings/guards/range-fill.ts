/** How full the ranges of a network are: by whereabouts’ pools, and on one node by host-local’s own files. */
import { countAddresses, parseIpRange, rangeContains, type IpRange } from '../../cni/ipam/range';
import type { IpPoolRecord, NetworkRecord } from '../../model/records';
import type { RuleContext } from '../rule/rule';
import type { Refusal } from './signals';
import { counted, listed, nameOf } from './words';

/** One pool, and what the network may take from it. */
export interface Fill {
  readonly pool: IpPoolRecord;
  readonly range: string;
  readonly used: number;
  readonly size: number | null;
}

/** Two networks may take different parts of one pool: the network's own part counts, not the whole pool. */
export function fillsOf({ ipam }: NetworkRecord, pools: readonly IpPoolRecord[]): readonly Fill[] {
  const [pool] = pools;
  const isPart =
    pools.length === 1 &&
    ipam !== null &&
    ipam.used !== null &&
    ipam.size !== null &&
    pool !== undefined &&
    pool.size !== null &&
    ipam.size < pool.size;
  if (isPart) return [{ pool, range: listed(ipam.ranges, 3), used: ipam.used, size: ipam.size }];
  return pools.map((one) => ({ pool: one, range: one.range, used: one.used, size: one.size }));
}

/** The share of used addresses. */
export const shareOf = ({ used, size }: Fill): number => (size === null || size === 0 ? 0 : used / size);

const GONE = /no IP addresses available in range set: (\S{1,90})/;

/** The addresses that pods hold in a range that host-local reports as full on the pod's node; null for another IPAM. */
export function storeOf(
  network: NetworkRecord,
  { pod, failure }: Refusal,
  context: RuleContext,
): { readonly evidence: string; readonly lost: { readonly detail: string; readonly advice: string } | null } | null {
  const text = network.ipam?.type === 'host-local' ? GONE.exec(failure.detail)?.[1] : undefined;
  const ranges = (text ?? '').split(',').flatMap((part): IpRange[] => {
    const range = parseIpRange(part);
    return range === null ? [] : [range];
  });
  const whole = countAddresses(ranges);
  if (text === undefined || pod.node === null || whole === null || whole === 0) return null;
  const held = new Set(
    context.read
      .all('interfacesByNode', pod.node)
      .filter(({ state }) => state !== 'requested')
      .flatMap(({ ips }) => ips.filter((ip) => ranges.some((range) => rangeContains(range, ip)))),
  ).size;
  // host-local skips the gateway, which its message does not mention.
  const size = network.ipam?.size != null && network.ipam.size < whole ? network.ipam.size : whole;
  const node = nameOf(pod.node);
  const evidence = `Kubernetes: pods on ${node} hold ${held} of the ${counted(size, 'address', 'addresses')} of ${text}`;
  if (held >= size - 1) return { evidence, lost: null };
  const folder = `/var/lib/cni/networks/${network.configName ?? network.name}`;
  return {
    evidence,
    lost: {
      detail: ` Pods on ${node} hold ${held} of them only: host-local keeps the other ${size - held} for containers that are gone. It has one file for each address in ${folder} on that node (or in the config's dataDir), and a reboot leaves them.`,
      advice: `On ${node}, remove the files in ${folder} that are named after an address that no container has. Put dataDir on a tmpfs, such as /run/cni, so that a reboot does it.`,
    },
  };
}
