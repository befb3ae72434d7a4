/**
 * Many viewers of one server: how current each of them is at a hundred changes a second, and their cost. The viewers
 * are one process of plain HTTP clients; the baseline is the same server with one viewer, in the same run.
 *
 * npm run bench -- viewers [--viewers 1000] [--nodes 200] [--changes 100] [--minutes 1]
 */
import { fork } from 'node:child_process';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ensureBuilt, ROOT } from '../lib/cli/page/build';
import { DEFLATED_EVENTS } from '../lib/model/delta';
import { startCluster, type Cluster } from './cluster';
import { lagsOf, watchChanges } from './large-change-watch';
import { startMeasured, type MeasuredServer } from './large-measured-server';
import { readOptions } from './options';
import { report } from './results';
import { row, type Row } from './rows';
import { greatest, quantile } from './statistics';
import { within } from './within';
import type { Answers, Question } from './viewers-process';

const options = readOptions(process.argv.slice(2), { nodes: 200, changes: 100 });
/** The Accept header of the page. */
const ACCEPT = `${DEFLATED_EVENTS}, text/event-stream`;
/** Duration of the baseline; `STALL_MS`: how long slow viewers stop reading. */
const ALONE_MS = 15_000;
const STALL_MS = 20_000;
const LIVE_SECONDS = 120;

interface Viewers {
  ask<Q extends Question>(question: Q, seconds: number): Promise<Answers[Q['ask']]>;
  stop(): void;
}

function startViewers(): Viewers {
  const child = fork(path.join(import.meta.dirname, 'viewers-process.ts'), {
    execArgv: ['--import', 'tsx', '--max-semi-space-size=32'],
  });
  const stop = (): void => void child.kill('SIGKILL');
  process.once('exit', stop);
  return {
    ask: (question, seconds) => {
      const answered = new Promise<never>((resolve, reject) => {
        const leave = (): void => {
          child.off('message', take);
          child.off('exit', gone);
        };
        const gone = (): void => {
          leave();
          reject(new Error('the process of the viewers ended'));
        };
        const take = (message: { readonly said?: unknown; readonly error?: string }): void => {
          leave();
          if (message.error === undefined) resolve(message.said as never);
          else reject(new Error(message.error));
        };
        child.on('message', take);
        child.once('exit', gone);
        child.send(question);
      });
      return within(seconds, `the viewers' answer to “${question.ask}”`, answered);
    },
    stop() {
      process.off('exit', stop);
      stop();
    },
  };
}

interface Phase {
  /** Processor time of the server per second, in milliseconds. */
  readonly cpu: number;
  readonly changes: number;
  /** Of the viewer that parses the changes. */
  readonly lags: ReturnType<typeof lagsOf>;
}

/** Measures for `ms` the server's processor time and the lag of one viewer that parses every change. */
async function phase(server: MeasuredServer, cluster: Cluster, ms: number): Promise<Phase> {
  const watch = await watchChanges(server.url);
  try {
    const from = Date.now();
    const used = await server.processorTime();
    await wait(ms);
    const until = Date.now();
    const cpu = ((await server.processorTime()) - used) / ((until - from) / 1000);
    // The last changes may still be in transit.
    await wait(2_000);
    const journal = await within(10, 'the journal', cluster.journal());
    const changes = journal.filter(({ at }) => at >= from && at < until).length;
    return { cpu, changes: changes / ((until - from) / 1000), lags: lagsOf(journal, watch, from, until) };
  } finally {
    watch.stop();
  }
}

async function memory(server: MeasuredServer): Promise<{ readonly heap: number; readonly resident: number }> {
  const threads = await within(30, "the server's memory", server.threads('collect'));
  return {
    heap: threads.reduce((sum, { heap }) => sum + heap, 0) / 1e6,
    resident: greatest(threads.map(({ resident }) => resident)) / 1e6,
  };
}

const positionOf = async (server: MeasuredServer): Promise<string> => {
  const response = await fetch(`${server.url}/api/topology?format=keyframe`, { signal: AbortSignal.timeout(10_000) });
  await response.body?.cancel();
  return (response.headers.get('etag') ?? '').replaceAll('"', '');
};

async function measure(server: MeasuredServer, cluster: Cluster, viewers: Viewers): Promise<readonly Row[]> {
  const alone = await phase(server, cluster, ALONE_MS);
  const before = await memory(server);
  const url = `${server.url}/api/stream?since=${await positionOf(server)}`;
  const opened = await viewers.ask({ ask: 'open', url, count: options.viewers, accept: ACCEPT }, 120);
  await viewers.ask({ ask: 'begin' }, 10);
  await server.threads('reset');
  const many = await phase(server, cluster, options.minutes * 60_000);
  const blocks = await server.threads('look');
  const lags = await viewers.ask({ ask: 'lags', seen: many.lags.seen }, 60);
  const stalled = await viewers.ask({ ask: 'stall', count: Math.ceil(options.viewers / 10), ms: STALL_MS }, 60);
  const after = await memory(server);
  const seconds = options.minutes * 60 + 2;
  return [
    row('changes of pods meanwhile', many.changes, '/s'),
    row('lag of all viewers, p50', lags.p50, 'ms', { baseline: ['one viewer alone', quantile(alone.lags.ms, 0.5)] }),
    row('lag of all viewers, p99', lags.p99, 'ms', {
      baseline: ['one viewer alone', quantile(alone.lags.ms, 0.99)],
      most: 2_000,
      note: `greatest ${lags.worst}; of the viewer with most ${lags.worstViewer}`,
    }),
    row('changes that a viewer missed', lags.missed, '', { most: 0, note: `${lags.resets} resets` }),
    row('streams that broke', lags.broken + stalled.broken, '', { most: 0 }),
    row('processor time of the server in a second', many.cpu, 'ms', { baseline: ['with one viewer', alone.cpu] }),
    ...blocks
      .filter(({ thread }) => thread === 'main')
      .map(({ longestBlock, block99 }) =>
        row('longest block, serving thread', longestBlock, 'ms', { most: 50, note: `p99 ${block99.toFixed(0)} ms` }),
      ),
    row('bytes to each viewer in a second', lags.bytes / 1e3 / seconds, 'KB', {
      baseline: ['as text', lags.text / 1e3 / seconds],
    }),
    row('resident memory of the server', after.resident, 'MB', {
      baseline: ['with one viewer', before.resident],
      most: 1_500,
    }),
    row('heap of the server, array buffers included', after.heap, 'MB', { baseline: ['with one viewer', before.heap] }),
    row('a viewer that read nothing for 20 s is current again after', stalled.worst, 'ms', {
      most: 2_000,
      note: `the slowest of ${Math.ceil(options.viewers / 10)}, ${stalled.resets} resets`,
    }),
    row('opening all streams', opened.ms / 1000, 's'),
  ];
}

await ensureBuilt(ROOT, (line) => console.log(line));
const cluster = await startCluster(options);
const viewers = startViewers();
try {
  const server = await within(LIVE_SECONDS, 'the start of the server', startMeasured(cluster, {}, false));
  try {
    await server.live(['kubernetes/pods', 'ec2/network-interfaces'], LIVE_SECONDS);
    report('viewers', options.save, {
      title: `${options.viewers} viewers, ${options.changes} changes a second, ${options.nodes} nodes`,
      rows: await measure(server, cluster, viewers),
    });
  } finally {
    await server.stop();
  }
} finally {
  viewers.stop();
  await cluster.stop();
}
