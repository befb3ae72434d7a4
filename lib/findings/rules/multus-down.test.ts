import { ago, node, pod, signal, waitingPod } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const WAITS = 'pod:core/w1';

const NODE = 'node:n1';

const sandbox = (text: string, id = WAITS) => signal(id, 'FailedCreatePodSandBox', text);

const multus = (version: string | null, change: object = {}) =>
  node({ multus: { ready: true, version, startedAt: ago(80_000), installedAt: ago(864_000), ...change } });

const down = (startedAt: string | null) => multus('v4.1.4', { ready: false, startedAt });

cases('multus-down', [
  {
    name: 'its pod has run for a minute and is not Ready: one observation suffices',
    records: [down(ago(60))],
    subjects: [NODE],
  },
  { name: 'guard: its pod started less than a minute ago', records: [down(ago(59.999))], subjects: [] },
  {
    name: 'guard: an event of a pod that runs by now',
    records: [multus('v4.1.4'), pod('w1'), sandbox('dial unix /run/multus/multus.sock: connect: connection refused')],
    subjects: [],
  },
]);

cases('multus-down', [
  {
    name: 'not ready for a minute',
    records: [node({ multus: { ready: false, version: null, startedAt: null, installedAt: null } })],
    later: 61,
    subjects: [NODE],
  },
  {
    name: 'not ready just now',
    records: [node({ multus: { ready: false, version: null, startedAt: null, installedAt: null } })],
    subjects: [],
  },
  {
    name: 'a pod cannot reach its socket',
    records: [
      node(),
      waitingPod(),
      signal('pod:core/w1', 'FailedCreatePodSandBox', 'dial unix /run/multus/multus.sock: connect: connection refused'),
    ],
    subjects: [NODE],
  },
  {
    name: 'guard: the whole node is down',
    records: [node({ ready: false, multus: { ready: false, version: null, startedAt: null, installedAt: null } })],
    later: 61,
    subjects: [],
  },
  { name: 'no Multus here', records: [node({ multus: null })], later: 61, subjects: [] },
]);
