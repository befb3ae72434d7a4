import { ago, node, signal } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const NODE = 'node:n1';

const errors = (code: string, api = 'AssignPrivateIpAddresses') =>
  signal(NODE, `metric:awscni_aws_api_error_count/${api}/${code}`, `${code} rose from 1 to 4`);

cases('ec2-throttled', [
  { name: 'Throttling', records: [node(), errors('Throttling')], subjects: [NODE] },
  { name: 'ThrottlingException', records: [node(), errors('ThrottlingException')], subjects: [NODE] },
  {
    name: 'rose exactly ten minutes ago',
    records: [node(), { ...errors('Throttling'), lastAt: ago(600) }],
    subjects: [NODE],
  },
  { name: 'rose a second earlier', records: [node(), { ...errors('Throttling'), lastAt: ago(601) }], subjects: [] },
]);

cases('ec2-throttled', [
  {
    name: 'RequestLimitExceeded rose',
    records: [
      node(),
      signal(NODE, 'metric:awscni_aws_api_error_count/CreateNetworkInterface/RequestLimitExceeded', 'rose from 0 to 2'),
    ],
    subjects: [NODE],
  },
  {
    name: 'long ago',
    records: [
      node(),
      signal(
        NODE,
        'metric:awscni_aws_api_error_count/CreateNetworkInterface/RequestLimitExceeded',
        'rose from 0 to 2',
        { lastAt: ago(900) },
      ),
    ],
    subjects: [],
  },
  {
    name: 'guard: metrics denied',
    records: [
      node(),
      signal(NODE, 'metric:awscni_aws_api_error_count/CreateNetworkInterface/RequestLimitExceeded', 'rose from 0 to 2'),
    ],
    states: { 'aws-node/metrics': 'denied' },
    subjects: [],
  },
]);
