/** The EC2 calls for creating and deleting pods. */
import type { NodeSim } from './node-sim';
import type { Stock } from './stock';

/** EC2 calls for replacing every pod of a node once; equal nodes are simulated once. */
export function callsReader(before: Stock, after: Stock): (sim: NodeSim, isBefore: boolean) => number | null {
  const known = new Map<string, number | null>();
  return (sim, isBefore) => {
    const [card] = sim.cards;
    if (card === undefined) return null;
    const key = JSON.stringify([
      isBefore,
      sim.mode,
      sim.slots,
      sim.targets,
      sim.maxPods,
      sim.stopped,
      sim.newEniSubnets,
      sim.cards,
      sim.enis.map(({ subnet, grows, total, held, prefixes, freePrefixes, slotsUsed }) => [
        subnet,
        grows,
        total,
        held,
        prefixes,
        freePrefixes,
        slotsUsed,
      ]),
    ]);
    let calls = known.get(key);
    if (calls === undefined) known.set(key, (calls = sim.callsOfReplacement(isBefore ? before : after)));
    return calls === null ? null : calls * sim.assignedOn(card);
  };
}
