/** The Describe and Get calls that ifscope makes: paging, IDs, filters, and EC2's errors for each. */
import type { Ec2Account, Ec2Eni, Ec2Instance } from '../model/ec2';
import { ACCOUNT } from '../model/ec2';
import { instanceType, instanceTypeNames } from '../model/instance-types';
import { applyFilters, ENI_FIELDS, INSTANCE_FIELDS, INSTANCE_TYPE_FIELDS, SUBNET_FIELDS } from './filters';
import { Ec2Error, type Ec2Query } from './query';
import { renderEni, renderInstance, renderInstanceType, renderSubnet } from './render';
import { el, list, tagSet, wrap, type Xml } from './xml';

/** The account as an action sees it: now, or some time ago. */
export interface Ec2View {
  readonly account: Ec2Account;
  /** The lag of the response, milliseconds. */
  readonly lagMs: number;
}

type Action = (view: Ec2View, query: Ec2Query) => Xml;

interface PageRule {
  readonly least: number;
  readonly most: number;
  /** From this number of items, EC2 pages even without MaxResults, as it does for ENIs. */
  readonly byDefault: number;
}

/**
 * Returns one page. The token contains its last item rather than a position, so that changes between two pages shift
 * nothing; it is encoded so that clients treat it as opaque.
 */
function page<T>(
  things: readonly T[],
  query: Ec2Query,
  rule: PageRule,
  ids: readonly string[],
  idOf: (thing: T) => string,
): { readonly items: readonly T[]; readonly next: Xml } {
  const { maxResults } = query;
  if (maxResults !== null && ids.length > 0) {
    throw new Ec2Error(
      'InvalidParameterCombination',
      'The parameter MaxResults cannot be used with the parameter that names ids',
    );
  }
  if (maxResults !== null && !(maxResults >= rule.least && maxResults <= rule.most)) {
    throw new Ec2Error(
      'InvalidParameterValue',
      `Value ( ${maxResults} ) for parameter maxResults is invalid. Expecting a value between ${rule.least} and ${rule.most}.`,
    );
  }
  const start = query.nextToken === null ? 0 : indexBehind(things.map(idOf), readToken(query.nextToken));
  const size = maxResults ?? (ids.length > 0 ? Infinity : rule.byDefault);
  const items = things.slice(start, start + size);
  const last = start + items.length < things.length ? items.at(-1) : undefined;
  return {
    items,
    next: last === undefined ? '' : el('nextToken', Buffer.from(`after:${idOf(last)}`).toString('base64')),
  };
}

function readToken(token: string): string {
  const match = /^after:(.+)$/.exec(Buffer.from(token, 'base64').toString());
  if (match?.[1] === undefined) throw new Ec2Error('InvalidNextToken', 'The token is not valid');
  return match[1];
}

/** The index of the first id after this one, which may no longer exist. */
function indexBehind(ids: readonly string[], last: string): number {
  const at = ids.indexOf(last);
  if (at >= 0) return at + 1;
  const next = ids.findIndex((id) => id > last);
  return next < 0 ? ids.length : next;
}

/** The objects with these IDs; throws EC2's error for the first one that does not exist. */
function byId<T>(
  things: readonly T[],
  ids: readonly string[],
  idOf: (thing: T) => string,
  code: string,
  what: string,
): readonly T[] {
  if (ids.length === 0) return things;
  const known = new Map(things.map((thing) => [idOf(thing), thing]));
  return ids.map((id) => {
    const found = known.get(id);
    if (found === undefined) throw new Ec2Error(code, `The ${what} '${id}' does not exist`);
    return found;
  });
}

const describeNetworkInterfaces: Action = (view, query) => {
  const ids = query.list('NetworkInterfaceId');
  const all = byId(
    view.account.enis.view(view.lagMs),
    ids,
    (eni) => eni.id,
    'InvalidNetworkInterfaceID.NotFound',
    'networkInterface ID',
  );
  const chosen = applyFilters(all, query.filters, ENI_FIELDS, (eni) => eni.tags);
  const { items, next } = page(chosen, query, { least: 5, most: 1000, byDefault: 1000 }, ids, (eni) => eni.id);
  return list('networkInterfaceSet', items, renderEni) + next;
};

