import type { PodRecord } from '../../model/records';
import { ago, face, network, pod, signal } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const FACE = 'if:core/p1/net1';
const macvlan = network('ipvlan-a', { plugins: ['macvlan'] });
const launcher = (change: Partial<PodRecord> = {}): PodRecord =>
  pod('p1', { owner: { kind: 'VirtualMachineInstance', name: 'vm' }, ...change });

cases('machine-behind-macvlan', [
  {
    name: 'a virtual machine on macvlan',
    records: [launcher(), macvlan, face()],
    subjects: [FACE],
    says: /gets no answer through net1[^]*of type macvlan/,
    commands: /-n core get virtualmachineinstance vm/,
    nowhere: true,
  },
  {
    name: 'a virtual machine on ipvlan',
    records: [launcher(), network(), face()],
    subjects: [FACE],
    says: /of type ipvlan/,
    nowhere: true,
  },
  { name: 'a pod on macvlan', records: [pod(), macvlan, face()], subjects: [] },
  {
    name: 'a virtual machine on a bridge',
    records: [launcher(), network('ipvlan-a', { plugins: ['bridge'] }), face()],
    subjects: [],
  },
  { name: 'guard: it does not run yet', records: [launcher({ phase: 'Pending' }), macvlan, face()], subjects: [] },
  {
    name: 'guard: KubeVirt reports that it cannot connect it',
    records: [
      launcher(),
      macvlan,
      face(),
      signal('pod:core/p1', 'SyncFailed', 'failed plugging phase1 at nic net1', { lastAt: ago(10) }),
    ],
    subjects: [],
  },
]);
