import { describe, expect, it } from 'vitest';
import { answers, singles, type QuestionCase, type Records } from '../../../e2e/testing/explain';
import {
  ago,
  eni,
  eth0,
  face,
  foreignEni,
  network,
  node,
  pod,
  pool,
  request,
  signal,
  waitingPod,
} from '../../../e2e/testing/findings';

const A = 'eni-0000000000000000a';
const F = 'eni-0000000000000000f';

const refused = signal(
  'pod:core/w1',
  'FailedCreatePodSandBox',
  'plugin type="aws-cni" name="aws-cni" failed (add): add cmd: failed to assign an IP address to container',
  { firstAt: ago(600) },
);
const full = node({ headroom: { pods: 0, limitedBy: 'slots' }, pools: [pool({ available: 0, warm: 0 })] });

const WHY: readonly QuestionCase[] = [
  {
    what: 'the rule that explains it, with the finding that it names',
    words: 'pod core/w1 address',
    records: [full, eni(), waitingPod(), refused],
    says: /^core\/w1 cannot start on n1; most likely because every slot/,
    certainty: 'inferred',
    evidence: /pod-ip-failed since/,
  },
  {
    what: 'an event with an unknown text',
    words: 'pod core/w1 address',
    records: [
      node(),
      waitingPod(),
      signal('pod:core/w1', 'FailedCreatePodSandBox', 'something unheard of', { firstAt: ago(30) }),
    ],
    says: /newest Event \(FailedCreatePodSandBox\) says: something unheard of$/,
  },
  {
    what: 'no event at all',
    words: 'pod core/w1 address',
    records: [node(), waitingPod()],
    says: /waits on n1 without an address; no Event says why/,
    certainty: 'unknown',
  },
  {
    what: 'unreadable events',
    words: 'pod core/w1 address',
    records: [node(), waitingPod()],
    states: { 'kubernetes/events': 'denied' },
    says: /Events cannot be read, so why is not known/,
    certainty: 'unknown',
  },
  {
    what: 'a node that is not Ready',
    words: 'pod core/w1 address',
    records: [node({ ready: false }), waitingPod()],
    says: /which is not Ready/,
    certainty: 'inferred',
  },
  {
    what: 'an aws-node that is not Ready',
    words: 'pod core/w1 address',
    records: [node({ ipamd: { ready: false, version: 'v1.23.1' } }), waitingPod()],
    says: /aws-node is not Ready/,
  },
  {
    what: 'a pod that is not scheduled',
    words: 'pod core/w1 address',
    records: [
      waitingPod('w1', { node: null }),
      signal('pod:core/w1', 'FailedScheduling', '0/1 nodes are available: 1 Too many pods.'),
    ],
    says: /is not scheduled.*the scheduler says: 0\/1 nodes/,
  },
  {
    what: 'a pod without any event',
    words: 'pod core/w1 address',
    records: [waitingPod('w1', { node: null })],
    says: /not scheduled.*no Event says why/,
    certainty: 'unknown',
  },
  {
    what: 'a finished pod',
    words: 'pod core/p1 address',
    records: [node(), pod('p1', { phase: 'Succeeded', ips: [] })],
    says: /is finished \(Succeeded\)/,
  },
  {
    what: 'a pod that was evicted',
    words: 'pod core/p1 address',
    records: [
      node(),
      pod('p1', { phase: 'Failed', ips: [], failure: { reason: 'Evicted', message: 'The node was low on memory.' } }),
    ],
    says: /is finished \(Failed, Evicted\)/,
    evidence: /status\.reason is Evicted: The node was low on memory\./,
  },
  {
    what: 'a pod that the kubelet rejected',
    words: 'pod core/p1 address',
    records: [
      node(),
      pod('p1', {
        phase: 'Failed',
        ips: [],
        failure: { reason: 'OutOfpods', message: 'requested: 1, used: 29, capacity: 29' },
      }),
    ],
    says: /never had one: the kubelet rejected it \(OutOfpods\): requested: 1, used: 29/,
  },
  {
    what: 'a hostNetwork pod that is not scheduled',
    words: 'pod core/w1 address',
    records: [
      waitingPod('w1', { node: null, hostNetwork: true }),
      signal('pod:core/w1', 'FailedScheduling', 'Pod not supported on Fargate: fields not supported: HostNetwork'),
    ],
    says: /the scheduler says: Pod not supported on Fargate/,
  },
  {
    what: 'a node whose conditions explain it',
    words: 'pod core/w1 address',
    records: [
      node({
        networkConditions: [
          { type: 'NetworkingReady', reason: 'IPAMDNotReady', message: 'no API server', since: ago(600) },
        ],
      }),
      waitingPod(),
      signal('node:n1', 'NetworkingReady', 'IPAMDNoIPs: There are no available IP addresses'),
    ],
    says: /waits on n1/,
    certainty: 'unknown',
    evidence: /condition NetworkingReady: IPAMDNotReady: no API server \(since [^]*event NetworkingReady[^]*IPAMDNoIPs/,
  },
  {
    what: 'a pod waiting for its volumes',
    words: 'pod core/w1 address',
    records: [
      node(),
      waitingPod('w1', { createdAt: ago(900) }),
      signal('pod:core/w1', 'FailedMount', 'Unable to attach or mount volumes', { firstAt: ago(600) }),
    ],
    says: /volumes are not mounted on n1 yet\. No network has been asked/,
    certainty: 'inferred',
  },
  {
    what: 'a pod on the host network',
    words: 'pod core/p1 address',
    records: [node(), pod('p1', { hostNetwork: true, ips: [] })],
    says: /host network: it uses the address of its node, 10\.0\.0\.4/,
  },
  {
    what: 'a pod being deleted',
    words: 'pod core/w1 address',
    records: [node(), waitingPod('w1', { deleting: true })],
    says: /is being deleted/,
  },
  {
    what: 'a pod that has an address',
    words: 'pod core/p1 address',
    records: [node(), eni(), pod(), eth0()],
    says: /has the address 10\.0\.0\.21; nothing is missing/,
  },
  {
    what: 'a pod without its additional interface',
    words: 'pod core/p1 address',
    records: [
      node(),
      eni(),
      network(),
      pod('p1', { requested: [request()] }),
      eth0(),
      face('net1', { state: 'requested', ips: [], eni: null }),
    ],
    says: /has the address 10\.0\.0\.21, but net1 \(core\/ipvlan-a\) is requested but not reported/,
  },
];

const WHERE: readonly QuestionCase[] = [
  {
    what: 'observed',
    words: 'pod core/p1 where',
    records: [node(), foreignEni(), network(), pod(), eth0(), face()],
    says: new RegExp(`^net1 of core/p1 is on ${F} \\(card 0, device 1, node n1\\)\\.$`),
    certainty: 'observed',
  },
  {
    what: 'inferred',
    words: 'interface core/p1/net1',
    records: [
      node(),
      foreignEni(),
      network(),
      pod(),
      face('net1', {
        link: { rule: 'name-heuristic', certainty: 'inferred', evidence: 'ens6 is device 1', candidates: [] },
      }),
    ],
    says: /is most likely on eni-/,
    certainty: 'inferred',
    evidence: /ens6 is device 1/,
  },
  {
    what: 'one of two',
    words: 'interface core/p1/net1',
    records: [
      node(),
      pod(),
      network(),
      face('net1', { eni: null, link: { rule: 'none', certainty: 'unknown', evidence: '', candidates: [A, F] } }),
    ],
    says: /is on one of eni-\w+ and eni-\w+: which is not known/,
    certainty: 'unknown',
  },
  {
    what: 'EC2 delivers its address elsewhere',
    words: 'address 10.6.0.14 where',
    records: [
      node(),
      eni(A),
      foreignEni(),
      network(),
      pod(),
      face('net1', {
        addresses: [{ ip: '10.6.0.14', family: 4, backed: 'eni', eni: A }],
        link: { rule: 'mac', certainty: 'observed', evidence: 'its MAC', candidates: [] },
      }),
    ],
    says: new RegExp(`is on ${F} .*, but EC2 delivers 10\\.6\\.0\\.14 to ${A}`),
  },
  {
    what: 'not reported',
    words: 'interface core/p1/net1',
    records: [node(), pod(), network(), face('net1', { state: 'requested', eni: null, ips: [] })],
    says: /does not exist: it is requested/,
  },
  {
    what: 'an address that no pod has',
    words: 'address 10.0.1.10 where',
    records: [node(), eni(A, { addresses: singles(1, 'warm') })],
    says: /no pod interface that ifscope knows of has it/,
  },
];

const vm = { owner: { kind: 'VirtualMachineInstance', name: 'vm-1' } };
const twice = (a: Parameters<typeof pod>[1], b: Parameters<typeof pod>[1]): Records => [
  node(),
  network(),
  pod('p1', a),
  pod('p2', b),
  face('net1', { eni: null, addresses: [] }),
  face('net1', { podName: 'p2', eni: null, addresses: [] }),
];
const WHO: readonly QuestionCase[] = [
  {
    what: 'no other pod',
    words: 'address 10.0.0.21 who',
    records: [node(), eni(), pod(), eth0()],
    says: /^Only core\/p1 has 10\.0\.0\.21/,
  },
  {
    what: 'a conflict',
    words: 'address 10.6.0.14 who',
    records: twice({}, {}),
    says: /on core\/p1 and core\/p2 at once, all of them live: a conflict/,
    evidence: /duplicate-address/,
  },
  {
    what: 'a live migration',
    words: 'address 10.6.0.14 who',
    records: twice(vm, { ...vm, node: 'node:n2' }),
    says: /run one virtual machine, core\/vm-1: a live migration, no conflict/,
    certainty: 'inferred',
  },
  {
    what: 'two virtual machines',
    words: 'address 10.6.0.14 who',
    records: twice(vm, { owner: { ...vm.owner, name: 'vm-2' } }),
    says: /a conflict/,
  },
  {
    what: 'a pod being deleted',
    words: 'address 10.6.0.14 who',
    records: twice({}, { deleting: true }),
    says: /passes from a pod that is being deleted/,
  },
  {
    what: 'a free one',
    words: 'address 10.0.1.10 who',
    records: [node(), eni(A, { addresses: singles(1, 'warm') })],
    says: /No known pod has 10\.0\.1\.10; it is known as: .*warm slot/,
  },
  {
    what: 'nobody',
    words: 'address 172.16.0.1 who',
    records: [node()],
    says: /No holder of 172\.16\.0\.1 is known/,
    certainty: 'unknown',
  },
  {
    what: 'a MAC lent by the parent',
    words: 'mac 02-00-00-00-00-0f',
    records: [node(), foreignEni(), network(), pod(), face('net1', { mac: '02:00:00:00:00:0f' })],
    says: /has 02:00:00:00:00:0f, that of eni-.*: the plugin lends it, so this is no conflict/,
  },
  {
    what: 'a pod that shares no address',
    words: 'pod core/p1 who',
    records: [node(), eni(), foreignEni(), network(), pod(), eth0(), face('net1', { mac: '02:00:00:00:00:0f' })],
    says: /^Nobody else is known to have 10\.0\.0\.21, 10\.6\.0\.14 or 02:00:00:00:00:0f\.$/,
    evidence: /Only core\/p1 has 10\.6\.0\.14/,
  },
  {
    what: 'a pod that shares its address',
    words: 'pod core/p1 who',
    records: [eth0(), ...twice({}, {})],
    says: /^10\.6\.0\.14 is on core\/p1 and core\/p2 at once, all of them live: a conflict\.$/,
    evidence: /duplicate-address/,
  },
  {
    what: 'an interface during a live migration',
    words: 'interface core/p1/net1 who',
    records: twice(vm, { ...vm, node: 'node:n2' }),
    says: /a live migration, no conflict/,
    certainty: 'inferred',
  },
  {
    what: 'a pod without an interface',
    words: 'pod core/p1 who',
    records: [node(), pod('p1', { hostNetwork: true })],
    says: /^core\/p1 has no address or MAC of its own\.$/,
  },
];

describe('the answer to', () => {
  const rows = Object.entries({ WHY, WHERE, WHO }).flatMap(([group, list]) =>
    list.map((row) => [`${group}: ${row.what}`, row] as const),
  );
  it.each(rows)('%s', (_what, { words, records, says, certainty, evidence, states }) => {
    const [answer] = answers(words, records, states);
    expect(answer?.sentence).toMatch(says);
    if (certainty !== undefined) expect(answer?.certainty).toBe(certainty);
    if (evidence !== undefined) expect(answer?.evidence.map(({ text }) => text).join('\n')).toMatch(evidence);
  });
});
