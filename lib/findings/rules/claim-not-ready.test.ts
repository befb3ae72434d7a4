import { ago, network, node, request } from '../../../e2e/testing/findings';
import { CLAIMED, claimFace, claimOf, claimPod, device, devicePool, gpu } from '../../../e2e/testing/claimed';
import { cases } from '../../../e2e/testing/finding-cases';

const refused = { ready: false, reason: 'Ready: Failed: no such device' };
const silent = { ready: null, reported: null };
const iface = claimFace({ state: 'requested', ips: [], mac: null });

cases('claim-not-ready', [
  {
    name: 'the driver reports it as not ready',
    records: [node(), claimPod(refused), iface],
    subjects: [CLAIMED],
    severity: 'error',
    says: /Ready: Failed: no such device/,
    commands: /get resourceclaim c1/,
  },
  {
    name: 'the pod waits for it',
    records: [node(), claimPod(refused, { phase: 'Pending', ips: [] }), iface],
    subjects: [CLAIMED],
  },
  {
    name: 'ready, but another condition is not',
    records: [node(), claimPod({ reason: 'NetworkReady: Failed' }), iface],
    subjects: [CLAIMED],
    severity: 'warning',
  },
  {
    name: 'a device that is not an interface: the pod is the subject',
    records: [node(), claimPod({}, { claims: [claimOf(gpu(refused))] })],
    subjects: ['pod:core/p1'],
  },
  {
    name: 'two devices of one claim',
    records: [
      node(),
      claimPod({}, { claims: [claimOf(device(refused), device({ ...refused, interface: 'if:core/p1/gpu1' }))] }),
      iface,
    ],
    subjects: [CLAIMED, 'if:core/p1/gpu1'],
  },
  {
    name: 'the driver reports nothing',
    records: [node(), claimPod(silent), iface],
    subjects: [CLAIMED],
    severity: 'warning',
    says: /neither its condition nor an interface[^]*before 1.33 it drops status.devices/,
  },
  {
    name: 'ready, but no interface reported',
    records: [node(), claimPod({ reported: null }), iface],
    subjects: [CLAIMED],
    severity: 'warning',
    says: /reports no interface/,
  },
  {
    name: 'the driver reports nothing, and the link is still on the node',
    records: [node(), claimPod({ ...silent, hostLink: 'ens6' }), iface],
    subjects: [CLAIMED],
    says: /ens6 is still on the node, so the pod does not have it[^]*lists the link ens6[^]*Delete the pod once/,
  },
  {
    name: 'a link without a PCI device stays on the node',
    records: [node(), claimPod({ ...silent, hostLink: 'vlan7', pciAddress: null }), iface],
    subjects: [CLAIMED],
    says: /Whether the pod has the interface is not known/,
  },
  {
    name: 'guard: admin access provides no interface',
    records: [node(), claimPod({ ...silent, adminAccess: true, interface: null })],
    subjects: [],
  },
  { name: 'set up and reported', records: [node(), claimPod(), claimFace()], subjects: [] },
  {
    name: 'the API server keeps the status of devices',
    records: [node(), claimPod(silent), iface],
    kubernetes: 'v1.33.0',
    subjects: [CLAIMED],
  },
  {
    name: 'guard: an API server that drops the status of devices',
    records: [node(), claimPod(silent), iface],
    kubernetes: 'v1.32.9-eks-1',
    subjects: [],
  },
  {
    name: 'guard: an RDMA device has no interface to report',
    records: [node(), claimPod({ ...silent, kind: 'rdma' }), iface],
    subjects: [],
  },
  {
    name: 'guard: a device of unknown kind that is ready',
    records: [node(), claimPod({ reported: null, kind: 'unknown' }), iface],
    subjects: [],
  },
  {
    name: 'guard: a GPU reports no interface',
    records: [node(), claimPod({}, { claims: [claimOf(gpu({ ready: null }))] })],
    subjects: [],
  },
  {
    name: 'guard: network-status reports it',
    records: [node(), network(), claimPod(silent), claimFace({ network: 'net:core/ipvlan-a' })],
    subjects: [],
  },
  {
    name: 'guard: the SR-IOV driver leaves reporting to Multus',
    records: [
      node(),
      claimPod({ ...silent, driver: 'sriovnetwork.k8snetworkplumbingwg.io' }, { requested: [request()] }),
      iface,
    ],
    subjects: [],
  },
  {
    name: 'the SR-IOV driver without Multus reports nothing',
    records: [node(), claimPod({ ...silent, driver: 'sriovnetwork.k8snetworkplumbingwg.io' }), iface],
    subjects: [CLAIMED],
  },
  {
    name: 'guard: a waiting pod reports nothing yet',
    records: [node(), claimPod(silent, { phase: 'Pending', ips: [] }), iface],
    subjects: [],
  },
  ...(
    [
      ['NoExecute', 'warning', /Kubernetes ends the pods/],
      ['NoSchedule', 'info', /Pods that have it keep it/],
    ] as const
  ).map(([effect, severity, says]) => ({
    name: `a device that is tainted with ${effect} under its pod`,
    records: [
      node({ devicePools: [devicePool({ tainted: [`pci-0000-20-01-0: dra.net/down:${effect}`] })] }),
      claimPod(),
      iface,
    ],
    subjects: [CLAIMED],
    severity,
    says,
  })),
  {
    name: 'guard: the claim tolerates taints, and another device is tainted',
    records: [
      node({
        devicePools: [devicePool({ tainted: ['pci-0000-20-01-0: a:NoExecute', 'pci-0000-30-01-0: a:NoExecute'] })],
      }),
      claimPod({ tolerates: true }),
      iface,
    ],
    subjects: [],
  },
  {
    name: 'guard: exactly the first minute',
    records: [node(), claimPod(refused, { startedAt: ago(60) }), iface],
    subjects: [],
  },
  {
    name: 'after the first minute',
    records: [node(), claimPod(refused, { startedAt: ago(60) }), iface],
    later: 1,
    subjects: [CLAIMED],
  },
  {
    name: 'guard: not scheduled',
    records: [node(), claimPod(refused, { node: null, phase: 'Pending', ips: [] })],
    subjects: [],
  },
]);
