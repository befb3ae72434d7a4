/**
 * Prometheus' own evaluation of the alert rules (`promtool test rules`): each alert fires on its series, with
 * the right labels and texts, and not below its threshold, too early, or for another state.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CHART, run } from './helm';

const ALERTS = path.join(CHART, 'files', 'alerts.yaml');
const folder = mkdtempSync(path.join(tmpdir(), 'ifscope-alerts-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}
interface Rules {
  readonly groups: readonly [{ readonly name: string; readonly rules: readonly Rule[] }];
}
const rules = parse(readFileSync(ALERTS, 'utf8')) as Rules;

/** Series by name and labels, each with one value per minute in promtool's notation. */
type Series = Readonly<Record<string, string>>;

interface Case {
  readonly fires: Series;
  /** Labels of the alert other than its severity. */
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
  /** The query and path of the link. */
  readonly link: string;
  /** Series on which it does not fire. */
  readonly silent: readonly Series[];
}

/** Two replicas: what both report results in one alert. */
const subnet = (state: string, replica = 'a'): string =>
  `ifscope_subnet_addresses{subnet="subnet-1",zone="eu-west-1a",state="${state}",pod="${replica}"}`;
const source = (state: string): string => `ifscope_source_state{source="kubernetes/pods",state="${state}"}`;
const LAG = 'ifscope_source_lag_seconds{source="ec2/network-interfaces"}';

const CASES: Readonly<Record<string, Case>> = {
  IfscopeSubnetAddressesLow: {
    fires: { [subnet('free')]: '31x60', [subnet('free', 'b')]: '40x60' },
    labels: { subnet: 'subnet-1', zone: 'eu-west-1a' },
    summary: 'Subnet subnet-1 (eu-west-1a) has 31 free addresses.',
    link: '/?view=subnets&sel=subnet-1',
    silent: [{ [subnet('free')]: '32x60' }, { [subnet('others')]: '0x60' }, { [subnet('free')]: '40x22 3x8' }],
  },
  IfscopePoolsBlocked: {
    fires: { 'ifscope_pools{state="blocked"}': '2x60' },
    labels: {},
    summary: '2 warm pools are below their target, and ipamd cannot fill them.',
    link: '/?view=findings&rule=pool-low&rule=node-addresses-full&rule=subnet-low',
    silent: [{ 'ifscope_pools{state="blocked"}': '0x60', 'ifscope_pools{state="short"}': '9x60' }],
  },
  IfscopePodsWaitForAddress: {
    fires: { 'ifscope_pods_waiting{for="address"}': '3x60', 'ifscope_pods_waiting{for="interface"}': '0x60' },
    labels: { for: 'address' },
    summary: '3 pods have been waiting for an address.',
    link: '/?view=findings&rule=pod-ip-failed&rule=pod-start-failed&rule=pod-eni-stuck',
    silent: [{ 'ifscope_pods_waiting{for="node"}': '3x60', 'ifscope_pods_waiting{for="address"}': '0x60' }],
  },
  IfscopeEnisLeaked: {
    fires: { 'ifscope_enis_leaked{kind="branch"}': '1x60', 'ifscope_enis_leaked{kind="eni"}': '0x60' },
    labels: { kind: 'branch' },
    summary: '1 leftover ENIs (branch).',
    link: '/?view=findings&rule=eni-leaked&rule=branch-eni-leaked',
    silent: [{ 'ifscope_enis_leaked{kind="eni"}': '0x60' }],
  },
  IfscopeFindings: {
    fires: { 'ifscope_findings{rule="duplicate-address",severity="error"}': '2x60' },
    labels: { rule: 'duplicate-address' },
    summary: '2 errors of the rule duplicate-address.',
    link: '/?view=findings&rule=duplicate-address',
    silent: [
      { 'ifscope_findings{rule="pool-low",severity="warning"}': '2x60' },
      { 'ifscope_findings{rule="duplicate-address",severity="error"}': '0x60' },
    ],
  },
  IfscopeSourceDown: {
    fires: { [source('failing')]: '1x60', [source('live')]: '0x60' },
    labels: { source: 'kubernetes/pods', state: 'failing' },
    summary: 'The source kubernetes/pods of ifscope is failing.',
    link: '/',
    silent: [
      { [source('live')]: '1x60', [source('failing')]: '0x60' },
      ...['absent', 'off', 'starting', 'behind'].map((state) => ({ [source(state)]: '1x60' })),
    ],
  },
  IfscopeSourceBehind: {
    fires: { [LAG]: '61x60' },
    labels: { source: 'ec2/network-interfaces' },
    summary: 'The source ec2/network-interfaces of ifscope is 61 s behind its API.',
    link: '/',
    silent: [{ [LAG]: '60x60' }],
  },
  IfscopeDown: {
    fires: { 'up{job="ifscope"}': '0x60' },
    labels: {},
    summary: 'ifscope exports no metrics.',
    link: '/readyz',
    silent: [{ 'ifscope_build_info{version="1"}': '1x60' }],
  },
};

