import { describe, expect, it } from 'vitest';
import type { Observation } from '../../model/observation';
import { nextAttempt, Attempts, NOT_TRIED, type AttemptRules, type AttemptState, type Outcome } from './attempts';
import { createHealth } from './health';
import { ours } from './reason';

const NOW = 1_000_000;
const RULES: AttemptRules = {
  confirmMs: () => 1_500,
  deniedMs: (random) => 15_000 + random * 10_000,
  failedMs: (failures, random) => random * 800 * 2 ** failures,
  unshownFailures: 1,
};
const LIVE: AttemptState = { ...NOT_TRIED, state: 'live', hasFacts: true, nextAt: NOW };
const failed: Outcome = { kind: 'failed', reason: ours('broken') };
const refused: Outcome = { kind: 'refused', as: 'denied', reason: ours('no right') };
const watchRefused: Outcome = { kind: 'watch-refused', reason: ours('may not watch') };

const run = (before: AttemptState, ...outcomes: readonly Outcome[]): AttemptState =>
  outcomes.reduce((state, outcome) => nextAttempt(state, outcome, RULES, NOW, () => 0.5), before);

const TRANSITIONS: readonly [string, AttemptState, readonly Outcome[], Partial<AttemptState>][] = [
  ['a success: live', NOT_TRIED, [{ kind: 'succeeded' }], { state: 'live', reason: null, hasFacts: true }],
  ['a success sets when the next attempt is due', LIVE, [{ kind: 'succeeded', nextAt: NOW + 7 }], { nextAt: NOW + 7 }],
  ['a success without a time leaves the next attempt unchanged', LIVE, [{ kind: 'succeeded' }], { nextAt: NOW }],
  [
    'a success with a note',
    LIVE,
    [{ kind: 'succeeded', reason: ours('1 of 2') }],
    { state: 'live', reason: ours('1 of 2') },
  ],
  ['a success resets the failures', LIVE, [failed, refused, { kind: 'succeeded' }], { failures: 0, refusals: 0 }],
  [
    'some of the facts: still starting, with facts',
    NOT_TRIED,
    [{ kind: 'incomplete', reason: ours('not every node') }],
    { state: 'starting', reason: ours('not every node'), hasFacts: true },
  ],
  [
    'an answer resets the failures, and shows nothing',
    NOT_TRIED,
    [failed, failed, { kind: 'answered' }],
    { state: 'failing', failures: 0, hasFacts: false },
  ],
  [
    'an open watch: live, its failures not reset',
    LIVE,
    [failed, failed, { kind: 'opened', isShown: true }],
    { state: 'live', reason: null, failures: 2 },
  ],
  [
    'a hidden open watch: only its refusals are reset',
    { ...LIVE, state: 'stale', reason: ours('ends at once') },
    [watchRefused, { kind: 'opened', isShown: false }],
    { state: 'stale', reason: ours('ends at once'), watchRefusals: 0 },
  ],
  [
    'a failure without facts: failing',
    NOT_TRIED,
    [failed],
    { state: 'failing', reason: ours('broken'), failures: 1, nextAt: NOW + 400 },
  ],
  ['a failure with facts: not shown', LIVE, [failed], { state: 'live', reason: null, failures: 1 }],
  [
    'a second failure: stale, with its facts',
    LIVE,
    [failed, failed],
    { state: 'stale', reason: ours('broken'), hasFacts: true, nextAt: NOW + 800 },
  ],
  ['a transient failure is never shown over facts', LIVE, [failed, { ...failed, isPassing: true }], { state: 'live' }],
  ['a permanent failure is shown at once', LIVE, [{ ...failed, isPassing: false }], { state: 'stale' }],
  ['a transient failure without facts is shown', NOT_TRIED, [{ ...failed, isPassing: true }], { state: 'failing' }],
  ['a failure with a wait of its own', LIVE, [{ ...failed, waitMs: 9 }], { nextAt: NOW + 9 }],
  ['a failure that leaves the next attempt unchanged', LIVE, [{ ...failed, waitMs: null }], { nextAt: NOW }],
  [
    'a first rejection of the credentials: retried at once',
    LIVE,
    [{ kind: 'unauthorized', reason: ours('401') }],
    { state: 'live', nextAt: NOW, failures: 0 },
  ],
  [
    'a second rejection: failing, though there are facts',
    LIVE,
    [
      { kind: 'unauthorized', reason: ours('401') },
      { kind: 'unauthorized', reason: ours('401') },
    ],
    { state: 'failing', reason: ours('401'), hasFacts: true, nextAt: NOW + 400 },
  ],
  [
    'forbidden without facts: denied',
    NOT_TRIED,
    [refused],
    { state: 'denied', reason: ours('no right'), nextAt: NOW + 20_000 },
  ],
  [
    'forbidden after it was readable: retried once',
    LIVE,
    [refused],
    { state: 'live', hasFacts: true, nextAt: NOW + 1_500 },
  ],
  ['a second time: denied, without facts', LIVE, [refused, refused], { state: 'denied', hasFacts: false, refusals: 2 }],
  ['a failure between two refusals does not reset their count', LIVE, [refused, failed, refused], { state: 'denied' }],
  [
    'a success between two refusals resets their count',
    LIVE,
    [refused, { kind: 'succeeded' }, refused],
    { state: 'live', hasFacts: true },
  ],
  [
    'a kind that is not served: absent',
    LIVE,
    [
      { ...refused, as: 'absent' },
      { ...refused, as: 'absent' },
    ],
    { state: 'absent', hasFacts: false },
  ],
  ['a first refusal of the watch: retried once', LIVE, [watchRefused], { state: 'live', nextAt: NOW + 1_500 }],
  [
    'a second refusal of the watch: denied, with the facts of the list',
    LIVE,
    [watchRefused, watchRefused],
    { state: 'denied', reason: ours('may not watch'), hasFacts: true, nextAt: NOW + 20_000 },
  ],
  ['a later list changes nothing', LIVE, [watchRefused, watchRefused, { kind: 'succeeded' }], { state: 'denied' }],
  [
    'a watch that opens resets it',
    LIVE,
    [watchRefused, watchRefused, { kind: 'opened', isShown: true }],
    { state: 'live', watchRefusals: 0 },
  ],
  [
    'nothing to request: absent, without facts, and due as soon as there is something',
    LIVE,
    [refused, { kind: 'absent', reason: ours('no node') }],
    { ...NOT_TRIED, state: 'absent', reason: ours('no node') },
  ],
  [
    'then a success is live',
    LIVE,
    [{ kind: 'absent', reason: ours('no node') }, { kind: 'succeeded' }],
    { state: 'live' },
  ],
];

