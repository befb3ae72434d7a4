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
    name: 'guard: the counter of an aws-node that is not read now',
    records: [node(), refused],
    states: { 'aws-node/metrics': 'failing' },
    subjects: [],
  },
  {
    name: 'one of the free ones does not cool: no starvation',
    records: [node({ pools: [pool({ available: 3, cooling: 2 })] }), waitingPod(), starved],
    subjects: [],
  },
  {
    name: 'all cool, and nobody waits',
    records: [node({ pools: [pool({ available: 2, cooling: 2 })] })],
    subjects: [],
  },
  {
    name: 'guard: how many cool is not known',
    records: [node({ pools: [pool({ available: 2, cooling: null })] }), waitingPod(), starved],
    subjects: [],
  },
]);

cases('cooldown-starved', [
  { name: 'requests refused while addresses count as available', records: [node(), refused], subjects: [NODE] },
  {
    name: 'refused, and nothing is available: that is another finding',
    records: [node({ pools: [pool({ available: 0 })] }), refused],
    subjects: [],
  },
  {
    name: 'guard: with multi-NIC any card may have had none',
    records: [node({ cni: cni({ multiNic: true }) }), refused],
    subjects: [],
  },
  { name: 'refused long ago', records: [node(), { ...refused, lastAt: ago(600) }], subjects: [] },
  { name: 'the counter stays, two minutes later it is over', records: [node(), refused], later: 121, subjects: [] },
  {
    name: 'all free ones cool and a pod waits',
    records: [
      node({ pools: [pool({ available: 2, cooling: 2 })] }),
      waitingPod(),
      signal('pod:core/w1', 'FailedCreatePodSandBox', 'failed to assign an IP address to container'),
    ],
    subjects: [NODE],
  },
]);
