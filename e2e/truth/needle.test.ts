/** The far picture of a large cluster marks the nodes that are in trouble, and no other. */
import { answerText } from '../testing/queries';
import { describe, expect, it } from 'vitest';
import { Findings } from '../../lib/findings/evaluate';
import { RULES } from '../../lib/findings/registry';
import { wholePicture } from '../../lib/layout/whole';
import { createManualClock } from '../testing/sim/manual-clock';
import type { ClusterState } from '../../lib/sim/model/state';
import { startSim } from '../../lib/sim/sim';
import { Engine } from '../../lib/topology/engine';
import { findTroubles } from '../../lib/view/troubles';
import { createReplica } from '../../lib/records/replica';
import type { ViewSource } from '../../lib/view/view-source';
import { findScene } from '../scenes';
import { needlesOf } from '../scenes/needle';
import { createEc2InProcess, Reading } from './reading';

/** After that pods that wait have waited long enough to be a finding. */
const LATER = 10 * 60_000;

async function read(nodes: number): Promise<{ readonly source: ViewSource; readonly needles: readonly string[] }> {
  const sim = await startSim({ scene: findScene('needle'), seed: 3, nodes, clock: createManualClock(), port: 0 });
  const reading = new Reading(
    sim.state,
    createEc2InProcess((): ClusterState => sim.state),
  );
  try {
    sim.advance(LATER);
    const engine = new Engine();
    for (const batch of [await reading.kubernetes(), await reading.ec2(), reading.metrics()]) engine.apply(batch);
    const findings = new Findings(RULES).all(engine.replica, sim.state.now());
    const source = createReplica();
    const found = new Map((findings?.put ?? []).map((finding) => [finding.id, finding]));
    source.reset({ ...engine.replica.records, findings: found }, engine.replica.cluster);
    return { source, needles: needlesOf(sim.state) };
  } finally {
    reading.stop();
    await sim.stop();
  }
}

/** Names of the nodes on which the picture draws a mark of an error or a warning. */
function marked(source: ViewSource, scale: number): readonly string[] {
  const { marks } = wholePicture(source, { level: 'tile', scale });
  const ids = marks.flatMap((mark) => (/^findings (?:error|warning)/.test(mark.part) ? [mark.id ?? ''] : []));
  return [...new Set(ids)].map((id) => id.replace(/^node:/, '')).sort();
}

describe.each([1000, 5000])('ten problems among %i nodes', { timeout: 240_000 }, (nodes) => {
  it('are marked with eight kinds of findings, and nothing else is', async () => {
    const { source, needles } = await read(nodes);
    expect(needles).toHaveLength(10);
    expect(source.records.nodes.size).toBe(nodes);
    const { causes } = findTroubles(source);
    expect(causes.filter(({ shared }) => shared).map(({ rule }) => rule)).toEqual(['max-pods-too-high']);
    for (const scale of [1, 0.1, 0.02]) expect(marked(source, scale)).toEqual(needles);
    const { table } = answerText(source, 'node finding:error,warning -finding:max-pods-too-high');
    const listed = table?.rows.map(({ id }) => id.replace(/^node:/, '')) ?? [];
    // One that shares the warning, too, is in trouble of its own.
    expect(needles).toEqual(expect.arrayContaining(listed));
  });
});
