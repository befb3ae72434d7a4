import { cni, node, pool } from '../../../e2e/testing/findings';
import { lowPool } from '../../../e2e/testing/finding-examples';
import { cases } from '../../../e2e/testing/finding-cases';

const NODE = 'node:n1';

const CORDON = { key: 'node.kubernetes.io/unschedulable', value: null, effect: 'NoSchedule' };

cases('pool-low', [
  {
    name: 'exactly three minutes is not more',
    records: [node({ pools: [lowPool] })],
    later: 180,
    subjects: [],
  },
  { name: 'a millisecond more', records: [node({ pools: [lowPool] })], later: 180.001, subjects: [NODE] },
  {
    name: 'guard: the taint alone cordons',
    records: [node({ pools: [lowPool], taints: [CORDON] })],
    later: 181,
    subjects: [],
  },
  {
    name: 'a cordoned node that ipamd manages regardless',
    records: [
      node({ pools: [lowPool], unschedulable: true, taints: [CORDON], cni: cni({ manageNonSchedulable: true }) }),
    ],
    later: 181,
    subjects: [NODE],
  },
]);

const fullPool = pool({
  total: 9,
  assigned: 9,
  available: 0,
  low: true,
  short: 0,
  next: {
    action: 'none',
    count: 0,
    reason: 'low',
    blockedBy: 'every slot is taken and no further ENI can be attached',
  },
});

cases('pool-low', [
  { name: 'low, observed for the first time', records: [node({ pools: [lowPool] })], subjects: [] },
  { name: 'low for three minutes', records: [node({ pools: [lowPool] })], later: 181, subjects: [NODE] },
  { name: 'not low', records: [node()], later: 181, subjects: [] },
  { name: 'guard: cordoned', records: [node({ pools: [lowPool], unschedulable: true })], later: 181, subjects: [] },
  { name: 'guard: every slot is taken', records: [node({ pools: [fullPool] })], later: 181, subjects: [] },
  {
    name: 'an unknown low is no finding',
    records: [node({ pools: [pool({ low: null })] })],
    later: 181,
    subjects: [],
  },
]);
