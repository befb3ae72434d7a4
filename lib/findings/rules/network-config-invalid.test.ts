import { face, network, request, signal, waitingPod } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const WAITS = 'pod:core/w1';

const NET = 'net:core/ipvlan-a';

const sandbox = (text: string, id = WAITS) => signal(id, 'FailedCreatePodSandBox', text);

const refusedBy = (name: string, text: string) => sandbox(`error adding container to network "${name}": ${text}`);

const asking = (change: Parameters<typeof waitingPod>[1] = {}) =>
  waitingPod('w1', { requested: [request()], ...change });

const unattached = face('net1', { podName: 'w1', state: 'requested', ips: [], eni: null });

cases('network-config-invalid', [
  {
    name: 'the node refuses its MTU',
    records: [
      network(),
      asking(),
      unattached,
      refusedBy('ipvlan-a', 'invalid MTU 9500, must be [0, master MTU(9001)]'),
    ],
    subjects: [NET],
    severity: 'error',
    says: /invalid MTU 9500/,
  },
  {
    name: 'the plugin does not support its version (P26)',
    records: [
      network(),
      asking(),
      unattached,
      refusedBy('ipvlan-a', 'incompatible CNI versions; config is "1.1.0", plugin supports ["0.3.1"]'),
    ],
    subjects: [NET],
    says: /incompatible CNI versions/,
  },
  {
    name: 'its result is newer than this Multus (P26)',
    records: [network(), asking(), unattached, refusedBy('ipvlan-a', 'unsupported CNI result version "1.0.0"')],
    subjects: [NET],
  },
  {
    name: 'ipvlan without an address',
    records: [network(), asking(), unattached, refusedBy('ipvlan-a', 'IPAM plugin returned missing IP config')],
    subjects: [NET],
  },
  {
    name: 'a fault that may be harmless, but was not: the pod is named',
    records: [
      network('ipvlan-a', { faults: [{ severity: 'warning', text: 'sriov: no annotation resourceName' }] }),
      asking(),
      unattached,
      refusedBy('ipvlan-a', 'LoadConf(): VF pci addr is required'),
    ],
    subjects: [NET],
    severity: 'error',
    says: /core\/w1: .*VF pci addr is required/,
  },
  {
    name: 'a fault that may be harmless, and the pod fails for another reason',
    records: [
      network('ipvlan-a', { faults: [{ severity: 'warning', text: 'sriov: no annotation resourceName' }] }),
      asking(),
      unattached,
      refusedBy('ipvlan-a', 'unable to create veth pair: file exists'),
    ],
    subjects: [NET],
    severity: 'warning',
  },
  {
    name: 'guard: a failure of the cluster network is another one',
    records: [network(), asking(), unattached, refusedBy('aws-cni', 'unsupported CNI result version "1.0.0"')],
    subjects: [],
  },
  {
    name: 'guard: unknown which of two networks is rejected',
    records: [
      network(),
      network('b'),
      waitingPod('w1', { requested: [request(), request('b', { index: 1 })] }),
      unattached,
      sandbox('invalid MTU 9500'),
    ],
    subjects: [],
  },
  {
    name: 'guard: events that are no longer read prove nothing about a config',
    records: [network(), asking(), unattached, refusedBy('ipvlan-a', 'invalid MTU 9500')],
    states: { 'kubernetes/events': 'stale' },
    subjects: [],
  },
]);

cases('network-config-invalid', [
  {
    name: 'aws-cni as an additional network is another finding',
    records: [
      network('a', {
        plugins: ['aws-cni'],
        faults: [{ severity: 'warning', text: 'aws-cni: the cluster network only' }],
      }),
    ],
    subjects: [],
  },
  {
    name: 'cannot work',
    records: [network('a', { faults: [{ severity: 'error', text: 'not JSON' }] })],
    subjects: ['net:core/a'],
    severity: 'error',
  },
  {
    name: 'an unknown key',
    records: [network('a', { faults: [{ severity: 'warning', text: 'unknown key "vlan"' }] })],
    subjects: ['net:core/a'],
    severity: 'warning',
  },
  {
    name: 'an info problem is no finding',
    records: [network('a', { faults: [{ severity: 'info', text: 'fine' }] })],
    subjects: [],
  },
]);

const overlay = (namespace: string, description: string, createdAt: string | null = null) => ({
  ...network('a', {
    plugins: ['ovn-k8s-cni-overlay'],
    mode: 'layer2',
    semantics: null,
    ipam: null,
    description,
    createdAt,
  }),
  id: `net:${namespace}/a`,
  namespace,
});
const FIRST = '2026-08-01T00:00:00Z';
const LATER = '2026-08-02T00:00:00Z';

cases('network-config-invalid', [
  {
    name: 'one OVN-Kubernetes network is defined in two ways: the later one is reported',
    records: [overlay('core', 'layer3', LATER), overlay('red', 'layer2', FIRST)],
    subjects: ['net:core/a'],
    severity: 'error',
    says: /define one network of OVN-Kubernetes, a, and not alike[^]*spec\.config of red\/a: layer2/,
  },
  {
    name: 'defined alike in two namespaces',
    records: [overlay('core', 'layer2', LATER), overlay('red', 'layer2', FIRST)],
    subjects: [],
  },
  {
    name: 'two networks, by their internal names',
    records: [{ ...overlay('core', 'layer3', LATER), configName: 'b' }, overlay('red', 'layer2', FIRST)],
    subjects: [],
  },
]);
