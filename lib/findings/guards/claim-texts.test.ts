import { describe, expect, it } from 'vitest';
import { claimOf } from '../../../e2e/testing/claimed';
import { pod } from '../../../e2e/testing/findings';
import { claimTextOf, missingClaimOf } from './claim-texts';

describe('findings about claims', () => {
  it.each([
    ['prepare dynamic resources: DRA driver dra.net is not registered', /knows no driver dra\.net:/],
    ['plugin name dra.net not found in the list of registered DRA plugins', /knows no driver dra\.net:/],
    ['claim ai/c1: device pci-1 has no interface name in local store', /DRANET offers device pci-1/],
    ['fail to get configuration via DHCP for ens6: context deadline exceeded', /no DHCP server answered on ens6\./],
    ['old ResourceClaim with same name c1 and different UID u-2 still exists', /former c1 prepared/],
    ['pod p1 (u-1) is not allowed to use resource claim c1 (u-2)', /status\.reservedFor of c1 does not/],
    ['pod p1 (u-1) is not allowed to use ResourceClaim c1 (u-2)', /status\.reservedFor of c1 does not/],
    [
      'PodResourceClaim nic: resource claim template "nics": resourceclaimtemplate.resource.k8s.io "nics" not found',
      /ResourceClaimTemplate nics, which is not/,
    ],
    ['request nic: device class nics does not exist. preemption: none', /DeviceClass nics, which does not exist/],
    ['could not find v1.ResourceClaim "ai/c1"', /ResourceClaim ai\/c1 does not exist/],
    ['fetch ResourceClaim c1: resourceclaims.resource.k8s.io "c1" not found', /ResourceClaim c1 does not exist/],
    [
      'failed to fetch ResourceClaim c1 referenced by pod p1: the server could not find the requested resource',
      /a version of resource\.k8s\.io that the API server does not serve/,
    ],
    ['0/1 nodes are available: resourceclaim "c1" is being deleted.', /ResourceClaim c1 is being deleted/],
    ['pod "ai/p1": ResourceClaim not created yet', /not been created from the template/],
    ['ResourceClaim ai/c1 was not created for pod ai/p1 (pod is not owner)', /belongs to something else/],
    ['0/1 nodes are available: resourceclaim in use.', /as many pods as it may have/],
    ['0/2 nodes are available: 2 resourceclaim not available on the node.', /allocated already/],
    ['claim ai/c1: selector #0: CEL runtime error: no such key: ifName', /fails on a device: no such key: ifName\./],
    ['0/1 nodes are available: 1 timed out trying to allocate devices.', /within its time limit/],
    ['request nic: has subrequests, but the DRAPrioritizedList feature is disabled', /lists alternatives/],
    [
      'NodePrepareResources: rpc error: code = Unavailable desc = x',
      /did not answer the kubelet in time \(Unavailable\)/,
    ],
    [
      'NodePrepareResources failed for ResourceClaim c1: failed to get netlink to interface dummy0: Link not found',
      /link dummy0, and DRANET finds no such link/,
    ],
    [
      'failed to get network interface name for device dummy0: device dummy0 not found in store',
      /no device dummy0 in its own list/,
    ],
    [
      'error getting net attach def raw config: error getting net attach def for net attach def ai/vf-test: not found',
      /names NetworkAttachmentDefinition ai\/vf-test/,
    ],
    ['error binding device 0000:3b:02.1 to driver: no such device', /another driver of 0000:3b:02\.1/],
    ['device 0000-3b-02-1 not found in allocatable devices', /no device 0000-3b-02-1 on the node any more/],
    [
      'claim 0a1b2c3d-0000-4000-8000-000000000000 contain errors: feature x not supported by interface',
      /asks for: feature x not supported by interface\./,
    ],
    [
      'PodResourceClaim nic: failed to create ResourceClaim: resourceclaims.resource.k8s.io is forbidden: admin access to devices requires the `resource.kubernetes.io/admin-access: true` label on the containing namespace',
      /asks for admin access/,
    ],
    ['NodePrepareResources: rpc error: code = Unknown desc = device pci-1 already allocated', /has given device pci-1/],
    ['NodePrepareResources failed: context deadline exceeded', /in time \(context deadline exceeded\)/],
  ])('%s', (text, why) => {
    expect(claimTextOf(text)?.why).toMatch(why);
  });

  it.each(['1 cannot allocate all claims.', '1 Insufficient cpu.', 'failed to find plugin "x" in path'])(
    'report nothing for “%s”',
    (text) => {
      expect(claimTextOf(text)).toBeNull();
    },
  );
});

describe('a claim that does not exist', () => {
  const of = (state: 'missing' | 'pending' | 'unknown') =>
    missingClaimOf(pod('p1', { claims: [{ ...claimOf(), state }] }));

  it('is named', () => {
    expect(of('missing')?.why).toBe('ResourceClaim c1 does not exist in the pod’s namespace.');
  });

  it.each(['pending', 'unknown'] as const)('is not %s', (state) => {
    expect(of(state)).toBeNull();
  });
});
