import { bigIntToIp, parseCidr, type Cidr } from '../../model/ip';
import { DNS, ROUTE, type Fields } from '../base/fields';
import { goParseCidr, goParseIp } from '../go/net';
import type { ConfigReader } from '../base/reader';
import { ipamReading, rangesInWords, readRoutes, type IpamPlugin } from './ipam';
import { sliceLength } from './slices';
import { ipRange, minusRanges, rangeText, type IpRange } from './range';

/** An element of `ipRanges`; in the flat form, the boundaries are plain strings. */
const RANGE = {
  range: 'string',
  range_start: 'address',
  range_end: 'address',
  exclude: ['string'],
} as const satisfies Fields;

/** Keeps its allocations for the whole cluster, in IPPool objects; `whereabouts-pools.ts` reads their names and offsets. */
export const whereabouts: IpamPlugin = {
  type: 'whereabouts',
  fields: {
    ...RANGE,
    range_start: 'string',
    range_end: 'string',
    ipRanges: [RANGE],
    addresses: [{ address: 'string', gateway: 'address' }],
    gateway: 'string',
    routes: [ROUTE],
    dns: DNS,
    network_name: 'string',
    node_slice_size: 'string',
    enable_overlapping_ranges: 'bool',
    datastore: 'string',
    kubernetes: { kubeconfig: 'string', k8s_api_root: 'string' },
    log_file: 'string',
    log_level: 'string',
    reconciler_cron_expression: 'string',
    configuration_path: 'string',
    sleep_for_race: 'int',
    leader_lease_duration: 'int',
    leader_renew_deadline: 'int',
    leader_retry_period: 'int',
    etcd_host: 'string',
    etcd_username: 'string',
    etcd_password: 'string',
    etcd_key_file: 'string',
    etcd_cert_file: 'string',
    etcd_ca_cert_file: 'string',
  },
  read(config) {
    const written = [...(config.text('range') === null ? [] : [config]), ...config.objects('ipRanges')];
    const pools = written.flatMap((entry) => readPool(entry, config) ?? []);
    if (written.length === 0) {
      config.note('no "range" and no "ipRanges": they may be in a file on the node; otherwise no address is assigned');
    }
    const subnets = pools.map(({ cidr }) => cidr.text);
    if (new Set(subnets).size < subnets.length) {
      config.warn('two ranges are in one subnet: the second address fails with "file exists"');
    }
    const gateway = config.text('gateway');
    const gatewayIp = gateway === null ? null : sloppyIp(gateway);
    if (gateway !== null && gatewayIp === null) config.error(`couldn't parse gateway IP: ${gateway.slice(0, 64)}`);
    for (const address of config.objects('addresses').map((entry) => entry.text('address') ?? '')) {
      if (sloppyCidr(address) === null) config.error(`invalid CIDR in addresses ${address.slice(0, 64)}`);
    }
    const slice = readSlice(config, pools);
    // A slice is given to a node without regard to excludes.
    for (const { range, excludes, text } of slice === null ? pools : []) {
      if (excludes.length > 0 && minusRanges([range], excludes).length === 0)
        config.error(
          `"exclude" leaves no address of ${text}: a CIDR excludes its whole block, a single address is /32 or /128`,
        );
    }
    const texts = pools.map(({ text }) => text);
    const networkName = config.text('network_name');
    return ipamReading({
      scope: 'cluster',
      allocatable: pools.flatMap(({ range, excludes }) => minusRanges([range], excludes)),
      ranges: texts,
      subnets: [...new Set(subnets)],
      gateways: gatewayIp === null ? [] : [gatewayIp],
      routes: readRoutes(config),
      networkName,
      nodeSliceSize: slice,
      description:
        `addresses from whereabouts, unique in the cluster, from ${rangesInWords(texts) || 'no range named here'}` +
        (slice === null ? '' : `, a /${slice} for each node`) +
        (networkName === null ? '' : `, kept under "${networkName}"`),
    });
  },
};

interface Pool {
  readonly cidr: Cidr;
  readonly range: IpRange;
  readonly excludes: readonly IpRange[];
  readonly text: string;
}

