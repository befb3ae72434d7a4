/** What can be read on a simulated node: ipamd's `/v1/enis` (vpc-cni §4.2) and its checkpoint files (§2.4). */
import type { Datastore, EniStock } from '../../../lib/sim/model/datastore';
import type { SimNode } from '../../../lib/sim/model/node';

type Fields = Readonly<Record<string, unknown>>;

const NEVER = '0001-01-01T00:00:00Z';
const iso = (at: number | null | undefined): string => (at == null ? NEVER : new Date(at).toISOString());
const isBefore = (version: string, minor: number): boolean =>
  /^v1\.(\d+)/.exec(version)?.[1] !== undefined && Number(/^v1\.(\d+)/.exec(version)?.[1]) < minor;

/** An assigned or released address. Since 1.23, no container is named. */
function address(ip: string, holder: string | null, freedAt: number | null | undefined, scrubbed: boolean): Fields {
  const [k8sPodNamespace, k8sPodName] = holder?.split('/') ?? [];
  return {
    Address: ip,
    IPAMKey:
      holder === null
        ? { networkName: '', containerID: '', ifName: '' }
        : { networkName: 'aws-cni', containerID: scrubbed ? '' : 'c0ffee', ifName: scrubbed ? '' : 'eth0' },
    IPAMMetadata: holder === null ? {} : { k8sPodNamespace, k8sPodName },
    AssignedTime: NEVER,
    UnassignedTime: iso(freedAt),
  };
}

function cidrsOf(stock: EniStock, scrubbed: boolean): Fields {
  const singles = stock.slots.map(({ ip, holder, freedAt }) => [
    `${ip}/32`,
    { IPAddresses: holder === null && freedAt === null ? {} : { [ip]: address(ip, holder, freedAt, scrubbed) } },
  ]);
  const prefixes = stock.prefixes.map(({ cidr, held, freedAt }) => [
    cidr,
    {
      IPAddresses: Object.fromEntries([
        ...[...freedAt].map(([ip, at]) => [ip, address(ip, null, at, scrubbed)] as const),
        ...[...held].map(([ip, holder]) => [ip, address(ip, holder, null, scrubbed)] as const),
      ]),
      IsPrefix: true,
    },
  ]);
  return Object.fromEntries([...singles, ...prefixes]) as Fields;
}

const cardOf = (store: Datastore, scrubbed: boolean): Fields => ({
  // These numbers drift, and must not be used.
  TotalIPs: -1,
  AssignedIPs: -1,
  ENIs: Object.fromEntries(
    store.stocks.map((stock) => [
      stock.eniId,
      {
        ID: stock.eniId,
        IsPrimary: stock.primary,
        IsTrunk: stock.trunk,
        IsEFA: stock.efa,
        DeviceNumber: 0,
        AvailableIPv4Cidrs: cidrsOf(stock, scrubbed),
        IPv6Cidrs: {},
        IsExcludedForPodIPs: stock.excluded,
      },
    ]),
  ),
});

/** One object up to 1.19, one per card since then. */
export function renderEnis({ stores, cni }: SimNode): Fields {
  const version = cni?.version ?? '';
  const cards = [...stores.values()].map(
    (store) => [String(store.card), cardOf(store, !isBefore(version, 23))] as const,
  );
  return isBefore(version, 20) ? (cards[0]?.[1] ?? {}) : Object.fromEntries(cards);
}

/** Every assigned address of a store with its pod. */
export const heldIn = (store: Datastore): readonly (readonly [ip: string, holder: string])[] =>
  store.stocks.flatMap(({ slots, prefixes }) => [
    ...slots.flatMap(({ ip, holder }) => (holder === null ? [] : [[ip, holder] as const])),
    ...prefixes.flatMap(({ held }) => [...held]),
  ]);

export const renderCheckpoint = (store: Datastore): Fields => ({
  version: 'vpc-cni-ipam/1',
  allocations: heldIn(store).map(([ipv4, holder]) => {
    const [k8sPodNamespace, k8sPodName] = holder.split('/');
    return {
      networkName: 'aws-cni',
      containerID: 'c0ffee',
      ifName: 'eth0',
      ipv4,
      allocationTimestamp: 0,
      metadata: { k8sPodNamespace, k8sPodName },
    };
  }),
});
