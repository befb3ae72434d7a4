import { bigIntToIp, familyOf, ipToBigInt, parseCidr, type Cidr } from '../../model/ip';
import { goParseCidr } from '../go/net';
import type { ConfigReader } from '../reader';
import { ipamReading, rangesInWords, readIp, readRoutes, type IpamPlugin } from './ipam';
import { minusRanges, rangeOverlap, rangeText, type IpRange } from './range';

interface HostRange {
  readonly subnet: Cidr;
  readonly range: IpRange;
  readonly gateway: string;
  readonly text: string;
}

/**
 * Its record lies on the node's disk: every node hands out the whole range, so two nodes give the same address
 * (multus.md §2.3).
 */
export const hostLocal: IpamPlugin = {
  type: 'host-local',
  keys: ['ranges', 'subnet', 'rangeStart', 'rangeEnd', 'gateway', 'routes', 'dataDir', 'resolvConf'],
  read(config) {
    const sets = readSets(config);
    const ranges = sets.flat();
    if (ranges.length === 0 && !config.has('ranges') && !config.has('subnet')) config.error('no IP ranges specified');
    checkOverlaps(config, sets);
    return ipamReading({
      scope: 'node',
      // The allocator steps over the gateway, which is the first address unless the config names another.
      allocatable: minusRanges(
        ranges.map(({ range }) => range),
        ranges.flatMap(({ subnet, gateway }) => rangeOf(gateway, subnet) ?? []),
      ),
      ranges: ranges.map(({ text }) => text),
      subnets: [...new Set(ranges.map(({ subnet }) => subnet.text))],
      gateways: [...new Set(ranges.map(({ gateway }) => gateway))],
      routes: readRoutes(config),
      description: `addresses by host-local, each node for itself, from ${rangesInWords(ranges.map(({ text }) => text)) || 'no range'}`,
    });
  },
};

/** The flat, old form counts as the first set. */
function readSets(config: ConfigReader): readonly (readonly HostRange[])[] {
  const flat = config.text('subnet') === null ? [] : [[readRange(config, config)].flatMap((range) => range ?? [])];
  const written = config.get('ranges');
  if (written === null) return flat;
  if (!Array.isArray(written) || written.some((set: unknown) => !Array.isArray(set))) {
    config.error('"ranges" is not a list of lists: [[{"subnet": …}]] is wanted');
    return flat;
  }
  const sets = config.lists('ranges').map((set) => set.flatMap((range) => readRange(range, config) ?? []));
  if (sets.some((set) => set.length === 0)) config.error('empty range set');
  return [...flat, ...sets];
}

function readRange(config: ConfigReader, owner: ConfigReader): HostRange | null {
  const text = config.text('subnet');
  const read = text === null ? null : goParseCidr(text);
  if (read === null || 'error' in read) {
    owner.error(read === null ? 'a range without "subnet"' : `subnet: ${read.error}`);
    return null;
  }
  const subnet = parseCidr(`${read.ip}/${read.prefixLength}`);
  if (subnet === null) return null;
  const bits = subnet.family === 4 ? 32 : 128;
  if (subnet.prefixLength > bits - 2) {
    owner.error(`Network ${text ?? ''} too small to allocate from`);
    return null;
  }
  const at = (value: bigint): string => bigIntToIp(value, subnet.family);
  // A subnet with host bits is kept as written: the first address is the one after it.
  const base = rangeOf(read.ip, subnet)?.first ?? subnet.first;
  const within = (key: string): bigint | null => {
    const ip = readIp(config, key);
    const value = ip === null ? null : (rangeOf(ip, subnet)?.first ?? null);
    if (ip !== null && value === null)
      owner.error(`${key === 'gateway' ? 'gateway ' : ''}${ip} not in network ${subnet.text}`);
    return value;
  };
  const gateway = within('gateway') ?? base + 1n;
  const start = within('rangeStart');
  const end = within('rangeEnd');
  const first = start ?? base + 1n;
  const last = end ?? (subnet.family === 4 ? subnet.last - 1n : subnet.last);
  if (first > last) {
    owner.error(`${at(last)} is in network ${subnet.text} but before start ${at(first)}`);
    return null;
  }
  const range: IpRange = { family: subnet.family, first, last };
  return { subnet, range, gateway: at(gateway), text: start === null && end === null ? subnet.text : rangeText(range) };
}

/** One address as a range, if it lies in the subnet. */
function rangeOf(ip: string, subnet: Cidr): IpRange | null {
  const value = familyOf(ip) === subnet.family ? ipToBigInt(ip) : null;
  if (value === null || value < subnet.first || value > subnet.last) return null;
  return { family: subnet.family, first: value, last: value };
}

/** Enough pairs to find a mistake made by hand, and no more work than that in a config made to hurt. */
const MAX_COMPARED = 64;

function checkOverlaps(config: ConfigReader, sets: readonly (readonly HostRange[])[]): void {
  const few = sets.slice(0, MAX_COMPARED);
  for (const [i, a] of few.entries()) {
    for (const [j, b] of few.entries()) {
      if (j <= i) continue;
      const meet = a
        .slice(0, MAX_COMPARED)
        .some((x) => b.slice(0, MAX_COMPARED).some((y) => rangeOverlap(x.range, y.range) !== null));
      if (meet) {
        config.error(`range set ${i} overlaps with ${j}`);
        return;
      }
    }
  }
}
