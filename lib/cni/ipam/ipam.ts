/** The contract of an IPAM plugin type. One file each in this folder, one line each in `index.ts`. */
import { goParseCidr, goParseIp } from '../go/net';
import { parseCidr } from '../../model/ip';
import type { ConfigReader } from '../reader';
import { countAddresses, mergeRanges, rangeText, type IpRange } from './range';
import { slicedSize } from './slices';

export interface Route {
  /** Canonical range. */
  readonly dst: string;
  readonly gw: string | null;
}

/**
 * Who keeps the record of what is handed out. `node`: each node for itself, so two nodes give the same address.
 * `cluster`: one record for all. `fixed`: the config or the pod names the address. `external`: another system.
 */
export type IpamScope = 'node' | 'cluster' | 'fixed' | 'external';

export interface IpamReading {
  /** What can be handed out, excludes and gateways taken off; empty when the config does not say. */
  readonly allocatable: readonly IpRange[];
  /** The same as text, before excludes, as a person would write it. */
  readonly ranges: readonly string[];
  /** Canonical subnets with the prefix length that pods get. */
  readonly subnets: readonly string[];
  readonly gateways: readonly string[];
  readonly routes: readonly Route[];
  readonly scope: IpamScope;
  /** Addresses come only from the pod's request (`ips`); without one the attachment fails. */
  readonly onlyOnRequest: boolean;
  /** whereabouts: part of the name of its pools; null when unnamed. */
  readonly networkName: string | null;
  /** whereabouts: prefix length of the slice that each node takes; null without slices. */
  readonly nodeSliceSize: number | null;
  /** A part of a sentence: "addresses by …". */
  readonly description: string;
}

export interface IpamPlugin {
  readonly type: string;
  readonly aliases?: readonly string[];
  readonly keys: readonly string[] | 'any';
  readonly read: (config: ConfigReader) => IpamReading;
}

type Given = Pick<IpamReading, 'scope' | 'description'> & Partial<IpamReading>;

export const ipamReading = (given: Given): IpamReading => ({
  allocatable: [],
  ranges: [],
  subnets: [],
  gateways: [],
  routes: [],
  onlyOnRequest: false,
  networkName: null,
  nodeSliceSize: null,
  ...given,
});

/** How many addresses can be handed out; null when the config does not say, or nobody counts that far. */
export function ipamSize(reading: IpamReading): number | null {
  if (reading.scope === 'external' || reading.ranges.length === 0) return null;
  if (reading.nodeSliceSize === null) return countAddresses(reading.allocatable);
  const sizes = reading.subnets.map((subnet) => slicedSize(parseCidr(subnet), reading.nodeSliceSize));
  return sizes.reduce((sum, size) => (sum === null || size === null ? null : sum + size), 0);
}

/** `routes[{dst,gw}]`, the same in every IPAM plugin; the plugin refuses the config for one bad route. */
export function readRoutes(config: ConfigReader): readonly Route[] {
  return config.objects('routes').flatMap((route) => {
    const dst = route.text('dst');
    const gw = route.text('gw');
    const cidr = dst === null ? null : goParseCidr(dst);
    if (cidr === null || 'error' in cidr) {
      config.error(cidr === null ? 'a route without "dst"' : `route: ${cidr.error}`);
      return [];
    }
    if (gw !== null && goParseIp(gw) === null) config.error(`route: invalid IP address: ${gw.slice(0, 64)}`);
    const text = parseCidr(`${cidr.ip}/${cidr.prefixLength}`)?.text;
    return text === undefined ? [] : [{ dst: text, gw: gw === null ? null : goParseIp(gw) }];
  });
}

/** An address field; null when absent or refused. */
export function readIp(config: ConfigReader, key: string): string | null {
  const text = config.text(key);
  if (text === null) return null;
  const ip = goParseIp(text);
  if (ip === null) config.error(`"${key}": invalid IP address: ${text.slice(0, 64)}`);
  return ip;
}

export const isDefaultRoute = (route: Route): boolean => route.dst.endsWith('/0');

/** A few ranges in words. */
export function rangesInWords(ranges: readonly string[]): string {
  if (ranges.length <= 3) return ranges.join(' and ');
  return `${ranges.slice(0, 2).join(', ')} and ${ranges.length - 2} more ranges`;
}

export const asTexts = (ranges: readonly IpRange[]): readonly string[] => mergeRanges(ranges).map(rangeText);
