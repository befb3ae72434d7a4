/** What ipamd believes of an ENI beside what EC2 has and pods hold (vpc-cni §4.2), where its list was fetched. */
import { sameSet } from './compare';
import { inEc2, inIpamd, isTaken, type Eni } from './eni';
import type { Node } from './node';
import type { Fields } from './types';

export function believedTruth(node: Node, eni: Eni): Fields | null {
  const { enisJson = 'none' } = node.spec;
  const { settings } = node;
  if (settings === null || enisJson === 'none' || node.decision(eni).state !== 'managed') return null;
  const singles = eni.addresses;
  // Under custom networking it does not look at the prefixes of the primary ENI.
  const read = settings.custom && eni === node.primary ? [] : eni.prefixes;
  const all = [...singles, ...read.flatMap(({ held }) => held)];
  const inEither = [...singles, ...eni.prefixes.flatMap(({ held }) => held)];
  if (eni.unknown)
    return {
      known: false,
      addresses: 0,
      assigned: 0,
      taken: sameSet(...inEither.flatMap(({ ip, holder }) => (holder === null ? [] : [ip]))),
    };
  const theirs = read.filter(inIpamd);
  const active = settings.mode === 'prefix' ? theirs.flatMap(({ held }) => held) : singles.filter(inIpamd);
  const lost = new Set(read.filter((one) => !inIpamd(one)).flatMap(({ held }) => held));
  return {
    known: true,
    addresses: settings.mode === 'prefix' ? 16 * theirs.length : active.length,
    assigned: active.filter(isTaken).length,
    unheld: sameSet(...all.flatMap(({ ip, hidden }) => (hidden ? [ip] : []))),
    taken: sameSet(
      ...all.flatMap((one) =>
        one.holder !== null && inEc2(one) && (one.forgotten === true || !inIpamd(one) || lost.has(one)) ? [one.ip] : [],
      ),
    ),
    missing: sameSet(
      ...singles.flatMap((one) => (inIpamd(one) ? [] : [one.ip])),
      ...read.flatMap((one) => (inIpamd(one) ? [] : [one.cidr])),
    ),
    extra: sameSet(
      ...singles.flatMap((one) => (inEc2(one) ? [] : [one.ip])),
      ...read.flatMap((one) => (inEc2(one) ? [] : [one.cidr])),
    ),
  };
}

/** An ENI that ipamd lists and that EC2 has no more on the instance. */
export function strayTruth(eni: Eni): Fields {
  return {
    id: eni.id,
    card: eni.card,
    addresses: eni.addresses.length + 16 * eni.prefixes.length,
    assigned: [...eni.addresses, ...eni.prefixes.flatMap(({ held }) => held)].filter(isTaken).length,
  };
}
