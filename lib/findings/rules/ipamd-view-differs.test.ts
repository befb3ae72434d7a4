import type { EniRecord, NodeRecord } from '../../model/records';
import { ago, cni, eni, eth0, node, pod, waitingPod } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const ID = 'eni-p';
const believes = (change: Partial<NonNullable<EniRecord['ipamd']>>): EniRecord['ipamd'] => ({
  known: true,
  addresses: 9,
  assigned: 0,
  unheld: [],
  unheldBy: [],
  taken: [],
  missing: [],
  extra: [],
  ...change,
});
const held = (ip: string) => ({ ip, state: 'assigned' as const, interface: 'if:core/p1/eth0' });
const leaking = eni(ID, { ipamd: believes({ assigned: 2, unheld: ['10.0.1.5', '10.0.1.6'], unheldBy: ['a/gone'] }) });
const counted = (assigned: number, change: Partial<EniRecord> = {}): EniRecord =>
  eni(ID, { addresses: [held('10.0.1.5')], ipamd: believes({ addresses: null, assigned }), ...change });

cases('ipamd-view-differs', [
  {
    name: 'addresses for deleted sandboxes, by its own list',
    records: [node(), leaking],
    subjects: [ID],
    severity: 'warning',
    says: /2 addresses for pods that are gone[\s\S]*10\.0\.1\.5, 10\.0\.1\.6[\s\S]*a\/gone/,
    commands: /delete pod -l k8s-app=aws-node/,
  },
  {
    name: 'an address for an earlier sandbox of a pod that has another one',
    records: [
      node(),
      pod('p1', { ips: ['10.0.1.5'] }),
      eni(ID, { ipamd: believes({ unheld: ['10.0.1.6'], unheldBy: ['core/p1'] }) }),
    ],
    subjects: [ID],
    says: /core\/p1 has another address now: an earlier sandbox had this one/,
  },
  {
    name: 'addresses for deleted sandboxes in an IPv6 cluster, whose /80 has enough',
    records: [node({ cni: cni({ mode: 'ipv6' }) }), leaking],
    subjects: [ID],
    severity: 'info',
    says: /its \/80 has enough/,
  },
  {
    name: 'an address that it has for a pod other than its holder',
    records: [
      node(),
      pod(),
      eth0({ ips: ['10.0.1.5'] }),
      eni(ID, { addresses: [held('10.0.1.5')], ipamd: believes({ taken: ['10.0.1.5'], unheldBy: ['a/old'] }) }),
    ],
    subjects: [ID],
    severity: 'error',
    says: /has them for a\/old[\s\S]*core\/p1/,
  },
  {
    name: 'addresses for deleted sandboxes, by its metrics',
    records: [node(), pod(), counted(3)],
    subjects: [ID],
    says: /2 addresses for pods that are gone[\s\S]*metrics or checkpoint: 3 assigned/,
  },
  { name: 'its metrics agree', records: [node(), pod(), counted(1)], subjects: [] },
  {
    name: 'guard: by metrics alone, a pod that has not reported its address yet',
    records: [node(), pod(), waitingPod(), counted(2)],
    subjects: [],
  },
  {
    name: 'guard: by metrics alone, a pod whose sandbox is being removed',
    records: [node(), pod(), pod('p2', { deleting: true, ips: ['10.0.1.9'] }), counted(2)],
    subjects: [],
  },
  {
    name: 'an ENI unknown to it',
    records: [node(), eni(ID, { ipamd: believes({ known: false, addresses: 0 }) })],
    subjects: [ID],
    severity: 'warning',
    says: /does not know this ENI/,
  },
  {
    name: 'an ENI unknown to it, and pods hold its addresses',
    records: [
      node(),
      pod(),
      eth0({ ips: ['10.0.1.5'] }),
      eni(ID, {
        addresses: [held('10.0.1.5')],
        ipamd: believes({ known: false, addresses: 0, taken: ['10.0.1.5'] }),
      }),
    ],
    subjects: [ID],
    severity: 'error',
    says: /assigns them again[\s\S]*adds the ENI back with these addresses free/,
  },
  {
    name: 'a prefix of live pods that it has forgotten: the pods must be recreated',
    records: [
      node(),
      pod(),
      eth0({ ips: ['10.0.1.18'] }),
      eni(ID, {
        addresses: [held('10.0.1.18')],
        ipamd: believes({ taken: ['10.0.1.18'], missing: ['10.0.1.16/28'] }),
      }),
    ],
    subjects: [ID],
    severity: 'error',
    says: /forgotten 1 address[\s\S]*core\/p1[\s\S]*Delete these pods/,
  },
  {
    name: 'a prefix that it lacks, without holders',
    records: [node(), eni(ID, { ipamd: believes({ missing: ['10.0.1.16/28'] }) })],
    subjects: [ID],
    severity: 'info',
    says: /lacks 1 entry/,
  },
  {
    name: 'the ENI’s own address in its pool: a restart would not help',
    records: [
      node(),
      eni(ID, {
        addresses: [{ ip: '10.0.0.10', state: 'primary', interface: null }],
        ipamd: believes({ extra: ['10.0.0.10'] }),
      }),
    ],
    subjects: [ID],
    severity: 'error',
    says: /primary address[\s\S]*v1\.22\.4/,
  },
  {
    name: 'guard: attached a minute ago',
    records: [node(), eni(ID, { attachedAt: ago(60), ipamd: believes({ known: false, addresses: 0 }) })],
    subjects: [],
  },
  {
    name: 'an ENI that it forgot and adopted again as empty',
    records: [
      node(),
      pod(),
      eth0({ ips: ['10.0.1.5'] }),
      eni(ID, { addresses: [held('10.0.1.5')], ipamd: believes({ taken: ['10.0.1.5'] }) }),
    ],
    subjects: [ID],
    severity: 'error',
    says: /treats 1 address of live pods as free[\s\S]*core\/p1[\s\S]*A restart of aws-node does not help/,
  },
  {
    name: 'addresses that EC2 removed',
    records: [node(), eni(ID, { ipamd: believes({ extra: ['10.0.1.7'] }) })],
    subjects: [ID],
    severity: 'error',
    says: /is unreachable/,
  },
  {
    name: 'addresses that only EC2 has',
    records: [node(), eni(ID, { ipamd: believes({ missing: ['10.0.1.16/28'] }) })],
    subjects: [ID],
    severity: 'info',
    says: /no pod gets an address from it/,
  },
  { name: 'guard: neither list nor metrics', records: [node(), eni(ID)], subjects: [] },
  {
    name: 'guard: being deleted',
    records: [node(), eni(ID, { attachmentStatus: 'detaching', ipamd: believes({ extra: ['10.0.1.7'] }) })],
    subjects: [],
  },
]);

