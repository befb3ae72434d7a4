import { describe, expect, it } from 'vitest';
import { limitsOf } from '../limits/instance-types';
import { goBoolean, readSettings } from './settings';
import { isAtLeast } from './version';

const read = (env: Readonly<Record<string, string | null>>, type = 'm5.large') =>
  readSettings({ version: 'v1.23.1', env }, limitsOf(type, undefined));

describe('settings of aws-node', () => {
  it.each(['1', 't', 'T', 'TRUE', 'true', 'True'])('%s is true to Go', (text) =>
    expect(goBoolean(text, false)).toBe(true),
  );
  it.each(['0', 'f', 'F', 'FALSE', 'false', 'False'])('%s is false to Go', (text) =>
    expect(goBoolean(text, true)).toBe(false),
  );
  it.each(['tRue', 'yes', 'on', '', ' true'])('%j is junk to Go', (text) => {
    expect(goBoolean(text, true)).toBe(true);
    expect(goBoolean(text, false)).toBe(false);
  });

  it.each([
    ['unset', {}, { warmEni: 1, warmIp: 0, minimumIp: 0, warmPrefix: 0 }],
    ['zero', { WARM_ENI_TARGET: '0' }, { warmEni: 0 }],
    ['negative', { WARM_ENI_TARGET: '-1', WARM_IP_TARGET: '-3' }, { warmEni: 1, warmIp: 0 }],
    ['junk', { WARM_ENI_TARGET: 'x', MINIMUM_IP_TARGET: '1.5' }, { warmEni: 1, minimumIp: 0 }],
    [
      'set',
      { WARM_IP_TARGET: '5', MINIMUM_IP_TARGET: '10', WARM_PREFIX_TARGET: '2' },
      { warmIp: 5, minimumIp: 10, warmPrefix: 2 },
    ],
  ])('targets: %s', (_what, env, wanted) => expect(read(env)).toMatchObject(wanted));

  it.each([
    ['subnet discovery is on by default', {}, { subnetDiscovery: true }],
    ['subnet discovery off', { ENABLE_SUBNET_DISCOVERY: 'false' }, { subnetDiscovery: false }],
    ['cooldown default', {}, { cooldownSeconds: 30 }],
    ['cooldown 0 is allowed', { IP_COOLDOWN_PERIOD: '0' }, { cooldownSeconds: 0 }],
    ['MAX_ENI below 1 is none', { MAX_ENI: '0' }, { maxEni: null }],
    ['MAX_ENI', { MAX_ENI: '3' }, { maxEni: 3 }],
    [
      'what ipamd does to ENIs, by default',
      {},
      { manageNonSchedulable: false, leakedEniCleanup: true, networkResourceProvisioning: true },
    ],
    [
      'AWS_MANAGE_ENIS_NON_SCHEDULABLE',
      { AWS_MANAGE_ENIS_NON_SCHEDULABLE: 'true' },
      { manageNonSchedulable: true, leakedEniCleanup: true, networkResourceProvisioning: true },
    ],
    [
      'DISABLE_LEAKED_ENI_CLEANUP',
      { DISABLE_LEAKED_ENI_CLEANUP: 'true' },
      { leakedEniCleanup: false, networkResourceProvisioning: true },
    ],
    [
      'no leak cleaner in IPv6 mode',
      { ENABLE_IPv6: 'true' },
      { leakedEniCleanup: false, networkResourceProvisioning: true },
    ],
    [
      'no provisioning, so no leak cleaner',
      { DISABLE_NETWORK_RESOURCE_PROVISIONING: 'true' },
      { leakedEniCleanup: false, networkResourceProvisioning: false, imdsOnly: false },
    ],
    [
      'IMDS-only provisions nothing either',
      { ENABLE_IMDS_ONLY_MODE: 'true' },
      { leakedEniCleanup: false, networkResourceProvisioning: false, imdsOnly: true },
    ],
    ['an unset target is not 0', {}, { warmIpTarget: null, minimumIpTarget: null, warmPrefixTarget: null }],
  ])('%s', (_what, env, wanted) => expect(read(env).config).toMatchObject(wanted));
});

describe('settings of aws-node', () => {
  it.each([
    ['m5.large', { ENABLE_PREFIX_DELEGATION: 'true' }, 'prefix'],
    ['c5.metal', { ENABLE_PREFIX_DELEGATION: 'true' }, 'prefix'],
    ['m4.large', { ENABLE_PREFIX_DELEGATION: 'true' }, 'secondary-ip'],
    ['nobody.knows', { ENABLE_PREFIX_DELEGATION: 'true' }, 'prefix'],
    ['m5.large', { ENABLE_IPv6: 'true', ENABLE_PREFIX_DELEGATION: 'true' }, 'ipv6'],
    ['m5.large', {}, 'secondary-ip'],
  ])('mode on %s with %j is %s: prefixes need nitro or bare metal', (type, env, mode) => {
    expect(read(env, type).config).toMatchObject({ mode, prefixDelegation: 'ENABLE_PREFIX_DELEGATION' in env });
  });

  it.each([
    ['v1.22.0', true],
    ['v1.21.9', false],
    ['1.22.1-eksbuild.1', true],
    ['v2.0.0', true],
    [null, true],
    ['latest', true],
  ])('%s is at least 1.22.0: %s', (version, wanted) => expect(isAtLeast(version, [1, 22, 0])).toBe(wanted));

  const by = (version: string | null, told: string | null, env: Readonly<Record<string, string>>) =>
    readSettings({ version, env }, null, told);
  const MULTI = { ENABLE_MULTI_NIC: 'true' };
  it.each([
    ['v1.19.6-eksbuild.1', null, false],
    ['v1.20.0', null, true],
    [null, null, true],
    ['latest', null, true],
    ['latest', 'v1.19.6', false],
    // What runs is what aws-node says of itself, not what its image is called.
    ['v1.19.6', 'v1.23.1', true],
  ])('ENABLE_MULTI_NIC is known since 1.20.0: image %s, metrics %s', (version, told, multiNic) => {
    expect(by(version, told, MULTI).config.multiNic).toBe(multiNic);
  });

  it.each([
    ['v1.14.1', 30],
    ['v1.15.0', 5],
  ])('IP_COOLDOWN_PERIOD is known since 1.15.0: %s', (version, cooldownSeconds) => {
    expect(by(version, null, { IP_COOLDOWN_PERIOD: '5' }).config.cooldownSeconds).toBe(cooldownSeconds);
  });

  it('the version is that of the image, or of the metrics where the image has none', () => {
    expect(by('v1.20.0', 'v1.21.0', {}).config.version).toBe('v1.20.0');
    expect(by(null, 'v1.21.0', {}).config.version).toBe('v1.21.0');
    expect(by(null, null, {}).config.version).toBeNull();
  });
});
