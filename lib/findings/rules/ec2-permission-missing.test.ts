import type { NodeRecord } from '../../model/records';
import { ago, node, pod, signal } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const NODE = 'node:n1';

const gauges = (change: Partial<NonNullable<NodeRecord['metrics']>>): NonNullable<NodeRecord['metrics']> => ({
  asOf: ago(1),
  eniMax: 3,
  eniAllocated: 1,
  ipMax: 27,
  totalAddresses: 9,
  assignedAddresses: 4,
  totalPrefixes: 0,
  forceRemovedAddresses: null,
  refusedCalls: null,
  apiErrors: {},
  ...change,
});

const event = signal(
  NODE,
  'MissingIAMPermissions',
  'Unauthorized operation: failed to call ec2:CreateNetworkInterface',
);

cases('ec2-permission-missing', [
  {
    name: 'names the calls in its counters',
    records: [
      node({
        metrics: gauges({
          refusedCalls: 52,
          apiErrors: {
            'AttachNetworkInterface/UnauthorizedOperation': 51,
            'DescribeSubnets/AccessDenied': 1,
            'CreateTags/Throttling': 3,
          },
        }),
      }),
    ],
    subjects: [NODE],
    says: /52 calls[^]*\(ec2:AttachNetworkInterface, ec2:DescribeSubnets\)/,
  },
  {
    name: 'an aws-node that does not start is a symptom',
    records: [node({ ready: false, ipamd: { ready: false, version: null } }), event],
    subjects: [NODE],
  },
  {
    name: 'calls that were refused before the first observation',
    records: [node({ metrics: gauges({ refusedCalls: 4 }) })],
    subjects: [NODE],
    says: /4 calls refused by EC2/,
  },
  {
    name: 'ten minutes later, without another refusal',
    records: [node({ metrics: gauges({ refusedCalls: 4 }) })],
    later: 601,
    subjects: [],
  },
  { name: 'no call was refused', records: [node({ metrics: gauges({ refusedCalls: 0 }) })], subjects: [] },
  {
    name: 'guard: the event of a source that is denied',
    records: [node(), event],
    states: { 'kubernetes/events': 'denied' },
    subjects: [],
  },
  {
    name: 'guard: the counters of an aws-node that is no longer read',
    records: [node({ metrics: gauges({ refusedCalls: 4 }) })],
    states: { 'aws-node/metrics': 'stale' },
    subjects: [],
  },
]);

cases('ec2-permission-missing', [
  {
    name: 'an event of the aws-node pod',
    records: [
      node(),
      pod('aws-node-x', { namespace: 'kube-system', id: 'pod:kube-system/aws-node-x', hostNetwork: true }),
      signal(
        'pod:kube-system/aws-node-x',
        'MissingIAMPermissions',
        'Unauthorized operation: failed to call ec2:DescribeNetworkInterfaces',
      ),
    ],
    subjects: [NODE],
  },
  {
    name: 'an error metric',
    records: [
      node(),
      signal(
        NODE,
        'metric:awscni_aws_api_error_count/AssignPrivateIpAddresses/UnauthorizedOperation',
        'rose from 0 to 2',
      ),
    ],
    subjects: [NODE],
  },
  {
    name: 'another error',
    records: [
      node(),
      signal(
        NODE,
        'metric:awscni_aws_api_error_count/AssignPrivateIpAddresses/InsufficientCidrBlocks',
        'rose from 0 to 2',
      ),
    ],
    subjects: [],
  },
]);
