/** Texts that a visitor with rights to some namespaces must not find: names, addresses, MACs and labels of other pods. */
import type { Batch, Observation } from '../../lib/model/observation';
import type { PodFact } from '../../lib/model/facts';
import type { RecordMaps } from '../../lib/model/records';

const MARK = 'planted';
const markOf = (namespace: string, name: string): string => `${MARK}.${namespace}.${name}`;

const withLabel = (fact: PodFact): PodFact => ({
  ...fact,
  labels: { ...fact.labels, [MARK]: markOf(fact.namespace, fact.name) },
});

/** The batch, with a label on every pod that contains the pod's name. */
export const labelled = (batch: Batch): Batch => ({
  ...batch,
  observations: batch.observations.map((one): Observation => {
    if (one.op === 'upsert' && one.kind === 'pod') return { ...one, fact: withLabel(one.fact) };
    if (one.op !== 'replaceAll' || one.kind !== 'pod') return one;
    return { ...one, facts: one.facts.map(([key, fact]) => [key, withLabel(fact as PodFact)]) };
  }),
});

/**
 * The texts to look for, except those that the visitor's own pods also have and those of the node: its
 * addresses, and the own address and MAC of an ENI that was not created for a single pod.
 */
export function hiddenTexts(records: RecordMaps, namespaces: ReadonlySet<string>): ReadonlySet<string> {
  const hidden = new Set<string>();
  const shown: unknown[] = [];
  const isOwn = (pod: string | null): boolean => namespaces.has(/^(?:pod:)?([^/]*)\//.exec(pod ?? '')?.[1] ?? '');
  for (const pod of records.pods.values()) {
    const { namespace, name, ips, hostNetwork, phase, requested } = pod;
    if (isOwn(pod.id)) {
      shown.push(pod);
      continue;
    }
    // A name without a hyphen is a common word.
    if (name.includes('-')) hidden.add(name);
    hidden.add(markOf(namespace, name));
    // A pod that has ended no longer has an address.
    if (!hostNetwork && phase !== 'Succeeded' && phase !== 'Failed') for (const ip of ips) hidden.add(ip);
    for (const one of requested) for (const ip of one.ips) hidden.add(ip);
  }
  for (const iface of records.interfaces.values()) {
    if (isOwn(iface.pod)) shown.push(iface);
    else for (const text of [...iface.ips, iface.mac ?? '']) if (text !== '') hidden.add(text);
  }
  // A network's config may contain an address that every pod on it gets.
  for (const { ipam } of records.networks.values()) shown.push(ipam);
  // Addresses that an IPAM has allocated to the visitor's pods, whichever pod really has them.
  for (const { allocations, orphans } of records.ipPools.values())
    shown.push([...allocations, ...orphans].filter(({ pod }) => isOwn(pod)));
  for (const { internalIps, ipamdEnis } of records.nodes.values())
    shown.push(
      internalIps,
      ipamdEnis.flatMap(({ assigned }) => assigned.filter(({ pod }) => isOwn(pod))),
    );
  for (const { mac } of records.hostNics.values()) shown.push(mac);
  for (const { others } of records.subnets.values()) shown.push(others);
  for (const { role, mac, addresses, branchPod } of records.enis.values()) {
    const isOfOther = ![branchPod, ...addresses.map((one) => one.interface)].some((id) =>
      isOwn(id?.replace(/^if:/, '') ?? null),
    );
    if (role === 'branch' && isOfOther) continue;
    shown.push(
      mac,
      addresses.filter(({ state }) => state === 'primary').map(({ ip }) => ip),
    );
  }
  for (const text of foundIn(JSON.stringify(shown), hidden)) hidden.delete(text);
  return hidden;
}

/** Text after a match that makes it part of a longer number or name, or the start of a prefix. */
const LONGER = /^(?:[\w:-]|\.\d|\/(?:28|80)\b)/;

/** The texts that occur, other than as part of a longer number or name. */
export function foundIn(said: string, texts: ReadonlySet<string>): readonly string[] {
  return [...texts].filter((text) => {
    for (let at = said.indexOf(text); at >= 0; at = said.indexOf(text, at + 1)) {
      const end = at + text.length;
      if (!/[\w.:-]/.test(said[at - 1] ?? '') && !LONGER.test(said.slice(end, end + 4))) return true;
    }
    return false;
  });
}

/** The text around the first of them, for the failure message. */
export const around = (said: string, [first]: readonly string[]): string =>
  first === undefined ? '' : said.slice(Math.max(0, said.indexOf(first) - 300), said.indexOf(first) + 100);
