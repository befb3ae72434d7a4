/** How ipamd treats an ENI, and its surroundings on the node. */
import type { EniFact } from '../../model/facts';
import type { decideManagement } from '../context/management';
import type { Cooling } from './cooling';
import type { Held } from './holders';
import type { Told } from './ipamd-list';

/** How ipamd treats an ENI. */
export interface Place {
  readonly eni: EniFact;
  readonly verdict: ReturnType<typeof decideManagement>;
  readonly told: Told;
  readonly inDatastore: boolean;
  readonly excluded: boolean;
  readonly held: Held;
}

/** What the slots of an ENI depend on beside the ENI. */
export interface Surroundings {
  readonly cooling: Cooling;
  readonly unrecorded: ReadonlyMap<number, number>;
  readonly figures: ReadonlyMap<number, Readonly<Record<string, number>>>;
  /** By address or prefix that two ENIs have: the ENI on which it counts. */
  readonly counts: ReadonlyMap<string, string>;
  /** By ENI: the interfaces whose pods claim it whole. */
  readonly claimants: ReadonlyMap<string, readonly string[]>;
  /** Addresses that ipamd has assigned by its checkpoint or its metrics, by ENI. */
  readonly counted: ReadonlyMap<string, number>;
}
