/** The pods of a random cluster: where their addresses come from, and what Multus says of their further interfaces. */
import type { ClaimVersion } from './kit/claim';
import type { Cluster } from './kit/cluster';
import { oneOf } from './kit/compare';
import type { Eni, Held } from './kit/eni';
import type { Node } from './kit/node';
import { NETWORKS, STATUS } from './kit/pod';
import type { Random } from './kit/random';
import type { Subnet } from './kit/subnet';
import type { Fields, Json, PodSpec } from './kit/types';

const POD_ENI = 'vpc.amazonaws.com/pod-eni';

export interface Zone {
  readonly name: string;
  readonly nodes: Subnet;
  readonly pods: Subnet;
  readonly lans: readonly Subnet[];
  readonly claims: Subnet;
}

export interface Lan {
  readonly key: string;
  readonly lan: number;
  readonly type: 'ipvlan' | 'host-device' | 'macvlan' | 'vlan';
}

export interface Around {
  readonly zone: Zone;
  readonly at: number;
  readonly lans: readonly Lan[];
  readonly multus: string | undefined;
  readonly custom: boolean;
  readonly podEni: boolean;
  readonly claims: ClaimVersion | null;
  readonly podsPerNode: number;
}

export const roomOn = (node: Node, eni: Eni): number => node.slots - eni.addresses.length - eni.prefixes.length;

/** The next free address of a node in its mode, or now and then of the other; null when there is none. */
export function place(
  node: Node,
  gives: readonly Eni[],
  random: Random,
): { held: Held; eni: Eni; rule: string } | null {
  const prefixMode = node.settings?.mode === 'prefix';
  const leftover = random.chance(0.1);
  for (const eni of random.shuffle(gives)) {
    if (prefixMode !== leftover) {
      if (eni.prefixes.some(({ held }) => held.length < 16))
        return { held: eni.fromPrefix(), eni, rule: 'ipv4-prefix' };
      continue;
    }
    const free = eni.addresses.find(({ holder, hidden }) => holder === null && !hidden);
    if (free !== undefined && random.chance(0.5)) return { held: free, eni, rule: 'secondary-ip' };
    if (roomOn(node, eni) > 0) return { held: eni.add(), eni, rule: 'secondary-ip' };
  }
  return null;
}

export function makePods(
  c: Cluster,
  node: Node,
  gives: readonly Eni[],
  lanEnis: readonly (Eni | null)[],
  trunk: Eni | null,
  random: Random,
  around: Around,
): void {
  let devices = 0;
  for (let n = random.between(0, around.podsPerNode); n > 0; n -= 1) {
    const key = `${random.pick(['default', 'shop', 'telco'])}/app-${String(around.at)}-${String(n)}`;
    const where = random.next();
    if (where < 0.05) {
      c.write(key, node, [], { hostNetwork: true });
      continue;
    }
    if (where < 0.08) {
      c.waiting(key, node);
      continue;
    }
    if (where < 0.16) {
      const held = place(node, gives, random);
      if (held === null) continue;
      // Given back: the address may go to the next pod.
      c.write(key, node, [held.held.ip], { phase: random.pick(['Succeeded', 'Failed']) });
      continue;
    }
    if (trunk !== null && where < 0.3) {
      branchPod(c, key, node, trunk, random);
      continue;
    }
    const placed = place(node, gives, random);
    if (placed === null) continue;
    const extras: Extra[] = [];
    if (around.multus !== undefined && random.chance(0.5)) {
      for (let at = random.between(1, 3); at > 0; at -= 1) {
        const extra = extraOf(random, around, lanEnis, devices);
        if (extra?.type === 'host-device') devices += extra.lan + 1;
        if (extra !== null) extras.push(extra);
      }
    }
    running(c, key, node, placed, extras, random, around);
  }
}

interface Extra {
  readonly network: string;
  readonly type: string;
  readonly lan: number;
  readonly eni: Eni | null;
}

