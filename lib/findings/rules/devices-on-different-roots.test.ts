import { node, pod } from '../../../e2e/testing/findings';
import { claimFace, claimOf, device, devicePool, gpu } from '../../../e2e/testing/claimed';
import { cases } from '../../../e2e/testing/finding-cases';

const host = node({ devicePools: [devicePool()] });
const withDevices = (...devices: readonly ReturnType<typeof device>[]) => pod('p1', { claims: [claimOf(...devices)] });
const [near, far] = [{ pcieRoot: 'pci0000:20' }, { pcieRoot: 'pci0000:30' }];

cases('devices-on-different-roots', [
  {
    name: 'one GPU and one NIC, apart',
    records: [host, withDevices(gpu(near), device(far)), claimFace()],
    subjects: ['pod:core/p1'],
    says: /pci0000:30[^]*pci0000:20/,
  },
  {
    name: 'in separate claims',
    records: [host, pod('p1', { claims: [claimOf(gpu(near)), { ...claimOf(device(far)), name: 'b', claim: 'c2' }] })],
    subjects: ['pod:core/p1'],
  },
  {
    name: 'one NIC of two is apart',
    records: [
      host,
      withDevices(gpu(near), device(near), device({ ...far, interface: 'if:core/p1/gpu1' })),
      claimFace(),
    ],
    subjects: ['pod:core/p1'],
    says: /^(?![^]*pci-0000-20-01-0 of dra\.net on pci0000:20,)/,
  },
  { name: 'together', records: [host, withDevices(gpu(near), device(near))], subjects: [] },
  {
    name: 'a NIC at one of two GPUs',
    records: [host, withDevices(gpu(near), gpu({ ...far, device: 'gpu-1' }), device(far))],
    subjects: [],
  },
  { name: 'a NIC alone', records: [host, withDevices(device(far))], subjects: [] },
  {
    name: 'guard: the root of a GPU is not known',
    records: [host, withDevices(gpu({ pcieRoot: null }), device(far))],
    subjects: [],
  },
  {
    name: 'guard: the root of the NIC is not known',
    records: [host, withDevices(gpu(near), device({ pcieRoot: null }))],
    subjects: [],
  },
  {
    name: 'guard: the driver has no device on a root of the GPU',
    records: [node({ devicePools: [devicePool({ pcieRoots: ['pci0000:30'] })] }), withDevices(gpu(near), device(far))],
    subjects: [],
  },
]);
