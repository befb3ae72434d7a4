/** The contract of an IPAM plugin type. One file each in this folder, one line each in `index.ts`. */
import { goParseCidr, goParseIp } from '../go/net';
import { parseCidr } from '../../model/ip';
import type { Fields } from '../base/fields';
import type { ConfigReader } from '../base/reader';
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

export interface IpamContext {
  /** Of the whole config; empty when it names none. */
  readonly cniVersion: string;
}

export interface IpamPlugin {
  readonly type: string;
  readonly aliases?: readonly string[];
  /** What it decodes of the `ipam` object beside `type` and `name`; `any` where its config is not ours to judge. */
  readonly fields: Fields | 'any';
  /** What it decodes of the plugin's config around it. */
  readonly outer?: Fields;
  readonly read: (config: ConfigReader, context: IpamContext) => IpamReading;
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

/** Results before 0.3.0 have room for one address of each family. */
export function onePerFamily(config: ConfigReader, families: readonly (4 | 6)[], cniVersion: string): void {
  const most = Math.max(
    families.filter((family) => family === 4).length,
    families.filter((family) => family === 6).length,
  );
  const [major = 0, minor = 0] = /^\d+(\.\d+){1,2}$/.test(cniVersion) ? cniVersion.split('.').map(Number) : [];
  if (most > 1 && major === 0 && minor < 3) {
    config.error(`CNI version ${cniVersion} does not support more than 1 address per family`);
  }
}

/** `routes[{dst,gw}]`, the same in every IPAM plugin; what Go refuses in them is named while decoding. */
export function readRoutes(config: ConfigReader): readonly Route[] {
  return config.objects('routes').flatMap((route) => {
    const dst = route.get('dst');
    const gw = route.get('gw');
    const cidr = typeof dst === 'string' ? goParseCidr(dst.slice(0, 128)) : null;
    if (dst === null) config.warn('a route without "dst"');
    if (cidr === null || 'error' in cidr) return [];
    const text = parseCidr(`${cidr.ip}/${cidr.prefixLength}`)?.text;
    return text === undefined ? [] : [{ dst: text, gw: typeof gw === 'string' ? goParseIp(gw) : null }];
  });
}

export const isDefaultRoute = (route: Route): boolean => route.dst.endsWith('/0');

/** A few ranges in words. */
export function rangesInWords(ranges: readonly string[]): string {
  if (ranges.length <= 3) return ranges.join(' and ');
  return `${ranges.slice(0, 2).join(', ')} and ${ranges.length - 2} more ranges`;
}

export const asTexts = (ranges: readonly IpRange[]): readonly string[] => mergeRanges(ranges).map(rangeText);
