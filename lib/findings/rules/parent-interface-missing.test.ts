import {
  ago,
  face,
  foreignEni,
  hostNic,
  network,
  node,
  pod,
  request,
  signal,
  waitingPod,
} from '../../../e2e/testing/findings';
import { claimFace, claimPod } from '../../../e2e/testing/claimed';
import { hostDevice } from '../../../e2e/testing/finding-examples';
import { cases } from '../../../e2e/testing/finding-cases';

const WAITS = 'pod:core/w1';

const sandbox = (text: string, id = WAITS) => signal(id, 'FailedCreatePodSandBox', text);

const refusedBy = (name: string, text: string) => sandbox(`error adding container to network "${name}": ${text}`);

const onEns9 = network('a', { parent: { kind: 'host-device', value: 'ens9' } });

const wantsA = waitingPod('w1', { requested: [request('a')] });

cases('parent-interface-missing', [
  {
    name: 'plain “Link not found” of macvlan: the network provides the name',
    records: [node(), onEns9, wantsA, refusedBy('a', 'Link not found')],
    subjects: [WAITS],
    says: /No ens9 on n1/,
  },
  {
    name: 'the label of a secondary address is no link: no attachment is advised',
    records: [
      node(),
      network('a', { parent: { kind: 'host-device', value: 'ens33:1' } }),
      wantsA,
      refusedBy('a', 'Link not found'),
    ],
    subjects: [WAITS],
    says: /label of a further address[^]*Name the link itself in the network, as ens33/,
  },
  {
    name: 'no net directory under the PCI device',
    records: [node(), onEns9, wantsA, refusedBy('a', 'no net directory under pci device 0000:00:07.0')],
    subjects: [WAITS],
  },
  {
    name: 'another pod on the node has the device',
    records: [
      node(),
      hostDevice,
      waitingPod('w1', { requested: [request('hd')] }),
      pod('p2'),
      face('net1', { podName: 'p2', network: 'net:core/hd', ips: [] }),
      refusedBy('hd', 'failed to find host device: Link not found'),
    ],
    subjects: [WAITS],
    says: /core\/p2 on this node has it\.[^]*network of its own device/,
  },
  {
    name: 'a pod has the link through a claim',
    records: [
      node(),
      onEns9,
      wantsA,
      claimPod(),
      claimFace({ name: 'ens9', eni: null }),
      refusedBy('a', 'Link not found'),
    ],
    subjects: [WAITS],
    says: /core\/p1 on this node has it by claim c1:[^]*Keep what is claimed and what networks use apart/,
  },
  ...[
    {
      name: 'a finished pod had it through a claim',
      claimed: [claimPod({}, { phase: 'Succeeded' }), claimFace({ name: 'ens9' })],
    },
    {
      name: 'the claim is for a part of the link',
      claimed: [
        claimPod(),
        claimFace({
          name: 'ens9',
          claim: {
            name: 'c1',
            driver: 'dra.net',
            device: 'vf0',
            kind: 'network',
            whole: false,
            pods: 1,
            rdmaDevice: null,
          },
        }),
      ],
    },
    { name: 'the claim is for another link', claimed: [claimPod(), claimFace({ eni: null })] },
  ].map(({ name, claimed }) => ({
    name,
    records: [node(), onEns9, wantsA, ...claimed, refusedBy('a', 'Link not found')],
    subjects: [WAITS],
    says: /Attach the ENI or bring up the link/,
  })),
  {
    name: 'the card with that MAC is on another node',
    records: [
      node(),
      node({ name: 'n2' }),
      { ...hostDevice, parent: { kind: 'hwaddr', value: '02:00:00:00:00:0F' } },
      waitingPod('w1', { requested: [request('hd')] }),
      foreignEni({ node: 'node:n2' }),
      refusedBy('hd', 'failed to find host device: Link not found'),
    ],
    subjects: [WAITS],
    says: /It is eni-\w+, on n2: a MAC names one card[^]*\(n2\), or name the card by device/,
  },
  {
    name: 'the inventory lists the existing links',
    records: [node(), onEns9, wantsA, hostNic('ens5'), hostNic('net1-0'), refusedBy('a', 'Link not found')],
    subjects: [WAITS],
    says: /NodeNetworkState of n1 lists ens5, net1-0/,
  },
  {
    name: 'guard: the link has that name as well',
    records: [node(), onEns9, wantsA, hostNic('ens5', { altNames: ['ens9'] })],
    subjects: [],
  },
  {
    name: 'guard: the inventory is no longer read',
    records: [node(), onEns9, wantsA, hostNic('ens5')],
    states: { 'kubernetes/nodenetworkstates': 'stale' },
    subjects: [],
  },
  {
    name: 'guard: an inventory of SR-IOV devices does not include all links',
    records: [node(), onEns9, wantsA, hostNic('ens5', { source: 'SriovNetworkNodeState' })],
    subjects: [],
  },
  {
    name: 'guard: events that are no longer read',
    records: [node(), onEns9, wantsA, refusedBy('a', 'Link not found')],
    states: { 'kubernetes/events': 'denied' },
    subjects: [],
  },
]);

cases('parent-interface-missing', [
  {
    name: 'reported by an event',
    records: [
      node(),
      network('a', { parent: { kind: 'host-device', value: 'ens9' } }),
      waitingPod('w1', { requested: [request('a')] }),
      signal(
        'pod:core/w1',
        'FailedCreatePodSandBox',
        'error adding container to network "a": failed to lookup master "ens9": Link not found',
      ),
    ],
    subjects: ['pod:core/w1'],
    says: /No ens9/,
  },
  {
    name: 'a full inventory lacks it',
    records: [
      node(),
      network('a', { parent: { kind: 'host-device', value: 'ens9' } }),
      waitingPod('w1', { requested: [request('a')] }),
      hostNic('ens5'),
    ],
    subjects: ['pod:core/w1'],
    says: /NodeNetworkState/,
  },
  {
    name: 'in the inventory',
    records: [
      node(),
      network('a', { parent: { kind: 'host-device', value: 'ens9' } }),
      waitingPod('w1', { requested: [request('a')] }),
      hostNic('ens9'),
    ],
    subjects: [],
  },
  {
    name: 'guard: just created, so the inventory may be older',
    records: [
      node(),
      network('a', { parent: { kind: 'host-device', value: 'ens9' } }),
      waitingPod('w1', { createdAt: ago(20), requested: [request('a')] }),
      hostNic('ens5'),
    ],
    subjects: [],
  },
  {
    name: 'a host device may be in another pod',
    records: [
      node(),
      hostDevice,
      waitingPod('w1', { requested: [request('hd')] }),
      signal('pod:core/w1', 'FailedCreatePodSandBox', 'failed to find host device: Link not found'),
    ],
    subjects: ['pod:core/w1'],
    says: /another pod holds it/,
  },
  {
    name: 'no inventory, no event',
    records: [
      node(),
      network('a', { parent: { kind: 'host-device', value: 'ens9' } }),
      waitingPod('w1', { requested: [request('a')] }),
    ],
    subjects: [],
  },
]);
