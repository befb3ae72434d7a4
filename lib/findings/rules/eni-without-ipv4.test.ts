import { cni, eni, foreignEni, node } from '../../../e2e/testing/findings';
import { cases } from '../../../e2e/testing/finding-cases';

const V6 = [{ ip: '2001:db8::9', state: 'primary' as const, interface: null }];
const at = (version: string, ready = false) => node({ ready, ipamd: { ready, version }, cni: cni({ version }) });
const bare = foreignEni({ addresses: V6, tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } });

cases('eni-without-ipv4', [
  {
    name: 'it prevents ipamd from starting',
    records: [at('v1.22.4'), eni(), bare],
    subjects: [bare.id],
    severity: 'error',
  },
  {
    name: 'ipamd runs: it will not start again',
    records: [at('v1.19.0', true), eni(), bare],
    subjects: [bare.id],
    severity: 'warning',
    says: /next start/,
  },
  { name: 'fixed in v1.23.1', records: [at('v1.23.1'), eni(), bare], subjects: [] },
  {
    name: 'guard: the version is unknown',
    records: [node({ ipamd: { ready: false, version: null } }), bare],
    subjects: [],
  },
  {
    name: 'guard: IPv6 mode',
    records: [
      node({ ipamd: { ready: false, version: 'v1.19.0' }, cni: cni({ version: 'v1.19.0', mode: 'ipv6' }) }),
      bare,
    ],
    subjects: [],
  },
  {
    name: 'guard: it has an IPv4 address, too',
    records: [
      at('v1.19.0'),
      foreignEni({ addresses: [...V6, { ip: '10.0.2.4', state: 'primary' as const, interface: null }] }),
    ],
    subjects: [],
  },
  { name: 'guard: EFA-only', records: [at('v1.19.0'), foreignEni({ role: 'efa-only', addresses: V6 })], subjects: [] },
  {
    name: 'EFA-only interfaces, before v1.18.5: one finding for all',
    records: [
      at('v1.18.3'),
      foreignEni({ id: 'eni-e1', card: 1, role: 'efa-only', addresses: [] }),
      foreignEni({ id: 'eni-e2', card: 2, role: 'efa-only', addresses: [] }),
    ],
    subjects: ['eni-e1'],
    severity: 'error',
    says: /2 EFA-only interfaces[^]*v1\.18\.5 or later/,
  },
  {
    name: 'guard: EFA-only, since v1.18.5',
    records: [at('v1.18.5'), foreignEni({ role: 'efa-only', addresses: [] })],
    subjects: [],
  },
  {
    name: 'the primary ENI, in IPv6 mode and a version with the fix for others',
    records: [
      node({ ipamd: { ready: false, version: 'v1.23.1' }, cni: cni({ version: 'v1.23.1', mode: 'ipv6' }) }),
      eni('eni-a', { addresses: V6 }),
    ],
    subjects: ['eni-a'],
    severity: 'error',
    says: /the primary ENI of n1, has no IPv4 address[^]*subnets of IPv6 alone/,
    commands: null,
  },
  {
    name: 'guard: the primary ENI, and ipamd runs',
    records: [
      node({ ipamd: { ready: true, version: 'v1.30.0' }, cni: cni({ version: 'v1.30.0', mode: 'ipv6' }) }),
      eni('eni-a', { addresses: V6 }),
    ],
    subjects: [],
  },
  {
    name: 'guard: no addresses are known at all',
    records: [at('v1.19.0'), foreignEni({ addresses: [] })],
    subjects: [],
  },
]);
