/**
 * Healthy random clusters have no errors or warnings; a trouble injected into one of them gives its finding, on its record,
 * and nothing else but its consequences.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { Findings } from '../../lib/findings/evaluate';
import { RULES } from '../../lib/findings/registry';
import type { Batch, Observation } from '../../lib/model/observation';
import type { FindingRecord } from '../../lib/model/records';
import { createManualClock } from '../testing/sim/manual-clock';
import { createRandom } from '../../lib/sim/model/random';
import type { ClusterState } from '../../lib/sim/model/state';
import { randomScene } from '../scenes';
import { MIX_NAMES, type MixName } from '../scenes/mixes';
import { startTestSim } from '../testing/sim/sim';
import type { SimTruth } from '../testing/sim/truth';
import { Engine } from '../../lib/topology/engine';
import type { Replica } from '../../lib/records/replica';
import { createEc2InProcess, Reading } from './reading';
import { KnownFacts } from './known-facts';
import { TROUBLES, type Ground } from './troubles';

const SEEDS = 40;
/** By then nodes are no longer young, and short waits are over. */
const LATER = 10 * 60_000;

let current: ClusterState | null = null;
const ec2 = createEc2InProcess(() => {
  if (current === null) throw new Error('no cluster');
  return current;
});

/** Every finding about these batches, taken at once; the sources are asked again after the last of them. */
function judged(
  batches: readonly Batch[],
  more: readonly Observation[],
  now: number,
): { readonly findings: ReadonlyMap<string, FindingRecord>; readonly replica: Replica } {
  const engine = new Engine();
  for (const batch of batches) engine.apply(batch);
  engine.apply({ at: now, observations: more });
  const asOf = new Date(now).toISOString();
  const again = [...engine.replica.records.sources.values()].map((source): Observation => ({
    op: 'status',
    source: { ...source, asOf: source.asOf === null ? null : asOf },
  }));
  engine.apply({ at: now, observations: again });
  const findings = new Findings(RULES).all(engine.replica, now);
  return { findings: new Map((findings?.put ?? []).map((finding) => [finding.id, finding])), replica: engine.replica };
}

/**
 * What random clusters have by their nature, true as it is: kubelets that count by instance type where ENIs are kept from ipamd, labs on
 * macvlan, ENIs that an older cluster left behind. Pods wait where MINIMUM_IP_TARGET stands alone, and the finding must say so.
 */
const BY_NATURE = new Set(['max-pods-too-high', 'macvlan-on-eni', 'eni-leaked']);
const WARNED_OF = 'WARM_IP_TARGET is not set';

/** What a mode is there to show, on a node of that mode only: the finding is right, and its absence elsewhere is what is tested. */
const OF_A_MODE: Partial<Record<MixName, readonly string[]>> = {
  adopted: ['eni-adopted', 'no-manage-bad-value'],
  efa: ['eni-adopted'],
  imdsOnly: ['eni-adopted', 'pod-ip-failed'],
  noProvisioning: ['eni-adopted', 'pod-ip-failed'],
  cordoned: ['pod-ip-failed'],
  drySubnet: ['subnet-low', 'pod-ip-failed'],
  namesOnly: ['address-not-on-eni', 'network-subnet-mismatch'],
  // Its pool grew after the pod had asked; an idle simulated node does not retry.
  trunkWanted: ['pod-ip-failed'],
};

/** Modes of the nodes that a finding speaks of; of all nodes where it speaks of none. */
function modesOf({ subjects }: FindingRecord, { shows }: SimTruth, replica: Replica): readonly string[] {
  const { records } = replica;
  const nodes = subjects.flatMap((id) => {
    const node =
      records.nodes.get(id) ?? records.nodes.get(records.enis.get(id)?.node ?? records.pods.get(id)?.node ?? '');
    return node === undefined ? [] : [shows[node.name] ?? ''];
  });
  return nodes.length > 0 ? nodes : Object.values(shows);
}

const isWithoutEntry = ({ subjects }: FindingRecord): boolean =>
  subjects.some((id) => current?.pods.get(id.replace(/^pod:/, ''))?.quirk === 'entry-missing');

function isByNature(finding: FindingRecord, truth: SimTruth, replica: Replica): boolean {
  const { rule, detail } = finding;
  if (BY_NATURE.has(rule) || (rule === 'pod-ip-failed' && detail.includes(WARNED_OF))) return true;
  // Some pods are there to show a status without the entry that they asked for.
  if (rule === 'network-status-missing' && isWithoutEntry(finding)) return true;
  const modes = modesOf(finding, truth, replica);
  return MIX_NAMES.some((mode) => modes.includes(mode) && OF_A_MODE[mode]?.includes(rule) === true);
}

const serious = (findings: ReadonlyMap<string, FindingRecord>): readonly FindingRecord[] =>
  [...findings.values()].filter(({ severity }) => severity !== 'info');

const tried = new Map<string, number>();

describe('findings of random clusters', () => {
  it.each(Array.from({ length: SEEDS }, (_, seed) => seed + 1))('seed %i', async (seed) => {
    const sim = await startTestSim({
      scene: randomScene(),
      seed,
      clock: createManualClock(),
      realistic: false,
      port: 0,
    });
    current = sim.state;
    const reading = new Reading(sim.state, ec2);
    try {
      sim.advance(LATER);
      const facts = new KnownFacts();
      const batches = [await reading.kubernetes(), await reading.ec2(), reading.metrics()];
      for (const batch of batches) facts.take(batch);
      const now = sim.state.now();
      const { findings: before, replica } = judged(batches, [], now);
      const truth = sim.truth();
      expect(
        serious(before)
          .filter((finding) => !isByNature(finding, truth, replica))
          .map(({ id, detail }) => `${id}: ${detail}`),
      ).toEqual([]);

      const grounds = facts.of('pod').flatMap((agent): Ground[] => {
        const node = facts.of('node').find(({ name }) => name === agent.node);
        const primary = facts
          .of('eni')
          .find(
            (eni) => eni.instanceId === node?.instanceId && eni.deviceIndex === 0 && (eni.networkCardIndex ?? 0) === 0,
          );
        if (agent.awsNode === null || node?.instanceId == null || primary === undefined) return [];
        if (node.computeType !== 'ec2' || node.unschedulable || node.deleting || agent.ready !== true) return [];
        // ipamd adopts nothing if it may not write to EC2.
        if (['imdsOnly', 'noProvisioning'].includes(truth.shows[node.name] ?? '')) return [];
        return [{ node, primary, agent, now }];
      });
      if (grounds.length === 0) return;
      const random = createRandom(seed);
      for (const { rule, also = [], inject } of TROUBLES) {
        const injected = inject(facts, random.pick(grounds));
        if (injected === null) continue;
        tried.set(rule, (tried.get(rule) ?? 0) + 1);
        const { findings: after } = judged(batches, injected.observations, now);
        const fresh = [...after.values()].filter(({ id }) => !before.has(id));
        const about = [...after.values()].filter((finding) => finding.rule === rule).map(({ subjects }) => subjects[0]);
        expect(about).toContain(injected.subject);
        const unrelated = fresh.filter(
          (finding) => finding.severity !== 'info' && finding.rule !== rule && !also.includes(finding.rule),
        );
        expect(unrelated.map(({ id, detail }) => `${rule} also gave ${id}: ${detail}`)).toEqual([]);
      }
    } finally {
      reading.stop();
      await sim.stop();
    }
  });

  afterAll(() => {
    expect(TROUBLES.filter(({ rule }) => (tried.get(rule) ?? 0) < 5).map(({ rule }) => rule)).toEqual([]);
  });
});
