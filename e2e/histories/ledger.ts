/**
 * The facts after a history, kept without an engine, and the parts of the history that still matter: released
 * addresses, counters that increased, since when pods have been watched, earlier content of slices, and what EC2 has
 * not been read for since it was seen. An engine made from it gets the same facts at once.
 */
import type { FactByKind, FactKind, PodFact } from '../../lib/model/facts';
import { unmeasuredSource } from '../../lib/model/lag';
import type { Batch, Observation } from '../../lib/model/observation';
import type { SourceRecord } from '../../lib/model/records';
import { equal } from '../../lib/model/equal';
import { Engine } from '../../lib/topology/engine';
import { pod as podFact } from '../testing/facts';

const ENIS = 'ec2/network-interfaces';

/** No cooldown lasts longer. Milliseconds. */
const LONGEST_COOLDOWN = 10 * 60_000;

interface Standing {
  readonly kind: FactKind;
  readonly scope: string;
  readonly key: string;
  readonly fact: unknown;
}

const finished = (pod: PodFact): boolean => pod.phase === 'Succeeded' || pod.phase === 'Failed';

function addresses(pod: PodFact | undefined): readonly string[] {
  if (pod === undefined || pod.node === null || pod.hostNetwork || finished(pod)) return [];
  return [
    ...new Set([
      ...pod.ips,
      ...pod.reported.flatMap(({ ips }) => ips),
      ...(pod.windowsIp === null ? [] : [pod.windowsIp]),
    ]),
  ];
}

export class Ledger {
  now = 0;
  readonly #standing = new Map<string, Standing>();
  readonly #sources = new Map<string, SourceRecord>();
  #cluster: Extract<Observation, { readonly op: 'cluster' }>['cluster'] = {};
  /** Pods as they were when they released addresses, or ended with an interface on every card. */
  readonly #ended: { readonly at: number; readonly pod: PodFact }[] = [];
  readonly #readings = new Map<string, FactByKind['awsNodeMetrics'][]>();
  /**
   * Everything reported about slices, in order, because the state of a device before a pod received it is remembered.
   */
  readonly #slices: Observation[] = [];
  #watchedSince: number | null = null;
  /** When a pod's addresses, or a node's instance and addresses, were first seen. */
  readonly #seenAt = new Map<string, number>();

  apply({ at, observations }: Batch): void {
    this.now = Math.max(this.now, at);
    for (const observation of observations) this.#observe(observation, at);
  }

