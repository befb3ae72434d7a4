import { expect, test } from 'vitest';
import type { SourceLine } from './source-health';
import { sourceNotes } from './source-notes';

const line = (id: string, more: Partial<SourceLine> = {}): SourceLine => ({
  id,
  state: 'stale',
  word: 'stale',
  tone: 'warn',
  age: '8 s',
  asOf: null,
  reason: null,
  progress: null,
  ...more,
});
const textsOf = (lines: readonly SourceLine[]): readonly (string | null)[] =>
  sourceNotes(lines).map((note) => note?.text ?? null);

test('a source without a reason has no note', () => {
  expect(sourceNotes([line('kubernetes/jobs')])).toEqual([null]);
});

test('neighbours with the same reason share a note, below the last of them', () => {
  const reason = 'The API server refuses connections';
  expect(
    textsOf([
      line('kubernetes/cronjobs', { reason }),
      line('kubernetes/daemonsets', { reason }),
      line('kubernetes/jobs', { reason }),
      line('kubernetes/statefulsets', { reason: 'another one' }),
      line('kubernetes/deployments', { reason }),
    ]),
  ).toEqual([null, null, `3 sources, kubernetes/cronjobs to kubernetes/jobs: ${reason}`, 'another one', reason]);
});

test('a source without which part of the picture is lost has its own note', () => {
  const denied = { state: 'denied', reason: 'not permitted' } as const;
  const notes = sourceNotes([line('ec2/network-interfaces', denied), line('ec2/subnets', denied)]);
  expect(notes.every((note) => note !== null && note.lost !== null && /^not permitted\.$/iu.test(note.text))).toBe(
    true,
  );
});

test('progress counts as part of the note', () => {
  const reason = 'behind';
  expect(
    textsOf([line('kubernetes/nodes', { reason, progress: 'listing: 5' }), line('kubernetes/pods', { reason })]),
  ).toEqual(['behind · listing: 5', 'behind']);
});
