/** The inputs for the slots of an ENI: how ipamd treats it, and the state of its node. */
import type { EniFact } from '../../model/facts';
import type { decideManagement } from '../context/management';
import type { Cooling } from './cooling';
import type { Held } from './holders';
import type { IpamdEntry } from './ipamd-list';

/** How ipamd treats an ENI. */
export interface EniContext {
  readonly eni: EniFact;
  readonly verdict: ReturnType<typeof decideManagement>;
  readonly ipamdEntry: IpamdEntry;
  readonly inDatastore: boolean;
  readonly excluded: boolean;
  readonly held: Held;
}

/** State of the node that the slots of its ENIs depend on. */
export interface NodeAddressing {
  readonly cooling: Cooling;
  readonly unrecorded: ReadonlyMap<number, number>;
  readonly figures: ReadonlyMap<number, Readonly<Record<string, number>>>;
  /** By address or prefix that EC2 lists on two ENIs: the ENI on which it counts. */
  readonly counts: ReadonlyMap<string, string>;
  /** By ENI: the interfaces whose pods claim it whole. */
  readonly claimants: ReadonlyMap<string, readonly string[]>;
  /** Number of addresses that ipamd has assigned according to its metrics, by ENI. */
  readonly counted: ReadonlyMap<string, number>;
}
