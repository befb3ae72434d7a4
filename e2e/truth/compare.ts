/**
 * Compares a record set with what is true of a simulated cluster, in words. The truth is the simulator's own ledger and
 * shares no code with the topology.
 *
 * Every difference is one sentence that names the record; the counts say how much was compared, so that an empty list of
 * differences cannot come from an empty comparison.
 */
import { isIP } from 'node:net';
import type { InterfaceRecord, Pool, RecordMaps } from '../../lib/model/records';
import type { SimTruth, TrueLink } from '../../lib/sim/truth';

export interface Counts {
  interfaces: number;
  /** Whose ENI the facts suffice to find. */
  linkable: number;
  linked: number;
  /** Right although the facts need not suffice. */
  beyond: number;
  /** Rightly without an ENI. */
  none: number;
  wrong: number;
  unlinked: number;
  /** Claimed as observed, and wrong: the worst that can happen. */
  observedWrong: number;
  missing: number;
  extra: number;
  enis: number;
  slots: number;
  prefixes: number;
  pools: number;
  nodes: number;
  findings: number;
}

export const noCounts = (): Counts => ({
  interfaces: 0,
  linkable: 0,
  linked: 0,
  beyond: 0,
  none: 0,
  wrong: 0,
  unlinked: 0,
  observedWrong: 0,
  missing: 0,
  extra: 0,
  enis: 0,
  slots: 0,
  prefixes: 0,
  pools: 0,
  nodes: 0,
  findings: 0,
});

export interface Comparison {
  readonly counts: Counts;
  readonly differences: readonly string[];
}

type Say = (difference: string) => void;

export interface Known {
  /**
   * Whether ipamd's figures were read. Without them nobody can tell which address of a card a multi-NIC pod holds there, so
   * the free addresses of that card must be unknown, not warm (vpc-cni.md §3).
   */
  readonly ipamd: boolean;
}

export function compareWithTruth(records: RecordMaps, truth: SimTruth, known: Known): Comparison {
  const counts = noCounts();
  const differences: string[] = [];
  const say: Say = (difference) => differences.push(difference);
  compareInterfaces(records, truth, counts, say);
  compareEnis(records, truth, counts, say);
  compareSlots(records, truth, known, counts, say);
  comparePools(records, truth, counts, say);
  compareNodes(records, truth, counts, say);
  compareFindings(records, truth, counts, say);
  return { counts, differences };
}

const MOST_SHOWN = 30;

/** Throws with the differences in words when there are any. */
export function agree({ differences }: Comparison): void {
  if (differences.length === 0) return;
  const shown = differences.slice(0, MOST_SHOWN).map((difference) => `\n  ${difference}`);
  throw new Error(`${differences.length} differences from the truth:${shown.join('')}`);
}

/** While EC2 is yet to be asked much may be unknown, but nothing may be claimed that is not so. */
export function nothingWronglyObserved({ counts, differences }: Comparison): void {
  if (counts.observedWrong > 0) agree({ counts, differences: differences.filter((text) => text.includes('observed')) });
}

export function addCounts(total: Counts, counts: Counts): void {
  for (const key of Object.keys(total) as (keyof Counts)[]) total[key] += counts[key];
}

/** `node:a` → `a`; simulated names hold nothing that ids encode. */
const bare = (id: string | null): string | null => (id === null ? null : id.slice(id.indexOf(':') + 1));
const show = (value: unknown): string => JSON.stringify(value);
const equalSets = (a: readonly string[], b: readonly string[]): boolean => show([...a].sort()) === show([...b].sort());

const MAC = /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/;

