import { gzipSync } from 'node:zlib';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { Frame } from '../model/delta';
import { lengthBefore } from '../snapshot/keyframe/frames';
import { deltaFrame, keyframeBody, pod, podDelta, recordMaps } from '../../e2e/testing/client';
import { getKeyframe, readArrivingSet, type ArrivingSet } from '../client/set/arriving-set';
import { ClientStore } from '../client/client-store';
import type { ClientState } from '../client/client-state';
import { ARRIVALS_MS, follow, SILENCE_MS, type Stream } from './follower';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A real HTTP server with hand-written answers, and a page that follows it. */
async function open(answers: { topology: Handler; stream: Handler }) {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    asked.push(request.url ?? '');
    (request.url?.startsWith('/api/stream') === true ? answers.stream : answers.topology)(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const store = new ClientStore();
  /** Requested waits. Retries run immediately; the silence watchdog runs when the test fires it. */
  const waits: number[] = [];
  let onSilence: () => void = () => undefined;
  const stream = follow<ArrivingSet>(store, base, {
    fetch,
    now: () => 1_000,
    random: () => 0.5,
    load: async (get, arriving) =>
      readArrivingSet(await getKeyframe(get, arriving.signal), {
        ...arriving,
        isWanted: () => false,
        painted: () => Promise.resolve(),
      }),
    parse: (text) => JSON.parse(text) as unknown,
    setTimer: (run, ms) => {
      if (ms === SILENCE_MS) {
        onSilence = run;
        return () => undefined;
      }
      if (ms !== 0 && ms !== ARRIVALS_MS) waits.push(ms);
      const timer = setImmediate(run);
      return () => clearImmediate(timer);
    },
  });
  open_.push({ server, stream });
  return { store, stream, asked, waits, silence: () => onSilence() };
}
const open_: { server: Server; stream: Stream }[] = [];

afterEach(async () => {
  for (const { server, stream } of open_.splice(0)) {
    stream.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

const until = (store: ClientStore, holds: (state: ClientState) => boolean): Promise<ClientState> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (!holds(store.getState())) return;
      stop();
      resolve(store.getState());
    };
    const stop = store.subscribe(look);
    look();
  });

const whole =
  (version: number, epoch = 'e1', names = ['a']): Handler =>
  (_, response) => {
    const meta = { epoch, version, takenAt: '2026-11-21T06:00:00Z' };
    response.end(keyframeBody(recordMaps({ pods: names.map((name) => pod(name)) }), meta));
  };
const META = { epoch: 'e1', version: 1, takenAt: '2026-11-21T06:00:00Z' };
const framed = (chunk: Uint8Array): Buffer => Buffer.concat([lengthBefore(chunk.byteLength), chunk]);
const send = (response: ServerResponse, frame: Frame): void => {
  response.write(`event: ${frame.kind}\ndata: ${JSON.stringify(frame)}\n\n`);
};
/** Sends headers, then these frames, then stays open until the test ends. */
const streaming =
  (...frames: readonly Frame[]): Handler =>
  (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(': hello\n\n');
    for (const frame of frames) send(response, frame);
  };
/** One handler per call; the last one handles all further calls. */
const inTurn = (...handlers: readonly Handler[]): Handler => {
  let call = 0;
  return (request, response) => handlers[Math.min(call++, handlers.length - 1)]?.(request, response);
};
const status =
  (code: number, body: string | Buffer = ''): Handler =>
  (_, response) => {
    response.writeHead(code).end(body);
  };

describe('a follower of the server', () => {
  test('loads the full set, then the stream from its version', async () => {
    const page = await open({ topology: whole(4), stream: streaming(deltaFrame(podDelta(4, [pod('b')]))) });
    const state = await until(
      page.store,
      ({ version, replica }) => version === 5 && replica.partial?.complete === true,
    );
    expect([...state.replica.records.pods.keys()].sort()).toEqual(['pod:core/a', 'pod:core/b']);
    expect(state.phase).toBe('live');
    expect(page.asked).toEqual(['/api/topology?format=keyframe', '/api/stream?since=e1.4']);
  });

  test('shows frames that arrive together as one change', async () => {
    const frames = Array.from({ length: 100 }, (_, index) => deltaFrame(podDelta(4 + index, [pod(`b${index}`)])));
    let shown = 0;
    const page = await open({
      topology: whole(4),
      stream: (_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end(frames.map((frame) => `data: ${JSON.stringify(frame)}\n\n`).join(''));
      },
    });
    page.store.listen({
      delta: () => {
        shown++;
      },
      reset: () => undefined,
    });
    const { replica } = await until(page.store, ({ version }) => version === 104);
    expect(replica.records.pods.size).toBe(101);
    // They may arrive in a few pieces.
    expect(shown).toBeLessThan(10);
  });

  test('reopens an ended stream where it stopped', async () => {
    const page = await open({
      topology: whole(4),
      stream: inTurn(
        (_, response) => {
          response.writeHead(200);
          send(response, deltaFrame(podDelta(4, [pod('b')])));
          response.end();
        },
        streaming(deltaFrame(podDelta(5, [pod('c')]))),
      ),
    });
    await until(page.store, ({ version }) => version === 6);
    expect(page.asked.filter((url) => url.startsWith('/api/stream'))).toEqual([
      '/api/stream?since=e1.4',
      '/api/stream?since=e1.5',
    ]);
  });

  test('loads the full set after a gap, and continues', async () => {
    const page = await open({
      topology: inTurn(whole(4), whole(9, 'e1', ['x'])),
      stream: inTurn(streaming(deltaFrame(podDelta(7, [pod('b')]))), streaming(deltaFrame(podDelta(9, [pod('y')])))),
    });
    const state = await until(
      page.store,
      ({ version, replica }) => version === 10 && replica.partial?.complete === true,
    );
    expect([...state.replica.records.pods.keys()].sort()).toEqual(['pod:core/x', 'pod:core/y']);
  });

  test('adopts the new epoch when a restarted server sends a reset', async () => {
    const page = await open({
      topology: inTurn(whole(4), whole(1, 'e2', ['x'])),
      stream: inTurn(streaming({ kind: 'reset', epoch: 'e2', version: 1, reason: 'epoch' }), streaming()),
    });
    const state = await until(page.store, ({ epoch, phase }) => epoch === 'e2' && phase === 'live');
    expect(state.version).toBe(1);
  });
});

describe('on failure, a follower', () => {
  test('retries an answer other than 200 at growing intervals', async () => {
    const page = await open({
      topology: inTurn(status(503, '{"error":"starting"}'), status(503), status(502, '<html>'), whole(4)),
      stream: streaming(),
    });
    const seen: (string | null)[] = [];
    page.store.subscribe(() => seen.push(page.store.getState().reason));
    await until(page.store, ({ phase }) => phase === 'live');
    expect(page.waits).toEqual([250, 500, 1000]);
    expect([...new Set(seen)].filter((reason) => reason !== null)).toEqual([
      'The server answered 503: starting',
      'The server answered 503',
      'The server answered 502',
    ]);
  });

  test('keeps the last picture while the stream is down', async () => {
    const page = await open({ topology: whole(4), stream: inTurn(status(503), streaming()) });
    const phases: string[] = [];
    page.store.subscribe(() => phases.push(page.store.getState().phase));
    await until(page.store, ({ phase }) => phase === 'live');
    expect(phases).toContain('reconnecting');
    expect(page.store.getState().replica.records.pods.size).toBe(1);
  });

  test('reports 401, and waits long before the next attempt', async () => {
    const page = await open({
      topology: inTurn(status(401, '{"error":"a token is needed"}'), whole(1)),
      stream: streaming(),
    });
    const state = await until(page.store, ({ phase }) => phase === 'failed');
    expect(state.reason).toBe('The server answered 401: a token is needed');
    await until(page.store, ({ phase }) => phase === 'live');
    expect(page.waits).toEqual([30_000]);
  });

  test.each([
    ['is not a keyframe', '{"format":"other"}'],
    ['has another format', framed(gzipSync('{"kind":"head","format":"other"}'))],
    ['is truncated in its head', framed(gzipSync('{"kind":"head"}')).subarray(0, 20)],
    ['is truncated after its head', keyframeBody(recordMaps({ pods: [pod('a')] }), META).subarray(0, -1)],
  ])('reports a reason, and does not crash, if the set %s', async (_, body) => {
    const page = await open({ topology: inTurn(status(200, body), whole(1)), stream: streaming() });
    const state = await until(page.store, ({ reason }) => reason !== null);
    expect(state.reason).toContain('cannot be read');
    await until(page.store, ({ phase }) => phase === 'live');
  });

  test('reconnects and continues when a message is not a frame', async () => {
    const page = await open({
      topology: whole(4),
      stream: inTurn(
        (_, response) => {
          response.writeHead(200);
          response.write('data: {"kind":"nonsense"}\n\n');
        },
        streaming(deltaFrame(podDelta(4, [pod('b')]))),
      ),
    });
    await until(page.store, ({ version }) => version === 5);
    expect(page.waits).toHaveLength(1);
  });

  test('abandons a stream that went silent', async () => {
    const page = await open({
      topology: whole(4),
      stream: inTurn(streaming(), streaming(deltaFrame(podDelta(4, [pod('b')])))),
    });
    await until(page.store, ({ phase }) => phase === 'live');
    page.silence();
    await until(page.store, ({ version }) => version === 5);
  });

  test('requests nothing after stop', async () => {
    const page = await open({ topology: whole(4), stream: streaming() });
    await until(page.store, ({ phase }) => phase === 'live');
    page.stream.stop();
    const before = page.asked.length;
    await new Promise((resolve) => setImmediate(resolve));
    expect(page.asked).toHaveLength(before);
  });
});

test('loads the full set once when resumed after a long pause', async () => {
  const page = await open({ topology: inTurn(whole(4), whole(8, 'e1', ['x'])), stream: streaming() });
  await until(page.store, ({ phase }) => phase === 'live');
  page.stream.refetch();
  const state = await until(page.store, ({ version, replica }) => version === 8 && replica.partial?.complete === true);
  expect([...state.replica.records.pods.keys()].sort()).toEqual(['pod:core/x']);
  await until(page.store, ({ phase }) => phase === 'live');
  expect(page.waits).toEqual([]);
});