describe('each transition', () => {
  it.each(TRANSITIONS)('%s', (_what, before, outcomes, after) => expect(run(before, ...outcomes)).toMatchObject(after));

  it('draws a random number once for each wait, and never for a fixed one', () => {
    let asked = 0;
    const chance = (): number => ++asked / 10;
    expect(nextAttempt(NOT_TRIED, refused, RULES, NOW, chance).nextAt).toBe(NOW + 16_000);
    expect(nextAttempt(NOT_TRIED, { ...failed, waitMs: 5 }, RULES, NOW, chance).nextAt).toBe(NOW + 5);
    expect(asked).toBe(1);
  });
});

describe('the attempts of a source record', () => {
  const start = (): { attempts: Attempts; sent: Observation[]; at: (now: number) => void } => {
    const sent: Observation[] = [];
    let now = NOW;
    const batcher = {
      add: (...all: Observation[]) => void sent.push(...all),
      addAll: (all: readonly Observation[]) => void sent.push(...all),
      flush: () => undefined,
      deliver: () => Promise.resolve(),
      close: () => undefined,
    };
    const attempts = new Attempts({
      row: { id: 'ec2/subnets', factKind: 'subnet' },
      health: createHealth('ec2/subnets', (status) => batcher.add(status)),
      batcher,
      rules: RULES,
      now: () => now,
      random: () => 0.5,
    });
    return { attempts, sent, at: (time) => (now = time) };
  };
  const ops = (sent: Observation[]): string[] =>
    sent.splice(0).map((each) => (each.op === 'status' ? each.source.state : each.op));

  it('sends its state when it changes, and an empty list once when its facts are dropped', () => {
    const { attempts, sent } = start();
    attempts.replace([], NOW - 5);
    expect(sent.at(-1)).toMatchObject({ source: { asOf: new Date(NOW - 5).toISOString() } });
    expect(ops(sent)).toEqual(['starting', 'replaceAll', 'live']);
    attempts.report(refused);
    expect(ops(sent)).toEqual([]);
    attempts.report(refused);
    attempts.report(refused);
    // Dropped facts have no age, because what they reported is no longer known.
    expect(sent.at(-1)).toMatchObject({ source: { state: 'denied', asOf: null } });
    expect(ops(sent)).toEqual(['replaceAll', 'denied']);
    attempts.replace([], NOW);
    expect(sent.at(-1)).toMatchObject({ source: { state: 'live', asOf: new Date(NOW).toISOString() } });
  });

  it('counts down to the next attempt, and can be expedited', () => {
    const { attempts, at } = start();
    expect(attempts.waitMs).toBe(0);
    attempts.report(failed);
    at(NOW + 100);
    expect(attempts.waitMs).toBe(300);
    attempts.hasten();
    expect([attempts.waitMs, attempts.nextAt]).toEqual([0, NOW + 100]);
  });
});
