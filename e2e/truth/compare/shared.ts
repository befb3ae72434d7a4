/** What nodes share: subnets, pools of whereabouts; links of hosts; and networks on nodes. */
import type { RecordMaps } from '../../../lib/model/records';
import type { SimTruth } from '../../testing/sim/truth';
import { bare, equalSets, show, type Counts, type Known, type Say } from './what';

export function compareSubnets(records: RecordMaps, truth: SimTruth, known: Known, counts: Counts, say: Say): void {
  for (const { id, availableAddresses, freePrefixes } of records.subnets.values()) {
    const want = truth.subnets[id];
    if (want === undefined) {
      say(`${id}: the account has no such subnet`);
      continue;
    }
    counts.subnets += 1;
    if (availableAddresses !== want.availableAddresses)
      say(`${id}: ${show(availableAddresses)} addresses are free, should be ${want.availableAddresses}`);
    // Who does not see every ENI can only take more blocks for free than are.
    const isRight =
      known.everyEni === true ? freePrefixes === want.freePrefixes : (freePrefixes ?? -1) >= want.freePrefixes;
    if (!isRight) say(`${id}: ${show(freePrefixes)} free blocks, should be ${want.freePrefixes}`);
  }
}

export function compareIpPools(records: RecordMaps, truth: SimTruth, counts: Counts, say: Say): void {
  for (const id of records.ipPools.keys())
    if (truth.ipPools[id] === undefined) say(`${id}: the cluster has no such pool`);
  for (const [id, want] of Object.entries(truth.ipPools)) {
    counts.ipPools += 1;
    const record = records.ipPools.get(id);
    if (record === undefined) {
      say(`${id}: missing`);
      continue;
    }
    if (record.used !== want.used) say(`${id}: ${record.used} used, should be ${want.used}`);
    if (record.size !== want.size) say(`${id}: ${show(record.size)} addresses, should be ${want.size}`);
    const got = Object.fromEntries(record.allocations.map(({ ip, pod }) => [ip, bare(pod)]));
    for (const [ip, pod] of Object.entries(want.allocations))
      if (got[ip] !== pod) say(`${id}: ${ip} is ${show(got[ip])}'s, should be ${pod}'s`);
    for (const { ip, live, reserved } of record.allocations)
      if (live === false || reserved === false) say(`${id}: ${ip} is said to be of no live pod, or not reserved`);
    if (!equalSets(record.orphanReservations, want.orphans))
      say(`${id}: orphans ${show(record.orphanReservations)}, should be ${show(want.orphans)}`);
  }
}

export function compareHostNics(records: RecordMaps, truth: SimTruth, counts: Counts, say: Say): void {
  for (const { id, certainty } of records.hostNics.values())
    if (certainty === 'observed' && truth.hostNics[id] === undefined)
      say(`${id}: no inventory lists it, and it is observed`);
  for (const [id, want] of Object.entries(truth.hostNics)) {
    counts.hostNics += 1;
    const record = records.hostNics.get(id);
    if (record === undefined) {
      say(`${id}: missing`);
      continue;
    }
    const got = { mac: record.mac, eni: record.eni, vfs: record.vfs };
    if (show(got) !== show(want)) say(`${id}: is ${show(got)}, should be ${show(want)}`);
    if (record.certainty !== 'observed') say(`${id}: ${record.certainty}, and an inventory lists it`);
  }
}

/** A network on a node hangs on an ENI that one of its interfaces there truly has. */
export function compareAttachments(records: RecordMaps, truth: SimTruth, counts: Counts, say: Say): void {
  const enis = new Map<string, Set<string | null>>();
  for (const { node, network, eni } of Object.values(truth.interfaces)) {
    const key = `${node} ${network}`;
    enis.set(key, (enis.get(key) ?? new Set()).add(eni));
  }
  for (const { id, node, network, eni, certainty, evidence } of records.attachments.values()) {
    counts.attachments += 1;
    if (eni === null || enis.get(`${bare(node) ?? ''} ${network}`)?.has(eni) === true) continue;
    say(`${id}: on ${eni} (${certainty}: ${evidence}), no interface of it is`);
  }
}
