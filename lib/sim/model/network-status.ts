/**
 * The annotation `k8s.v1.cni.cncf.io/network-status` as Multus writes it, by version, including how it represents aws-cni's
 * result: bookkeeping entries, pseudo-MACs, route table numbers (multus §1.5, §1.6).
 */
import { hostVethSuffix } from './identity';
import { must } from './must';
import type { TrueInterface } from './pod';
import type { StatusQuirk } from './status-quirks';

/** The inputs of a pod's network-status besides its interfaces. */
export interface StatusContext {
  readonly namespace: string;
  readonly pod: string;
  /** Multus' version, `4.1.4`. */
  readonly multus: string;
  /** aws-node's version; null if another plugin is the cluster network. */
  readonly awsCni: string | null;
  /** Device index of the card 0 ENI that eth0's address is on. */
  readonly device: number | null;
  readonly branch: boolean;
  readonly ipv6: boolean;
  /** A MAC for interfaces that are not on an ENI (v4if0, cilium's eth0). */
  readonly mac: string;
  readonly quirk: StatusQuirk | null;
}

/** An entry of the network-status annotation. */
export interface StatusEntry {
  readonly name: string;
  readonly interface?: string;
  readonly ips?: readonly string[];
  readonly mac?: string;
  readonly mtu?: number;
  readonly default?: true;
  readonly dns: Record<string, never>;
  readonly 'device-info'?: unknown;
  readonly gateway?: readonly string[];
}

/** Whether a version, with or without a leading v, is at least this one. */
export const versionAtLeast = (version: string, major: number, minor: number): boolean => {
  const [a, b] = version.replace(/^v/, '').split('.').map(Number);
  return (a ?? 0) > major || (a === major && (b ?? 0) >= minor);
};

const NEW_KEY = 'k8s.v1.cni.cncf.io/network-status';
const OLD_KEY = 'k8s.v1.cni.cncf.io/networks-status';

/** The annotations, and the interfaces as far as the annotations show them. */
export function statusAnnotations(
  context: StatusContext,
  interfaces: readonly TrueInterface[],
): { readonly annotations: Readonly<Record<string, string>>; readonly interfaces: readonly TrueInterface[] } {
  const known = interfaces.flatMap((item): readonly { readonly entry: StatusEntry; readonly of: TrueInterface }[] =>
    item.network === 'cluster'
      ? clusterEntries(context, item).map((entry) => ({ entry, of: item }))
      : [{ entry: extraEntry(context, item), of: item }],
  );
  const written = known.map(({ entry, of }) => ({ entry: disguise(entry, context.quirk), of }));
  const last = written.findLastIndex(({ of }) => of.network !== 'cluster');
  const lost = written[last]?.of;
  let shown = interfaces;
  if (lost !== undefined && context.quirk === 'entry-missing') {
    written.splice(last, 1);
    shown = interfaces.map((item) => (item === lost ? forgotten(item) : item));
  } else if (lost !== undefined && context.quirk === 'entry-without-name') {
    written[last] = { entry: without(must(written[last], 'entry').entry, 'interface'), of: lost };
    shown = interfaces.map((item) => (item === lost ? { ...item, name: `~${last}` } : item));
  }
  const text = `[${written.map(({ entry }) => JSON.stringify(entry, null, 4)).join(',')}]`;
  // multus §1.1: the old key alone up to 3.4.0, both up to 3.9.3.
  const [major = 0, minor = 0, patch = 0] = context.multus.split('.').map(Number);
  const hasNew = major > 3 || minor > 4 || (minor === 4 && patch > 0);
  return {
    annotations: { ...(hasNew ? { [NEW_KEY]: text } : {}), ...(major > 3 ? {} : { [OLD_KEY]: text }) },
    interfaces: shown,
  };
}

/** Attached, but not in the annotation. */
const forgotten = (item: TrueInterface): TrueInterface => ({
  ...item,
  recorded: false,
  rules: [],
  observed: false,
  candidates: [],
});

const without = (entry: StatusEntry, field: keyof StatusEntry): StatusEntry =>
  Object.fromEntries(Object.entries(entry).filter(([name]) => name !== field)) as unknown as StatusEntry;

function disguise(entry: StatusEntry, quirk: StatusQuirk | null): StatusEntry {
  switch (quirk) {
    case 'upper-case-mac':
      return entry.mac === undefined ? entry : { ...entry, mac: ` ${entry.mac.toUpperCase()}` };
    case 'prefix-lengths':
      return entry.ips === undefined
        ? entry
        : { ...entry, ips: entry.ips.map((ip) => `${ip}/${ip.includes(':') ? 64 : 24}`) };
    case 'nil-gateway':
      return { ...entry, gateway: ['<nil>'] };
    case 'several-defaults':
      return entry.name === 'aws-cni' ? { ...entry, default: true } : entry;
    case 'no-default':
      return without(entry, 'default');
    default:
      return entry;
  }
}

/** Two entries per aws-cni pod since Multus 4.1, one before it. */
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

/** Card 0: the main table for device 0, otherwise device + 1 (vpc-cni §3). */
const routeTable = (device: number | null): string | null =>
  device === null ? null : device === 0 ? '254' : String(device + 1);

/** Since 3.6, the name of a secondary network includes its namespace; before that, it is the name inside the config (multus §1.5). */
function extraEntry(context: StatusContext, item: TrueInterface): StatusEntry {
  const key = item.network.replace(/^net:/, '');
  return {
    name: versionAtLeast(context.multus, 3, 6) ? key : key.slice(key.indexOf('/') + 1),
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
