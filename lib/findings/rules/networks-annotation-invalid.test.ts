import type { PodRecord } from '../../model/records';
import { faultyTemplate, network, pod, request, signal, waitingPod } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const WAITS = 'pod:core/w1';

const sandbox = (text: string, id = WAITS) => signal(id, 'FailedCreatePodSandBox', text);

const mismatch = (item: string): PodRecord['networksAnnotation'] => ({
  state: 'invalid',
  error: `parsePodNetworkAnnotation: Failed to parse: one or more items did not match, mismatch @ '${item}'`,
});

const asking = (change: Parameters<typeof waitingPod>[1] = {}) =>
  waitingPod('w1', { requested: [request()], ...change });

cases('networks-annotation-invalid', [
  {
    name: 'the kubelet’s message is shown with it',
    records: [
      asking({ networksAnnotation: { state: 'invalid', error: 'not a list' } }),
      sandbox('parsePodNetworkAnnotation: failed'),
    ],
    subjects: [WAITS],
    says: /event FailedCreatePodSandBox/,
  },
  {
    name: 'a dot in place of the slash, before the name of an existing network',
    records: [asking({ networksAnnotation: mismatch('core.ipvlan-a') }), network()],
    subjects: [WAITS],
    says: /write core\/ipvlan-a, with a slash/,
  },
  {
    name: 'an existing network whose name contains a dot',
    records: [asking({ networksAnnotation: mismatch('lan.v2') }), network('lan.v2')],
    subjects: [WAITS],
    says: /write \[\{"name": "lan\.v2"\}\]/,
  },
  {
    name: 'a dot, and no such network',
    records: [asking({ networksAnnotation: mismatch('core.other') }), network()],
    subjects: [WAITS],
    says: /Correct the annotation on the pod template/,
  },
  {
    name: 'an empty annotation requests nothing',
    records: [pod('p1', { networksAnnotation: { state: 'empty', error: null } })],
    subjects: [],
  },
]);

const POD = 'pod:core/p1';

cases('networks-annotation-invalid', [
  {
    name: 'unreadable',
    records: [pod('p1', { networksAnnotation: { state: 'invalid', error: 'parsePodNetworkAnnotation: failed' } })],
    subjects: [POD],
  },
  {
    name: 'an empty item',
    records: [pod('p1', { networksAnnotation: { state: 'valid', error: null }, requested: [request('')] })],
    subjects: [POD],
    says: /may not be empty/,
  },
  {
    name: 'a slash in a JSON name',
    records: [
      pod('p1', {
        networksAnnotation: { state: 'valid', error: null },
        requested: [{ ...request(), network: 'net:core/other%2Fa' }],
      }),
    ],
    subjects: [POD],
    says: /slash/,
  },
  {
    name: 'one interface name twice',
    records: [
      pod('p1', {
        networksAnnotation: { state: 'valid', error: null },
        requested: [
          { ...request(), interface: 'net7' },
          { ...request(), index: 1, interface: 'net7' },
        ],
      }),
    ],
    subjects: [POD],
    says: /interface name net7 already exists/,
  },
  {
    name: 'an interface name that the CNI library refuses',
    records: [
      pod('p1', {
        networksAnnotation: { state: 'valid', error: null },
        requested: [{ ...request(), interface: 'abcdefghijklmnop' }],
      }),
    ],
    subjects: [POD],
    says: /interface name is too long/,
  },
  {
    name: 'a name that Multus itself may assign: the number of the daemon’s networks is unknown',
    records: [
      pod('p1', {
        networksAnnotation: { state: 'valid', error: null },
        requested: [
          { ...request(), interface: 'net2' },
          { ...request(), index: 1, interface: null },
        ],
      }),
    ],
    subjects: [],
  },
  {
    name: 'valid',
    records: [pod('p1', { networksAnnotation: { state: 'valid', error: null }, requested: [request()] })],
    subjects: [],
  },
]);

const REFUSAL = "parsePodNetworkAnnotation: parsePodNetworkObjectName: Invalid network object (failed at '@')";

cases('networks-annotation-invalid', [
  {
    name: 'a pod template without a pod: its network has the finding',
    records: [faultyTemplate({ refusal: REFUSAL }), network()],
    subjects: ['net:core/ipvlan-a'],
    severity: 'warning',
    says: /^Multus cannot read[^]*in the pod template of Deployment core\/web is refused/,
    commands: /-n core edit deployment web$/,
    nowhere: true,
  },
  {
    name: 'a pod template that names no existing network',
    records: [faultyTemplate({ refusal: REFUSAL })],
    subjects: ['cluster'],
    nowhere: true,
  },
  {
    name: 'a pod template that names one interface twice',
    records: [faultyTemplate({ refusal: 'validateIfName: interface name net7 already exists' })],
    subjects: ['cluster'],
    says: /^Multus cannot give an interface the requested name/,
    nowhere: true,
  },
  {
    name: 'the template of a Job cannot be changed',
    records: [faultyTemplate({ kind: 'Job', refusal: REFUSAL })],
    subjects: ['cluster'],
    says: /Recreate the Job/,
    commands: null,
    nowhere: true,
  },
  {
    name: 'guard: its pod reports the same',
    records: [
      faultyTemplate({ refusal: REFUSAL }),
      asking({ networksAnnotation: { state: 'invalid', error: REFUSAL } }),
    ],
    subjects: [WAITS],
    nowhere: true,
  },
  {
    name: 'guard: Deployments can no longer be read',
    records: [faultyTemplate({ refusal: REFUSAL })],
    states: { 'kubernetes/deployments': 'denied' },
    subjects: [],
  },
]);
