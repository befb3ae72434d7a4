/** `ifscope check`: prints the findings and fails when one is at least as severe as `--fail-on`. */
import { Option, type Command } from 'commander';
import { SEVERITIES } from '../../model/vocabulary';
import { EVENTS, NODES, PODS } from '../../model/source-ids';
import type { FindingRecord, Severity, SourceRecord, SourceState } from '../../model/records';
import { harmless } from '../../model/harmless';
import { byCodeUnit, byNaturalName } from '../../model/order';
import { resolveFrom } from '../../server/runtime/from';
import { Problem } from '../../server/runtime/problem';
import type { CommandContext } from '../common/command';
import { fromOption, outputOption, timeoutOption, type OutputFormat } from '../common/options';

const rank = (severity: Severity): number => SEVERITIES.indexOf(severity);

interface CheckOptions {
  readonly from?: string;
  readonly failOn: Severity | 'never';
  readonly rule: readonly string[];
  readonly output: OutputFormat;
  readonly timeout: number;
}

const oneMore = (ids: string, earlier: readonly string[]): string[] => [
  ...earlier,
  ...ids
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== ''),
];

/** Rejects an unknown rule id: a typo must not look like "nothing found". Throws a `Problem`. */
async function refuseUnknown(ids: readonly string[]): Promise<void> {
  const { RULES } = await import('../../findings/registry');
  const known = [...new Set(RULES.map((rule) => rule.id))].sort(byCodeUnit);
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown === undefined) return;
  const meant = known.filter((id) => id.includes(unknown.toLowerCase()));
  throw new Problem(
    'usage',
    meant.length > 0 && unknown.length > 2
      ? `--rule ${unknown}: no such rule; did you mean ${meant.join(' or ')}?`
      : `--rule ${unknown}: the rules are ${known.join(', ')}`,
  );
}

interface Silence {
  readonly source: string;
  readonly state: SourceState;
  readonly reason: string | null;
  /** Ids of the rules that need this source. */
  readonly rules: readonly string[];
}

/** The rules that cannot be evaluated, by the source that is missing. A kind that is not served needs no evaluation. */
async function silences(sources: readonly SourceRecord[], only: readonly string[]): Promise<readonly Silence[]> {
  const { RULES } = await import('../../findings/registry');
  const rules = RULES.filter(({ id }) => only.length === 0 || only.includes(id));
  const needed = [...new Set(rules.flatMap(({ needs }) => needs))].sort(byCodeUnit);
  return needed.flatMap((source): Silence[] => {
    const { state, reason } = sources.find(({ id }) => id === source) ?? { state: 'absent', reason: null };
    if (state === 'live' || (state === 'absent' && !isAlwaysThere(source))) return [];
    return [
      {
        source,
        state,
        reason,
        rules: [...new Set(rules.flatMap(({ id, needs }) => (needs.includes(source) ? [id] : [])))],
      },
    ];
  });
}

/** Whether every cluster and account has it; custom kinds and aws-node may be absent. */
const isAlwaysThere = (source: string): boolean => source.startsWith('ec2/') || [NODES, PODS, EVENTS].includes(source);

const silenceWords = ({ source, state, rules }: Silence): string =>
  `${source} is ${state}: ${rules.length} ${rules.length === 1 ? 'rule' : 'rules'} did not run (${rules.slice(0, 3).join(', ')}${rules.length > 3 ? ' …' : ''})`;

/** Worst first, then by rule and subject. */
const inOrder = (a: FindingRecord, b: FindingRecord): number =>
  rank(a.severity) - rank(b.severity) || byCodeUnit(a.rule, b.rule) || byNaturalName(a.id, b.id);

export const paragraph = (finding: FindingRecord): string =>
  [
    `${finding.severity.padEnd(7)}  ${finding.rule}  ${finding.title}`,
    `         ${finding.detail}`,
    ...finding.evidence.map((line) => `         - ${line}`),
    `         → ${finding.advice}`,
    ...(finding.command === null ? [] : [`           ${finding.command}`]),
  ]
    .map(harmless)
    .join('\n');

export const countWords = (findings: readonly FindingRecord[]): string =>
  SEVERITIES.map((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return `${count} ${severity === 'info' ? 'info' : `${severity}${count === 1 ? '' : 's'}`}`;
  }).join(', ');

export function addCheck(program: Command, { output, end }: CommandContext): void {
  program
    .command('check')
    .description('print the findings; exit code 1 if one is at least as severe as --fail-on')
    .addOption(fromOption())
    .addOption(
      new Option('--fail-on <severity>', 'lowest severity that fails')
        .choices([...SEVERITIES, 'never'])
        .default('error'),
    )
    .addOption(
      new Option('--rule <id>', 'only these rules, comma-separated; may be repeated')
        .argParser(oneMore)
        .default([], 'all'),
    )
    .addOption(outputOption())
    .addOption(timeoutOption())
    .addHelpText(
      'after',
      `
--output json: {cluster, failed, findings: [{id, rule, severity, subjects, title, detail, evidence, advice, command, …}],
sourcesNotLive, silent: [{source, state, reason, rules}]}; silent lists the rules that did not run, by the source they lack.`,
    )
    .action(async (options: CheckOptions) => {
      await refuseUnknown(options.rule);
      const { collect } = await import('../common/collect');
      const from = await resolveFrom(options.from);
      const { records, cluster, sources } = await collect(from, options.timeout, output, ({ store }) => ({
        records: store.replica.records,
        cluster: store.replica.cluster,
        sources: store.sources(),
      }));
      const findings = [...records.findings.values()]
        .filter((finding) => options.rule.length === 0 || options.rule.includes(finding.rule))
        .sort(inOrder);
      const limit = options.failOn === 'never' ? -1 : rank(options.failOn);
      const failed = findings.some((finding) => rank(finding.severity) <= limit);
      const notLive = sources.filter((source) => source.state !== 'live');
      const silent = await silences(sources, options.rule);
      if (options.output === 'json') {
        await output.out(
          `${JSON.stringify({ cluster, failed, findings, sourcesNotLive: notLive, silent }, null, 2)}\n`,
        );
      } else {
        const title = `${cluster.name ?? 'cluster'}${cluster.demo ? ' (demo)' : ''}: ${countWords(findings)}`;
        await output.out([harmless(title), ...findings.map(paragraph), ...silent.map(silenceWords), ''].join('\n'));
      }
      end(failed ? 1 : 0);
    });
}