function extraOf(random: Random, around: Around, lanEnis: readonly (Eni | null)[], devices: number): Extra | null {
  if (random.chance(0.3)) return { network: 'telco/local', type: 'bridge', lan: 0, eni: null };
  const { key, lan, type } = random.pick(around.lans);
  const eni = lanEnis[lan] ?? null;
  if (eni === null || (type === 'host-device' && (devices & (lan + 1)) !== 0)) return null;
  return { network: key, type, lan, eni };
}

function running(
  c: Cluster,
  key: string,
  node: Node,
  placed: { held: Held; eni: Eni; rule: string },
  extras: readonly Extra[],
  random: Random,
  around: Around,
): void {
  const eth0 = `if:${key}/eth0`;
  placed.held.holder = eth0;
  placed.held.freedSecondsAgo = null;
  const entries: Json[] = [];
  const requests: { name: string; namespace: string; interface?: string }[] = [];
  for (const [at, extra] of extras.entries()) {
    const asked = random.chance(0.25) ? `lan${String(at)}` : null;
    const as = asked ?? `net${String(at + 1)}`;
    const id = `if:${key}/${as}`;
    const [namespace = '', name = ''] = extra.network.split('/');
    requests.push({ name, namespace, ...(asked === null ? {} : { interface: asked }) });
    const { ip, mac, truth } = extraTruth(id, extra, random, node);
    entries.push({
      name: extra.network,
      interface: as,
      ips: [random.chance(0.1) ? `${ip}/16` : ip],
      ...(mac === null ? {} : { mac: random.chance(0.3) ? mac.toUpperCase() : mac }),
      dns: {},
      ...(random.chance(0.2) ? { gateway: ['<nil>'] } : {}),
    });
    c.interfaces[id] = {
      pod: `pod:${key}`,
      node: node.id,
      network: `net:${extra.network}`,
      state: 'reported',
      ips: [ip],
      mac,
      ...truth,
    };
  }
  const annotations: Record<string, string> = {};
  if (requests.length > 0) {
    const asText = requests
      .map((one) => `${one.namespace}/${one.name}${one.interface === undefined ? '' : `@${one.interface}`}`)
      .join(random.pick([',', ', ', ' ,\n']));
    annotations[NETWORKS] = random.chance(0.5) ? JSON.stringify(requests, null, random.pick([0, 2])) : asText;
  }
  if (around.multus !== undefined) {
    const text = JSON.stringify([...defaultEntries(around.multus, placed.held.ip), ...entries], null, 4);
    const old = around.multus.startsWith('v3');
    if (old) annotations['k8s.v1.cni.cncf.io/networks-status'] = text;
    if (!old || random.chance(0.7)) annotations[STATUS] = text;
  }
  const multiNic = multiNicOf(c, key, node, random, around, annotations);
  c.write(key, node, [placed.held.ip], { annotations: { ...annotations, ...multiNic } });
  c.expectLink(eth0, node, placed);
}

/** An annotated pod has one interface per managed card; ipamd's own list says which address, or nobody does. */
function multiNicOf(
  c: Cluster,
  key: string,
  node: Node,
  random: Random,
  around: Around,
  annotations: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  if (around.multus !== undefined || node.settings?.multiNic !== true || (node.limits?.cards.length ?? 1) < 2)
    return {};
  if (
    Object.keys(annotations).length > 0 ||
    node.spec.enisJson !== 'per-card' ||
    node.settings.mode !== 'secondary-ip' ||
    random.chance(0.5)
  )
    return {};
  const further = node.managedCards
    .filter((card) => card > 0)
    .map((card) => node.handingOut(card).find((eni) => roomOn(node, eni) > 0));
  if (further.includes(undefined)) return {};
  for (const [at, eni] of further.entries()) {
    if (eni === undefined) continue;
    const id = `if:${key}/mNicIf${String(at + 1)}`;
    const held = eni.add();
    held.holder = id;
    c.interfaces[id] = {
      pod: `pod:${key}`,
      node: node.id,
      network: 'cluster',
      ips: [held.ip],
      eni: eni.id,
      card: eni.card,
      state: 'expected',
      link: { rule: 'ipamd', certainty: 'observed' },
    };
  }
  return { 'k8s.amazonaws.com/nicConfig': 'multi-nic-attachment' };
}

