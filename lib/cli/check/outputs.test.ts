/**
 * SARIF is validated against its published schema, JUnit against the structure that its readers share; both with
 * hostile names.
 */
import published from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with { type: 'json' };
import { Ajv } from 'ajv';
import { XMLParser } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { ruleIds } from '../../findings/report';
import type { FindingRecord } from '../../model/records';
import type { Checked } from './checked';
import { toJunit } from './junit';
import { toSarif } from './sarif';

const HOSTILE = 'x"]]>\u0000\u001b[2J</failure><!-- &amp; \u202e%{{ \ud800\uffff\'\n::error::y';

const finding = (part: Partial<FindingRecord>): FindingRecord => ({
  id: 'f:network-missing/pod:core/upf',
  rule: 'network-missing',
  severity: 'error',
  subjects: ['pod:core/upf', 'net:core/n6'],
  title: 'The network is missing',
  detail: 'core/upf asks for core/n6.',
  evidence: ['Kubernetes: no such object'],
  advice: 'Create it.',
  command: null,
  since: null,
  ...part,
});

const checked: Checked = {
  cluster: { name: `prod ${HOSTILE}`, kubernetesVersion: null, region: null, vpcId: null, vpcCidrs: null, demo: false },
  findings: [
    finding({}),
    finding({
      id: `f:network-missing/pod:core/${HOSTILE}`,
      severity: 'warning',
      subjects: [`pod:core/${encodeURIComponent('a/b')}${HOSTILE}`],
      title: HOSTILE,
      detail: HOSTILE,
      evidence: [HOSTILE],
      advice: HOSTILE,
      command: HOSTILE,
      since: '2026-09-01T12:00:00Z',
    }),
  ],
  silent: [{ source: 'ec2/subnets', state: 'denied', reason: HOSTILE, rules: ['subnet-low', 'network-missing'] }],
  only: [],
  fails: ({ severity }) => severity === 'error',
};

/** Characters that XML does not allow, or that control a terminal; JSON may contain the last two. */
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e\ud800-\udfff\ufffe\uffff]/;

describe('sarif', () => {
  const log = toSarif(checked, '1.2.3');
  it('is valid according to the standard’s schema', () => {
    // Ajv no longer supports the draft that the schema names; the schema uses nothing with a different meaning in later
    // drafts.
    const { $schema, id, ...schema } = published as Record<string, unknown>;
    expect([$schema, id]).toEqual([expect.stringContaining('draft-04'), expect.stringContaining('sarif')]);
    const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);
    validate(JSON.parse(JSON.stringify(log)));
    expect(validate.errors).toBeNull();
    // The schema rejects an invalid document.
    expect(validate({ version: '2.1.0', runs: [{}] })).toBe(false);
  });
  it('contains each finding with its rule, level and location', () => {
    const [run] = log.runs;
    expect(run?.results).toHaveLength(2);
    expect(run?.results?.[0]).toMatchObject({
      ruleId: 'network-missing',
      level: 'error',
      message: { text: 'The network is missing. core/upf asks for core/n6. Create it.' },
      locations: [
        { logicalLocations: [{ fullyQualifiedName: 'pod:core/upf' }, { fullyQualifiedName: 'net:core/n6' }] },
      ],
    });
    const at = run?.results?.[0]?.ruleIndex ?? -1;
    expect(run?.tool.driver.rules?.[at]?.id).toBe('network-missing');
    expect(run?.invocations?.[0]?.toolExecutionNotifications?.[0]?.message.text).toContain('ec2/subnets is denied');
  });
  it('contains no control characters, and only valid addresses', () => {
    expect(JSON.stringify(log).replaceAll('\uffff', '')).not.toMatch(CONTROL);
    for (const result of log.runs[0]?.results ?? []) {
      const uri = result.locations?.[0]?.physicalLocation?.artifactLocation?.uri ?? '';
      expect(uri).toMatch(/^pod\/core\/[A-Za-z0-9%_.!~*'()/-]+$/);
      expect(result.message.text).not.toContain('\n');
    }
  });
});

describe('junit', () => {
  const text = toJunit(checked);
  // With the second argument, malformed XML throws.
  const parser: { readonly parse: (xml: string, strict: boolean) => unknown } = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    isArray: (name) => name === 'testcase',
    parseAttributeValue: false,
  });
  const parsed = parser.parse(text, true) as {
    readonly testsuites: {
      readonly tests: string;
      readonly testsuite: Readonly<Record<string, string>> & {
        readonly testcase: readonly (Readonly<Record<string, string>> & {
          readonly failure?: { readonly message: string; readonly type: string };
          readonly skipped?: object;
        })[];
      };
    };
  };
  const { testsuite } = parsed.testsuites;

  it('is well-formed, whatever the names contain', () => {
    expect(text.replaceAll('\n', '')).not.toMatch(CONTROL);
    expect(text).not.toContain('<!--');
  });
  it('has the elements and attributes that all readers know', () => {
    expect(Object.keys(testsuite).filter((name) => name !== 'testcase')).toEqual([
      'name',
      'tests',
      'failures',
      'errors',
      'skipped',
      'time',
    ]);
    for (const one of testsuite.testcase) {
      expect(Object.keys(one)).toEqual(expect.arrayContaining(['classname', 'name', 'time']));
      const others = Object.keys(one).filter((name) => !['classname', 'name', 'time'].includes(name));
      expect(['failure', 'skipped', 'system-out', undefined]).toContain(others[0]);
      expect(others.length).toBeLessThan(2);
    }
  });
  it('counts its tests: one for each finding, and one for each rule without findings', () => {
    const { testcase } = testsuite;
    expect(Number(testsuite['tests'])).toBe(testcase.length);
    expect(testcase).toHaveLength(2 + ruleIds().length - 1);
    expect(testcase.filter(({ failure }) => failure !== undefined)).toHaveLength(Number(testsuite['failures']));
    expect(testsuite['failures']).toBe('1');
    // A rule that lacks a source but has findings is not skipped.
    expect(testcase.filter((one) => 'skipped' in one)).toHaveLength(Number(testsuite['skipped']));
    expect(testsuite['skipped']).toBe('1');
  });
});
