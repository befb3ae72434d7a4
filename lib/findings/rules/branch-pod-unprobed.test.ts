import { ago, cni, eni, node, pod, signal } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const P = 'pod:core/db';
const BRANCH = 'eni-0000000000000000b';
const db = pod('db', { namespace: 'core', id: P, podEni: [BRANCH] });
const TEXT =
  'Readiness probe failed: Get "http://10.0.0.99:8080/healthz": context deadline exceeded (Client.Timeout exceeded while awaiting headers)';
const failed = (change: Parameters<typeof signal>[3] = {}) =>
  signal(P, 'Unhealthy', TEXT, { count: 40, firstAt: ago(900), lastAt: ago(60), ...change });
const strict = (earlyDemuxOff: boolean | null, change: Parameters<typeof cni>[0] = {}) =>
  node({ cni: cni({ podEni: true, strictPodEni: true, earlyDemuxOff, ...change }) });
const branch = eni(BRANCH, { role: 'branch', interfaceType: 'branch', securityGroups: ['sg-0db'], branchPod: P });

cases('branch-pod-unprobed', [
  {
    name: 'early demux is on',
    records: [strict(false), db, branch, failed()],
    subjects: [P],
    severity: 'error',
    says: /no DISABLE_TCP_EARLY_DEMUX=true\.[^]*init\.env/,
    commands: /initContainers/,
  },
  {
    name: 'early demux is set on the wrong container',
    records: [
      strict(false, { ignored: [{ name: 'DISABLE_TCP_EARLY_DEMUX', value: 'true', reason: 'x' }] }),
      db,
      failed(),
    ],
    subjects: [P],
    says: /set on the container aws-node, which does not read it/,
  },
  {
    name: 'early demux is off: the security groups',
    records: [strict(true), db, branch, failed()],
    subjects: [P],
    severity: 'warning',
    says: /Allow the probe’s port[^]*sg-0db\)/,
    commands: null,
  },
  {
    name: 'it is unknown whether early demux is off',
    records: [strict(null), db, failed()],
    subjects: [P],
    severity: 'warning',
    says: /Unless it is already set: set DISABLE/,
  },
  {
    name: 'the mode is unknown',
    records: [strict(false, { strictPodEni: null }), db, failed({ firstAt: null, lastAt: null })],
    subjects: [P],
  },
  { name: 'standard mode', records: [strict(false, { strictPodEni: false }), db, failed()], subjects: [] },
  { name: 'no probe fails', records: [strict(false), db, branch], subjects: [] },
  {
    name: 'guard: a pod without a branch ENI',
    records: [strict(false), pod('db', { namespace: 'core', id: P }), failed()],
    subjects: [],
  },
  { name: 'guard: the first probes', records: [strict(false), db, failed({ count: 2 })], subjects: [] },
  { name: 'guard: two minutes', records: [strict(false), db, failed({ firstAt: ago(119) })], subjects: [] },
  { name: 'guard: a quarter of an hour ago', records: [strict(false), db, failed({ lastAt: ago(901) })], subjects: [] },
  {
    name: 'guard: Auto Mode',
    records: [node({ cni: null, ipamd: null, computeType: 'auto' }), db, failed()],
    subjects: [],
  },
]);
