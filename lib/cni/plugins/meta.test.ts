import { describe, expect, it } from 'vitest';
import { readNetworkConfig, type NetworkConfig } from '../config';

describe('meta plugins', () => {
  const chain = (...plugins: object[]): NetworkConfig =>
    readNetworkConfig(JSON.stringify({ cniVersion: '0.3.1', name: 'n', plugins }), null);

  it.each([
    [{ type: 'tuning', sysctl: {} }, 'then kernel settings', null],
    [{ type: 'tuning', mac: 'x' }, 'then kernel settings', 'error tuning: "mac" is not a MAC address: x'],
    [{ type: 'sbr', table: 7 }, 'then source-based routing in table 7', null],
    [
      { type: 'bandwidth', ingressRate: 5 },
      'then bandwidth limits',
      'error bandwidth: "ingressRate" needs "ingressBurst"',
    ],
    [
      { type: 'bandwidth', egressBurst: 5 },
      'then bandwidth limits',
      'error bandwidth: "egressBurst" needs "egressRate"',
    ],
    [
      { type: 'bandwidth', egressRate: 1, egressBurst: 2 ** 35 },
      'then bandwidth limits',
      'error bandwidth: "egressBurst" cannot be more than 4GB',
    ],
    [
      { type: 'bandwidth', unshapedSubnets: [] },
      'then bandwidth limits',
      'warning bandwidth: key "unshapedSubnets" is not read',
    ],
    [{ type: 'portmap', snat: true }, 'then port mappings', null],
    [{ type: 'portmap', markMasqBit: 32 }, 'then port mappings', 'error portmap: MasqMarkBit must be between 0 and 31'],
    [
      { type: 'portmap', runtimeConfig: { portMappings: [{ hostPort: 80 }] } },
      'then port mappings',
      'error portmap: Invalid container port number: 0',
    ],
    [{ type: 'portmap', backend: 'x' }, 'then port mappings', 'error portmap: unrecognized backend "x"'],
    [
      { type: 'portmap', backend: 'nftables', conditionsV4: ['-d', '10.0.0.1'] },
      'then port mappings',
      'error portmap: backend nftables does not know conditionsV4, which iptables has',
    ],
    [{ type: 'portmap', backend: 'nftables', conditionsV4: ['ip daddr 10.0.0.1'] }, 'then port mappings', null],
    [
      { type: 'tuning', args: { cni: { sysctl: { 'net.core.somaxconn': '5' } } } },
      'then kernel settings',
      'error tuning: "args.cni.sysctl" without a "sysctl", on which the plugin crashes',
    ],
    [
      { type: 'tuning', sysctl: { 'net.core.somaxconn': 500 } },
      'then kernel settings',
      'error tuning: "sysctl.net.core.somaxconn" is a number, a string is wanted',
    ],
    [
      { type: 'route-override', addroutes: [{ dst: 'x' }] },
      'then routes changed',
      'error route-override: "addroutes.dst": invalid CIDR address: x',
    ],
    [
      { type: 'portmap', markMasqBit: 1, externalSetMarkChain: 'x' },
      'then port mappings',
      'error portmap: Cannot specify externalSetMarkChain and markMasqBit',
    ],
    [{ type: 'firewall', ingressPolicy: 'x' }, 'then firewall rules', 'error firewall: unknown ingress policy: "x"'],
    [{ type: 'vrf', vrfname: 'blue' }, 'then VRF blue', null],
    [
      { type: 'vrf' },
      'then VRF (not named)',
      'error vrf: configuration is expected to have a valid vrf name: "vrfname" is missing',
    ],
    [{ type: 'rdma' }, 'then its RDMA device moved into the pod with it', null],
    [{ type: 'route-override', flushroutes: true }, 'then routes removed', null],
    [{ type: 'route-override', addroutes: [] }, 'then routes changed', null],
    [{ type: 'passthru' }, 'then the result passed on', null],
  ])('%j', (meta, says, fault) => {
    const config = chain({ type: 'macvlan', master: 'eth1' }, meta);
    expect(config.mainPlugin).toBe(0);
    expect(config.parent).toEqual({ kind: 'host-device', value: 'eth1' });
    expect(config.description.endsWith(says)).toBe(true);
    expect(config.faults.map(({ severity, text }) => `${severity} ${text}`)).toEqual(fault === null ? [] : [fault]);
  });

  it('are skipped when looking for the plugin that creates the interface', () => {
    const config = chain({ type: 'tuning' }, { type: 'sbr' }, { type: 'macvlan', master: 'eth1' });
    expect(config.mainPlugin).toBe(2);
    expect(config.plugins).toEqual(['tuning', 'sbr', 'macvlan']);
  });

  it('cannot be the only plugin', () => {
    expect(chain({ type: 'tuning' })).toMatchObject({
      mainPlugin: null,
      error: 'no plugin of the chain creates an interface',
    });
  });

  it('an ipvlan behind another plugin uses that plugin’s interface', () => {
    const config = chain({ type: 'tuning' }, { type: 'ipvlan', ipam: { type: 'host-local', subnet: '10.0.0.0/24' } });
    expect(config.parent).toEqual({ kind: 'unknown', value: null });
    expect(config.parentEvidence).toContain('the plugin before it');
  });
});
