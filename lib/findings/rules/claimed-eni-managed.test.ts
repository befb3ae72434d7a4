import { cni, eni, eth0, node, pod } from '../../../e2e/testing/findings';
import { CLAIMED, claimedEni, claimFace, claimPod, MANAGED } from '../../../e2e/testing/claimed';
import { cases } from '../../../e2e/testing/finding-cases';

const ENI = 'eni-0000000000000000f';
const managed = claimedEni({ management: MANAGED, tags: {} });

cases('claimed-eni-managed', [
  {
    name: 'without no_manage',
    records: [node(), managed, claimPod(), claimFace()],
    subjects: [ENI],
    severity: 'warning',
    says: /no_manage is absent/,
    commands: /create-tags --resources eni-0000000000000000f/,
  },
  {
    name: 'pods of the cluster network have addresses on it',
    records: [node(), managed, claimPod(), claimFace(), pod('p2'), eth0({ podName: 'p2', eni: ENI })],
    subjects: [ENI],
    severity: 'error',
    says: /core\/p2, which is cut off/,
  },
  {
    name: 'the primary ENI',
    records: [
      node(),
      eni(undefined, { claimedBy: [CLAIMED], management: { ...MANAGED, rule: 'primary' } }),
      claimPod(),
      claimFace({ eni: 'eni-0000000000000000a' }),
    ],
    subjects: ['eni-0000000000000000a'],
    severity: 'error',
    says: /The node itself is reached through it[^]*no effect on the primary/,
    commands: null,
  },
  {
    name: 'an ENI created by ipamd: no tag is advised',
    records: [node(), { ...managed, creator: 'ipamd' }, claimPod(), claimFace()],
    subjects: [ENI],
    says: /would take from the pool/,
    commands: null,
  },
  {
    name: 'ipamd reads no tags: no tag is advised',
    records: [node({ cni: cni({ imdsOnly: true }) }), managed, claimPod(), claimFace()],
    subjects: [ENI],
    says: /reads no tags/,
    commands: null,
  },
  {
    name: 'a trunk: no tag is advised',
    records: [node(), { ...managed, role: 'trunk' }, claimPod(), claimFace()],
    subjects: [ENI],
    commands: null,
  },
  {
    name: 'the only ENI of its card under multi-NIC: no tag is advised',
    records: [node({ cni: cni({ multiNic: true }) }), { ...managed, card: 1 }, claimPod(), claimFace()],
    subjects: [ENI],
    says: /would leave its card without an ENI/,
    commands: null,
  },
  {
    name: 'two pods share it',
    records: [
      node(),
      { ...managed, claimedBy: [CLAIMED, 'if:core/p2/gpu0'] },
      claimPod(),
      claimFace(),
      pod('p2'),
      claimFace({ podName: 'p2' }),
    ],
    subjects: [ENI],
    says: /core\/p1, core\/p2 have/,
  },
  { name: 'tagged no_manage', records: [node(), claimedEni(), claimPod(), claimFace()], subjects: [] },
  {
    name: 'guard: the ENI is inferred',
    records: [
      node(),
      managed,
      claimPod(),
      claimFace({ link: { rule: 'device-order', certainty: 'inferred', evidence: 'by order', candidates: [] } }),
    ],
    subjects: [],
  },
  {
    name: 'guard: a virtual function leaves the link on the host',
    records: [
      node(),
      managed,
      claimPod(),
      claimFace({
        claim: { name: 'c1', driver: 'x', device: 'vf', kind: 'network', whole: false, pods: 1, rdmaDevice: null },
      }),
    ],
    subjects: [],
  },
  {
    name: 'guard: the pod has finished',
    records: [node(), managed, claimPod({}, { phase: 'Succeeded' }), claimFace()],
    subjects: [],
  },
  {
    name: 'guard: no ipamd on the node',
    records: [node({ ipamd: null, cni: null }), managed, claimPod(), claimFace()],
    subjects: [],
  },
]);
