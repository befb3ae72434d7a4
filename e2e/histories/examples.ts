/** Facts of the kinds without a common builder. */
import type {
  EniConfigFact,
  EventFact,
  HostInventoryFact,
  HostLink,
  WhereaboutsPoolFact,
  WhereaboutsReservationFact,
} from '../../lib/model/facts';

export * from '../testing/facts';

const object = (namespace: string, name: string) => ({ namespace, name, uid: 'u1', createdAt: null, deleting: false });

export const event = (kind: string, name: string, more: Partial<EventFact> = {}): EventFact => ({
  ...object('default', `about-${name}`),
  reason: 'TrunkENICreationFailed',
  involved: { kind, namespace: kind === 'Pod' ? 'default' : '', name, uid: '' },
  message: 'it failed',
  count: 1,
  firstAt: null,
  lastAt: null,
  ...more,
});

export const whereaboutsPool = (
  name: string,
  range: string,
  allocations: WhereaboutsPoolFact['allocations'] = [],
): WhereaboutsPoolFact => ({ ...object('kube-system', name), range, allocations, problems: [] });

export const reservation = (ip: string, podRef: string): WhereaboutsReservationFact => ({
  ...object('kube-system', ip),
  ip,
  podRef,
  ifname: 'net1',
});

export const hostInventory = (node: string, links: readonly HostLink[]): HostInventoryFact => ({
  ...object('sriov', node),
  source: 'SriovNetworkNodeState',
  failure: null,
  node,
  asOf: null,
  links,
});

export const eniConfig = (name: string, subnet: string): EniConfigFact => ({
  ...object('', name),
  subnet,
  securityGroups: [],
  problems: [],
});
