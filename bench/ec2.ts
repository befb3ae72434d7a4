/**
 * `npm run bench -- ec2 [--nodes 5000]`: the cost of reading EC2's network interfaces, with the AWS SDK's own parser
 * and with the projection, alternating within one run; and a first and a second sweep of 5,000 instances with 4
 * interfaces of 30 addresses each, against a server on loopback, without a pause between calls and with the pause of
 * the first sweep.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { DescribeNetworkInterfacesCommand, type EC2Client } from '@aws-sdk/client-ec2';
import { interfacePage } from '../e2e/testing/ec2-page';
import { createRecorder } from '../e2e/testing/servers/recorder';
import { normaliseEni } from '../lib/normalise/ec2/network-interface';
import { createEc2Client } from '../lib/server/sources/ec2/client';
import { createEc2Source } from '../lib/server/sources/ec2/ec2';
import { Projection } from '../lib/server/sources/ec2/xml/projection';
import { idleThread } from './idle-thread';
import { readOptions } from './options';
import { report } from './results';
import { row, type Row } from './rows';
import { median } from './statistics';

const ADDRESSES = 30;
const PAGE = 1_000;
const ROUNDS = 3;
const OPTIONS = readOptions(process.argv.slice(2), { nodes: 5_000 });
const NODES = OPTIONS.nodes;
const PER_NODE = 4;

const instanceId = (number: number): string => `i-${number.toString(16).padStart(17, '0')}`;
/** Microseconds per interface, from milliseconds per page. */
const micros = (milliseconds: number): number => (milliseconds * 1_000) / PAGE;

/** Values of the filter, in the form that the SDK sends. */
function valuesOf(form: URLSearchParams, name: string): string[] {
  return form.get('Filter.1.Name') === name
    ? [...form].flatMap(([key, value]) => (key.startsWith('Filter.1.Value.') ? [value] : []))
    : [];
}

/**
 * Answers DescribeNetworkInterfaces by instances (all on one page) and by VPC, and other calls with an empty result.
 */
async function serve(): Promise<string> {
  const pages = new Map<string, Buffer>();
  const pageOf = (from: number, count: number): Buffer => {
    const key = `${from} ${count}`;
    const page = pages.get(key) ?? interfacePage(from, count, ADDRESSES);
    pages.set(key, page);
    return page;
  };
  const withToken = (page: Buffer, token: string): string =>
    page.toString().replace('</networkInterfaceSet>', `</networkInterfaceSet><nextToken>${token}</nextToken>`);
  const answer = (form: URLSearchParams): Buffer | string => {
    if (form.get('Action') === 'DescribeInstances') {
      const instances = valuesOf(form, 'instance-id').map(
        (id) =>
          `<item><reservationId>r-${id}</reservationId><instancesSet><item><instanceId>${id}</instanceId><instanceType>m5.large</instanceType><vpcId>vpc-0123456789abcdef0</vpcId></item></instancesSet></item>`,
      );
      return `<DescribeInstancesResponse><reservationSet>${instances.join('')}</reservationSet></DescribeInstancesResponse>`;
    }
    const attached = valuesOf(form, 'attachment.instance-id').map((id) => parseInt(id.slice(2), 16));
    if (attached.length > 0) return pageOf((attached[0] ?? 0) * PER_NODE, attached.length * PER_NODE);
    if (valuesOf(form, 'vpc-id').length > 0 && form.get('Action') === 'DescribeNetworkInterfaces') {
      const from = Number(form.get('NextToken') ?? 0);
      const page = pageOf(from, Math.min(PAGE, NODES * PER_NODE - from));
      return from + PAGE < NODES * PER_NODE ? withToken(page, String(from + PAGE)) : page;
    }
    return `<${form.get('Action') ?? ''}Response/>`;
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => response.end(answer(new URLSearchParams(Buffer.concat(chunks).toString()))));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const clientOf = (endpoint: string): EC2Client =>
  createEc2Client({ region: 'eu-west-1', endpoint, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });

/** The duration of `run`, and the longest time in it during which nothing else could run; milliseconds. */
async function watched(run: () => Promise<unknown>): Promise<{ readonly took: number; readonly block: number }> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const began = performance.now();
  await run();
  const took = performance.now() - began;
  await new Promise((resolve) => setTimeout(resolve, 5));
  delay.disable();
  return { took, block: delay.max / 1e6 };
}

