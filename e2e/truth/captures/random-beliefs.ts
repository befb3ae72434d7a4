/**
 * What ipamd's list of a random node says otherwise than EC2 and the pods (vpc-cni §4.2): ENIs that it never took in or that are gone,
 * addresses and prefixes that only one of the two has, and pods that it has forgotten.
 */
import type { Cluster } from './kit/cluster';
import type { Eni, Held, Prefix } from './kit/eni';
import type { Node } from './kit/node';
import type { Random } from './kit/random';
import { roomOn } from './random-pods';

const heldOn = (eni: Eni): readonly Held[] => [...eni.addresses, ...eni.prefixes.flatMap(({ held }) => held)];

/** Further interfaces of multi-NIC pods are known from this list alone. */
const isRecorded = ({ holder }: Held): boolean => holder === null || holder.endsWith('/eth0');

export function beliefs(c: Cluster, node: Node, random: Random): void {
  const { enisJson = 'none' } = node.spec;
  if (enisJson === 'none' || node.settings === null || node.settings.mode === 'ipv6') return;
  for (const eni of node.inDatastore()) {
    if (eni.type === 'trunk' || (enisJson === 'old' && eni.card > 0) || !heldOn(eni).every(isRecorded)) continue;
    if (eni !== node.primary && !heldOn(eni).some(({ hidden }) => hidden) && random.chance(0.12)) {
      eni.unknown = true;
      continue;
    }
    for (const held of heldOn(eni)) if (held.holder !== null && random.chance(0.05)) held.forgotten = true;
    if (random.chance(0.2)) differs(c, node, eni, random);
  }
  if (random.chance(0.12)) stray(c, node, random);
}

/** Addresses of which one side has not heard. */
function differs(c: Cluster, node: Node, eni: Eni, random: Random): void {
  const singles = eni.addresses.filter(({ forgotten }) => forgotten !== true);
  for (const held of singles) {
    if (!random.chance(0.2)) continue;
    if (!held.hidden && random.chance(0.5)) held.onlyIn = 'ec2';
    else gone(c, eni, held);
  }
  const [first] = node.prefixesRead(eni);
  if (first !== undefined && random.chance(0.4)) {
    if (first.held.every(({ hidden }) => !hidden) && random.chance(0.5)) first.onlyIn = 'ec2';
    else takenBack(c, eni, first);
  }
}

function takenBack(c: Cluster, eni: Eni, prefix: Prefix): void {
  prefix.onlyIn = 'ipamd';
  for (const held of prefix.held) gone(c, eni, held);
}

/** EC2 has taken the address back, and ipamd goes on with it: it sends a pod that holds it over an ENI that does not have it. */
function gone(c: Cluster, eni: Eni, held: Held): void {
  held.onlyIn = 'ipamd';
  held.freedSecondsAgo = null;
  delete held.forgotten;
  const { holder, ip } = held;
  if (holder === null) return;
  c.interfaces[holder] = {
    ...c.interfaces[holder],
    addresses: [{ ip, family: 4, backed: 'none', eni: null }],
    eni: eni.id,
    card: eni.card,
    link: { rule: 'ipamd', certainty: 'inferred' },
  };
}

/** Somebody detached it: EC2 has it no more, or as available. */
function stray(c: Cluster, node: Node, random: Random): void {
  const eni = c.stray(node, { dev: 6, by: 'ipamd', tagged: node.instance ?? 'none' }, random.chance(0.5));
  const count = random.between(1, Math.max(1, roomOn(node, eni)));
  if (node.settings?.mode === 'prefix') eni.prefix();
  for (let at = 0; at < count; at += 1) {
    const held = node.settings?.mode === 'prefix' && at < 16 ? eni.fromPrefix() : eni.add();
    held.hidden = random.chance(0.4);
  }
}
