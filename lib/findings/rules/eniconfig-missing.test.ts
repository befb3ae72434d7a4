import type { NodeRecord } from '../../model/records';
import { ago, cni, node, signal } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const NODE = 'node:n1';

const uses = (change: Partial<NodeRecord>) =>
  node({ ready: false, ipamd: { ready: false, version: null }, cni: cni({ customNetworking: true }), ...change });

cases('eniconfig-missing', [
  {
    name: 'securityGroups is not a list',
    records: [
      uses({
        eniConfig: { name: 'a', found: true, subnet: 'subnet-a', securityGroups: [] },
        eniConfigProblems: ['spec.securityGroups is not a list'],
      }),
    ],
    subjects: [NODE],
    says: /securityGroups is not a list/,
    commands: /get eniconfigs\S* a -o yaml$/,
  },
  {
    name: 'it is valid',
    records: [uses({ eniConfig: { name: 'a', found: true, subnet: 'subnet-a', securityGroups: ['sg-1'] } })],
    subjects: [],
  },
  {
    name: 'guard: it is unknown whether it exists',
    records: [uses({ eniConfig: { name: 'a', found: null, subnet: null, securityGroups: [] } })],
    subjects: [],
  },
  {
    name: 'the resource controller reports it as well',
    records: [
      uses({ eniConfig: { name: 'a', found: false, subnet: null, securityGroups: [] } }),
      signal(NODE, 'EniConfigNameNotFound', 'no such ENIConfig'),
    ],
    subjects: [NODE],
    says: /event EniConfigNameNotFound/,
  },
  {
    name: 'falls back to default: the node lacks the label that aws-node reads',
    records: [
      uses({
        eniConfig: { name: 'default', found: false, subnet: null, securityGroups: [] },
        eniConfigSource:
          'no annotation k8s.amazonaws.com/eniConfig and no label failure-domain.beta.kubernetes.io/zone',
      }),
    ],
    subjects: [NODE],
    says: /because the node has no annotation .* and no label failure-domain[^]*set ENI_CONFIG_LABEL_DEF=topology\.kubernetes\.io\/zone/,
  },
  {
    name: 'reports the label that names it',
    records: [
      uses({
        eniConfig: { name: 'a', found: false, subnet: null, securityGroups: [] },
        eniConfigSource: 'label topology.kubernetes.io/zone',
      }),
    ],
    subjects: [NODE],
    says: /n1 has label topology\.kubernetes\.io\/zone[^]*Create it with a subnet/,
  },
]);

const custom = cni({ customNetworking: true });

cases('eniconfig-missing', [
  {
    name: 'guard: its label may arrive a moment after the node',
    records: [
      node({
        createdAt: ago(60),
        cni: custom,
        eniConfig: { name: 'default', found: false, subnet: null, securityGroups: [] },
      }),
    ],
    subjects: [],
  },
  {
    name: 'names one that does not exist, NotReady or not',
    records: [
      node({
        ready: false,
        ipamd: { ready: false, version: null },
        cni: custom,
        eniConfig: { name: 'eu-west-1a', found: false, subnet: null, securityGroups: [] },
      }),
    ],
    subjects: [NODE],
    says: /eu-west-1a/,
  },
  {
    name: 'it exists',
    records: [
      node({ cni: custom, eniConfig: { name: 'eu-west-1a', found: true, subnet: 'subnet-a', securityGroups: [] } }),
    ],
    subjects: [],
  },
  {
    name: 'custom networking is off',
    records: [node({ eniConfig: { name: 'x', found: false, subnet: null, securityGroups: [] } })],
    subjects: [],
  },
  {
    name: 'guard: ENIConfigs may not be read',
    records: [node({ cni: custom, eniConfig: { name: 'x', found: false, subnet: null, securityGroups: [] } })],
    states: { 'kubernetes/eniconfigs': 'denied' },
    subjects: [],
  },
]);
