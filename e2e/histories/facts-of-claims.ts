/** Random facts of resource.k8s.io: claims, slices and classes that refer to each other, to pods, nodes and ENIs. */
import fc from 'fast-check';
import type { FactByKind } from '../../lib/model/facts';
import { SLICE_DRIVERS } from '../../lib/normalise/kubernetes/resource-slice';
import { clusterScoped, IPS, MACS, mostly, namespace, NODES, node, object, oneOf, PODS, someOf } from './names';

type Any<K extends keyof FactByKind> = fc.Arbitrary<FactByKind[K]>;

export const CLAIMS = ['c1', 'c2'] as const;
const CLASSES = ['nics', 'efa'] as const;
const DEVICES = ['pci-1', 'pci-2', 'gpu-1'] as const;

const driver = mostly('dra.net', ...SLICE_DRIVERS, 'other.example');
/** Most drivers name the pool after the node; Cilium's is the user's, and may be on several nodes. */
const pool = oneOf(...NODES, 'n1', 'fast');
const pci = oneOf(null, '0000:00:06.0', '0000:00:06.1');

const status = fc.record({
  ready: oneOf('True', 'True', 'False', 'Unknown'),
  reason: oneOf(null, 'RDMAOnlyDeviceReady'),
  network: fc.option(
    fc.record({
      interfaceName: oneOf('net1', 'net9', 'gpu0', null),
      ips: someOf(1, ...IPS),
      mac: oneOf(null, ...MACS),
    }),
    { nil: null },
  ),
});

const allocated = fc.record({
  device: fc.record({
    request: oneOf('nic', 'nic/fast'),
    driver,
    pool,
    device: oneOf(...DEVICES),
    shareId: mostly<string | null>(null, 's1'),
    adminAccess: mostly(false, true),
    tolerates: mostly(false, true),
  }),
  status: fc.option(status, { nil: null }),
});

export const resourceClaims: Any<'resourceClaim'> = fc
  .record({
    meta: object(oneOf(...CLAIMS), namespace),
    deviceClass: oneOf(...CLASSES),
    node: oneOf<string | null>(...NODES, null),
    devices: fc.array(allocated, { maxLength: 2 }),
    pods: someOf(2, ...PODS),
  })
  .map(({ meta, deviceClass, devices, pods, ...more }) => ({
    ...meta,
    ...more,
    requests: [{ name: 'nic', deviceClass }],
    allocated: devices.length > 0,
    allocatedAt: null,
    devices: devices.map(({ device }) => device),
    pods: pods.map((name) => ({ name, uid: 'u1' })),
    status: devices.flatMap(({ device, status: of }) =>
      of === null
        ? []
        : [
            {
              driver: device.driver,
              pool: device.pool,
              device: device.device,
              shareId: device.shareId,
              conditions: [{ type: 'Ready', status: of.ready, reason: of.reason, message: null }],
              network: of.network,
            },
          ],
    ),
    problems: [],
  }));

const device = fc
  .record({
    name: oneOf(...DEVICES),
    ifName: oneOf('eth1', 'eth9', null),
    mac: oneOf(null, ...MACS),
    pciAddress: pci,
    pcieRoot: oneOf('pci0000:00', null),
    product: oneOf(null, 'Elastic Fabric Adapter (EFA)'),
    encapsulation: oneOf(null, 'ether', 'infiniband'),
    virtual: mostly(false, true),
    pfName: mostly<string | null>(null, 'eth9'),
    resourceName: oneOf(null, 'intel.com/sriov'),
    taints: mostly<readonly string[]>([], ['dra.net/down:NoSchedule']),
  })
  .map((of) => ({
    ...of,
    ips: [],
    up: true,
    mtu: null,
    numaNode: null,
    rdma: null,
    rdmaDevice: null,
    pfPciAddress: null,
  }));

export const resourceSlices: Any<'resourceSlice'> = fc
  .record({
    meta: object(oneOf('s1', 's2', 's3'), clusterScoped),
    driver: mostly('dra.net', ...SLICE_DRIVERS),
    pool,
    generation: oneOf(1, 1, 2),
    sliceCount: oneOf(1, 1, 2),
    node: fc.option(node, { nil: null, freq: 6 }),
    devices: fc.uniqueArray(device, { maxLength: 2, selector: ({ name }) => name }),
  })
  .map(({ meta, ...more }) => ({ ...meta, ...more }));

export const deviceTaintRules: Any<'deviceTaintRule'> = fc
  .record({
    meta: object(oneOf('r1', 'r2'), clusterScoped),
    driver: fc.option(mostly('dra.net', ...SLICE_DRIVERS)),
    pool: fc.option(pool),
    device: oneOf(null, ...DEVICES),
    taint: oneOf('example.com/broken:NoSchedule', 'example.com/broken=yes:NoExecute'),
  })
  .map(({ meta, ...more }) => ({ ...meta, ...more }));

export const deviceClasses: Any<'deviceClass'> = fc
  .record({
    meta: object(oneOf(...CLASSES), clusterScoped),
    drivers: oneOf<readonly string[]>([], ['dra.net']),
    extendedResource: oneOf(null, 'example.com/nic'),
  })
  .map(({ meta, ...more }) => ({ ...meta, ...more }));
