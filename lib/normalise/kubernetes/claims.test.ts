import { expect, it } from 'vitest';
import { normalisePod } from './pod';
import { normaliseDeviceClass } from './device-class';
import { normaliseDeviceTaintRule } from './device-taint-rule';
import { normaliseResourceClaim } from './resource-claim';
import { normaliseResourceSlice } from './resource-slice';

const metadata = { namespace: 'ml', name: 'c1', uid: 'u1' };
const allocated = { request: 'nic', driver: 'dra.net', pool: 'n1', device: 'pci-1' };

it.each([
  ['v1', { name: 'nic', exactly: { deviceClassName: 'nics' } }],
  ['v1beta1', { name: 'nic', deviceClassName: 'nics' }],
])('reads a claim of %s, without opaque configuration and data', (_version, request) => {
  const read = normaliseResourceClaim({
    metadata,
    spec: { devices: { requests: [request] } },
    status: {
      allocation: { devices: { results: [allocated], config: [{ opaque: { parameters: { key: 'secret' } } }] } },
      reservedFor: [{ resource: 'pods', name: 'train', uid: 'u2' }],
      devices: [
        {
          ...allocated,
          data: { key: 'secret' },
          networkData: { interfaceName: 'gpu0', ips: ['10.0.9.4/24', 'x'], hardwareAddress: '06:00:00:00:00:0A' },
        },
      ],
    },
  });
  expect(read?.fact).toMatchObject({
    requests: [{ name: 'nic', deviceClass: 'nics' }],
    pods: [{ name: 'train', uid: 'u2' }],
    status: [{ network: { interfaceName: 'gpu0', ips: ['10.0.9.4'], mac: '06:00:00:00:00:0a' } }],
    problems: ['networkData of pci-1 holds something that is no address'],
  });
  expect(JSON.stringify(read)).not.toContain('secret');
});

const attributes = { 'dra.net/ifName': { string: 'eth1' }, mac: { string: '06:00:00:00:00:0a' } };
it.each([
  ['v1', { name: 'pci-1', attributes }],
  ['v1beta1', { name: 'pci-1', basic: { attributes } }],
])('reads a slice of %s, only of its own driver', (_version, device) => {
  const object = { metadata, spec: { driver: 'dra.net', pool: { name: 'n1' }, nodeName: 'n1', devices: [device] } };
  expect(normaliseResourceSlice('dra.net')(object)?.fact.devices).toMatchObject([
    { name: 'pci-1', ifName: 'eth1', mac: '06:00:00:00:00:0a' },
  ]);
  expect(normaliseResourceSlice('gpu.nvidia.com')(object)).toBeNull();
});

const taints = [
  { key: 'dra.net/down', value: 'cable', effect: 'NoSchedule' },
  { key: 'dra.net/old', effect: 'NoExecute' },
  { value: 'without a key' },
];
it.each([
  ['v1', { name: 'pci-1', taints }],
  ['v1beta1', { name: 'pci-1', basic: { taints } }],
])('reads the taints of a device in a slice of %s', (_version, device) => {
  const object = { metadata, spec: { driver: 'dra.net', pool: { name: 'n1' }, nodeName: 'n1', devices: [device] } };
  expect(normaliseResourceSlice('dra.net')(object)?.fact.devices[0]?.taints).toEqual([
    'dra.net/down=cable:NoSchedule',
    'dra.net/old:NoExecute',
  ]);
});

it('distinguishes admin access to a device from the claim that owns it', () => {
  const results = [allocated, { ...allocated, adminAccess: true }];
  const read = normaliseResourceClaim({ metadata, status: { allocation: { devices: { results } } } });
  expect(read?.fact.devices.map(({ adminAccess }) => adminAccess)).toEqual([false, true]);
});

it('reads the drivers of a class', () => {
  const selectors = [{ cel: { expression: 'device.driver == "dra.net" && true' } }];
  expect(normaliseDeviceClass({ metadata, spec: { selectors } })?.fact.drivers).toEqual(['dra.net']);
});