function compareInterfaces(records: RecordMaps, truth: SimTruth, counts: Counts, say: Say): void {
  const optional = new Set(truth.optionalPods);
  for (const record of records.interfaces.values()) {
    if (record.mac !== null && !MAC.test(record.mac)) say(`${record.id}: ${record.mac} is no MAC`);
    if (truth.interfaces[record.id] !== undefined || optional.has(bare(record.pod) ?? '')) continue;
    counts.extra += 1;
    say(`${record.id}: the cluster has no such interface`);
  }
  for (const [id, want] of Object.entries(truth.interfaces)) {
    counts.interfaces += 1;
    if (want.linkable) counts.linkable += 1;
    const record = records.interfaces.get(id);
    if (record === undefined) {
      counts.missing += 1;
      say(`${id}: missing`);
      continue;
    }
    const wrong = faultsOf(record, want);
    if (record.eni !== null && record.eni !== want.eni && record.link.certainty === 'observed')
      counts.observedWrong += 1;
    if (wrong.length > 0) {
      counts.wrong += 1;
      say(`${id}: ${wrong.join('; ')} (${record.link.rule}, ${record.link.certainty}: ${record.link.evidence})`);
    }
    if (record.eni === null) {
      if (want.linkable) {
        counts.unlinked += 1;
        say(
          `${id}: not linked, it is ${want.eni ?? ''} by ${want.allowedRules.join(' or ')} (${record.link.evidence})`,
        );
      } else if (want.eni === null) counts.none += 1;
    } else if (record.eni === want.eni) counts[want.linkable ? 'linked' : 'beyond'] += 1;
  }
}

function faultsOf(record: InterfaceRecord, want: TrueLink): string[] {
  const wrong: string[] = [];
  const check = (what: string, got: unknown, wanted: unknown): void => {
    if (show(got) !== show(wanted)) wrong.push(`${what} is ${show(got)}, should be ${show(wanted)}`);
  };
  if (want.ips !== null && !equalSets(record.ips, want.ips)) check('ips', record.ips, want.ips);
  for (const ip of record.ips) if (isIP(ip) === 0) wrong.push(`${ip} is no address`);
  if (
    !equalSets(
      record.addresses.map(({ ip }) => ip),
      record.ips,
    )
  )
    check('addresses', record.addresses, record.ips);
  if (want.mac !== undefined) check('mac', record.mac, want.mac);
  check('network', record.network, want.network);
  if (want.device !== undefined) check('device', record.device?.pciAddress, want.device.pciAddress);
  check('node', bare(record.node), want.node);
  if (record.eni !== null) {
    check('eni', record.eni, want.eni);
    if (record.eni === want.eni) {
      if (want.allowedRules.length > 0 && !want.allowedRules.includes(record.link.rule))
        wrong.push(`rule ${record.link.rule} is none of ${want.allowedRules.join(', ')}`);
      if (want.mustBeObserved) check('certainty', record.link.certainty, 'observed');
      if (want.card !== undefined) check('card', record.card, want.card);
    }
  } else {
    if (want.eni === null) check('card', record.card, null);
    if (record.link.certainty === 'observed' && record.hostNic === null) wrong.push('observed, but nothing is');
  }
  for (const { ip, backed, eni } of record.addresses) {
    if ((backed === 'eni') !== (eni !== null)) wrong.push(`${ip} is backed by ${backed}, and names ${eni ?? 'no ENI'}`);
    if (backed === 'eni' && eni !== want.eni)
      wrong.push(`${ip} is said to be on ${eni ?? ''}, it is on ${want.eni ?? 'none'}`);
  }
  if (record.link.evidence === '') wrong.push('the link has no evidence');
  return wrong;
}

function compareEnis(records: RecordMaps, truth: SimTruth, counts: Counts, say: Say): void {
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
  }
  // What an unfiltered answer of EC2 holds of other people's may be shown, but belongs to no node of this cluster.
  for (const { id, node } of records.enis.values())
    if (truth.enis[id] === undefined && node !== null) say(`${id}: is none of this cluster's, and is shown on ${node}`);
}

/** ENIs on the cards where a pod holds an address that no Kubernetes API records. */
function unrecordedEnis(truth: SimTruth): ReadonlySet<string> {
  const cards = new Set<string>();
  for (const { ips, node, card } of Object.values(truth.interfaces))
    if (ips === null) cards.add(`${node}#${card ?? 0}`);
  const on = (id: string): boolean => {
    const { node, card } = truth.enis[id] ?? {};
    return node != null && cards.has(`${node}#${card ?? 0}`);
  };
  return new Set(Object.keys(truth.enis).filter(on));
}

