import { faultyTemplate, network, node, pod, signal } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const POD = 'pod:core/p1';
const NETWORKS = 'k8s.v1.cni.cncf.io/networks';
const NIC = 'k8s.amazonaws.com/nicConfig';
const mistyped = signal(POD, 'annotation-key', `annotation k8s.v1.cni.cncf.io/network for ${NETWORKS}`);

cases('networks-annotation-key', [
  {
    name: 'a letter is missing',
    records: [pod(), mistyped],
    subjects: [POD],
    says: /has the annotation k8s\.v1\.cni\.cncf\.io\/network\. [\s\S]* was meant[\s\S]*in the pod template of its workload/,
    commands: /-n core get pod p1/,
  },
  {
    name: 'a label in place of an annotation',
    records: [pod(), signal(POD, 'annotation-key', `label ${NETWORKS} for ${NETWORKS}`)],
    subjects: [POD],
    says: /as a label/,
  },
  {
    name: 'for the VPC CNI',
    records: [pod(), signal(POD, 'annotation-key', `annotation k8s.amazonaws.com/nic-config for ${NIC}`)],
    subjects: [POD],
    says: /^The VPC CNI does not read this key[^]*so the pod gets one interface; most likely the annotation k8s\.amazonaws\.com\/nicConfig was meant/,
  },
  {
    name: 'a misspelt key inside the annotation',
    records: [pod(), signal(POD, 'annotation-key', 'key macaddress for mac')],
    subjects: [POD],
    severity: 'warning',
    says: /^Multus does not read the key "macaddress"[^]*ignores it without a message[^]*Write "mac" instead/,
    nowhere: true,
  },
  {
    name: 'a key inside the annotation that resembles no other',
    records: [pod(), signal(POD, 'annotation-key', 'key ipam for -')],
    subjects: [POD],
    severity: 'info',
    says: /so it has no effect\.[^]*Remove it/,
    nowhere: true,
  },
  {
    name: 'guard: for the VPC CNI, on a node without it',
    records: [
      node({ cni: null, ipamd: null }),
      pod(),
      signal(POD, 'annotation-key', `annotation k8s.amazonaws.com/nic-config for ${NIC}`),
    ],
    subjects: [],
  },
  {
    name: 'two keys on a node without the VPC CNI: the Multus key counts',
    records: [
      node({ cni: null, ipamd: null }),
      pod(),
      signal(
        POD,
        'annotation-key',
        `annotation k8s.amazonaws.com/nic-config for ${NIC}, annotation k8s.v1.cni.cncf.io/network for ${NETWORKS}`,
      ),
    ],
    subjects: [POD],
    says: /^Multus does not read this key/,
  },
  {
    name: 'a label for the VPC CNI',
    records: [pod(), signal(POD, 'annotation-key', `label ${NIC} for ${NIC}`)],
    subjects: [POD],
    says: /as a label\. The VPC CNI reads the annotation of that name, so the pod gets one interface/,
  },
  {
    name: 'the default network',
    records: [
      pod(),
      signal(
        POD,
        'annotation-key',
        'annotation v1.multus-cni.io/default-networks for v1.multus-cni.io/default-network',
      ),
    ],
    subjects: [POD],
    says: /gets the default network of the cluster/,
  },
  {
    name: 'a standalone pod has no template',
    records: [pod('p1', { owner: null }), mistyped],
    subjects: [POD],
    says: /Write it as the annotation k8s\.v1\.cni\.cncf\.io\/networks, and create/,
  },
  {
    name: 'guard: on the host network there is nothing to attach',
    records: [pod('p1', { hostNetwork: true }), mistyped],
    subjects: [],
  },
  { name: 'guard: the pod has finished', records: [pod('p1', { phase: 'Succeeded' }), mistyped], subjects: [] },
  { name: 'guard: no similar key', records: [pod()], subjects: [] },
]);

const MISTYPED = [`annotation k8s.v1.cni.cncf.io/network for ${NETWORKS}`];

cases('networks-annotation-key', [
  {
    name: 'in a template without pods',
    records: [faultyTemplate({ mistyped: MISTYPED }), network()],
    subjects: ['net:core/ipvlan-a'],
    says: /The annotation in the pod template of Deployment core\/web is k8s\.v1\.cni\.cncf\.io\/network\./,
    commands: /-n core edit deployment web$/,
    nowhere: true,
  },
  {
    name: 'as a label of a template without pods',
    records: [faultyTemplate({ mistyped: [`label ${NETWORKS} for ${NETWORKS}`] })],
    subjects: ['cluster'],
    says: /is a label\. Multus reads the annotation of that name, so its pods get none of these networks/,
    nowhere: true,
  },
  { name: 'guard: every key is known', records: [faultyTemplate({})], subjects: [] },
  {
    name: 'guard: reported for its pod',
    records: [faultyTemplate({ mistyped: MISTYPED }), pod(), mistyped],
    subjects: [POD],
  },
]);
