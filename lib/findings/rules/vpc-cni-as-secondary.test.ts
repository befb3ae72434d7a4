import { face, network, request, signal, waitingPod } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const WAITS = 'pod:core/w1';

const sandbox = (text: string, id = WAITS) => signal(id, 'FailedCreatePodSandBox', text);

const refusedBy = (name: string, text: string) => sandbox(`error adding container to network "${name}": ${text}`);

cases('vpc-cni-as-secondary', [
  {
    name: 'the event of a pod that it prevents from starting',
    records: [
      network('a', { plugins: ['aws-cni'] }),
      waitingPod('w1', { requested: [request('a')] }),
      face('net1', { podName: 'w1', network: 'net:core/a', state: 'requested', ips: [], eni: null }),
      refusedBy('a', 'failed to add default route: file exists'),
    ],
    subjects: ['net:core/a'],
    says: /event FailedCreatePodSandBox of core\/w1/,
  },
  {
    name: 'a meta plugin next to another main one',
    records: [network('a', { plugins: ['ipvlan', 'tuning'] })],
    subjects: [],
  },
]);

cases('vpc-cni-as-secondary', [
  {
    name: 'aws-cni as a main plugin',
    records: [network('a', { plugins: ['aws-cni'], mainPlugin: 0 })],
    subjects: ['net:core/a'],
  },
  { name: 'ipvlan', records: [network()], subjects: [] },
  {
    name: 'guard: the cluster network itself, as named by the daemon',
    records: [network('aws-cni', { namespace: 'kube-system', plugins: ['aws-cni'], mainPlugin: 0 })],
    subjects: [],
  },
]);
