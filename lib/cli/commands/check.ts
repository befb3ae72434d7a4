/** `ifscope check`: prints the findings and fails when one is at least as severe as `--fail-on`. */
import { Option, type Command } from 'commander';
import packageJson from '../../../package.json' with { type: 'json' };
import type { Silence } from '../../findings/report';
import { SEVERITIES } from '../../model/vocabulary';
import type { FindingRecord, Severity, SourceRecord } from '../../model/records';
import { harmless } from '../../model/harmless';
import { Problem } from '../../server/runtime/problem';
import type { CommandContext } from '../common/command';
import type { Checked } from '../check/checked';
import { fromOption, timeoutOption, type OutputFormat, type ReadOptions } from '../common/options';

interface CheckOptions extends ReadOptions {
  readonly failOn: Severity | 'never';
  readonly rule: readonly string[];
  readonly output: OutputFormat | 'sarif' | 'junit';
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
  const { ruleIds } = await import('../../findings/report');
  const known = ruleIds();
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

const silenceWords = ({ source, state, rules }: Silence): string =>
  `${source} is ${state}: ${rules.length} ${rules.length === 1 ? 'rule' : 'rules'} did not run (${rules.slice(0, 3).join(', ')}${rules.length > 3 ? ' …' : ''})`;

/** A finding as text: severity, rule and title, then detail, evidence and advice. */
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

/** `2 errors, 1 warning, 0 info`. */
export const countWords = (findings: readonly FindingRecord[]): string =>
  SEVERITIES.map((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return `${count} ${severity === 'info' ? 'info' : `${severity}${count === 1 ? '' : 's'}`}`;
  }).join(', ');

async function written(
  format: CheckOptions['output'],
  checked: Checked,
  sources: readonly SourceRecord[],
): Promise<string> {
  const { cluster, findings, silent, fails } = checked;
  switch (format) {
    case 'sarif': {
      const { toSarif } = await import('../check/sarif');
      return `${JSON.stringify(toSarif(checked, packageJson.version), null, 2)}\n`;
    }
    case 'junit': {
      const { toJunit } = await import('../check/junit');
      return toJunit(checked);
    }
    case 'json': {
      const sourcesNotLive = sources.filter((source) => source.state !== 'live');
      return `${JSON.stringify({ cluster, failed: findings.some(fails), findings, sourcesNotLive, silent }, null, 2)}\n`;
    }
    case 'text': {
      const title = `${cluster.name ?? 'cluster'}${cluster.demo ? ' (demo)' : ''}: ${countWords(findings)}`;
      return [harmless(title), ...findings.map(paragraph), ...silent.map(silenceWords), ''].join('\n');
    }
  }
}

/** Adds `ifscope check`: prints the findings and fails by severity. */
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
    .addOption(
      new Option('--output <format>', 'text for people, json for programs, sarif and junit for pipelines')
        .choices(['text', 'json', 'sarif', 'junit'])
        .default('text'),
    )
    .addOption(timeoutOption())
    .addHelpText(
      'after',
      `
--output json: {cluster, failed, findings: [{id, rule, severity, subjects, title, detail, evidence, advice, command, …}],
sourcesNotLive, silent: [{source, state, reason, rules}]}; silent lists the rules that did not run, by the missing source.
--output sarif: SARIF 2.1.0, one result per finding. --output junit: JUnit XML, one test per finding, which fails if the finding fails the check.`,
    )
    .action(async (options: CheckOptions) => {
      await refuseUnknown(options.rule);
      const { collectFrom } = await import('../common/collect');
      const { records, cluster, sources } = await collectFrom(options, output, ({ store }) => ({
        records: store.replica.records,
        cluster: store.replica.cluster,
        sources: store.sources(),
      }));
      const { findingsInOrder, rankOf, silencesOf } = await import('../../findings/report');
      const only = options.rule;
      const findings = findingsInOrder(records.findings.values(), only);
      const limit = options.failOn === 'never' ? -1 : rankOf(options.failOn);
      const fails = (finding: FindingRecord): boolean => rankOf(finding.severity) <= limit;
      const failed = findings.some(fails);
      const silent = silencesOf(sources, only);
      await output.out(await written(options.output, { cluster, findings, silent, only, fails }, sources));
      end(failed ? 1 : 0);
    });
}
