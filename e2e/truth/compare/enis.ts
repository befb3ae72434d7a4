/** ENIs: what ipamd makes of them, and who holds which of their addresses. */
import type { RecordMaps } from '../../../lib/model/records';
import type { SimTruth } from '../../testing/sim/truth';
import { bare, show, type Counts, type Known, type Say } from './what';

export function compareEnis(records: RecordMaps, truth: SimTruth, known: Known, counts: Counts, say: Say): void {
  for (const [id, want] of Object.entries(truth.enis)) {
    counts.enis += 1;
    const record = records.enis.get(id);
    if (record === undefined) {
      say(`${id}: ENI missing`);
      continue;
    }
    const { state, rule } = record.management;
    if (!want.state.includes(state)) say(`${id}: ${state}, should be ${want.state.join(' or ')}`);
    if (want.rules.length > 0 && !want.rules.includes(rule))
      say(`${id}: by rule ${rule}, should be ${want.rules.join(' or ')}`);
    if (want.role !== undefined && record.role !== want.role) say(`${id}: role ${record.role}, should be ${want.role}`);
    if (want.creator !== undefined && record.creator !== want.creator)
      say(`${id}: made by ${record.creator}, should be ${want.creator}`);
    if (want.node !== undefined && bare(record.node) !== want.node)
      say(`${id}: on node ${record.node ?? 'none'}, should be ${want.node ?? 'none'}`);
    if (want.card !== undefined && record.card !== want.card)
      say(`${id}: on card ${show(record.card)}, should be ${want.card}`);
    if (want.deviceIndex !== undefined && record.deviceIndex !== want.deviceIndex)
      say(`${id}: device ${show(record.deviceIndex)}, should be ${want.deviceIndex}`);
    if (want.capacity !== undefined && record.capacity !== want.capacity)
      say(`${id}: takes ${show(record.capacity)} addresses, should be ${want.capacity}`);
    if (known.ipamd && want.inDatastore !== undefined && record.management.observed !== want.inDatastore)
      say(
        `${id}: ipamd ${want.inDatastore ? 'has' : 'does not have'} it, and it is said to be ${show(record.management.observed)}`,
      );
  }
  // What an unfiltered answer of EC2 holds of other people's may be shown, but belongs to no node of this cluster.
  for (const { id, node } of records.enis.values())
    if (truth.enis[id] === undefined && node !== null) say(`${id}: is none of this cluster's, and is shown on ${node}`);
}

/**
 * ENIs on the cards where a pod holds an address that no Kubernetes API records, or has just given one back: ipamd's figures tell
 * the former, and nothing tells the latter.
 */
function unrecordedEnis(truth: SimTruth, known: Known): ReadonlySet<string> {
  const cards = new Set<string>();
  for (const { ips, node, card } of Object.values(truth.interfaces))
    if (ips === null && !known.ipamd) cards.add(`${node}#${card ?? 0}`);
  for (const id of Object.keys(truth.coolingUnnamed)) {
    const { node, card } = truth.enis[id] ?? {};
    if (node != null) cards.add(`${node}#${card ?? 0}`);
  }
  const on = (id: string): boolean => {
    const { node, card } = truth.enis[id] ?? {};
    return node != null && cards.has(`${node}#${card ?? 0}`);
  };
  return new Set(Object.keys(truth.enis).filter(on));
}

export function compareSlots(records: RecordMaps, truth: SimTruth, known: Known, counts: Counts, say: Say): void {
  const unrecorded = unrecordedEnis(truth, known);
  for (const [id, want] of Object.entries(truth.slots)) {
    const got = new Map(records.enis.get(id)?.addresses.map((address) => [address.ip, address.state]));
    for (const [ip, state] of Object.entries(want)) {
      counts.slots += 1;
      if (unrecorded.has(id) && got.get(ip) === 'unknown') continue;
      if (got.get(ip) !== state) say(`${id}: address ${ip} is ${show(got.get(ip))}, should be ${state}`);
    }
  }
  for (const [id, ips] of Object.entries(truth.cooling)) {
    const got = new Map(records.enis.get(id)?.addresses.map((address) => [address.ip, address.state]));
    for (const [ip, freedAt] of Object.entries(ips)) {
      if (freedAt <= (known.watchingSince ?? Infinity)) continue;
      counts.cooling += 1;
      if (unrecorded.has(id) && got.get(ip) === 'unknown') continue;
      if (got.get(ip) !== 'cooling') say(`${id}: address ${ip} is ${show(got.get(ip))}, and cools down`);
    }
  }
  for (const [id, ips] of Object.entries(truth.coolingUnnamed)) {
    const got = new Map(records.enis.get(id)?.addresses.map((address) => [address.ip, address.state]));
    for (const [ip, freedAt] of Object.entries(ips)) {
      if (freedAt <= (known.watchingSince ?? Infinity)) continue;
      counts.coolingUnnamed += 1;
      if (got.get(ip) !== 'unknown')
        say(`${id}: address ${ip} is ${show(got.get(ip))}, and cools down, which nobody can know`);
    }
  }
  for (const [id, want] of Object.entries(truth.prefixes)) {
    const got = new Map(records.enis.get(id)?.prefixes.map((prefix) => [prefix.cidr, prefix.assigned]));
    for (const [cidr, assigned] of Object.entries(want)) {
      counts.prefixes += 1;
      if (unrecorded.has(id) && got.get(cidr) === null) continue;
      if (got.get(cidr) !== assigned)
        say(`${id}: of prefix ${cidr} ${show(got.get(cidr))} are assigned, should be ${assigned}`);
    }
    if (got.size !== Object.keys(want).length)
      say(`${id}: has ${got.size} prefixes, should be ${Object.keys(want).length}`);
  }
}
