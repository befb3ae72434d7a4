import { cases } from '../../../e2e/testing/finding-cases';
import { ago, face, network, node, request, signal, waitingPod } from '../../../e2e/testing/findings';

const W = 'pod:core/w1';
const TEXT =
  'error adding container to network "bond": Failed to confirm that link (net2) exists, error: Link not found';

const bond = (links: string) => network('bond', { parent: { kind: 'container-link', value: links } });
const wants = (...names: readonly string[]) =>
  waitingPod('w1', { createdAt: ago(600), requested: names.map((name, index) => request(name, { index })) });
const asked = (name: string, of: string, requestIndex: number) =>
  face(name, { podName: 'w1', network: `net:core/${of}`, state: 'requested', ips: [], eni: null, requestIndex });

cases('pod-start-failed', [
  {
    name: 'a bond before its links',
    records: [
      node(),
      bond('net2,net3'),
      network('a'),
      wants('bond', 'a', 'a'),
      asked('net1', 'bond', 0),
      asked('net2', 'a', 1),
      asked('net3', 'a', 2),
      signal(W, 'FailedCreatePodSandBox', TEXT),
    ],
    subjects: [W],
    says: /net2 is that of core\/a, which stands after it[^]*Put core\/bond after the networks/,
  },
  {
    name: 'a bond whose second link is its own name',
    records: [
      node(),
      bond('net1,net2'),
      network('a'),
      wants('a', 'bond'),
      asked('net1', 'a', 0),
      asked('net2', 'bond', 1),
      signal(W, 'FailedCreatePodSandBox', TEXT),
    ],
    subjects: [W],
    says: /But net2 is the name that its own interface gets[^]*before it the pod gets net1/,
  },
  {
    name: 'a bond whose links have other names',
    records: [
      node(),
      bond('eth0,net2'),
      network('a'),
      wants('a', 'bond'),
      asked('ext0', 'a', 0),
      asked('bond0', 'bond', 1),
      signal(W, 'FailedCreatePodSandBox', TEXT),
    ],
    subjects: [W],
    says: /But no network that the pod asks for makes net2\.[^]*gets ext0/,
  },
  {
    name: 'a bond whose links exist with their names',
    records: [
      node(),
      bond('net1,net2'),
      network('a'),
      wants('a', 'a', 'bond'),
      asked('net1', 'a', 0),
      asked('net2', 'a', 1),
      asked('net3', 'bond', 2),
      signal(W, 'FailedCreatePodSandBox', TEXT),
    ],
    subjects: [W],
    says: /vfio-pci \(DPDK\)/,
  },
  { name: 'guard: the pod is not waiting', records: [node(), bond('net1,net2')], subjects: [] },
]);
