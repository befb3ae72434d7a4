/**
 * What the random clusters exercise: seeds, nodes and interfaces of every mode, links of every rule. A mode or a rule that no
 * longer occurs would pass every comparison; here it fails.
 */
import type { RecordMaps } from '../../lib/model/records';
import { CLAIM_VERSIONS } from '../../lib/sim/kubernetes/resource-versions';
import { MIX_NAMES } from '../scenes/mixes';
import type { SimTruth } from '../testing/sim/truth';

interface Tally {
  seeds: number;
  nodes: number;
  interfaces: number;
}

/** Each mode must occur in at least this many seeds. */
const MIN_SHARE = 1 / 24;

/**
 * Linking rules that random clusters must link by, and how sure each may be. `ipamd` needs a capture of /v1/enis,
 * `ipv6-address` a dual-stack ENI: their tests stand beside the topology.
 */
const RULES: readonly (readonly [rule: string, certainty: string])[] = [
  ['pod-eni', 'observed'],
  ['secondary-ip', 'observed'],
  ['ipv4-prefix', 'observed'],
  ['ipv6-prefix', 'observed'],
  ['vpc-ip', 'observed'],
  ['windows-annotation', 'observed'],
  ['mac', 'observed'],
  ['hwaddr', 'observed'],
  ['host-inventory', 'observed'],
  ['device-info', 'observed'],
  ['device-order', 'inferred'],
  ['subnet', 'inferred'],
  ['default-route-nic', 'inferred'],
  ['name-heuristic', 'inferred'],
  ['none', 'unknown'],
];
const MIN_OF_A_RULE = 10;

export class Coverage {
  readonly #modes = new Map<string, Tally>(MIX_NAMES.map((name) => [name, { seeds: 0, nodes: 0, interfaces: 0 }]));
  readonly #rules = new Map<string, number>();
  /** Interfaces by claims, by the version in which the API server tells them first. */
  readonly #claims = new Map<string, number>();

  /** Counts one cluster in its final state. `claimVersion`: of resource.k8s.io. */
  add(truth: SimTruth, records: RecordMaps, claimVersion: string): void {
    const claimed = [...records.interfaces.values()].filter(({ claim }) => claim !== null).length;
    this.#claims.set(claimVersion, (this.#claims.get(claimVersion) ?? 0) + claimed);
    const seen = new Set<string>();
    for (const [node, mode] of Object.entries(truth.shows)) {
      const tally = this.#modes.get(mode);
      if (tally === undefined) continue;
      if (!seen.has(mode)) tally.seeds += 1;
      seen.add(mode);
      if (truth.nodes[node] !== undefined) tally.nodes += 1;
    }
    for (const { node } of Object.values(truth.interfaces)) {
      const tally = this.#modes.get(truth.shows[node] ?? '');
      if (tally !== undefined) tally.interfaces += 1;
    }
    for (const { link } of records.interfaces.values()) {
      const key = `${link.rule} ${link.certainty}`;
      this.#rules.set(key, (this.#rules.get(key) ?? 0) + 1);
    }
  }

  /** Throws an error that names what is missing. */
  demand(seeds: number): void {
    const least = Math.floor(seeds * MIN_SHARE);
    const missing = [
      ...[...this.#modes].flatMap(([mode, tally]) =>
        tally.seeds < least || tally.interfaces === 0
          ? [`${mode} in ${tally.seeds} seeds with ${tally.interfaces} interfaces, not in ${least}`]
          : [],
      ),
      ...RULES.flatMap(([rule, certainty]) => {
        const count = this.#rules.get(`${rule} ${certainty}`) ?? 0;
        return count < MIN_OF_A_RULE ? [`${count} links by ${rule} (${certainty}), not ${MIN_OF_A_RULE}`] : [];
      }),
    ];
    for (const version of CLAIM_VERSIONS) {
      const count = this.#claims.get(version) ?? 0;
      if (count < MIN_OF_A_RULE) missing.push(`${count} interfaces by claims in ${version}, not ${MIN_OF_A_RULE}`);
    }
    if (missing.length > 0) throw new Error(`the random clusters no longer exercise:\n  ${missing.join('\n  ')}`);
  }

  inWords(): string {
    const modes = [...this.#modes].map(
      ([mode, { seeds, nodes, interfaces }]) => `  ${mode}: ${seeds} seeds, ${nodes} nodes, ${interfaces} interfaces`,
    );
    const rules = [...this.#rules].sort().map(([rule, count]) => `${rule} ${count}`);
    const claims = [...this.#claims].sort().map(([version, count]) => `${version} ${count}`);
    return [...modes, `  links: ${rules.join(', ')}`, `  claims: ${claims.join(', ')}`].join('\n');
  }
}