function defaultEntries(multus: string, ip: string): Json[] {
  if (multus.startsWith('v3')) return [{ name: 'aws-cni', interface: 'eth0', ips: [ip], default: true, dns: {} }];
  if (multus.startsWith('v4.0'))
    return [{ name: 'aws-cni', interface: 'dummy0123456789a', ips: [ip], mac: '0', default: true, dns: {} }];
  return [
    { name: 'aws-cni', interface: 'eth0', ips: [ip], mac: '254', default: true, dns: {} },
    { name: 'aws-cni', interface: 'dummy0123456789a', mac: '0', dns: {} },
  ];
}

let macs = 0;

function extraTruth(
  id: string,
  extra: Extra,
  random: Random,
  node: Node,
): { ip: string; mac: string | null; truth: Fields } {
  const { eni, type } = extra;
  const nowhere = { eni: null, card: null, link: { rule: 'none' } };
  macs = (macs + 1) % 0xffff;
  const own = `5a:00:00:00:${(macs >> 8).toString(16).padStart(2, '0')}:${(macs & 255).toString(16).padStart(2, '0')}`;
  if (eni === null) return { ip: `192.168.${String(macs >> 8)}.${String(macs & 255)}`, mac: own, truth: nowhere };
  const linked = (rules: readonly string[]): Fields => ({
    eni: eni.id,
    card: 0,
    link: { rule: oneOf(...rules), certainty: 'observed', candidates: [] },
  });
  if (type === 'macvlan') {
    return {
      ip: eni.subnet.take(),
      mac: own,
      truth: { eni: eni.id, card: 0, link: { rule: 'subnet', certainty: 'inferred' } },
    };
  }
  if (type === 'vlan')
    return { ip: `172.30.${String(macs >> 8)}.${String(macs & 255)}`, mac: eni.mac, truth: linked(['mac']) };
  if (roomOn(node, eni) <= 0) return { ip: eni.subnet.take(), mac: eni.mac, truth: linked(['mac']) };
  const held = eni.add();
  held.holder = id;
  return random.chance(0.2)
    ? { ip: held.ip, mac: null, truth: linked(['secondary-ip']) }
    : { ip: held.ip, mac: eni.mac, truth: linked(['mac', 'secondary-ip']) };
}

function branchPod(c: Cluster, key: string, node: Node, trunk: Eni, random: Random): void {
  const vlan = node.enis.filter(({ type }) => type === 'branch').length + 1;
  const branch = node.eni({
    type: 'branch',
    by: 'controller',
    trunk: trunk.id,
    tags: { 'vpcresources.k8s.aws/vlan-id': String(vlan) },
    truth: { trunk: trunk.id, vlan },
  });
  const short = {
    eniId: branch.id,
    ifAddress: branch.mac,
    privateIp: branch.ip,
    vlanId: vlan,
    subnetCidr: branch.subnet.cidr,
  };
  const spec: PodSpec = {
    resources: { [POD_ENI]: '1' },
    annotations: {
      [POD_ENI]: JSON.stringify([
        random.chance(0.5) ? short : { ...short, ipv6Addr: '', subnetV6Cidr: '', associationID: 'trunk-assoc-1' },
      ]),
    },
  };
  const ip = branch.ip ?? '';
  c.write(key, node, [ip], spec);
  c.expect('enis', branch.id, { addresses: [{ ip, state: oneOf('assigned', 'primary') }] });
  c.expectLink(`if:${key}/eth0`, node, {
    held: { ip, holder: null, freedSecondsAgo: null, hidden: false },
    eni: branch,
    rule: 'pod-eni',
  });
}
