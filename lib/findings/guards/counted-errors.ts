/** The EC2 errors that aws-node has counted, as causes of an empty pool. */
import type { NodeRecord } from '../../model/records';
import { listed } from './words';

/** Why a pod gets no address. */
export interface EmptyPoolCause {
  readonly rule: string | null;
  readonly text: string;
  readonly subjects?: readonly string[];
  /** Set if no other finding has the advice. */
  readonly advice?: string;
  /** Set if the log of aws-node does not help. */
  readonly command?: string;
}

type Row = readonly [error: RegExp, text: (counted: string) => string, advice: string];

/** EC2 errors that aws-node has counted since it started, and their meaning for an empty pool; the most specific first. */
const COUNTED: readonly Row[] = [
  [
    /(UnauthorizedOperation|AccessDenied\w*)$/,
    (error) => `aws-node lacks EC2 permissions (${error})`,
    'Attach AmazonEKS_CNI_Policy to the role of aws-node. If the role has it, another policy denies the call: CloudTrail names it.',
  ],
  [
    /InsufficientCidrBlocks$/,
    (error) =>
      `its subnet has no free aligned /28 (${error}); other accounts’ ENIs in a shared subnet are not visible here`,
    'Reserve a range for prefixes in the subnet (create-subnet-cidr-reservation), or use a new subnet for pods.',
  ],
  [
    /InsufficientFreeAddressesInSubnet$/,
    (error) => `its subnet had no free address (${error})`,
    'Free addresses in the subnet, or add another subnet for pods.',
  ],
  [
    /(AttachmentLimitExceeded|PrivateIpAddressLimitExceeded)$/,
    (error) => `EC2 refuses a request of ipamd (${error}): the instance has more ENIs or addresses than ipamd knows of`,
    'Restart aws-node on the node: it then reads EC2 again.',
  ],
  [
    /NetworkInterfaceLimitExceeded$/,
    (error) => `EC2 refuses to create an ENI (${error}): the account has no more ENIs left in this region`,
    'The account has reached its quota “Network interfaces per Region”: delete ENIs that nobody uses (ifscope explain leaked), or request a higher quota in Service Quotas.',
  ],
  [
    /SecurityGroup(s?PerInterface)?LimitExceeded$/,
    (error) => `EC2 refuses to create an ENI (${error}): it would have more security groups than the quota allows`,
    'Name fewer security groups in the ENIConfig or on the primary ENI, whose groups new ENIs get, or request a higher quota “Security groups per network interface” (5 unless raised, at most 16).',
  ],
  [
    /Invalid(Group|SubnetID|SecurityGroupID)\w*(\.\w+)?$/,
    (error) => `EC2 refuses to create an ENI (${error})`,
    'Correct what the error names: a security group or subnet (of the ENIConfig, or tagged for subnet discovery) that does not exist, or is not in the VPC of the node.',
  ],
  [
    /^(AssignPrivateIpAddresses|AttachNetworkInterface)\/AuthFailure$/,
    (error) => `EC2 refuses a request of ipamd (${error}): an ENI of the node belongs to another account`,
    'Create the ENIs of nodes, including the trunk, in the account of the instance: in a shared subnet, each account owns the ENIs that it creates.',
  ],
  [
    /(RequestLimitExceeded|Throttl\w*)$/,
    (error) => `EC2 throttles aws-node (${error}), so its pool grows too slowly`,
    'Reduce the number of calls: start fewer nodes at once, and let the pool grow in larger steps (prefix mode, or WARM_IP_TARGET with MINIMUM_IP_TARGET). AWS can raise the request rate of the account.',
  ],
];

/** EC2 errors that prevent a pool from growing and do not resolve by themselves. */
const GROWTH_ERRORS =
  /^(CreateNetworkInterface|AttachNetworkInterface|AssignPrivateIpAddresses)\/(?!IMDS|Request|Throttl|Internal|Unavailable|ServiceUnavailable)/;

/** The meaning of such an error for the pool is not known; only its count is reported. */
export function errorsOf({ metrics, pools }: NodeRecord): string {
  if (pools.find(({ card }) => card === 0)?.available !== 0) return '';
  const errors = Object.entries(metrics?.apiErrors ?? {}).filter(([error]) => GROWTH_ERRORS.test(error));
  if (errors.length === 0) return '';
  const counts = errors.map(([error, times]) => `${error.replace('/', ' ')} ${times} times`).sort();
  return ` (it has counted ${listed(counts)} since it started)`;
}

/** The cause according to the errors that aws-node has counted, if the pool is empty; null without such errors. */
export function countedErrors({ metrics, pools }: NodeRecord): EmptyPoolCause | null {
  if (pools.find(({ card }) => card === 0)?.available !== 0) return null;
  const errors = Object.keys(metrics?.apiErrors ?? {}).sort();
  for (const [pattern, text, advice] of COUNTED) {
    const error = errors.find((one) => pattern.test(one));
    if (error === undefined) continue;
    const times = metrics?.apiErrors[error] ?? 0;
    return {
      rule: null,
      text: text(`aws-node has counted ${error.replace('/', ' ')} ${times} times since it started`),
      advice,
    };
  }
  return null;
}
