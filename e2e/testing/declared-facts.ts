/** Compares the results of normalisers with the declarations of facts. */
import { isDeepStrictEqual } from 'node:util';
import type { Observation } from '../../lib/model/observation';
import { FACTS, type FactKind } from '../../lib/model/schema/facts/kinds';
import { readShape } from '../../lib/snapshot/guard';

/**
 * One line for each fact whose shape differs from its declaration: a missing field, an additional one, another type.
 */
export function undeclared(observations: readonly Observation[]): string[] {
  return observations.flatMap((observation) => {
    switch (observation.op) {
      case 'upsert':
        return misfits(observation.kind, [[observation.key, observation.fact]]);
      case 'replaceAll':
        return misfits(observation.kind, observation.facts);
      default:
        return [];
    }
  });
}

function misfits(kind: FactKind, facts: readonly (readonly [key: string, fact: unknown])[]): string[] {
  return facts.flatMap(([key, fact]) => {
    try {
      return isDeepStrictEqual(readShape(FACTS[kind], fact, key), fact) ? [] : [`${kind} ${key} has another field`];
    } catch (error) {
      return [`${kind} ${String(error)}`];
    }
  });
}
