/** The environment variables that set EC2's pace, and what a wrong setting leaves behind: nothing. */
import { expect, it, vi } from 'vitest';
import { createReplica } from '../../records/replica';
import { connectLive, policyFrom } from './connect-live';

it.each([
  ['nothing', {}, {}],
  ['empty text means not set', { IFSCOPE_EC2_POLL_SECONDS: '', IFSCOPE_EC2_GAP_SECONDS: '' }, {}],
  [
    'frequent: a failure is not retried later than this',
    { IFSCOPE_EC2_POLL_SECONDS: '2' },
    { pollMs: 2_000, commonMs: 2_000 },
  ],
  ['rare: a failure is retried as usual', { IFSCOPE_EC2_POLL_SECONDS: '60' }, { pollMs: 60_000, commonMs: 15_000 }],
  ['between two calls', { IFSCOPE_EC2_GAP_SECONDS: '0.02' }, { gapMs: 20, firstGapMs: 20, targetedGapMs: 20 }],
  ['no wait between calls', { IFSCOPE_EC2_GAP_SECONDS: '0' }, { gapMs: 0, firstGapMs: 0, targetedGapMs: 0 }],
])('%s', (_what, env, policy) => expect(policyFrom(env)).toEqual(policy));

it.each([
  ['IFSCOPE_EC2_POLL_SECONDS', '0', 1],
  ['IFSCOPE_EC2_POLL_SECONDS', 'often', 1],
  ['IFSCOPE_EC2_GAP_SECONDS', '-1', 0],
  ['IFSCOPE_EC2_GAP_SECONDS', 'Infinity', 0],
  ['IFSCOPE_EC2_POLL_SECONDS', '1e9', 1],
])('rejects %s=%s', (name, value, least) => {
  expect(() => policyFrom({ [name]: value })).toThrow(
    `${name}=${value}: give seconds, a number from ${least} to 86400`,
  );
});

it.each([
  ['IFSCOPE_NAMESPACES', 'Shop'],
  ['IFSCOPE_EC2', 'maybe'],
  ['IFSCOPE_AWS_NODE', 'no'],
])('ends the demo if %s=%s is refused', async (name, value) => {
  const servers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length;
  const before = servers();
  const lagOf = (): never => {
    throw new Error('no source was started');
  };
  const options = { env: { [name]: value }, replica: createReplica(), log: () => undefined, lagOf };
  await expect(connectLive({ kind: 'demo', because: 'a test' }, options)).rejects.toThrow(value);
  await vi.waitFor(() => expect(servers()).toBe(before));
});
