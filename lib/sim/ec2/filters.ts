/** EC2 filters: values are ORed, filters ANDed, `*` and `?` are wildcards, an unknown name is an error. */
import type { Ec2Eni, Ec2Instance } from '../model/ec2';
import type { InstanceType } from '../model/instance-types';
import type { SimSubnet } from '../model/subnet';
import { ACCOUNT } from '../model/ec2';
import { Ec2Error, type Filter } from './query';

type Fields<T> = Readonly<Record<string, (value: T) => readonly (string | null)[]>>;

const wildcard = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    's',
  );

const tests = (values: readonly string[]): ((text: string) => boolean) => {
  const exact = new Set(values.filter((value) => !/[*?]/.test(value)));
  const patterns = values.filter((value) => /[*?]/.test(value)).map(wildcard);
  return (text) => exact.has(text) || patterns.some((pattern) => pattern.test(text));
};

/** EC2's limit per call. */
const MAX_FILTER_VALUES = 200;

/** Filters by name; `tags` serves `tag:KEY`, `tag-key` and `tag-value`. */
export function applyFilters<T>(
  things: readonly T[],
  filters: readonly Filter[],
  fields: Fields<T>,
  tags: (value: T) => Readonly<Record<string, string>>,
): T[] {
  if (filters.reduce((sum, filter) => sum + filter.values.length, 0) > MAX_FILTER_VALUES) {
    throw new Ec2Error(
      'FilterLimitExceeded',
      `The maximum number of filter values specified on a single call is ${MAX_FILTER_VALUES}`,
    );
  }
  const checks = filters.map(({ name, values }) => {
    const test = tests(values);
    const read = fields[name];
    if (read !== undefined) return (value: T) => read(value).some((text) => text !== null && test(text));
    if (name === 'tag-key') return (value: T) => Object.keys(tags(value)).some(test);
    if (name === 'tag-value') return (value: T) => Object.values(tags(value)).some(test);
    if (name.startsWith('tag:')) {
      const key = name.slice('tag:'.length);
      return (value: T) => {
        const found = tags(value)[key];
        return found !== undefined && test(found);
      };
    }
    throw new Ec2Error('InvalidParameterValue', `The filter '${name}' is invalid`);
  });
  return things.filter((thing) => checks.every((check) => check(thing)));
}

const text = (value: string | number | boolean | null | undefined): readonly [string | null] => [
  value === null || value === undefined ? null : String(value),
];

/** The fields that filters of DescribeNetworkInterfaces match, by filter name. */
export const ENI_FIELDS: Fields<Ec2Eni> = {
  'network-interface-id': (eni) => [eni.id],
  'subnet-id': (eni) => [eni.subnetId],
  'vpc-id': (eni) => [eni.vpcId],
  'availability-zone': (eni) => [eni.zone],
  description: (eni) => [eni.description],
  status: (eni) => [eni.status],
  'interface-type': (eni) => [eni.type],
  'mac-address': (eni) => [eni.mac],
  'owner-id': () => [ACCOUNT],
  'group-id': (eni) => eni.groups,
  'private-ip-address': (eni) => [eni.primaryIp],
  'addresses.private-ip-address': (eni) => [eni.primaryIp, ...eni.secondaryIps],
  'ipv6-addresses.ipv6-address': (eni) => eni.ipv6,
  'requester-managed': (eni) => text(eni.requesterManaged),
  'source-dest-check': (eni) => text(eni.sourceDestCheck),
  'attachment.attachment-id': (eni) => text(eni.attachment?.id),
  'attachment.instance-id': (eni) => [eni.instanceId],
  'attachment.instance-owner-id': (eni) => text(eni.attachment?.instanceOwnerId),
  'attachment.device-index': (eni) => text(eni.attachment?.device),
  'attachment.network-card-index': (eni) => text(eni.attachment?.card),
  'attachment.status': (eni) => text(eni.attachment?.status),
  'attachment.delete-on-termination': (eni) => text(eni.attachment?.deleteOnTermination),
};

/** The fields that filters of DescribeInstances match. */
export const INSTANCE_FIELDS: Fields<Ec2Instance> = {
  'instance-id': (instance) => [instance.id],
  'instance-type': (instance) => [instance.type],
  'instance-state-name': (instance) => [instance.state],
  'availability-zone': (instance) => [instance.zone],
  'vpc-id': (instance) => [instance.vpcId],
  'network-interface.vpc-id': (instance) => [instance.vpcId],
  'subnet-id': (instance) => [instance.subnetId],
  'private-ip-address': (instance) => [instance.privateIp],
  'owner-id': () => [ACCOUNT],
};

/** The fields that filters of DescribeSubnets match. */
export const SUBNET_FIELDS: Fields<SimSubnet> = {
  'subnet-id': (subnet) => [subnet.id],
  'vpc-id': (subnet) => [subnet.vpc],
  'availability-zone': (subnet) => [subnet.zone],
  'cidr-block': (subnet) => [subnet.cidr],
  cidr: (subnet) => [subnet.cidr],
  state: () => ['available'],
  'owner-id': () => [ACCOUNT],
};

/** The fields that filters of DescribeInstanceTypes match. */
export const INSTANCE_TYPE_FIELDS: Fields<InstanceType> = {
  'instance-type': (type) => [type.name],
  hypervisor: (type) => [type.hypervisor === '' ? null : type.hypervisor],
  'bare-metal': (type) => text(type.bareMetal),
  'network-info.maximum-network-cards': (type) => text(type.cards),
  'network-info.maximum-network-interfaces': (type) => text(type.cards * type.enisPerCard),
};
