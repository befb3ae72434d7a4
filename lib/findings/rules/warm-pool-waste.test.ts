import { cni, eni, foreignEni, node, pool } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const NODE = 'node:n1';

const wasteful = { pools: [pool({ available: 19 })] };

cases('warm-pool-waste', [
  { name: 'exactly ten minutes', records: [node(wasteful), eni()], later: 600, subjects: [NODE] },
  { name: 'a millisecond less', records: [node(wasteful), eni()], later: 599.999, subjects: [] },
  {
    name: 'guard: ipamd frees nothing if it may not write to EC2',
    records: [node({ ...wasteful, cni: cni({ networkResourceProvisioning: false }) }), eni()],
    later: 601,
    subjects: [],
  },
  {
    name: 'the targets already count addresses: no advice to set them',
    records: [node({ pools: [pool({ available: 15, target: 5 })], cni: cni({ warmIpTarget: 5 }) }), eni()],
    later: 601,
    subjects: [NODE],
    says: /as soon as pods and cooling addresses allow/,
    commands: /logs -c aws-node/,
  },
  {
    name: 'a cordoned node that ipamd manages regardless wastes, too',
    records: [node({ ...wasteful, unschedulable: true, cni: cni({ manageNonSchedulable: true }) }), eni()],
    later: 601,
    subjects: [NODE],
  },
]);

cases('warm-pool-waste', [
  {
    name: 'more than an ENI beyond the target for ten minutes',
    records: [node({ pools: [pool({ available: 19 })] }), eni()],
    later: 601,
    subjects: [NODE],
  },
  { name: 'only a minute', records: [node({ pools: [pool({ available: 19 })] }), eni()], later: 60, subjects: [] },
  {
    name: 'up to one ENI more is inherent',
    records: [node({ pools: [pool({ available: 18 })] }), eni()],
    later: 601,
    subjects: [],
  },
  {
    name: 'WARM_IP_TARGET requires less',
    records: [node({ pools: [pool({ available: 15, target: 5 })] }), eni()],
    later: 601,
    subjects: [NODE],
  },
  {
    name: 'prefix mode: a partly used prefix next to the warm one is inherent',
    records: [
      node({ cni: cni({ mode: 'prefix' }), pools: [pool({ available: 31, target: 16 })] }),
      eni('eni-p', { addressCapacity: 144 }),
    ],
    later: 601,
    subjects: [],
  },
  {
    name: 'the size of an unmanaged ENI does not matter',
    records: [node({ pools: [pool({ available: 19 })] }), foreignEni({ deviceIndex: 0, addressCapacity: 1 })],
    later: 601,
    subjects: [],
  },
  {
    name: 'guard: nothing is freed on a cordoned node',
    records: [node({ unschedulable: true, pools: [pool({ available: 19 })] }), eni()],
    later: 601,
    subjects: [],
  },
]);
