/** Rules of ipamd that came with a version (vpc-cni §1.3, §2.1, §3, §9): the same node before and since. */
import { Cluster } from './kit/cluster';

interface Rule {
  readonly name: string;
  readonly before: string;
  readonly since: string;
  readonly env: Readonly<Record<string, string>>;
  readonly type?: string;
  readonly then: Readonly<Record<string, number | boolean>>;
  readonly now: Readonly<Record<string, number | boolean>>;
}

const RULES: readonly Rule[] = [
  {
    name: 'cordoned',
    before: 'v1.12.5',
    since: 'v1.12.6',
    env: { AWS_MANAGE_ENIS_NON_SCHEDULABLE: 'true' },
    then: { manageNonSchedulable: false },
    now: { manageNonSchedulable: true },
  },
  {
    name: 'cleaner',
    before: 'v1.12.6',
    since: 'v1.13.0',
    env: { DISABLE_LEAKED_ENI_CLEANUP: 'true' },
    then: { leakedEniCleanup: true },
    now: { leakedEniCleanup: false },
  },
  {
    name: 'cooldown',
    before: 'v1.14.1',
    since: 'v1.15.0',
    env: { IP_COOLDOWN_PERIOD: '5' },
    then: { cooldownSeconds: 30 },
    now: { cooldownSeconds: 5 },
  },
  {
    name: 'discovery',
    before: 'v1.17.1-eksbuild.1',
    since: 'v1.18.0',
    env: { ENABLE_SUBNET_DISCOVERY: 'true' },
    then: { subnetDiscovery: false },
    now: { subnetDiscovery: true },
  },
];

export function versions(): Cluster {
  const c = new Cluster();
  c.undecided.push('pool-low', 'warm-pool-waste', 'max-pods-too-high');
  const s = c.subnet('10.24.0.0/18');
  for (const { name, before, since, env, then, now } of RULES)
    for (const [when, version, cni] of [
      ['before', before, then],
      ['since', since, now],
    ] as const) {
      const one = c.node(`${name}-${when}`, s, { version, env });
      c.pod(`shop/${name}-${when}`, one, one.primary);
      one.primary.free(8);
      c.expect('nodes', one.id, { cni });
    }
  // A slot is kept for a trunk that a t3 can never have, until v1.20.4.
  for (const [name, version] of [
    ['trunk-before', 'v1.20.3'],
    ['trunk-since', 'v1.20.4'],
  ] as const) {
    const one = c.node(name, s, { type: 't3.medium', version, env: { ENABLE_POD_ENI: 'true' }, maxPods: 110 });
    c.pod(`shop/${name}`, one, one.primary);
    one.primary.free(4);
    // Three ENIs of five: what is in hand, and one or two more.
    c.expect('nodes', one.id, { headroom: { pods: version === 'v1.20.3' ? 9 : 14, limitedBy: 'slots' } });
  }
  // Nine addresses for a node of nine pods: that they are too few for a free ENI counts until v1.16.3.
  for (const [name, version] of [
    ['max-pods-before', 'v1.16.2-eksbuild.1'],
    ['max-pods-since', 'v1.16.3-eksbuild.1'],
  ] as const) {
    const one = c.node(name, s, { version, maxPods: 9 });
    for (const at of [1, 2, 3]) c.pod(`shop/${name}-${String(at)}`, one, one.primary);
    one.primary.free(6);
    c.expect('nodes', one.id, { pools: [{ card: 0, total: 9, available: 6, low: version.startsWith('v1.16.2') }] });
  }
  return c;
}