const strays = [{ id: 'eni-gone', card: 0, addresses: 9, assigned: 2 }];

cases('ipamd-view-differs', [
  {
    name: 'an ENI of ipamd’s list that EC2 does not have',
    records: [node({ strayEnis: strays })],
    subjects: ['node:n1'],
    severity: 'error',
    says: /eni-gone[\s\S]*7 more addresses/,
    commands: /delete pod -l k8s-app=aws-node/,
  },
  {
    name: 'guard: aws-node is starting',
    records: [node({ strayEnis: strays, ipamd: { ready: false, version: null } })],
    subjects: [],
  },
]);

/** A node whose aws-node counts this many addresses, five minutes after its pods started. */
const counting = (assignedAddresses: number): NodeRecord =>
  node({
    metrics: {
      asOf: ago(60),
      eniMax: null,
      eniAllocated: 1,
      ipMax: null,
      totalAddresses: 9,
      assignedAddresses,
      totalPrefixes: 0,
      forceRemovedAddresses: null,
      refusedCalls: null,
      apiErrors: {},
    },
  });
const started = (seconds: number) => [
  pod('p1', { startedAt: ago(seconds) }),
  eth0({ eni: ID, link: { rule: 'secondary-ip', certainty: 'observed', evidence: 'EC2', candidates: [] } }),
  eni(ID),
];
const unlisted = (held: boolean | null) => ({
  id: ID,
  card: 0,
  ranges: ['10.0.1.5/32', '10.0.1.6/32'],
  assigned: [{ ip: '10.0.1.5', pod: 'shop/gone', held }],
});

cases('ipamd-view-differs', [
  {
    name: 'fewer addresses assigned than pods hold, by its metrics',
    records: [counting(0), ...started(600)],
    subjects: ['node:n1'],
    severity: 'error',
    says: /counts 1 address of live pods as free/,
  },
  { name: 'as many assigned as pods hold, by its metrics', records: [counting(1), ...started(600)], subjects: [] },
  {
    name: 'guard: a pod that started after its metrics were read',
    records: [counting(0), ...started(30)],
    subjects: [],
  },
  {
    name: 'without EC2, addresses for deleted pods',
    records: [node({ ipamdEnis: [unlisted(false)] })],
    states: { 'ec2/network-interfaces': 'absent' },
    subjects: ['node:n1'],
    severity: 'warning',
    says: /1 address for pods that are gone[\s\S]*10\.0\.1\.5[\s\S]*shop\/gone/,
  },
  {
    name: 'guard: without EC2, an address of a live pod, or unreadable pods',
    records: [node({ ipamdEnis: [unlisted(true), unlisted(null)] })],
    states: { 'ec2/network-interfaces': 'absent' },
    subjects: [],
  },
]);
