/** KubeVirt's Events about a virtual machine whose pod runs. */
import type { NetworkRecord } from '../../model/records';
import { ago, network, node, pod, request, signal } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const of = { owner: { kind: 'VirtualMachineInstance', name: 'vm1' }, requested: [request()] };
const NO_GATEWAY = "failed plugging phase1 at nic 'net1': No gateway address found in routes for net1";
const said = (secondsAgo: number) =>
  signal('pod:core/p1', 'SyncFailed', NO_GATEWAY, { firstAt: ago(secondsAgo + 60), lastAt: ago(secondsAgo) });
const bridge: Partial<NetworkRecord> = { plugins: ['bridge'], mainPlugin: 0 };

cases('pod-start-failed', [
  {
    name: 'a virtual machine over ipvlan',
    records: [node(), network(), pod('p1', of), said(60)],
    subjects: ['pod:core/p1'],
    says: /virtual machine vm1[^]*carries only frames of its own MAC/,
  },
  {
    name: 'a virtual machine whose network has an address and no gateway',
    records: [node(), network('ipvlan-a', bridge), pod('p1', of), said(60)],
    subjects: ['pod:core/p1'],
    says: /leave ipam out of the network/,
  },
  {
    name: 'a virtual machine without the address of its function',
    records: [
      node(),
      network('ipvlan-a', { plugins: ['sriov'], mainPlugin: 0 }),
      pod('p1', of),
      signal(
        'pod:core/p1',
        'SyncFailed',
        'server error. command SyncVMI failed: "failed to create SR-IOV hostdevices: no more addresses to allocate"',
        { firstAt: ago(600), lastAt: ago(60) },
      ),
    ],
    subjects: ['pod:core/p1'],
    says: /takes the PCI address of each function from device-info/,
  },
  {
    name: 'guard: the last Event is older than KubeVirt’s next attempt',
    records: [node(), network(), pod('p1', of), said(1_300)],
    subjects: [],
  },
  {
    name: 'guard: the virtual machine’s pod has finished',
    records: [node(), network(), pod('p1', { ...of, phase: 'Succeeded' }), said(60)],
    subjects: [],
  },
  {
    name: 'guard: the Event is about another pod',
    records: [node(), network(), pod('p1', { ...of, owner: null }), said(60)],
    subjects: [],
  },
]);
