/**
 * The text that Multus writes into `k8s.v1.cni.cncf.io/network-status`, with what its versions and aws-cni's make of
 * it: bookkeeping entries, pseudo-MACs, route table numbers (multus.md §1.5, §1.6).
 */
import { hostVethSuffix } from './identity';
import type { TrueInterface } from './pod';

export interface StatusContext {
  readonly namespace: string;
  readonly pod: string;
  /** Multus' version, `4.1.4`. */
  readonly multus: string;
  /** aws-node's version, or null where another plugin is the cluster network. */
  readonly awsCni: string | null;
  /** Device index of the ENI on card 0 that eth0's address is from. */
  readonly device: number | null;
  readonly branch: boolean;
  readonly ipv6: boolean;
  /** A MAC for interfaces that are not ENIs' (v4if0, cilium's eth0). */
  readonly mac: string;
}

export interface StatusEntry {
  readonly name: string;
  readonly interface: string;
  readonly ips?: readonly string[];
  readonly mac?: string;
  readonly mtu?: number;
  readonly default?: true;
  readonly dns: Record<string, never>;
  readonly 'device-info'?: unknown;
  readonly gateway?: readonly string[];
}

export const versionAtLeast = (version: string, major: number, minor: number): boolean => {
  const [a, b] = version.replace(/^v/, '').split('.').map(Number);
  return (a ?? 0) > major || (a === major && (b ?? 0) >= minor);
};

/** Two entries per aws-cni pod since Multus 4.1, one before; entries joined as Multus joins them. */
export function networkStatus(context: StatusContext, interfaces: readonly TrueInterface[]): string {
  const entries = interfaces.flatMap((item) =>
    item.network === 'cluster' ? clusterEntries(context, item) : [extraEntry(item)],
  );
  return `[${entries.map((entry) => JSON.stringify(entry, null, 4)).join(',')}]`;
}

function clusterEntries(context: StatusContext, eth0: TrueInterface): StatusEntry[] {
  const ips = eth0.ips;
  if (context.awsCni === null) {
    return [{ name: 'cilium', interface: 'eth0', ips, mac: context.mac, default: true, dns: {} }];
  }
  const dummy = `dummy${hostVethSuffix(context.namespace, context.pod)}`;
  if (!versionAtLeast(context.multus, 4, 1)) {
    return [{ name: 'aws-cni', interface: dummy, ips, mac: '0', default: true, dns: {} }];
  }
  const table = versionAtLeast(context.awsCni, 1, 20) ? routeTable(context.device) : null;
  const entries: StatusEntry[] = [
    { name: 'aws-cni', interface: 'eth0', ips, ...(table === null ? {} : { mac: table }), default: true, dns: {} },
  ];
  if (!context.branch) entries.push({ name: 'aws-cni', interface: dummy, mac: '0', dns: {} });
  if (context.ipv6) entries.push({ name: 'aws-cni', interface: 'v4if0', mac: context.mac, dns: {} });
  return entries;
}

/** Card 0: main table for device 0, device + 1 else (vpc-cni.md §3). */
const routeTable = (device: number | null): string | null =>
  device === null ? null : device === 0 ? '254' : String(device + 1);

function extraEntry(item: TrueInterface): StatusEntry {
  return {
    name: item.network.replace(/^net:/, ''),
    interface: item.name,
    ...(item.ips.length === 0 ? {} : { ips: item.ips }),
    ...(item.mac === null ? {} : { mac: item.mac }),
    ...(item.pciAddress === null ? {} : { mtu: 1500 }),
    dns: {},
    ...(item.pciAddress === null
      ? {}
      : { 'device-info': { type: 'pci', version: '1.1.0', pci: { 'pci-address': item.pciAddress } } }),
  };
}
