/** Workloads, which have no record: known from the networks that their pod templates name, and from faults in these. */
import { CLUSTER_NETWORK, nameOf } from '../../model/ids';
import type { Replica } from '../../records/replica';

const MAX_LINES = 3;

/** What is known about workloads of that name, with or without namespace; null if nothing is. */
export function workloadNote({ records }: Replica, name: string): string | null {
  const isNamed = (qualified: string): boolean =>
    name.includes('/') ? qualified === name : qualified.slice(qualified.indexOf('/') + 1) === name;
  const faulty = records.networks.get(CLUSTER_NETWORK)?.faultyWorkloads ?? [];
  const faults = faulty
    .filter((one) => isNamed(`${one.namespace}/${one.name}`))
    .flatMap(({ kind, namespace, name: own, refusal, misplaced, mistyped }) => {
      const what = [
        ...(refusal === null ? [] : [`Multus refuses its pods: ${refusal}`]),
        ...misplaced.map((text) => `it carries ${text}, which belongs in its pod template`),
        ...mistyped.map((text) => `a key in its pod template has no effect (${text})`),
      ];
      return `${kind} ${namespace}/${own}: ${what.join('; ')}`;
    });
  const named = [...records.networks.values()].flatMap(({ id, namedBy }) =>
    namedBy
      .filter((text) => isNamed(text.slice(text.lastIndexOf(' ') + 1)))
      .map((text) => `${text} names network ${nameOf(id)}`),
  );
  const known = [...faults, ...named].slice(0, MAX_LINES);
  return known.length === 0 ? null : `the name of a workload: ${known.join('; ')}`;
}
