/** A random cluster with modes, targets, tags, pods and networks of every kind at once. The truth follows from its blocks. */
import { Cluster } from './kit/cluster';
import type { Eni } from './kit/eni';
import type { Node } from './kit/node';
import { Random } from './kit/random';
import type { Json, NodeSpec } from './kit/types';
import { beliefs } from './random-beliefs';
import { drawVersion, makeClaims } from './random-claims';
import { enisForClaims } from './random-devices';
import { ghosts, randomAgent } from './random-agent';
import { makePods, roomOn, type Around, type Lan, type Zone } from './random-pods';

const NO_MANAGE = 'node.k8s.amazonaws.com/no_manage';
const ZONES = ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'] as const;

export function randomCluster(seed: number, nodeCount: number, podsPerNode: number): Cluster {
  const random = new Random(seed);
  const multus = random.chance(0.6)
    ? random.pick(['v3.9.2', 'v4.0.2-eksbuild.1', 'v4.1.4-eksbuild.3', 'v4.3.0'])
    : undefined;
  const custom = random.chance(0.15);
  const podEni = random.chance(0.3);
  const env = {
    ...targets(random),
    ...(custom
      ? { AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true', ENI_CONFIG_LABEL_DEF: 'topology.kubernetes.io/zone' }
      : {}),
    ENABLE_POD_ENI: String(podEni),
  };
  const c = new Cluster({ env, ...(multus === undefined ? {} : { multus }) });
  const zones = ZONES.map((name, at): Zone => ({
    name,
    nodes: c.subnet(`10.${String(16 * at)}.0.0/16`, name),
    pods: c.subnet(`100.${String(64 + at)}.0.0/16`, name),
    lans: [1, 2].map((lan) => c.subnet(`10.${String(16 * at + lan)}.0.0/16`, name)),
    claims: c.subnet(`10.${String(16 * at + 3)}.0.0/16`, name),
  }));
  if (custom) {
    for (const { name, pods } of zones) {
      c.object({
        apiVersion: 'crd.k8s.amazonaws.com/v1alpha1',
        kind: 'ENIConfig',
        metadata: { name },
        spec: { subnet: pods.id, securityGroups: ['sg-0pods'] },
      });
    }
  }
  const lans: Lan[] =
    multus === undefined
      ? []
      : (['ipvlan', 'host-device', 'macvlan', 'vlan'] as const).flatMap((type) =>
          [0, 1].map((lan) => ({ key: `telco/${type}-${String(lan)}`, lan, type })),
        );
  for (const { key, lan, type } of lans) {
    const master = `eth${String(lan + 1)}`;
    const main: Json =
      type === 'host-device'
        ? { type, device: master, ipam: { type: 'static' } }
        : { type, master, ...(type === 'vlan' ? { vlanId: 7 } : {}), ipam: { type: 'static' } };
    const conf: Json = random.chance(0.5)
      ? { cniVersion: '0.3.1', ...main }
      : { cniVersion: '0.3.1', name: key.slice(6), plugins: [main, { type: 'tuning' }] };
    c.nad(key, conf);
  }
  if (multus !== undefined)
    c.nad('telco/local', {
      cniVersion: '0.3.1',
      type: 'bridge',
      bridge: 'br0',
      ipam: { type: 'host-local', ranges: [[{ subnet: '192.168.0.0/16' }]] },
    });
  const claims = drawVersion(c, random);
  for (let at = 0; at < nodeCount; at += 1)
    makeNode(c, random, { zone: random.pick(zones), at, lans, multus, custom, podEni, claims, podsPerNode });
  foreigners(c, random, zones);
  return c;
}

function targets(random: Random): Record<string, string> {
  return {
    ENABLE_PREFIX_DELEGATION: String(random.chance(0.4)),
    WARM_ENI_TARGET: String(random.between(0, 2)),
    WARM_PREFIX_TARGET: String(random.between(1, 2)),
    ...(random.chance(0.4) ? { WARM_IP_TARGET: String(random.between(1, 20)) } : {}),
    ...(random.chance(0.3) ? { MINIMUM_IP_TARGET: String(random.between(1, 30)) } : {}),
    ...(random.chance(0.2) ? { MAX_ENI: String(random.between(1, 6)) } : {}),
    ...(random.chance(0.2) ? { MANAGE_UNTAGGED_ENI: 'false' } : {}),
    ...(random.chance(0.3) ? { ENABLE_MULTI_NIC: 'true' } : {}),
  };
}

function makeNode(c: Cluster, random: Random, around: Around): void {
  const { zone, at, custom } = around;
  const type = random.pick([
    't3.medium',
    'm5.large',
    'm5.xlarge',
    'm5.xlarge',
    'c5.4xlarge',
    'c5.4xlarge',
    'p4d.24xlarge',
    'c6in.32xlarge',
    'm4.large',
  ]);
  const name = random.chance(0.3)
    ? `i-0name${String(at).padStart(12, '0')}`
    : `ip-10-0-${String(at >> 8)}-${String(at & 255)}.eu-west-1.compute.internal`;
  const own = random.chance(0.2) ? targets(random) : {};
  const spec: NodeSpec = {
    ...randomAgent(random, { ...c.env, ...own }),
    type,
    zone: zone.name,
    os: random.pick(['Amazon Linux 2', 'Amazon Linux 2023.8.20250818', 'Bottlerocket OS 1.44.0 (aws-k8s-1.34)']),
    env: own,
    ...(random.chance(0.3) ? { metrics: false } : {}),
    ...(random.chance(0.1) ? { cordoned: true } : {}),
    ...(random.chance(0.2) ? { maxPods: random.between(5, 250) } : {}),
  };
  const node = c.node(name, zone.nodes, spec);
  const { settings, limits } = node;
  if (settings === null || limits === null) throw new Error('made with both');
  const room = Math.min(limits.cards[0] ?? 1, settings.maxEni > 0 ? settings.maxEni : 99);
  let next = 1;
  const lanEnis: (Eni | null)[] = [null, null];
  if (around.lans.length > 0 && room >= 4) {
    for (const [lan, subnet] of zone.lans.entries()) {
      if (random.chance(0.85))
        lanEnis[lan] = node.eni(
          { dev: next++, tags: { [NO_MANAGE]: 'true' }, description: `Multus ENI ${String(lan)}` },
          subnet,
        );
      else next += 1;
    }
  }
  let trunk: Eni | null = null;
  if (settings.podEni && (limits.branches ?? 0) > 0 && room >= 3 && random.chance(0.7)) {
    trunk = node.eni({ dev: (limits.cards[0] ?? 1) - 1, type: 'trunk', by: 'controller' });
  }
  const gives: Eni[] = custom ? [] : [node.primary];
  const most = room - next - (settings.podEni ? 1 : 0);
  const mine = custom
    ? Math.max(1, random.between(1, Math.max(1, most)))
    : random.between(0, Math.max(0, Math.min(2, most)));
  for (let n = 0; n < mine; n += 1) gives.push(node.eni({ dev: next++, by: 'ipamd' }, custom ? zone.pods : zone.nodes));
  if (next < room && random.chance(0.3)) {
    const tags = random.pick<Readonly<Record<string, string>>>([
      {},
      { [NO_MANAGE]: 'false' },
      { [NO_MANAGE]: 'True' },
      { [NO_MANAGE]: 'true' },
    ]);
    const odd = node.eni({ dev: next++, tags, tagged: random.pick(['none', 'self', 'i-0somebodyelse00']) });
    if (node.decision(odd).state === 'managed') gives.push(odd);
  }
  for (const card of limits.cards.keys()) {
    if (card === 0 || random.chance(0.2)) continue;
    const kind = random.pick(['interface', 'interface', 'efa', 'efa-only']);
    node.eni({ card, type: kind, by: kind === 'efa-only' ? 'other' : 'ipamd' });
    if (random.chance(0.2)) node.eni({ card, dev: 1, type: 'efa-only' });
  }
  if (around.claims !== null) enisForClaims(node, random, zone);
  for (const eni of node.enis) {
    if (eni.card > 0 && node.decision(eni).state === 'managed') gives.push(eni);
  }
  stock(node, gives, random);
  ghosts(node, gives, random);
  const onCard0 = gives.filter((eni) => eni.card === 0);
  makePods(c, node, onCard0, lanEnis, trunk, random, around);
  if (around.claims !== null) makeClaims({ c, node, gives: onCard0, random, version: around.claims, at });
  beliefs(c, node, random);
}

/** Free addresses and prefixes, of the other mode now and then, some just given back. */
function stock(node: Node, gives: readonly Eni[], random: Random): void {
  const prefixMode = node.settings?.mode === 'prefix';
  for (const eni of gives) {
    if (prefixMode) {
      for (let n = random.between(0, 2); n > 0 && roomOn(node, eni) > 0; n -= 1) eni.prefix();
      if (random.chance(0.2)) eni.free(Math.min(2, roomOn(node, eni)));
    } else {
      eni.free(Math.min(random.between(0, 6), roomOn(node, eni)));
      if (random.chance(0.15) && roomOn(node, eni) > 0) eni.prefix();
    }
    if (node.spec.enisJson !== 'per-card') continue;
    for (const held of eni.addresses) if (random.chance(0.2)) held.freedSecondsAgo = random.pick([5, 25, 45, 400]);
  }
}

function foreigners(c: Cluster, random: Random, zones: readonly Zone[]): void {
  for (let n = random.between(0, 4); n > 0; n -= 1) {
    const eni = c.loose(
      { tagged: random.pick(['none', 'self']), by: random.pick(['other', 'ipamd']) },
      random.pick(zones).nodes,
      `i-0foreign${String(n).padStart(8, '0')}`,
    );
    eni.free(random.between(0, 5));
    c.expect('enis', eni.id, { node: null, management: { state: 'outside' } });
  }
  c.noSuchRecords.push(c.loose({ type: 'nat_gateway', tagged: 'none', status: 'in-use' }, random.pick(zones).nodes).id);
}
