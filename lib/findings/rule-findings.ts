/** The findings of each rule, and the changes that a call makes to them. */
import type { TableDelta } from '../model/delta';
import { findingId } from '../model/ids';
import type { FindingRecord } from '../model/records';
import { equal } from '../model/equal';
import type { AnyRule, CompleteSighting } from './rule/rule';

/** Maximum number of characters of one text of a finding. */
const MAX_TEXT_LENGTH = 1_000;

/** Changes since the last delta was taken. */
export class FindingChanges {
  readonly #put = new Map<string, FindingRecord>();
  readonly #drop = new Set<string>();
  /** By finding: the record whose check produced it. A finding may move from one record to another, in any order. */
  readonly #owners = new Map<string, string>();

  put(finding: FindingRecord, owner: string): void {
    this.#owners.set(finding.id, owner);
    this.#put.set(finding.id, finding);
    this.#drop.delete(finding.id);
  }

  drop(id: string, owner: string): void {
    if (this.#owners.get(id) !== owner) return;
    this.#owners.delete(id);
    this.#put.delete(id);
    this.#drop.add(id);
  }

  /** Null if nothing changed. */
  take(): TableDelta<'findings'> | null {
    if (this.#put.size === 0 && this.#drop.size === 0) return null;
    const delta = { put: [...this.#put.values()], patch: [], drop: [...this.#drop] };
    this.#put.clear();
    this.#drop.clear();
    return delta;
  }
}

/** The findings of one rule, by the record that was checked. Hidden findings are kept, but not part of the result. */
export class RuleFindings {
  readonly #rule: AnyRule;
  readonly #changes: FindingChanges;
  readonly #findings = new Map<string, readonly FindingRecord[]>();
  /** Ids of the records whose findings are hidden. */
  readonly #hidden = new Set<string>();

  constructor(rule: AnyRule, changes: FindingChanges) {
    this.#rule = rule;
    this.#changes = changes;
  }

  /** Ids of the records with findings. */
  ids(): Iterable<string> {
    return this.#findings.keys();
  }

  /** `now` in epoch milliseconds; null if the start time of new findings is unknown. */
  replace(id: string, sightings: readonly CompleteSighting[], now: number | null): void {
    // Whether a hidden finding has held all the time is unknown, so it counts as new.
    if (this.#hidden.delete(id)) this.#findings.delete(id);
    const before = this.#findings.get(id) ?? NO_FINDINGS;
    if (before.length === 0 && sightings.length === 0) return;
    const known = new Map(before.map((finding) => [finding.id, finding]));
    const after = sightings.map((sighting, index) => this.#record(sighting, sightings.slice(0, index), known, now));
    for (const finding of before)
      if (!after.some((other) => other.id === finding.id)) this.#changes.drop(finding.id, id);
    for (const finding of after) if (!equal(known.get(finding.id), finding)) this.#changes.put(finding, id);
    if (after.length === 0) this.#findings.delete(id);
    else this.#findings.set(id, after);
  }

  /** Hides all findings. */
  hide(): void {
    for (const [id, findings] of this.#findings) {
      if (this.#hidden.has(id)) continue;
      this.#hidden.add(id);
      for (const finding of findings) this.#changes.drop(finding.id, id);
    }
  }

  /** Shows hidden findings again, except those about these records, which stay hidden until they are checked. */
  show(except: ReadonlySet<string>): void {
    for (const id of this.#hidden.difference(except)) {
      this.#hidden.delete(id);
      for (const finding of this.#findings.get(id) ?? NO_FINDINGS) this.#changes.put(finding, id);
    }
  }

  #record(
    sighting: CompleteSighting,
    earlier: readonly CompleteSighting[],
    known: ReadonlyMap<string, FindingRecord>,
    now: number | null,
  ): FindingRecord {
    const subject = sighting.subjects[0] ?? '';
    // If one rule has several findings about one subject, the later ones are numbered, like repeated interface names.
    const repeats = earlier.filter((other) => other.subjects[0] === subject).length;
    const id = findingId(this.#rule.id, subject) + (repeats > 0 ? `~${repeats + 1}` : '');
    const existing = known.get(id);
    return {
      id,
      rule: this.#rule.id,
      severity: sighting.severity ?? this.#rule.severity,
      subjects: [...new Set(sighting.subjects)],
      title: clipped(sighting.title),
      detail: clipped(sighting.detail),
      evidence: sighting.evidence.map(clipped),
      advice: sighting.advice,
      command: sighting.command ?? null,
      since: existing ? existing.since : (sighting.since ?? (now === null ? null : new Date(now).toISOString())),
    };
  }
}

const NO_FINDINGS: readonly FindingRecord[] = [];

/** Texts of Events and tags may be long; the record has them in full. */
const clipped = (text: string): string => (text.length > MAX_TEXT_LENGTH ? `${text.slice(0, MAX_TEXT_LENGTH)}…` : text);
