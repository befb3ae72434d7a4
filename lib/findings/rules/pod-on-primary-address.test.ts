import type { InterfaceRecord } from '../../model/records';
import { attachment, eni, eth0, face, network, node, pod } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';
import { hostDevice } from '../../../e2e/testing/finding-examples';

const IP = '10.0.1.4';
const on = (change: Parameters<typeof eni>[1] = {}) =>
  eni('eni-p', { addresses: [{ ip: IP, state: 'primary', interface: null }], ...change });
const addresses = (eniId: string): InterfaceRecord['addresses'] => [{ ip: IP, family: 4, backed: 'eni', eni: eniId }];
const cluster = eth0({ ips: [IP], addresses: addresses('eni-p') });
const extra = face('net1', { ips: [IP], addresses: addresses('eni-p') });

cases('pod-on-primary-address', [
  {
    name: 'the cluster network',
    records: [node(), pod(), on(), cluster],
    subjects: [cluster.id],
    says: /primary address of eni-p/,
  },
  {
    name: 'a network of Multus',
    records: [node(), pod(), network(), attachment(), on(), extra],
    subjects: [extra.id],
    says: /Exclude the address/,
  },
  {
    name: 'a Multus network on an ENI excluded from ipamd, whose link on the node needs no address',
    records: [
      node(),
      pod(),
      network(),
      attachment(),
      on({
        role: 'secondary',
        management: { state: 'unmanaged', rule: 'no-manage-tag', certainty: 'observed', observed: null },
      }),
      extra,
    ],
    subjects: [extra.id],
    severity: 'info',
    says: /as long as the node’s own link on that ENI has no address/,
  },
  {
    name: 'a secondary address',
    records: [node(), pod(), on({ addresses: [{ ip: IP, state: 'assigned', interface: cluster.id }] }), cluster],
    subjects: [],
  },
  { name: 'guard: a branch ENI', records: [node(), pod(), on({ role: 'branch' }), cluster], subjects: [] },
  {
    name: 'guard: on the host network',
    records: [node(), pod('p1', { hostNetwork: true }), on(), cluster],
    subjects: [],
  },
  {
    name: 'guard: the pod has finished',
    records: [node(), pod('p1', { phase: 'Succeeded' }), on(), cluster],
    subjects: [],
  },
  {
    name: 'guard: another IPAM may use such addresses',
    records: [node({ cni: null, ipamd: null }), pod(), on(), cluster],
    subjects: [],
  },
  {
    name: 'guard: a device that moves into the pod as a whole',
    records: [node(), pod(), network('ipvlan-a', { semantics: hostDevice.semantics }), on(), extra],
    subjects: [],
  },
]);
