/** Text from a hostile cluster cannot control the terminal that a command prints to: one record, one line. */
import { expect, it } from 'vitest';
import type { FindingRecord } from '../../model/records';
import { paragraph } from './check';
import { lookupLines } from './lookup';

const HOSTILE = 'x\u001b[2J\n\u009b31m\u202ey';
const SHOWN = String.raw`x\u001b[2J\u000a\u009b31m\u202ey`;

it('lookup prints one harmless line per hit', () => {
  const hit = { kind: 'pod', id: `pod:${HOSTILE}`, path: [], text: `pod ${HOSTILE}` } as const;
  expect(
    lookupLines({ query: 'x', asked: 'name', hits: [hit], total: 1, groups: [], note: HOSTILE, unsure: [HOSTILE] }),
  ).toEqual([SHOWN, `pod ${SHOWN}`, `not certain: ${SHOWN}`]);
});

it('check prints one harmless line per statement', () => {
  const finding: FindingRecord = {
    id: 'finding:1',
    rule: 'network-missing',
    severity: 'error',
    subjects: [],
    title: HOSTILE,
    detail: HOSTILE,
    evidence: [HOSTILE],
    advice: HOSTILE,
    command: HOSTILE,
    since: null,
  };
  const lines = paragraph(finding).split('\n');
  expect(lines).toHaveLength(5);
  for (const line of lines) expect(line.endsWith(SHOWN)).toBe(true);
});
