import { cni, foreignEni, node } from '../../../e2e/testing/findings';
import { CLAIMED, claimedEni, devicePool, MANAGED } from '../../../e2e/testing/claimed';
import { cases } from '../../../e2e/testing/finding-cases';

const host = (change: Parameters<typeof node>[0] = {}) => node({ devicePools: [devicePool()], ...change });
const offered = (change: Parameters<typeof foreignEni>[0] = {}) =>
  foreignEni({ offeredBy: ['dra.net/pci-0000-00-06-0'], management: MANAGED, tags: {}, creator: 'ipamd', ...change });

cases('managed-eni-claimable', [
  {
    name: 'DRANET offers an ENI of the pool',
    records: [host(), offered()],
    subjects: ['node:n1'],
    says: /--filter of DRANET/,
    commands: /get resourceslices/,
  },
  {
    name: 'an ENI created by another party may get the tag',
    records: [host(), offered({ creator: 'other' })],
    subjects: ['node:n1'],
    says: /meant for claims needs the tag/,
  },
  {
    name: 'ipamd reads no tags: no tag is advised',
    records: [host({ cni: cni({ imdsOnly: true }) }), offered({ creator: 'other' })],
    subjects: ['node:n1'],
    says: /selectors of the DeviceClasses\.$/m,
  },
  {
    name: 'another driver',
    records: [
      host({ devicePools: [devicePool({ driver: 'networkdriver.cilium.io' })] }),
      offered({ offeredBy: ['networkdriver.cilium.io/eth1'] }),
    ],
    subjects: ['node:n1'],
    says: /in the configuration of the driver/,
  },
  {
    name: 'two ENIs, one finding',
    records: [host(), offered(), offered({ id: 'eni-0000000000000000e' })],
    subjects: ['node:n1'],
    says: /2 ENIs/,
  },
  { name: 'an unmanaged one is offered', records: [host(), foreignEni({ offeredBy: ['dra.net/x'] })], subjects: [] },
  { name: 'a managed one is not offered', records: [host(), offered({ offeredBy: [] })], subjects: [] },
  {
    name: 'guard: a pod already uses it',
    records: [host(), claimedEni({ management: MANAGED, claimedBy: [CLAIMED] })],
    subjects: [],
  },
  { name: 'guard: no ipamd on the node', records: [host({ ipamd: null, cni: null }), offered()], subjects: [] },
]);