  #observe(observation: Observation, at: number): void {
    switch (observation.op) {
      case 'status':
        this.#sources.set(observation.source.id, unmeasuredSource(observation.source));
        return;
      case 'cluster':
        this.#cluster = { ...this.#cluster, ...observation.cluster };
        return;
      case 'upsert':
        this.#put(observation, at);
        return;
      case 'remove': {
        const before = this.#standing.get(idOf(observation));
        const uid = (before?.fact as { readonly uid?: string } | undefined)?.uid;
        if (before !== undefined && (observation.uid === null || uid === undefined || uid === observation.uid))
          this.#drop(before, at);
        return;
      }
      case 'replaceAll': {
        const { kind, scope, facts } = observation;
        for (const [key, fact] of facts) this.#put({ kind, scope, key, fact }, at);
        this.#keepOnly(kind, scope, new Set(facts.map(([key]) => key)), at);
        return;
      }
      case 'keepOnly':
        this.#keepOnly(observation.kind, observation.scope, observation.keys, at);
    }
  }

  #keepOnly(kind: FactKind, scope: string, keys: ReadonlySet<string>, at: number): void {
    for (const one of [...this.#standing.values()])
      if (one.kind === kind && one.scope === scope && !keys.has(one.key)) this.#drop(one, at);
    if (kind === 'pod') this.#watchedSince = at;
  }

  #put({ kind, scope, key, fact }: Standing, at: number): void {
    const one = { kind, scope, key, fact };
    const before = this.#standing.get(idOf(one));
    if (equal(before?.fact, fact)) return;
    this.#standing.set(idOf(one), one);
    if (kind === 'resourceSlice') this.#slices.push({ op: 'upsert', ...one } as unknown as Observation);
    this.#note(kind, key, before?.fact, fact, at);
  }

  #drop(one: Standing, at: number): void {
    this.#standing.delete(idOf(one));
    const { kind, scope, key } = one;
    if (kind === 'resourceSlice') this.#slices.push({ op: 'remove', kind, scope, key, uid: null });
    this.#note(one.kind, one.key, one.fact, undefined, at);
  }

  #note(kind: FactKind, key: string, before: unknown, after: unknown, at: number): void {
    if (kind === 'awsNodeMetrics') {
      const reading = after as FactByKind['awsNodeMetrics'] | undefined;
      if (reading === undefined) this.#readings.delete(key);
      else this.#readings.set(key, [...(this.#readings.get(key) ?? []), reading]);
    }
    if (kind === 'node') this.#noteNode(`node ${key}`, before as never, after as never, at);
    if (kind === 'pod') this.#notePod(`pod ${key}`, before as never, after as never, at);
  }

  #noteNode(key: string, before?: FactByKind['node'], after?: FactByKind['node'], at = 0): void {
    if (after === undefined) this.#seenAt.delete(key);
    else if (before?.instanceId !== after.instanceId || !equal(before.internalIps, after.internalIps))
      this.#seenAt.set(key, at);
  }

  #notePod(key: string, before?: PodFact, after?: PodFact, at = 0): void {
    const had = addresses(before);
    const has = addresses(after);
    const freed = had.filter((ip) => !has.includes(ip) || after?.node !== before?.node);
    if (before !== undefined && freed.length > 0)
      this.#ended.push({ at, pod: podFact('freed', { node: before.node, ips: freed }) });
    const stays = after !== undefined && !finished(after) && after.node === before?.node && after.uid === before.uid;
    if (before !== undefined && before.nicConfig !== null && had.length > 0 && !stays)
      this.#ended.push({ at, pod: { ...before, namespace: 'ended', name: 'ended' } });
    if (after === undefined || finished(after)) this.#seenAt.delete(key);
    else if (
      before?.uid !== after.uid ||
      before.node !== after.node ||
      !equal(had, has) ||
      !equal(before.podEni, after.podEni)
    )
      this.#seenAt.set(key, at);
  }

  /** When EC2 was last read, as its answers count now, including late ones. */
  #askedAt(): number | null {
    const source = this.#sources.get(ENIS);
    const answers = source?.state === 'live' || source?.state === 'behind';
    return answers && source.asOf !== null ? Date.parse(source.asOf) : null;
  }

  /** An engine that gets the current facts in one batch, in another order. */
  engine(turned: boolean): Engine {
    const engine = new Engine();
    const tell = (observations: readonly Observation[], at: number): void => {
      engine.apply({ at, observations });
    };
    tell([], this.now);
    for (const { at, pod } of this.#ended) {
      if (at + LONGEST_COOLDOWN < this.now) continue;
      const one = { kind: 'pod' as const, scope: 'kubernetes/pods', key: `${pod.namespace}/${pod.name}` };
      tell(
        [
          { op: 'upsert', ...one, fact: pod },
          { op: 'remove', ...one, uid: null },
        ],
        at,
      );
    }
    if (this.#watchedSince !== null)
      tell([{ op: 'replaceAll', kind: 'pod', scope: 'kubernetes/pods', facts: [] }], this.#watchedSince);
    for (const [key, readings] of this.#readings) {
      const one = { kind: 'awsNodeMetrics' as const, scope: 'aws-node/metrics', key };
      for (const fact of readings) tell([{ op: 'upsert', ...one, fact }], this.now);
    }
    for (const observation of this.#slices) tell([observation], this.now);
    const askedAt = this.#askedAt();
    const seenSince = ({ kind, key }: Standing): boolean =>
      (this.#seenAt.get(`${kind} ${key}`) ?? 0) > (askedAt ?? Infinity);
    const facts = [...this.#standing.values()];
    if (turned) facts.reverse();
    const upserts = (list: readonly Standing[]): Observation[] =>
      list.map((one) => ({ op: 'upsert', ...one }) as unknown as Observation);
    const late = upserts(facts.filter(seenSince));
    const sources = [...this.#sources.values()].map((source): Observation => ({ op: 'status', source }));
    const rest = upserts(facts.filter((one) => !seenSince(one)));
    const others = turned ? [...sources, ...rest] : [...rest, ...sources];
    // In one batch, so that no node is derived before its last pod and then waits for the end of the list.
    const steps = engine.steps([
      { at: this.now, observations: late },
      { at: askedAt ?? this.now, observations: [{ op: 'cluster', cluster: this.#cluster }, ...others] },
    ]);
    while (steps.next().done !== true);
    return engine;
  }
}

const idOf = ({ kind, scope, key }: Pick<Standing, 'kind' | 'scope' | 'key'>): string => `${kind} ${scope} ${key}`;
