/**
 * Recognises EC2's answers as the AWS CLI prints them, complete or reduced by `--query`, by the fields of their
 * objects.
 */
import { isObject } from '../../model/is-object';
import { EC2_CALLS } from '../../normalise/ec2/calls';
import type { AnyEc2Row } from '../../normalise/ec2/calls';
import type { Fields } from '../../normalise/read/guards';

/** The elements of an answer with their key in the complete answer. */
export interface Ec2Part {
  readonly row: AnyEc2Row;
  readonly key: string;
  readonly list: readonly unknown[];
}

const ROWS = EC2_CALLS.flatMap((row) => row.keys.map((key) => ({ row, key })));

/** The EC2 call whose answer has this top-level key; null for any other key. */
export const ec2RowOf = (key: string): AnyEc2Row | null => ROWS.find((one) => one.key === key)?.row ?? null;

/** The lists of a complete answer, by their top-level keys. */
export const ec2Lists = (root: Fields): readonly Ec2Part[] =>
  ROWS.flatMap(({ row, key }) => (Array.isArray(root[key]) ? [{ row, key, list: root[key] as unknown[] }] : []));

/** Whether the elements are complete objects, not reduced by `--query`. */
export const isPlainList = ({ key, list }: Ec2Part): boolean =>
  key === 'Reservations'
    ? list.every((one) => isObject(one) && 'Instances' in one)
    : list.every((one) => !Array.isArray(one));

/** Recognises one element of an answer by fields that only such an element has; null for anything else. */
export function ec2Element(value: Fields): { readonly key: string; readonly element: unknown } | null {
  if ('NetworkInterfaceId' in value) return isOwnInterface(value) ? null : { key: 'NetworkInterfaces', element: value };
  if ('InstanceId' in value)
    return 'InstanceType' in value ? { key: 'Reservations', element: { Instances: [value] } } : null;
  if (Array.isArray(value['Instances'])) return { key: 'Reservations', element: value };
  if ('InstanceType' in value) return 'NetworkInfo' in value ? { key: 'InstanceTypes', element: value } : null;
  if ('SubnetCidrReservationId' in value) return { key: 'SubnetCidrReservations', element: value };
  return 'SubnetId' in value && 'CidrBlock' in value ? { key: 'Subnets', element: value } : null;
}

/**
 * Whether it is an ENI as listed by DescribeInstances: without tags, so that its management cannot be determined
 * (vpc-cni §5.1).
 */
export const isOwnInterface = (value: Fields): boolean =>
  'NetworkInterfaceId' in value &&
  !['TagSet', 'Tags', 'AvailabilityZone', 'RequesterManaged'].some((field) => field in value);

const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^(network-?interfaces|enis?)\b/, 'NetworkInterfaces'],
  [/^instance-?types\b/, 'InstanceTypes'],
  [/^(instances|reservations)\b/, 'Reservations'],
  [/^subnet-?.*cidr-?reservations\b/, 'SubnetCidrReservations'],
  [/^subnets\b/, 'Subnets'],
];

/** The EC2 call of an empty list, judged by its file name; null if the name does not reveal it. */
export function ec2RowOfFileName(path: string): AnyEc2Row | null {
  const base = path
    .slice(path.lastIndexOf('/') + 1)
    .toLowerCase()
    .replaceAll('_', '-')
    .replace(/^(aws-)?(ec2-)?(describe|get)-/, '');
  const key = NAMES.find(([name]) => name.test(base))?.[1];
  return key === undefined ? null : ec2RowOf(key);
}
