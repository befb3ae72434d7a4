/**
 * A check as JUnit XML for Jenkins, GitLab and others: one test per finding, which fails if it fails the check; a
 * passed test per rule without findings; a skipped test per rule that could not be evaluated.
 */
import type { FindingRecord } from '../../model/records';
import { ruleIds } from '../../findings/report';
import type { Checked } from './checked';
import { escapeXml } from '../../model/escape-xml';

const attributes = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join('');

const testCase = (rule: string, name: string, body = ''): string => {
  const head = `    <testcase${attributes({ classname: `ifscope.${rule}`, name, time: 0 })}`;
  return body === '' ? `${head}/>` : `${head}>${body}</testcase>`;
};

const paragraphOf = ({ detail, evidence, advice, command }: FindingRecord): string =>
  [detail, ...evidence.map((line) => `- ${line}`), advice, ...(command === null ? [] : [command])]
    .map(escapeXml)
    .join('\n');

function findingCase(finding: FindingRecord, fails: boolean): string {
  const { rule, severity, subjects, title } = finding;
  const text = paragraphOf(finding);
  return testCase(
    rule,
    subjects.join(', '),
    fails
      ? `<failure${attributes({ message: title, type: severity })}>${text}</failure>`
      : `<system-out>${escapeXml(`${severity}: ${title}`)}\n${text}</system-out>`,
  );
}

/** The check as JUnit XML. */
export function toJunit({ cluster, findings, silent, only, fails }: Checked): string {
  const skipped = new Map(
    silent.flatMap(({ source, state, rules }) => rules.map((rule) => [rule, `${source} is ${state}`])),
  );
  const found = new Set(findings.map(({ rule }) => rule));
  const quiet = ruleIds(only).filter((rule) => !found.has(rule));
  const cases = [
    ...findings.map((finding) => findingCase(finding, fails(finding))),
    ...quiet.map((rule) => {
      const why = skipped.get(rule);
      return testCase(rule, 'nothing found', why === undefined ? '' : `<skipped${attributes({ message: why })}/>`);
    }),
  ];
  const counts = {
    tests: cases.length,
    failures: findings.filter(fails).length,
    errors: 0,
    skipped: quiet.filter((rule) => skipped.has(rule)).length,
    time: 0,
  };
  const name = `ifscope check ${cluster.name ?? 'cluster'}${cluster.demo ? ' (demo)' : ''}`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name, ...counts })}>`,
    `  <testsuite${attributes({ name, ...counts })}>`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}
