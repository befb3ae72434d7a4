/** The debug lines on EC2 calls. */
import { expect, it } from 'vitest';
import { EC2_SOURCES, eni, startEc2Source } from '../../../../e2e/testing/servers/ec2-bench';

const linesOf = (debug: readonly string[], id: string): string[] =>
  debug.filter((line) => line.startsWith(`${id}: `)).map((line) => line.replace(/\d+\.\d s/g, 'N s'));

it('traces each complete call: pages, duration, result and the next read', async () => {
  const { ec2, timers, seen, source, live, becomes } = await startEc2Source();
  await live();
  for (const id of EC2_SOURCES)
    expect(linesOf(seen.debug, id)).toEqual([
      expect.stringMatching(new RegExp(`^${id}: \\d+ pages? of \\w+ in N s; live, next read in N s$`)),
    ]);
  expect(linesOf(seen.debug, 'ec2/subnets')[0]).toContain('1 page of DescribeSubnets');

  source.askSoon(['i-1']);
  await timers.fire('poll');
  await seen.until(() => seen.debug.some((line) => line.startsWith('ec2: 1 changed instance read in ')));

  ec2.on('DescribeNetworkInterfaces', (form) =>
    form['NextToken'] === undefined
      ? { body: { networkInterfaceSet: [eni('eni-i-1', 'i-1')], nextToken: 'more' } }
      : { status: 500, error: { code: 'InternalError', message: 'token=hush' } },
  );
  await timers.fire('poll');
  await becomes('network-interfaces', 'stale');
  expect(linesOf(seen.debug, 'ec2/network-interfaces').at(-1)).toMatch(
    /: \d pages of DescribeNetworkInterfaces in N s; stale \(ec2:DescribeNetworkInterfaces failed: InternalError\), next read in N s$/,
  );
  expect(seen.debug.join('\n')).not.toContain('hush');
});
