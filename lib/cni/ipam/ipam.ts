/** The contract of an IPAM plugin type: one file in this folder, one line in `index.ts`. */
import { goParseCidr, goParseIp } from '../go/net';
import { parseCidr } from '../../model/ip';
import type { Fields, Route } from '../base/fields';
import type { OwnName } from '../base/plugin';
import type { ConfigReader } from '../base/reader';
import { countAddresses, mergeRanges, rangeText, type IpRange } from './range';
import { slicedSize } from './slices';

/**
 * The scope of the record of assigned addresses. `node`: each node has its own, so two nodes may assign the same address.
 * `cluster`: one record for all nodes. `fixed`: the config or the pod sets the address. `external`: another system.
 */
export type IpamScope = 'node' | 'cluster' | 'fixed' | 'external';

/** The interpretation of an IPAM config. */
export interface IpamReading {
  /** Addresses that can be assigned, without excludes and gateways; empty if the config does not define them. */
  readonly allocatable: readonly IpRange[];
  /** The ranges before excludes, in the usual notation. */
  readonly ranges: readonly string[];
  /** Canonical CIDRs; pods' addresses get their prefix lengths. */
  readonly subnets: readonly string[];
  readonly gateways: readonly string[];
  readonly routes: readonly Route[];
  readonly scope: IpamScope;
  /** Whether only the pod's request (`ips`) sets an address; without one, the attachment fails. */
  readonly onlyOnRequest: boolean;
  /** whereabouts' `network_name`, part of its pools' names; null if not set. */
  readonly networkName: string | null;
  /** Prefix length of the slice that whereabouts assigns to each node; null without slices. */
  readonly nodeSliceSize: number | null;
  /** Null for an IPAM whose config does not name its NetworkAttachmentDefinition. */
  readonly ownName: OwnName | null;
  /** Part of a sentence: "addresses by …". */
  readonly description: string;
}

/** The inputs of an IPAM's reading besides its own section. */
export interface IpamContext {
  /** The `cniVersion` of the whole config; empty if not set. */
  readonly cniVersion: string;
}

export interface IpamPlugin {
  readonly type: string;
  readonly aliases?: readonly string[];
  /** The fields of `ipam` that the plugin decodes besides `type` and `name`; `any` if its config is not checked. */
  readonly fields: Fields | 'any';
  /** The fields that it decodes from the surrounding plugin config. */
  readonly outer?: Fields;
  readonly read: (config: ConfigReader, context: IpamContext) => IpamReading;
}

type Given = Pick<IpamReading, 'scope' | 'description'> & Partial<IpamReading>;

/** A reading with defaults that suit most IPAM plugins. */
export const ipamReading = (given: Given): IpamReading => ({
  allocatable: [],
  ranges: [],
  subnets: [],
  gateways: [],
  routes: [],
  onlyOnRequest: false,
  networkName: null,
  nodeSliceSize: null,
  ownName: null,
  ...given,
});

/** Number of addresses that can be assigned; null if the config does not define it, or if it is too large for an exact number. */
export function ipamSize(reading: IpamReading): number | null {
  if (reading.scope === 'external' || reading.ranges.length === 0) return null;
  if (reading.nodeSliceSize === null) return countAddresses(reading.allocatable);
  const sizes = reading.subnets.map((subnet) => slicedSize(parseCidr(subnet), reading.nodeSliceSize));
  return sizes.reduce((sum, size) => (sum === null || size === null ? null : sum + size), 0);
}

/** Reports more than one address per family for CNI versions before 0.3.0, whose results hold only one. */
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

/** Reads `routes[{dst,gw}]`, which is the same in every plugin; values that Go rejects have been reported while decoding. */
export function readRoutes(config: ConfigReader, key = 'routes'): readonly Route[] {
  return config.objects(key).flatMap((route) => {
    const dst = route.get('dst');
    const gw = route.get('gw');
    const cidr = typeof dst === 'string' ? goParseCidr(dst.slice(0, 128)) : null;
    if (dst === null) config.warn('a route without "dst"');
    if (cidr === null || 'error' in cidr) return [];
    const text = parseCidr(`${cidr.ip}/${cidr.prefixLength}`)?.text;
    return text === undefined ? [] : [{ dst: text, gw: typeof gw === 'string' ? goParseIp(gw) : null }];
  });
}

/** Whether the destination is all addresses of its family. */
export const isDefaultRoute = (route: Route): boolean => route.dst.endsWith('/0');

/** A list of ranges in words, shortened after three. */
export function rangesInWords(ranges: readonly string[]): string {
  if (ranges.length <= 3) return ranges.join(' and ');
  return `${ranges.slice(0, 2).join(', ')} and ${ranges.length - 2} more ranges`;
}

/** The ranges merged and sorted, as text. */
export const asTexts = (ranges: readonly IpRange[]): readonly string[] => mergeRanges(ranges).map(rangeText);