/** whereabouts accepts leading zeros: `010.0.0.1` is 10.0.0.1. */
const sloppy = (text: string): string => (text.length > 64 ? text : text.replaceAll(/(^|\.)0+(?=\d)/g, '$1'));
const sloppyIp = (text: string): string | null => goParseIp(sloppy(text));
function sloppyCidr(text: string): { readonly ip: string; readonly cidr: Cidr } | null {
  const read = goParseCidr(sloppy(text));
  const cidr = 'error' in read ? null : parseCidr(`${read.ip}/${read.prefixLength}`);
  return cidr === null || 'error' in read ? null : { ip: read.ip, cidr };
}

function readPool(config: ConfigReader, owner: ConfigReader): Pool | null {
  const written = config.text('range') ?? '';
  const dash = written.indexOf('-');
  const read = sloppyCidr(dash < 0 ? written : written.slice(dash + 1));
  if (read === null) {
    owner.error(`invalid CIDR ${written.slice(0, 128)}`);
    return null;
  }
  const { cidr } = read;
  const start = dash < 0 ? config.text('range_start') : written.slice(0, dash);
  const end = dash < 0 ? config.text('range_end') : read.ip;
  const startIp = start === null ? null : sloppyIp(start);
  const endIp = end === null ? null : sloppyIp(end);
  if (dash >= 0 && startIp === null) owner.error(`invalid range start IP: ${start?.slice(0, 64) ?? ''}`);
  // In the flat form, an invalid address is ignored; in `ipRanges`, it is rejected while decoding.
  if (dash < 0 && config === owner) {
    for (const [key, text, ip] of [
      ['range_start', start, startIp],
      ['range_end', end, endIp],
    ] as const) {
      if (text !== null && ip === null) owner.warn(`"${key}" is not an address and is ignored: ${text.slice(0, 64)}`);
    }
  }
  if (dash >= 0 && startIp !== null && !inside(cidr, startIp)) {
    owner.error(`invalid range start for CIDR ${cidr.text}: ${startIp}`);
    return null;
  }
  const range = usable(cidr, startIp, endIp, owner);
  const excludes = config.texts('exclude').flatMap((text) => {
    const excluded = sloppyCidr(text)?.cidr;
    if (excluded !== undefined) return [{ family: excluded.family, first: excluded.first, last: excluded.last }];
    const single = sloppyIp(text);
    if (single !== null) return ipRange(single, single) ?? [];
    owner.error(`could not parse exclude range: invalid CIDR address: ${text.slice(0, 64)}`);
    return [];
  });
  return { cidr, range, excludes, text: start === null && end === null ? cidr.text : rangeText(range) };
}

const inside = (cidr: Cidr, ip: string): boolean => {
  const range = ipRange(ip, ip);
  return range?.family === cidr.family && range.first >= cidr.first && range.first <= cidr.last;
};

/** whereabouts' `GetIPRange`: without network and broadcast address, in IPv6 as well; a start or end outside the range is ignored. */
function usable(cidr: Cidr, start: string | null, end: string | null, owner: ConfigReader): IpRange {
  const tiny = cidr.last - cidr.first <= 1n;
  if (tiny) owner.warn(`${cidr.text} has no room: whereabouts before 0.10 refuses it`);
  let first = tiny ? cidr.first : cidr.first + 1n;
  let last = tiny ? cidr.last : cidr.last - 1n;
  const within = (ip: string | null, key: string): bigint | null => {
    const value = ip === null ? null : ipRange(ip, ip);
    if (value === null) return null;
    if (value.family === cidr.family && value.first >= first && value.first <= last) return value.first;
    if (value.first !== cidr.first) {
      owner.warn(
        `${key} ${bigIntToIp(value.first, value.family)} is outside of what ${cidr.text} can give, and ignored`,
      );
    }
    return null;
  };
  first = within(start, 'range_start') ?? first;
  last = within(end, 'range_end') ?? last;
  return { family: cidr.family, first, last };
}

function readSlice(config: ConfigReader, pools: readonly Pool[]): number | null {
  const text = config.text('node_slice_size');
  if (text === null) return null;
  const size = sliceLength(text);
  if (size === null) {
    config.error(`invalid slice size "${text.slice(0, 16)}"`);
    return null;
  }
  for (const { cidr } of pools) {
    if (size < cidr.prefixLength || size > (cidr.family === 4 ? 32 : 128)) {
      config.error(`node_slice_size /${size} does not fit into ${cidr.text}`);
    }
  }
  if (config.text('network_name') === null && pools.length > 1) {
    config.note('node slices of several ranges without "network_name" share their names');
  }
  return size;
}