const caseOf = (alert: string): Case => {
  const found = CASES[alert];
  if (found === undefined) throw new Error(`no case for ${alert}`);
  return found;
};

/** `10m` as minutes. */
const minutesOf = (text: string): number => {
  const [, minutes] = /^(\d+)m$/.exec(text) ?? [];
  if (minutes === undefined) throw new Error(`${text} is not a number of minutes`);
  return Number(minutes);
};

/** promtool's tests of one rule: it fires at its time, not a minute earlier, and never on the silent series. */
function testsOf({ alert, annotations, labels, for: time }: Rule): readonly object[] {
  const { fires, labels: own, summary, link, silent } = caseOf(alert);
  const { description } = annotations;
  const fired = {
    exp_labels: { ...labels, ...own },
    exp_annotations: {
      summary,
      ...(description === undefined ? {} : { description }),
      link: `https://ifscope.example${link}`,
    },
  };
  const on = (series: Series, checks: readonly object[]): object => ({
    interval: '1m',
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    alert_rule_test: checks.map((check) => ({ alertname: alert, ...check })),
  });
  const at = minutesOf(time);
  return [
    on(fires, [
      { eval_time: `${at}m`, exp_alerts: [fired] },
      { eval_time: `${at - 1}m`, exp_alerts: [] },
    ]),
    ...silent.map((series) => on(series, [{ eval_time: '31m', exp_alerts: [] }])),
  ];
}

/** Runs promtool's tests of one rule against these rules. */
function passes(rule: Rule, of: Rules): readonly [status: number | null, said: string] {
  const [file, test] = [path.join(folder, 'rules.yaml'), path.join(folder, 'test.yaml')];
  writeFileSync(file, JSON.stringify(of));
  writeFileSync(test, JSON.stringify({ rule_files: [file], evaluation_interval: '1m', tests: testsOf(rule) }));
  const { status, out, err } = run('promtool', ['test', 'rules', test]);
  return [status, `${out}${err}`];
}

const withRule = (change: Partial<Rule>, { alert }: Rule): Rules => ({
  groups: [
    {
      ...rules.groups[0],
      rules: rules.groups[0].rules.map((one) => (one.alert === alert ? { ...one, ...change } : one)),
    },
  ],
});

describe.each(rules.groups[0].rules.map((rule) => [rule.alert, rule] as const))('%s', (_, rule) => {
  it('fires exactly when it should', () => {
    expect(passes(rule, rules)).toEqual([0, expect.stringContaining('SUCCESS')]);
  });

  it.each<[string, Partial<Rule>]>([
    ['never fired', { expr: `${rule.expr} and on() vector(1) > 2` }],
    ['always fired', { expr: `label_replace(vector(1), "always", "yes", "", "")` }],
    ['fired at once', { for: '0m' }],
    ['fired too late', { for: `${minutesOf(rule.for) + 1}m` }],
    ['linked to another page', { annotations: { ...rule.annotations, link: 'https://ifscope.example/?view=nodes' } }],
  ])('would fail if it %s', (_what, change) => {
    expect(passes(rule, withRule(change, rule))[0]).not.toBe(0);
  });
});
