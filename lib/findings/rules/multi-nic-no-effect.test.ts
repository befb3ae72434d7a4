import { card, cni, node, pod, signal, waitingPod } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const starved = signal('pod:core/w1', 'FailedCreatePodSandBox', 'failed to assign an IP address to container');

const multiNicOn = { multus: null, cni: cni({ multiNic: true }) };
const wants = { nicConfig: 'multi-nic-attachment' };

cases('multi-nic-no-effect', [
  {
    name: 'not supported by the version, whatever is set',
    records: [
      node({ multus: null, cni: cni({ multiNic: false }), ipamd: { ready: true, version: 'v1.19.6' } }),
      pod('p1', wants),
    ],
    subjects: ['pod:core/p1'],
    severity: 'warning',
    says: /Upgrade the VPC CNI to v1\.20\.0/,
  },
  {
    name: 'another value, with the feature on',
    records: [node(multiNicOn), pod('p1', { nicConfig: 'multi-nic' })],
    subjects: ['pod:core/p1'],
    severity: 'warning',
    says: /“multi-nic”[\s\S]*multi-nic-attachment alone/,
  },
  {
    name: 'guard: another value on a node whose version does not read it',
    records: [
      node({ ...multiNicOn, ipamd: { ready: true, version: 'v1.19.6' } }),
      pod('p1', { nicConfig: 'multi-nic' }),
    ],
    subjects: [],
  },
  {
    name: 'guard: the pod does not request it',
    records: [node({ cni: cni({ multiNic: false }) }), pod()],
    subjects: [],
  },
]);

cases('multi-nic-no-effect', [
  {
    name: 'refused an address, so Multus did pass the annotation on',
    records: [node(), waitingPod('w1', wants), starved],
    subjects: ['pod:core/w1'],
    severity: 'error',
    says: /ENABLE_MULTI_NIC=false/,
  },
  {
    name: 'off, on a single card: never starts either',
    records: [node({ multus: null }), waitingPod('w1', wants)],
    subjects: ['pod:core/w1'],
    severity: 'error',
  },
  {
    name: 'guard: an Auto Mode node has no such setting',
    records: [node({ computeType: 'auto', cni: null, ipamd: null }), pod('p1', wants)],
    subjects: [],
  },
]);

const POD = 'pod:core/p1';

const cards4 = (managed: boolean) => [card(0), card(1, { managed }), card(2, { managed }), card(3, { managed })];

const multi = {
  cni: cni({ multiNic: true }),
  multus: null,
  limits: {
    enisPerCard: 15,
    ipv4PerEni: 50,
    cards: 4,
    maxBranchEnis: 62,
    trunkCompatible: true,
    source: 'ec2' as const,
    maxPodsByFormula: 737,
  },
};

cases('multi-nic-no-effect', [
  {
    name: 'off: never starts',
    records: [node({ multus: null }), waitingPod('p1', wants)],
    subjects: [POD],
    severity: 'error',
  },
  {
    name: 'off, but the pod runs regardless',
    records: [node({ multus: null }), pod('p1', wants)],
    subjects: [POD],
    severity: 'warning',
  },
  {
    name: 'off, but Multus drops the annotation: it starts',
    records: [node({ limits: multi.limits }), waitingPod('p1', wants)],
    subjects: [POD],
    severity: 'warning',
    says: /Multus/,
  },
  {
    name: 'guard: a pod with a branch ENI gets one interface by design',
    records: [node({ multus: null }), pod('p1', { ...wants, podEni: ['eni-br'] })],
    subjects: [],
  },
  {
    name: 'a single card',
    records: [node({ cni: cni({ multiNic: true }) }), pod('p1', wants)],
    subjects: [POD],
    severity: 'info',
  },
  {
    name: 'Multus drops it',
    records: [
      node({ ...multi, multus: { ready: true, version: 'v4.1.4', startedAt: null, installedAt: null } }),
      ...cards4(true),
      pod('p1', wants),
    ],
    subjects: [POD],
    severity: 'warning',
  },
  {
    name: 'all further cards unmanaged',
    records: [node(multi), ...cards4(false), pod('p1', wants)],
    subjects: [POD],
    severity: 'warning',
  },
  { name: 'works', records: [node(multi), ...cards4(true), pod('p1', wants)], subjects: [] },
  { name: 'another value is no request', records: [node(), pod('p1', { nicConfig: 'yes' })], subjects: [] },
  { name: 'guard: settings unknown', records: [node({ cni: null }), pod('p1', wants)], subjects: [] },
]);