const describeInstances: Action = (view, query) => {
  const ids = query.list('InstanceId');
  const all = byId(
    view.account.instances.view(view.lagMs),
    ids,
    (instance) => instance.id,
    'InvalidInstanceID.NotFound',
    'instance ID',
  );
  const chosen = applyFilters(all, query.filters, INSTANCE_FIELDS, (instance) => instance.tags);
  const { items, next } = page(
    chosen,
    query,
    { least: 5, most: 1000, byDefault: 1000 },
    ids,
    (instance) => instance.id,
  );
  const enis = enisByInstance(view, items);
  return (
    list(
      'reservationSet',
      items,
      (instance) =>
        el('reservationId', `r-${instance.id.slice('i-'.length)}`) +
        el('ownerId', ACCOUNT) +
        wrap('groupSet') +
        list('instancesSet', [instance], () => renderInstance(instance, enis.get(instance.id) ?? [])),
    ) + next
  );
};

function enisByInstance(view: Ec2View, instances: readonly Ec2Instance[]): Map<string, Ec2Eni[]> {
  const wanted = new Map(instances.map((instance) => [instance.id, [] as Ec2Eni[]]));
  for (const eni of view.account.enis.view(view.lagMs))
    if (eni.instanceId !== null) wanted.get(eni.instanceId)?.push(eni);
  return wanted;
}

const describeInstanceTypes: Action = (_view, query) => {
  const names = query.list('InstanceType');
  const unknown = names.filter((name) => !instanceTypeNames.includes(name));
  if (unknown.length > 0) {
    throw new Ec2Error(
      'InvalidInstanceType',
      `The following supplied instance types do not exist: [${unknown.join(', ')}]`,
    );
  }
  const all = (names.length === 0 ? instanceTypeNames : names).map(instanceType);
  const chosen = applyFilters(all, query.filters, INSTANCE_TYPE_FIELDS, () => ({}));
  const { items, next } = page(chosen, query, { least: 5, most: 100, byDefault: 100 }, names, (type) => type.name);
  return list('instanceTypeSet', items, renderInstanceType) + next;
};

const describeSubnets: Action = (view, query) => {
  const ids = query.list('SubnetId');
  const all = byId(
    [...view.account.subnets.values()],
    ids,
    (subnet) => subnet.id,
    'InvalidSubnetID.NotFound',
    'subnet ID',
  );
  const chosen = applyFilters(all, query.filters, SUBNET_FIELDS, (subnet) => subnet.tags);
  const { items, next } = page(chosen, query, { least: 5, most: 1000, byDefault: 1000 }, ids, (one) => one.id);
  return list('subnetSet', items, renderSubnet) + next;
};

const getSubnetCidrReservations: Action = (view, query) => {
  const id = query.text('SubnetId') ?? '';
  const subnet = view.account.subnets.get(id);
  if (subnet === undefined) throw new Ec2Error('InvalidSubnetID.NotFound', `The subnet ID '${id}' does not exist`);
  const { items, next } = page(
    subnet.reservations,
    query,
    { least: 5, most: 1000, byDefault: 1000 },
    [],
    (one) => one.id,
  );
  return (
    list(
      'subnetIpv4CidrReservationSet',
      items,
      (reservation) =>
        el('subnetCidrReservationId', reservation.id) +
        el('subnetId', id) +
        el('cidr', reservation.cidr) +
        el('reservationType', reservation.type) +
        el('ownerId', ACCOUNT) +
        tagSet({}),
    ) +
    wrap('subnetIpv6CidrReservationSet') +
    next
  );
};

/** The actions of the EC2 API, by name; any other is an error, as in EC2. */
export const ACTIONS: Readonly<Record<string, Action>> = {
  DescribeNetworkInterfaces: describeNetworkInterfaces,
  DescribeInstances: describeInstances,
  DescribeInstanceTypes: describeInstanceTypes,
  DescribeSubnets: describeSubnets,
  GetSubnetCidrReservations: getSubnetCidrReservations,
};
