/** The first sweep sends its pages as they arrive, and interfaces not read yet do not count as gone. */
import { expect, it } from 'vitest';
import { eni, keysOf, startEc2Source } from '../../../../e2e/testing/servers/ec2-bench';
import { filterValues, type FakeEc2 } from '../../../../e2e/testing/servers/ec2-server';

const ENIS = 'ec2/network-interfaces';

/** Two pages for the instances; the second waits for `gate`. */
const inTwoPages =
  (gate: Promise<unknown>, last: object = {}) =>
  (fake: FakeEc2): void =>
    fake.on('DescribeNetworkInterfaces', (form) => {
      if (filterValues(form, 'attachment.instance-id').length === 0) return { body: { networkInterfaceSet: [] } };
      return form['NextToken'] === undefined
        ? { body: { networkInterfaceSet: [eni('eni-1', 'i-1')], nextToken: 'more' } }
        : { body: { networkInterfaceSet: [eni('eni-2', 'i-2')] }, after: gate, ...last };
    });

it('shows each page before the next one is read, without an age, and the complete list at the end', async () => {
  const gate = Promise.withResolvers<undefined>();
  const { seen, live } = await startEc2Source({ prepare: inTwoPages(gate.promise) });
  await seen.until(() => seen.facts.has(`${ENIS} eni-1`));
  expect(seen.status(ENIS)).toEqual({
    id: ENIS,
    state: 'starting',
    asOf: null,
    reason: 'not every network interface was read yet',
  });
  const before = seen.facts.get(`${ENIS} eni-1`);
  gate.resolve(undefined);
  await live();
  expect(seen.statuses(ENIS).map(({ state, asOf }) => [state, asOf === null])).toEqual([
    ['starting', true],
    ['starting', true],
    ['live', false],
  ]);
  expect(keysOf(seen, ENIS)).toEqual(['eni-1', 'eni-2']);
  expect(seen.facts.get(`${ENIS} eni-1`)).toBe(before);
});

it('shows nothing of later sweeps before they are complete', async () => {
  const gate = Promise.withResolvers<undefined>();
  const { ec2, timers, seen, live } = await startEc2Source();
  await live();
  const batches = seen.batches.length;
  ec2.on('DescribeInstances', () => ({ body: {} }));
  inTwoPages(gate.promise)(ec2);
  const before = ec2.calls.length;
  await timers.fire('poll');
  await ec2.called('DescribeNetworkInterfaces', ec2.calls.slice(0, before).filter(isEnis).length + 2);
  expect(
    seen.batches.slice(batches).flatMap(({ observations }) => observations.filter(({ op }) => op === 'upsert')),
  ).toEqual([]);
  gate.resolve(undefined);
  await seen.until(() => seen.facts.has(`${ENIS} eni-2`));
});

const isEnis = ({ action }: { readonly action: string }): boolean => action === 'DescribeNetworkInterfaces';

it('keeps what was shown if a page is missing, still without an age', async () => {
  const { seen, becomes } = await startEc2Source({
    prepare: inTwoPages(Promise.resolve(), { status: 500, error: { code: 'InternalError' } }),
  });
  await becomes('network-interfaces', 'stale');
  expect(seen.status(ENIS)?.asOf).toBeNull();
  expect(keysOf(seen, ENIS)).toEqual(['eni-1']);
});

it('requests no single instance in between, and afterwards only those requested before', async () => {
  const gate = Promise.withResolvers<undefined>();
  const many = Array.from({ length: 250 }, (_, n) => `i-${n}`);
  const { ec2, source, live, timers } = await startEc2Source({
    instances: () => many,
    prepare: (fake) =>
      fake.on('DescribeNetworkInterfaces', (form) => ({
        body: { networkInterfaceSet: filterValues(form, 'attachment.instance-id').map((id) => eni(`eni-${id}`, id)) },
        after: gate.promise,
      })),
  });
  await ec2.called('DescribeNetworkInterfaces', 1);
  timers.advance(1);
  source.askSoon(['i-0', 'i-249']);
  timers.advance(1);
  gate.resolve(undefined);
  await live();
  await timers.armed('poll');
  const asked = ec2.calls
    .map(({ form }) => filterValues(form, 'attachment.instance-id'))
    .filter((ids) => ids.length > 0);
  expect(asked).toEqual([many.slice(0, 200), many.slice(200), ['i-0']]);
});
