/** What pods have by claims: every device, and which interface it is. */
import type { RecordMaps } from '../../../lib/model/records';
import type { SimTruth } from '../../testing/sim/truth';
import { show, type Counts, type Say } from './what';

export function compareClaims(records: RecordMaps, truth: SimTruth, counts: Counts, say: Say): void {
  for (const { id, claims } of records.pods.values())
    if (claims.length > 0 && truth.claims[id.slice('pod:'.length)] === undefined && !isOptional(id, truth))
      say(`${id}: claims nothing, and is said to`);
  for (const [pod, want] of Object.entries(truth.claims)) {
    const got = records.pods.get(`pod:${pod}`)?.claims ?? [];
    counts.claims += want.length;
    if (got.length !== want.length) say(`${pod}: has ${got.length} claims, should be ${want.length}`);
    for (const [index, wanted] of want.entries()) {
      const { name, claim, state, pods, devices } = got[index] ?? {};
      const seen = {
        name,
        claim,
        pods,
        devices: devices?.map(({ driver, pool, device, interface: face }) => ({
          driver,
          pool,
          device,
          interface: face,
        })),
      };
      if (show(seen) !== show(wanted)) say(`${pod}: claim ${show(seen)}, should be ${show(wanted)}`);
      if (state !== 'allocated') say(`${pod}: claim ${wanted.name} is ${show(state)}, and has devices`);
      for (const { device, listed } of devices ?? [])
        if (listed !== true) say(`${pod}: ${device} is published, and listed is ${show(listed)}`);
    }
  }
  for (const [id, want] of Object.entries(truth.wholeEnis)) {
    const got = records.enis.get(id)?.claimedBy ?? [];
    if (show([...got].sort()) !== show([...want].sort()))
      say(`${id}: claimed by ${show(got)}, should be ${show(want)}`);
  }
  for (const { id, claimedBy } of records.enis.values())
    if (claimedBy.length > 0 && truth.wholeEnis[id] === undefined) say(`${id}: nobody has it whole, and is said to`);
}

const isOptional = (id: string, truth: SimTruth): boolean => truth.optionalPods.includes(id.slice('pod:'.length));
