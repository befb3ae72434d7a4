import type { NodeRecord } from '../../model/records';
import { cni, node, subnet } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const NODE = 'node:n1';

const uses = (change: Partial<NodeRecord>) =>
  node({ ready: false, ipamd: { ready: false, version: null }, cni: cni({ customNetworking: true }), ...change });

cases('eniconfig-wrong-zone', [
  {
    name: 'not muted by NotReady, its symptom',
    records: [
      uses({ eniConfig: { name: 'b', found: true, subnet: 'subnet-b', securityGroups: [] } }),
      subnet('subnet-b', { zone: 'eu-west-1b' }),
    ],
    subjects: [NODE],
    commands: /get eniconfigs\S* b -o yaml$/,
  },
  {
    name: 'guard: the zone of the node is unknown',
    records: [
      uses({ zone: null, eniConfig: { name: 'b', found: true, subnet: 'subnet-b', securityGroups: [] } }),
      subnet('subnet-b', { zone: 'eu-west-1b' }),
    ],
    subjects: [],
  },
]);

const custom = cni({ customNetworking: true });

cases('eniconfig-wrong-zone', [
  {
    name: 'its subnet is elsewhere',
    records: [
      node({ cni: custom, eniConfig: { name: 'b', found: true, subnet: 'subnet-b', securityGroups: [] } }),
      subnet('subnet-b', { zone: 'eu-west-1b' }),
    ],
    subjects: [NODE],
  },
  {
    name: 'same zone',
    records: [
      node({ cni: custom, eniConfig: { name: 'a', found: true, subnet: 'subnet-a', securityGroups: [] } }),
      subnet(),
    ],
    subjects: [],
  },
  {
    name: 'unknown subnet',
    records: [node({ cni: custom, eniConfig: { name: 'a', found: true, subnet: 'subnet-x', securityGroups: [] } })],
    subjects: [],
  },
]);
