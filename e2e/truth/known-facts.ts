import type { FactByKind, FactKind } from '../../lib/model/facts';
import type { Batch, Observation } from '../../lib/model/observation';

/** Facts as they were read, by kind and key, with the scope that they came under. */
export class KnownFacts {
  readonly #facts = new Map<FactKind, Map<string, { readonly fact: unknown; readonly scope: string }>>();
  readonly live = new Set<string>();

  take({ observations }: Batch): void {
    for (const one of observations) {
      if (one.op === 'status' && one.source.state === 'live') this.live.add(one.source.id);
      if (one.op !== 'replaceAll' && one.op !== 'upsert') continue;
      const kind = this.#facts.get(one.kind) ?? new Map<string, { fact: unknown; scope: string }>();
      this.#facts.set(one.kind, kind);
      const facts = one.op === 'upsert' ? [[one.key, one.fact] as const] : one.facts;
      for (const [key, fact] of facts) kind.set(key, { fact, scope: one.scope });
    }
  }

  of<K extends FactKind>(kind: K): readonly FactByKind[K][] {
    return [...(this.#facts.get(kind)?.values() ?? [])].map(({ fact }) => fact as FactByKind[K]);
  }

  put<K extends FactKind>(kind: K, key: string, fact: FactByKind[K]): Observation {
    const known = this.#facts.get(kind);
    const scope = known?.get(key)?.scope ?? [...(known?.values() ?? [])][0]?.scope ?? `kubernetes/${kind}`;
    return { op: 'upsert', kind, key, fact, scope } as Observation;
  }
}