async function pages(url: string): Promise<Row[]> {
  const ask = (): DescribeNetworkInterfacesCommand =>
    new DescribeNetworkInterfacesCommand({ Filters: [{ Name: 'vpc-id', Values: ['vpc-1'] }], MaxResults: PAGE });
  const [plain, own, again] = [clientOf(url), clientOf(url), clientOf(url)];
  const kept = new Projection();
  kept.install(again, new AbortController().signal);
  const fresh = new Projection();
  fresh.install(own, new AbortController().signal);
  const sdk = async (): Promise<unknown> => (await plain.send(ask())).NetworkInterfaces?.map(normaliseEni);
  const anew = async (): Promise<unknown> => {
    fresh.interfacesSwept();
    fresh.interfacesSwept();
    return fresh.interfacesOf(await own.send(ask()));
  };
  const unchanged = async (): Promise<unknown> => kept.interfacesOf(await again.send(ask()));
  for (const run of [sdk, anew, unchanged]) await run();
  const seen = new Map([sdk, anew, unchanged].map((run) => [run, [] as { took: number; block: number }[]]));
  for (let round = 0; round < ROUNDS; round++) for (const [run, figures] of seen) figures.push(await watched(run));
  for (const client of [plain, own, again]) client.destroy();
  const figure = (run: () => Promise<unknown>, of: 'took' | 'block'): number =>
    median((seen.get(run) ?? []).map((each) => each[of]));
  const took = (what: string, run: () => Promise<unknown>, most: number): Row =>
    row(`an interface, ${what}`, micros(figure(run, 'took')), 'µs', {
      baseline: ['the AWS SDK', micros(figure(sdk, 'took'))],
      most,
    });
  return [
    took('everything new', anew, 350),
    took('nothing changed', unchanged, 90),
    row('longest block, a page', figure(anew, 'block'), 'ms', { baseline: ['the AWS SDK', figure(sdk, 'block')] }),
  ];
}

/** One sweep of a new source, and the next sweep. */
async function sweeps(url: string, firstGapMs: number): Promise<Row[]> {
  const idle = await idleThread();
  const began = performance.now();
  let firstPage = Number.NaN;
  let whole = 0;
  const swept = Promise.withResolvers<undefined>();
  const sweptAgain = Promise.withResolvers<undefined>();
  const source = createEc2Source(
    createRecorder().context(() => Date.now()),
    {
      client: clientOf(url),
      instances: () => Array.from({ length: NODES }, (_, number) => instanceId(number)),
      policy: { firstGapMs, gapMs: firstGapMs, pollMs: 1_000 },
    },
  );
  const first = watched(() => swept.promise);
  source.start(({ observations }) => {
    for (const observation of observations) {
      if (observation.op === 'upsert' && Number.isNaN(firstPage)) firstPage = performance.now() - began;
      if (observation.op === 'replaceAll' && observation.kind === 'eni')
        (whole++ === 0 ? swept : sweptAgain).resolve(undefined);
    }
  });
  const { took, block } = await first;
  const calls = source.callsLastMinute;
  const second = await watched(() => sweptAgain.promise);
  await source.stop();
  const held = await idle();
  const pauses = firstGapMs === 0 ? 'no pause between calls' : `${firstGapMs} ms between calls`;
  return [
    row(`first sweep, ${pauses}`, took, 'ms', { most: 30_000, note: `${calls} calls` }),
    row(`its first page, ${pauses}`, firstPage, 'ms'),
    row(`longest block of two sweeps, ${pauses}`, Math.max(block, second.block), 'ms', {
      baseline: ['a thread that does nothing', held],
    }),
  ];
}

if (isMainThread) {
  // In a separate thread, so that its work is not measured.
  const server = new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) });
  const [url] = (await once(server, 'message')) as [string];
  const rows = [...(await pages(url)), ...(await sweeps(url, 0)), ...(await sweeps(url, 300))];
  const title = `EC2: ${NODES * PER_NODE} network interfaces with ${ADDRESSES} addresses each, on ${NODES} instances`;
  report('ec2', OPTIONS.save, { title, rows });
  await server.terminate();
} else parentPort?.postMessage(await serve());
