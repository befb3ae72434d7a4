import { ago, cni, node, pool, signal, waitingPod } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const NODE = 'node:n1';

const starved = signal('pod:core/w1', 'FailedCreatePodSandBox', 'failed to assign an IP address to container');

const refused = signal(
  NODE,
  'metric:awscni_no_available_ip_addresses',
  'awscni_no_available_ip_addresses rose from 2 to 5',
);

cases('cooldown-starved', [
  {
    name: 'the counter rose exactly two minutes ago',
    records: [node(), { ...refused, lastAt: ago(120) }],
    subjects: [NODE],
  },
  {
    name: 'the counter rose a second more than two minutes ago',
    records: [node(), { ...refused, lastAt: ago(121) }],
    subjects: [],
  },
  {
    name: 'guard: the counter of an aws-node that is no longer read',
    records: [node(), refused],
    states: { 'aws-node/metrics': 'failing' },
    subjects: [],
  },
  {
    name: 'one free address is not cooling: no starvation',
    records: [node({ pools: [pool({ available: 3, cooling: 2 })] }), waitingPod(), starved],
    subjects: [],
  },
  {
    name: 'all are cooling, but no pod is waiting',
    records: [node({ pools: [pool({ available: 2, cooling: 2 })] })],
    subjects: [],
  },
  {
    name: 'guard: the number of cooling addresses is unknown',
    records: [node({ pools: [pool({ available: 2, cooling: null })] }), waitingPod(), starved],
    subjects: [],
  },
]);

cases('cooldown-starved', [
  { name: 'requests refused while addresses count as available', records: [node(), refused], subjects: [NODE] },
  {
    name: 'refused, and nothing is available: another finding',
    records: [node({ pools: [pool({ available: 0 })] }), refused],
    subjects: [],
  },
  {
    name: 'guard: with multi-NIC, any card may have had none',
    records: [node({ cni: cni({ multiNic: true }) }), refused],
    subjects: [],
  },
  { name: 'refused long ago', records: [node(), { ...refused, lastAt: ago(600) }], subjects: [] },
  { name: 'the counter does not change: over after two minutes', records: [node(), refused], later: 121, subjects: [] },
  {
    name: 'all free addresses are cooling, and a pod is waiting',
    records: [
      node({ pools: [pool({ available: 2, cooling: 2 })] }),
      waitingPod(),
      signal('pod:core/w1', 'FailedCreatePodSandBox', 'failed to assign an IP address to container'),
    ],
    subjects: [NODE],
  },
]);
