/** Workloads, which have no record: known from the networks that their pod templates name, and from faults in these. */
import { CLUSTER_NETWORK, nameOf } from '../../model/ids';
import type { Replica } from '../../records/replica';
import { faultyWorkloads, workloadFaults, workloadName } from '../record-facts';

const MAX_LINES = 3;

/** What is known about workloads of that name, with or without namespace; null if nothing is. */
export function workloadNote(replica: Replica, name: string): string | null {
  const isNamed = (qualified: string): boolean =>
    name.includes('/') ? qualified === name : qualified.slice(qualified.indexOf('/') + 1) === name;
  const faults = faultyWorkloads(replica, CLUSTER_NETWORK)
    .filter((one) => isNamed(`${one.namespace}/${one.name}`))
    .map((one) => `${workloadName(one)}: ${workloadFaults(one).join('; ')}`);
  const named = [...replica.records.networks.values()].flatMap(({ id, namedBy }) =>
    namedBy
      .filter((text) => isNamed(text.slice(text.lastIndexOf(' ') + 1)))
      .map((text) => `${text} names network ${nameOf(id)}`),
  );
  const known = [...faults, ...named].slice(0, MAX_LINES);
  return known.length === 0 ? null : `the name of a workload: ${known.join('; ')}`;
}
