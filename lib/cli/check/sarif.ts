/** A check as SARIF 2.1.0, for code scanning and editors. */
import type { Log, Notification, ReportingDescriptor, Result } from 'sarif';
import { idParts, kindOfId, nameOf } from '../../model/ids';
import { harmless } from '../../model/harmless';
import type { FindingRecord, Severity } from '../../model/records';
import { ruleIds } from '../../findings/report';
import type { Checked } from './checked';

const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
};

/** Code scanning requires a file path; the record id is used as one. */
const pathOf = (id: string): string =>
  [kindOfId(id) ?? 'record', ...idParts(id)].map((part) => encodeURIComponent(harmless(part))).join('/');

function resultOf(finding: FindingRecord, rules: readonly string[]): Result {
  const { id, rule, severity, subjects, title, detail, evidence, advice, command, since } = finding;
  const [subject = rule] = subjects;
  return {
    ruleId: rule,
    ruleIndex: rules.indexOf(rule),
    level: LEVELS[severity],
    message: { text: harmless(`${title}. ${detail} ${advice}`) },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: pathOf(subject) }, region: { startLine: 1 } },
        logicalLocations: subjects.map((one) => ({
          fullyQualifiedName: harmless(one),
          name: harmless(nameOf(one)),
          kind: 'resource',
        })),
      },
    ],
    partialFingerprints: { 'ifscopeFinding/v1': harmless(id) },
    properties: {
      evidence: evidence.map(harmless),
      ...(command === null ? {} : { command: harmless(command) }),
      ...(since === null ? {} : { since }),
    },
  };
}

/** The check as a SARIF log. `version`: of ifscope. */
export function toSarif({ cluster, findings, silent, only }: Checked, version: string): Log {
  const rules = ruleIds(only);
  const descriptors = rules.map((id): ReportingDescriptor => ({
    id,
    shortDescription: { text: id.replaceAll('-', ' ') },
  }));
  const silences = silent.map(({ source, state, reason, rules: ids }): Notification => ({
    level: 'warning',
    message: {
      text: harmless(
        `${source} is ${state}${reason === null ? '' : ` (${reason})`}: rules that did not run: ${ids.join(', ')}`,
      ),
    },
  }));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'ifscope', semanticVersion: version, rules: descriptors } },
        automationDetails: { id: `ifscope/${harmless(cluster.name ?? 'cluster')}${cluster.demo ? ' (demo)' : ''}/` },
        invocations: [{ executionSuccessful: true, toolExecutionNotifications: silences }],
        results: findings.map((finding) => resultOf(finding, rules)),
      },
    ],
  };
}
