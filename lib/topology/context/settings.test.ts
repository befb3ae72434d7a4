import { describe, expect, it } from 'vitest';
import { INIT_EARLY_DEMUX } from '../../model/cni-variables';
import { limitsOf } from '../limits/instance-types';
import { goBoolean, readSettings } from './settings';

const read = (env: Readonly<Record<string, string | null>>, type = 'm5.large') =>
  readSettings({ version: 'v1.23.1', env }, limitsOf(type, undefined));

describe('settings of aws-node', () => {
  it.each(['1', 't', 'T', 'TRUE', 'true', 'True'])('%s is parsed as true, as in Go', (text) =>
    expect(goBoolean(text, false)).toBe(true),
  );
  it.each(['0', 'f', 'F', 'FALSE', 'false', 'False'])('%s is parsed as false, as in Go', (text) =>
    expect(goBoolean(text, true)).toBe(false),
  );
  it.each(['tRue', 'yes', 'on', '', ' true'])('%j is invalid, as in Go', (text) => {
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
    ['MAX_ENI below 1 is ignored', { MAX_ENI: '0' }, { maxEni: null }],
    ['MAX_ENI', { MAX_ENI: '3' }, { maxEni: 3 }],
    [
      'ipamd’s changes to ENIs, by default',
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
    ['pods with branch ENIs: strict by default', {}, { strictPodEni: true, earlyDemuxOff: null }],
    ['pods with branch ENIs: standard', { POD_SECURITY_GROUP_ENFORCING_MODE: 'standard' }, { strictPodEni: false }],
    [
      'early demux is off if the init container does not set it',
      { [INIT_EARLY_DEMUX]: 'false' },
      { earlyDemuxOff: false },
    ],
    ['early demux off', { [INIT_EARLY_DEMUX]: 'true' }, { earlyDemuxOff: true }],
    ['early demux by reference', { [INIT_EARLY_DEMUX]: null }, { earlyDemuxOff: null }],
    [
      'early demux on the wrong container',
      { DISABLE_TCP_EARLY_DEMUX: 'true' },
      { earlyDemuxOff: null, ignored: [{ name: 'DISABLE_TCP_EARLY_DEMUX', value: 'true' }] },
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
  ])('the mode on %s with %j is %s: prefixes require Nitro or bare metal', (type, env, mode) => {
    expect(read(env, type).config).toMatchObject({ mode, prefixDelegation: 'ENABLE_PREFIX_DELEGATION' in env });
  });

  const by = (version: string | null, told: string | null, env: Readonly<Record<string, string>>) =>
    readSettings({ version, env }, null, told);
  const MULTI = { ENABLE_MULTI_NIC: 'true' };
  it.each([
    ['v1.19.6-eksbuild.1', null, false],
    ['v1.20.0', null, true],
    [null, null, true],
    ['latest', null, true],
    ['latest', 'v1.19.6', false],
    // The version in aws-node's metrics takes precedence over its image tag.
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

  it('takes the version from the image, or from the metrics if the image has none', () => {
    expect(by('v1.20.0', 'v1.21.0', {}).config.version).toBe('v1.20.0');
    expect(by(null, 'v1.21.0', {}).config.version).toBe('v1.21.0');
    expect(by(null, null, {}).config.version).toBeNull();
  });

  it.each<[string, string, string, string, keyof ReturnType<typeof by>['config'], [unknown, unknown]]>([
    ['AWS_MANAGE_ENIS_NON_SCHEDULABLE', 'true', 'v1.12.5', 'v1.12.6', 'manageNonSchedulable', [false, true]],
    ['DISABLE_LEAKED_ENI_CLEANUP', 'true', 'v1.12.6', 'v1.13.0', 'leakedEniCleanup', [true, false]],
    ['ENABLE_SUBNET_DISCOVERY', 'true', 'v1.17.1', 'v1.18.0', 'subnetDiscovery', [false, true]],
    ['IP_COOLDOWN_PERIOD', '5', 'v1.14.1', 'v1.15.0', 'cooldownSeconds', [30, 5]],
    ['ENABLE_IMDS_ONLY_MODE', 'true', 'v1.19.5', 'v1.19.6', 'imdsOnly', [false, true]],
    ['ENABLE_MULTI_NIC', 'true', 'v1.19.6', 'v1.20.0', 'multiNic', [false, true]],
  ])('%s=%s is supported since %s', (name, value, before, first, field, [then, now]) => {
    const old = by(before, null, { [name]: value }).config;
    const recent = by(first, null, { [name]: value }).config;
    expect([old[field], recent[field]]).toEqual([then, now]);
    expect(old.ignored).toEqual([
      { name, value, reason: `${first} is the first version that knows it, and ${before} runs` },
    ]);
    expect(recent.ignored).toEqual([]);
  });
});

describe('settings with which aws-node does not start', () => {
  const why = (env: Readonly<Record<string, string | null>>, type = 'm5.large', version = 'v1.23.1') =>
    readSettings({ version, env }, limitsOf(type, undefined)).config.refused;
  const V6 = { ENABLE_IPv6: 'true', ENABLE_IPv4: 'false', ENABLE_PREFIX_DELEGATION: 'true' };
  it.each<[string, () => readonly string[], RegExp | null]>([
    ['both families', () => why({ ...V6, ENABLE_IPv4: 'true' }), /both true/],
    ['neither family', () => why({ ENABLE_IPv4: 'false', ENABLE_IPv6: 'false' }), /both false/],
    ['IPv4 unset, as in an older manifest', () => why({ WARM_ENI_TARGET: '1' }), null],
    ['valid IPv6', () => why(V6), null],
    [
      'IPv6 under custom networking',
      () => why({ ...V6, AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true' }),
      /CUSTOM_NETWORK_CFG/,
    ],
    [
      'IPv6 without prefixes',
      () => why({ ...V6, ENABLE_PREFIX_DELEGATION: 'false' }),
      /ENABLE_PREFIX_DELEGATION is off/,
    ],
    ['IPv6 on a type without prefixes', () => why(V6, 'm4.large'), /m4\.large has no prefixes/],
    [
      'IPv6 with trunks, before v1.16.0',
      () => why({ ...V6, ENABLE_POD_ENI: 'true' }, 'm5.large', 'v1.15.5'),
      /ENABLE_POD_ENI/,
    ],
    ['IPv6 with trunks, since v1.16.0', () => why({ ...V6, ENABLE_POD_ENI: 'true' }, 'm5.large', 'v1.16.0'), null],
    [
      'prefix mode without any target',
      () => why({ ENABLE_PREFIX_DELEGATION: 'true', WARM_PREFIX_TARGET: '0' }),
      /all 0 or not set/,
    ],
    ['prefix mode with an address target', () => why({ ENABLE_PREFIX_DELEGATION: 'true', WARM_IP_TARGET: '1' }), null],
    ['prefix mode with an unknown target', () => why({ ENABLE_PREFIX_DELEGATION: 'true', WARM_IP_TARGET: null }), null],
    ['a reserved prefix for interface names', () => why({ AWS_VPC_K8S_CNI_VETHPREFIX: 'vlan' }), /VETHPREFIX=vlan/],
    ['too long a prefix for interface names', () => why({ AWS_VPC_K8S_CNI_VETHPREFIX: 'enipod' }), /longer than 4/],
    [
      'an unknown enforcing mode',
      () => why({ ENABLE_POD_ENI: 'true', POD_SECURITY_GROUP_ENFORCING_MODE: 'loose' }),
      /neither strict nor standard/,
    ],
    ['an enforcing mode without effect', () => why({ POD_SECURITY_GROUP_ENFORCING_MODE: 'loose' }), null],
    ['a cooldown below 0', () => why({ IP_COOLDOWN_PERIOD: '-5' }), /IP_COOLDOWN_PERIOD=-5/],
    ['a cooldown of 0', () => why({ IP_COOLDOWN_PERIOD: '0' }), null],
    ['a non-numeric cooldown', () => why({ IP_COOLDOWN_PERIOD: '30s' }), /IP_COOLDOWN_PERIOD=30s/],
  ])('%s', (_name, reasons, expected) => {
    const found = reasons();
    if (expected === null) expect(found).toEqual([]);
    else expect(found.join('; ')).toMatch(expected);
  });
});

describe('variables without effect', () => {
  const names = (env: Readonly<Record<string, string | null>>, type = 'm5.large') =>
    read(env, type).config.ignored.map(({ name, reason }) => `${name}: ${reason}`);
  it.each<[string, Readonly<Record<string, string | null>>, string | undefined, string[]]>([
    ['only targets in effect', { WARM_IP_TARGET: '1', MINIMUM_IP_TARGET: '5' }, undefined, []],
    [
      'WARM_ENI_TARGET beside an address target',
      { WARM_ENI_TARGET: '2', MINIMUM_IP_TARGET: '5' },
      undefined,
      ['WARM_ENI_TARGET: MINIMUM_IP_TARGET is set'],
    ],
    [
      'WARM_PREFIX_TARGET beside both address targets',
      { ENABLE_PREFIX_DELEGATION: 'true', WARM_PREFIX_TARGET: '1', MINIMUM_IP_TARGET: '5', WARM_IP_TARGET: '2' },
      undefined,
      ['WARM_PREFIX_TARGET: WARM_IP_TARGET and MINIMUM_IP_TARGET are set'],
    ],
    [
      'a boolean that Go cannot read',
      { ENABLE_PREFIX_DELEGATION: 'yes', ENABLE_POD_ENI: '1', ENABLE_MULTI_NIC: 'f', MANAGE_UNTAGGED_ENI: '' },
      undefined,
      [
        'ENABLE_PREFIX_DELEGATION: it is neither true nor false to Go, so the default counts',
        'MANAGE_UNTAGGED_ENI: it is empty',
      ],
    ],
    [
      'an address target of 0 counts as unset',
      { ENABLE_PREFIX_DELEGATION: 'true', WARM_PREFIX_TARGET: '1', WARM_IP_TARGET: '0' },
      undefined,
      ['WARM_IP_TARGET: 0 counts as not set'],
    ],
    [
      'WARM_ENI_TARGET in prefix mode',
      { ENABLE_PREFIX_DELEGATION: 'true', WARM_ENI_TARGET: '1' },
      undefined,
      ['WARM_ENI_TARGET: it does not count in prefix mode'],
    ],
    [
      'WARM_PREFIX_TARGET outside prefix mode',
      { WARM_PREFIX_TARGET: '1' },
      undefined,
      ['WARM_PREFIX_TARGET: it counts in prefix mode only'],
    ],
    [
      'targets in IPv6 mode',
      { ENABLE_IPv6: 'true', WARM_IP_TARGET: '3' },
      undefined,
      ['WARM_IP_TARGET: in IPv6 mode an ENI has one /80 prefix, and there is no warm pool'],
    ],
    ['junk', { WARM_IP_TARGET: '5Gi' }, undefined, ['WARM_IP_TARGET: it is not a whole number, so the default counts']],
    ['nothing', { WARM_IP_TARGET: '' }, undefined, ['WARM_IP_TARGET: it is empty']],
    ['an unknown value', { WARM_IP_TARGET: null, WARM_ENI_TARGET: '1' }, undefined, []],
    ['MAX_ENI above the type', { MAX_ENI: '8' }, undefined, ['MAX_ENI: m5.large takes 3 ENIs on a card']],
    [
      'MAX_ENI of 0',
      { MAX_ENI: '0' },
      undefined,
      ['MAX_ENI: it is not a number above 0, so the limit of the type counts'],
    ],
    [
      'prefixes on Xen',
      { ENABLE_PREFIX_DELEGATION: 'true' },
      'm4.large',
      ['ENABLE_PREFIX_DELEGATION: prefixes need a Nitro or a bare-metal instance'],
    ],
    [
      'multi-NIC on one card',
      { ENABLE_MULTI_NIC: 'true' },
      undefined,
      ['ENABLE_MULTI_NIC: m5.large has one network card'],
    ],
    ['multi-NIC on several', { ENABLE_MULTI_NIC: 'true' }, 'hpc7a.96xlarge', []],
    [
      'branch ENIs on a t3',
      { ENABLE_POD_ENI: 'true' },
      't3.medium',
      ['ENABLE_POD_ENI: t3.medium cannot have a trunk ENI'],
    ],
    [
      'tags in IMDS-only mode',
      { ENABLE_IMDS_ONLY_MODE: 'true', MANAGE_UNTAGGED_ENI: 'false' },
      undefined,
      ['MANAGE_UNTAGGED_ENI: ENABLE_IMDS_ONLY_MODE is on, and then ipamd sees no tags'],
    ],
    [
      'subnet discovery under custom networking',
      { ENABLE_SUBNET_DISCOVERY: 'true', AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true' },
      undefined,
      ['ENABLE_SUBNET_DISCOVERY: under custom networking the ENIConfig names the subnet'],
    ],
  ])('%s', (_, env, type, wanted) => expect(names(env, type)).toEqual(wanted));
});
