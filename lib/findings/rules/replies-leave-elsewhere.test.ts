import type { NetworkRecord } from '../../model/records';
import { ago, face, network, node, pod as aPod, request, signal } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const pod: typeof aPod = (name, change) => aPod(name, { requested: [request()], ...change });
const POD = 'pod:core/p1';
const notReady = signal(POD, 'not-ready', 'it runs, and its condition Ready is not True');
const host = node({ internalIps: ['10.6.0.200'] });
const lan = (type = 'macvlan'): NetworkRecord => network('ipvlan-a', { plugins: [type] });

cases('replies-leave-elsewhere', [
  {
    name: 'the node is in the range of a macvlan, and the pod is not Ready',
    records: [host, lan(), pod(), face(), notReady],
    subjects: [POD],
    says: /^Answers to the node leave through net1[^]*probes it on eth0 from 10\.6\.0\.200/,
    commands: /exec p1 -- ip route get 10\.6\.0\.200/,
  },
  { name: 'on ipvlan', records: [host, lan('ipvlan'), pod(), face(), notReady], subjects: [POD] },
  {
    name: 'on a bridge that includes the host',
    records: [host, lan('bridge'), pod(), face(), notReady],
    subjects: [],
  },
  { name: 'guard: it is Ready', records: [host, lan(), pod(), face()], subjects: [] },
  {
    name: 'guard: it has just started',
    records: [host, lan(), pod('p1', { startedAt: ago(30) }), face(), notReady],
    subjects: [],
  },
  {
    name: 'the node is outside the range',
    records: [node({ internalIps: ['10.7.0.200'] }), lan(), pod(), face(), notReady],
    subjects: [],
  },
]);
