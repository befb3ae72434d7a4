import { ago, cni, eth0, node, pod } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const policy = (dependsOn: string | null = null) => ({
  name: 'db',
  securityGroups: ['sg-0db'],
  certainty: dependsOn === null ? ('inferred' as const) : ('unknown' as const),
  dependsOn,
});
const selected = (change: Parameters<typeof pod>[1] = {}) =>
  pod('p1', { createdAt: ago(600), securityGroupPolicies: [policy()], ...change });
const on = node({ cni: cni({ podEni: true }) });

cases('security-group-policy-missed', [
  {
    name: 'selected, and without a branch ENI',
    records: [on, selected()],
    subjects: ['pod:core/p1'],
    says: /not sg-0db/,
  },
  { name: 'it has its branch ENI', records: [on, selected({ podEni: ['eni-0000000000000000b'] })], subjects: [] },
  {
    name: 'it requests one, which pod-eni-stuck reports',
    records: [on, selected({ resources: { 'vpc.amazonaws.com/pod-eni': 1 } })],
    subjects: [],
  },
  { name: 'no policy selects it', records: [on, selected({ securityGroupPolicies: [] })], subjects: [] },
  { name: 'guard: policies cannot be read', records: [on, selected({ securityGroupPolicies: null })], subjects: [] },
  {
    name: 'guard: it depends on a service account’s labels',
    records: [on, selected({ securityGroupPolicies: [policy('labels of service account web')] })],
    subjects: [],
  },
  { name: 'guard: a new pod', records: [on, selected({ createdAt: ago(20) })], subjects: [] },
  { name: 'guard: on the host network', records: [on, selected({ hostNetwork: true })], subjects: [] },
  { name: 'guard: finished', records: [on, selected({ phase: 'Succeeded' })], subjects: [] },
  {
    name: 'security groups for pods are off: the policy has no effect',
    records: [node({ cni: cni({ podEni: false }) }), selected()],
    subjects: ['pod:core/p1'],
    severity: 'info',
    says: /are off on n1[\s\S]*Set ENABLE_POD_ENI=true[\s\S]*once nodes offer/,
    commands: null,
  },
  {
    name: 'guard: it is unknown whether they are on',
    records: [node({ cni: cni({ podEni: null }) }), selected()],
    subjects: [],
  },
  { name: 'guard: Windows', records: [node({ cni: cni({ podEni: true }), os: 'windows' }), selected()], subjects: [] },
  {
    name: 'the controller created a branch ENI, but the pod has an address of the pool',
    records: [on, pod('p1', { podEni: ['eni-0000000000000000b'] }), eth0()],
    subjects: ['if:core/p1/eth0'],
    says: /eni-0000000000000000b[\s\S]*10\.0\.0\.21[\s\S]*first container/,
  },
  {
    name: 'the pod has the address of its branch ENI',
    records: [on, pod('p1', { podEni: ['eni-0000000000000000a'] }), eth0()],
    subjects: [],
  },
  {
    name: 'guard: the address of a pod beside its branch ENI is on no ENI that EC2 lists',
    records: [
      on,
      pod('p1', { podEni: ['eni-0000000000000000b'] }),
      eth0({ addresses: [{ ip: '10.0.0.21', family: 4, backed: 'none', eni: null }] }),
    ],
    subjects: [],
  },
  {
    name: 'guard: Fargate has its groups elsewhere',
    records: [node({ cni: cni({ podEni: true }), computeType: 'fargate' }), selected()],
    subjects: [],
  },
]);
