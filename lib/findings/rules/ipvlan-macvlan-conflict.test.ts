import { attachment, hostNic, network, node, signal, waitingPod } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const WAITS = 'pod:core/w1';

const NODE = 'node:n1';

const sandbox = (text: string, id = WAITS) => signal(id, 'FailedCreatePodSandBox', text);

const refusedBy = (name: string, text: string) => sandbox(`error adding container to network "${name}": ${text}`);

const macvlan = network('mac', { plugins: ['macvlan'] });

cases('ipvlan-macvlan-conflict', [
  {
    name: 'the event of the second one',
    records: [
      node(),
      network(),
      macvlan,
      attachment(),
      attachment('mac'),
      waitingPod('w1'),
      refusedBy('mac', 'device or resource busy'),
    ],
    subjects: [NODE],
    says: /event FailedCreatePodSandBox of core\/w1: device or resource busy/,
  },
  {
    name: 'guard: a parent inside the pod is not shared',
    records: [
      node(),
      network(),
      {
        ...macvlan,
        semantics: {
          leavesNodeOnEni: false,
          macPolicy: 'own',
          onePodPerDevice: false,
          perNode: false,
          linkInContainer: true,
          kernelInterface: true,
        },
      },
      attachment(),
      attachment('mac'),
    ],
    subjects: [],
  },
]);

cases('ipvlan-macvlan-conflict', [
  { name: 'both on ens6', records: [node(), network(), macvlan, attachment(), attachment('mac')], subjects: [NODE] },
  {
    name: 'on different links',
    records: [
      node(),
      network(),
      { ...macvlan, parent: { kind: 'host-device', value: 'ens7' } },
      attachment(),
      attachment('mac'),
    ],
    subjects: [],
  },
  {
    name: 'guard: a VLAN link is a parent of its own',
    records: [
      node(),
      network(),
      { ...macvlan, parent: { kind: 'host-device', value: 'ens6.100' } },
      attachment(),
      attachment('mac'),
    ],
    subjects: [],
  },
  {
    name: 'the link with the default route, by its local name',
    records: [
      node(),
      network('a', { parent: { kind: 'default-route', value: null } }),
      network('mac', { plugins: ['macvlan'], parent: { kind: 'host-device', value: 'ens5' } }),
      attachment('a', { hostNic: 'nic:n1/ens5' }),
      attachment('mac'),
      hostNic('ens5'),
    ],
    subjects: [NODE],
  },
  {
    name: 'two of the same plugin',
    records: [node(), network(), network('b'), attachment(), attachment('b')],
    subjects: [],
  },
]);