it('finds the claim that status names for a template', () => {
  const spec = { resourceClaims: [{ name: 'nic', resourceClaimTemplateName: 't' }] };
  const status = { resourceClaimStatuses: [{ name: 'nic', resourceClaimName: 'train-nic-x' }] };
  expect(normalisePod({ metadata, spec, status })?.fact.claims).toEqual([
    { name: 'nic', claim: 'train-nic-x', template: 't', containers: [] },
  ]);
});

const TAINT = { key: 'example.com/broken', value: 'yes', effect: 'NoExecute' };
it.each([
  ['one device', { deviceSelector: { driver: 'dra.net', pool: 'n1', device: 'pci-1' } }, ['dra.net', 'n1', 'pci-1']],
  ['the devices of a driver', { deviceSelector: { driver: 'dra.net' } }, ['dra.net', null, null]],
  ['every device by an empty selector', { deviceSelector: {} }, [null, null, null]],
  ['none without a selector', {}, null],
  ['an unknown set, by class (v1alpha3)', { deviceSelector: { deviceClassName: 'nics' } }, null],
  ['an unknown set, by expression (v1alpha3)', { deviceSelector: { selectors: [{ cel: {} }] } }, null],
  ['no device, with a taint without effect', { deviceSelector: {}, taint: { ...TAINT, effect: 'None' } }, null],
])('reads a DeviceTaintRule that selects %s', (_what, spec, selected) => {
  const read = normaliseDeviceTaintRule({ metadata: { name: 'r', uid: 'u' }, spec: { taint: TAINT, ...spec } });
  const { driver, pool, device, taint } = read?.fact ?? {};
  expect(read === null ? null : [driver, pool, device]).toEqual(selected);
  if (read !== null) expect(taint).toBe('example.com/broken=yes:NoExecute');
});

it('reads tolerations from the result of a claim, or only from its request (before 1.35)', () => {
  const result = (request: string) => ({ request, driver: 'dra.net', pool: 'n1', device: request });
  const claim = {
    metadata: { namespace: 'ai', name: 'c1', uid: 'u1' },
    spec: {
      devices: {
        requests: [
          { name: 'a', exactly: { deviceClassName: 'nics', tolerations: [{ operator: 'Exists' }] } },
          { name: 'b', exactly: { deviceClassName: 'nics' } },
          {
            name: 'c',
            firstAvailable: [{ name: 'x', deviceClassName: 'nics', tolerations: [{ operator: 'Exists' }] }],
          },
        ],
      },
    },
    status: {
      allocation: {
        devices: {
          results: [result('a'), result('b'), { ...result('b'), tolerations: [{ operator: 'Exists' }] }, result('c/x')],
        },
      },
    },
  };
  expect(normaliseResourceClaim(claim)?.fact.devices.map(({ tolerates }) => tolerates)).toEqual([
    true,
    false,
    true,
    true,
  ]);
});

it('reads the attributes of the first DRANET', () => {
  const attributes = {
    kind: { string: 'network' },
    name: { string: 'enp0s8' },
    mac: { string: '08:00:27:68:D2:CE' },
    ip: { string: 'fe80::a00:27ff:fe68:d2ce' },
    pci_address_domain: { string: '0000' },
    pci_address_bus: { string: '00' },
    pci_address_device: { string: '08' },
    pci_address_function: { string: '0' },
  };
  const of = (more: object) =>
    normaliseResourceSlice('dra.net')({
      metadata: { name: 's', uid: 'u' },
      spec: {
        driver: 'dra.net',
        nodeName: 'n1',
        pool: { name: 'n1', generation: 1, resourceSliceCount: 1 },
        devices: [{ name: 'enp0s8', basic: { attributes: { ...attributes, ...more } } }],
      },
    })?.fact.devices[0];
  expect(of({})).toMatchObject({
    ifName: 'enp0s8',
    mac: '08:00:27:68:d2:ce',
    ips: ['fe80::a00:27ff:fe68:d2ce'],
    pciAddress: '0000:00:08.0',
  });
  expect(of({ pci_address_function: undefined })).toMatchObject({ pciAddress: null });
  expect(of({ kind: undefined })).toMatchObject({ ifName: null });
});