function compareSlots(records: RecordMaps, truth: SimTruth, known: Known, counts: Counts, say: Say): void {
  const unrecorded = known.ipamd ? new Set() : unrecordedEnis(truth);
  for (const [id, want] of Object.entries(truth.slots)) {
    const got = new Map(records.enis.get(id)?.addresses.map((address) => [address.ip, address.state]));
    for (const [ip, state] of Object.entries(want)) {
      counts.slots += 1;
      if (unrecorded.has(id) && got.get(ip) === 'unknown') continue;
      if (got.get(ip) !== state) say(`${id}: address ${ip} is ${show(got.get(ip))}, should be ${state}`);
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

const GROWING = ['add-addresses', 'add-prefixes', 'attach-eni'];
const RELEASING = ['release-addresses', 'release-prefixes'];

function comparePools(records: RecordMaps, truth: SimTruth, counts: Counts, say: Say): void {
  const got = new Map<string, Pool>();
  for (const node of records.nodes.values()) for (const pool of node.pools) got.set(`${node.name}#${pool.card}`, pool);
  for (const key of got.keys()) if (truth.pools[key] === undefined) say(`pool ${key}: ipamd has none`);
  for (const [key, want] of Object.entries(truth.pools)) {
    counts.pools += 1;
    const pool = got.get(key);
    if (pool === undefined) {
      say(`pool ${key}: missing`);
      continue;
    }
    for (const [field, value] of Object.entries(want)) {
      const found = pool[field as keyof Pool];
      if (show(found) !== show(value)) say(`pool ${key}: ${field} is ${show(found)}, should be ${show(value)}`);
    }
    const { next, low, high, cooling, warm, available } = pool;
    if (cooling !== null && warm !== (available ?? 0) - cooling)
      say(`pool ${key}: warm ${show(warm)} is not ${show(available)} − ${cooling}`);
    if (next === null) say(`pool ${key}: does not say what comes next`);
    else if (low === true && !GROWING.includes(next.action) && next.blockedBy === null)
      say(`pool ${key}: is low, and next is ${next.action} with nothing in the way`);
    else if (low === false && GROWING.includes(next.action)) say(`pool ${key}: is not low, and next is ${next.action}`);
    else if (low === false && high === true && !RELEASING.includes(next.action) && next.action !== 'detach-eni')
      say(`pool ${key}: is high, and next is ${next.action}`);
  }
}

function compareNodes(records: RecordMaps, truth: SimTruth, counts: Counts, say: Say): void {
  for (const record of records.nodes.values())
    if (truth.nodes[record.name] === undefined && !record.gone) say(`${record.id}: the cluster has no such node`);
  for (const [name, want] of Object.entries(truth.nodes)) {
    counts.nodes += 1;
    const record = records.nodes.get(`node:${name}`);
    if (record === undefined) {
      say(`node ${name}: missing`);
      continue;
    }
    if (record.maxPods !== want.maxPods)
      say(`node ${name}: maxPods ${show(record.maxPods)}, should be ${want.maxPods}`);
    if (want.mode !== undefined && record.cni !== null && record.cni.mode !== want.mode)
      say(`node ${name}: mode ${show(record.cni.mode)}, should be ${want.mode}`);
    const { used, unmanaged } = record.eniSlots;
    if (want.eniSlotsUsed?.includes(used ?? -1) === false)
      say(`node ${name}: ${show(used)} ENI slots used, should be ${want.eniSlotsUsed.join(' or ')}`);
    if (want.eniSlotsUnmanaged?.includes(unmanaged ?? -1) === false)
      say(`node ${name}: ${show(unmanaged)} unmanaged, should be ${want.eniSlotsUnmanaged.join(' or ')}`);
  }
}

function compareFindings(records: RecordMaps, truth: SimTruth, counts: Counts, say: Say): void {
  const findings = [...records.findings.values()];
  for (const { rule, subjects } of truth.findings) {
    counts.findings += 1;
    if (!findings.some((found) => found.rule === rule && found.subjects.some((subject) => subjects.includes(subject))))
      say(`finding ${rule} on ${subjects.join(' or ')}: missing`);
  }
  const clean = new Set(truth.cleanRules);
  for (const { rule, subjects, detail } of findings) {
    if (clean.has(rule)) say(`finding ${rule} on ${subjects.join(', ')}: the cluster has no such trouble (${detail})`);
    const allowed = truth.allowedFindings[rule];
    if (allowed !== undefined && !subjects.some((subject) => allowed.includes(subject)))
      say(`finding ${rule} on ${subjects.join(', ')}: on the wrong record`);
  }
}
