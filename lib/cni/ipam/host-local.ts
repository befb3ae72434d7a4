import { bigIntToIp, familyOf, ipToBigInt, parseCidr, type Cidr } from '../../model/ip';
import { ROUTE, type Fields } from '../base/fields';
import { goParseCidr, goParseIp } from '../go/net';
import type { ConfigReader } from '../base/reader';
import { ipamReading, onePerFamily, rangesInWords, readRoutes, type IpamPlugin } from './ipam';
import { minusRanges, rangeOverlap, rangeText, type IpRange } from './range';

interface HostRange {
  readonly subnet: Cidr;
  readonly range: IpRange;
  readonly gateway: string;
  readonly text: string;
}

const RANGE = {
  rangeStart: 'address',
  rangeEnd: 'address',
  subnet: 'range',
  gateway: 'address',
} as const satisfies Fields;

/**
 * Keeps its allocations on the node's disk: every node assigns from the whole range, so two nodes may assign the same
 * address (multus §2.3).
 */
export const hostLocal: IpamPlugin = {
  type: 'host-local',
  fields: { ...RANGE, ranges: [[RANGE]], routes: [ROUTE], dataDir: 'string', resolvConf: 'string' },
  outer: { runtimeConfig: { ipRanges: [[RANGE]], ips: ['string'] }, args: { cni: { ips: ['string'] } } },
  read(config, { cniVersion }) {
    const sets = readSets(config);
    const ranges = sets.flat();
    const families = sets.flatMap(([first]) => first?.range.family ?? []);
    onePerFamily(config, families, cniVersion);
    checkOverlaps(config, sets);
    return ipamReading({
      scope: 'node',
      // The allocator skips the gateway, which is the first address unless the config sets another.
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

/** The old, flat form is the first set; without a subnet it is ignored. */
function readSets(config: ConfigReader): readonly (readonly HostRange[])[] {
  const flat = config.text('subnet') === null ? [] : [[readRange(config)].flatMap((range) => range ?? [])];
  const written = config.lists('ranges');
  const sets = written.map((set) => set.flatMap((range) => readRange(range) ?? []));
  if (written.some((set) => set.length === 0)) config.error('empty range set');
  if (flat.length + written.length === 0) config.error('no IP ranges specified');
  for (const set of sets) checkSet(config, set);
  return [...flat, ...sets];
}

function readRange(config: ConfigReader): HostRange | null {
  const text = config.text('subnet');
  if (text === null) {
    config.error('a range without "subnet"');
    return null;
  }
  const read = goParseCidr(text);
  const subnet = 'error' in read ? null : parseCidr(`${read.ip}/${read.prefixLength}`);
  // An invalid range has been reported while decoding.
  if ('error' in read || subnet === null) return null;
  const bits = subnet.family === 4 ? 32 : 128;
  const at = (value: bigint): string => bigIntToIp(value, subnet.family);
  if (subnet.prefixLength > bits - 2) {
    config.error(`Network ${text} too small to allocate from`);
    return null;
  }
  if (read.ip !== at(subnet.first)) {
    config.error(
      `Network has host bits set. For a subnet mask of length ${subnet.prefixLength} the network address is ${at(subnet.first)}`,
    );
    return null;
  }
  const lowest = subnet.first + 1n;
  const start = config.text('rangeStart') === null ? lowest : inSubnet(config, 'rangeStart', subnet, subnet.first);
  if (start === null) return null;
  const end =
    config.text('rangeEnd') === null
      ? subnet.family === 4
        ? subnet.last - 1n
        : subnet.last
      : inSubnet(config, 'rangeEnd', subnet, start);
  if (end === null) return null;
  const gateway = goParseIp(config.text('gateway') ?? '') ?? at(lowest);
  const range: IpRange = { family: subnet.family, first: start, last: end };
  // Accepted: the allocator never reaches the end and continues beyond the subnet.
  if (start > end) {
    config.warn(`rangeStart ${at(start)} is the last address: addresses outside ${subnet.text} are handed out`);
    return { subnet, range: { ...range, last: start }, gateway: at(start), text: at(start) };
  }
  const isWhole = config.text('rangeStart') === null && config.text('rangeEnd') === null;
  return { subnet, range, gateway, text: isWhole ? subnet.text : rangeText(range) };
}

/** A boundary of a range; null if it is rejected. */
function inSubnet(config: ConfigReader, key: 'rangeStart' | 'rangeEnd', subnet: Cidr, lowest: bigint): bigint | null {
  const ip = goParseIp(config.text(key) ?? '');
  if (ip === null) return null;
  const value = rangeOf(ip, subnet)?.first ?? null;
  if (value !== null && value >= lowest) return value;
  const name = key === 'rangeStart' ? 'RangeStart' : 'RangeEnd';
  config.error(
    value === null
      ? `${name} ${ip} not in network ${subnet.text}`
      : `${name} ${ip} is before RangeStart ${bigIntToIp(lowest, subnet.family)}`,
  );
  return null;
}

/** One address as a range, if it lies in the subnet. */
function rangeOf(ip: string, subnet: Cidr): IpRange | null {
  const value = familyOf(ip) === subnet.family ? ipToBigInt(ip) : null;
  if (value === null || value < subnet.first || value > subnet.last) return null;
  return { family: subnet.family, first: value, last: value };
}

/** Enough to find a typing error; bounds the work for a hostile config. */
const MAX_COMPARED = 64;

/** A set must have one address family and no overlaps. */
function checkSet(config: ConfigReader, set: readonly HostRange[]): void {
  const few = set.slice(0, MAX_COMPARED);
  if (few.some(({ range }) => range.family !== few[0]?.range.family)) config.error('mixed address families');
  for (const [i, a] of few.entries()) {
    const other = few.slice(i + 1).find((b) => rangeOverlap(a.range, b.range) !== null);
    if (other !== undefined) {
      config.error(`subnets ${rangeText(a.range)} and ${rangeText(other.range)} overlap`);
      return;
    }
  }
}

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
