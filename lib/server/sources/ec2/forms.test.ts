/** Both ways of sweeping give the same result; a later sweep takes the one with fewer calls. */
import { expect, it } from 'vitest';
import { answerAll, eni, keysOf, startEc2Source, type Ec2Bench } from '../../../../e2e/testing/servers/ec2-bench';
import { filterValues, type Form } from '../../../../e2e/testing/servers/ec2-server';

const ENIS = 'ec2/network-interfaces';
const ALL = ['eni-branch-of-eni-i-2', 'eni-i-1', 'eni-i-2', 'eni-leaked', 'eni-of-10.0.9.9'];

/** The filter names of each DescribeNetworkInterfaces call since then. */
const askedSince = ({ ec2 }: Ec2Bench, since: number): string[] =>
  ec2.calls
    .slice(since)
    .filter(({ action }) => action === 'DescribeNetworkInterfaces')
    .map(({ form }) => String(form['Filter.1.Name']));

const isByVpc = (form: Form): boolean => form['Filter.1.Name'] === 'vpc-id';

/** The next sweep of interfaces; returns the filters it used. */
async function sweepAgain(bench: Ec2Bench): Promise<string[]> {
  const { timers, seen, ec2 } = bench;
  const before = ec2.calls.length;
  const asOf = seen.status(ENIS)?.asOf;
  const swept = seen.until(() => seen.status(ENIS)?.asOf !== asOf).then(() => true);
  // Other calls may be due first.
  do await timers.fire('poll');
  while (!(await Promise.race([swept, timers.armed('poll').then(() => false)])));
  return askedSince(bench, before);
}

it('by VPC: one call with the same interfaces, and none of others', async () => {
  const bench = await startEc2Source({ addresses: ['10.0.9.9'] });
  await bench.live();
  const first = new Map(bench.seen.facts);
  expect(keysOf(bench.seen, ENIS)).toEqual(ALL);
  expect(await sweepAgain(bench)).toEqual(['vpc-id']);
  expect(keysOf(bench.seen, ENIS)).toEqual(ALL);
  // The same fact objects: the engine compares them by identity first.
  for (const key of ALL) expect(bench.seen.facts.get(`${ENIS} ${key}`)).toBe(first.get(`${ENIS} ${key}`));
});

it('not by VPC while the instances are not described: their interfaces may be in other VPCs', async () => {
  const bench = await startEc2Source({
    prepare: (fake) => fake.on('DescribeInstances', () => ({ status: 403, error: { code: 'UnauthorizedOperation' } })),
  });
  await bench.becomes('subnet-cidr-reservations', 'live');
  expect(await sweepAgain(bench)).toContain('attachment.instance-id');
});

it('requests every VPC that contains an interface of an instance', async () => {
  const bench = await startEc2Source({
    prepare: (fake) =>
      fake.on('DescribeInstances', (form) => ({
        body: {
          reservationSet: filterValues(form, 'instance-id').map((instanceId) => ({
            instancesSet: [
              { instanceId, vpcId: 'vpc-1', instanceType: 'm5.large', networkInterfaceSet: [{ vpcId: 'vpc-2' }] },
            ],
          })),
        },
      })),
  });
  await bench.live();
  await sweepAgain(bench);
  const form = bench.ec2.calls.findLast((call) => call.action === 'DescribeNetworkInterfaces')?.form ?? {};
  expect(filterValues(form, 'vpc-id')).toEqual(['vpc-1', 'vpc-2']);
});

it('requests an instance by id if nothing was found for it by VPC', async () => {
  const bench = await startEc2Source();
  await bench.live();
  bench.ec2.on('DescribeNetworkInterfaces', (form) => ({
    body: { networkInterfaceSet: isByVpc(form) ? [eni('eni-i-1', 'i-1')] : [eni('eni-elsewhere', 'i-2')] },
  }));
  expect(await sweepAgain(bench)).toEqual(['vpc-id', 'attachment.instance-id']);
  expect(keysOf(bench.seen, ENIS)).toEqual(['eni-elsewhere', 'eni-i-1']);
});

it('abandons a VPC full of foreign interfaces after one page, and does not retry it', async () => {
  const bench = await startEc2Source();
  await bench.live();
  const others = Array.from({ length: 50 }, (_, n) => eni(`eni-other-${n}`, `i-other-${n}`));
  bench.ec2.on('DescribeNetworkInterfaces', (form) => ({
    body: isByVpc(form)
      ? { networkInterfaceSet: [...others, eni('eni-i-1', 'i-1')], nextToken: 'more' }
      : {
          networkInterfaceSet: filterValues(form, 'attachment.instance-id').map((id) => eni(`eni-${id}`, id)),
        },
  }));
  expect(await sweepAgain(bench)).toEqual(['vpc-id', 'attachment.instance-id', 'status']);
  expect(keysOf(bench.seen, ENIS)).toEqual(['eni-i-1', 'eni-i-2']);
  expect(await sweepAgain(bench)).toEqual(['attachment.instance-id', 'status']);
  answerAll(bench.ec2);
});
