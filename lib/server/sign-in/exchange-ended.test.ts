/** Replicas inform each other, through the ifscope that they follow, which sessions ended early. */
import { afterEach, expect, it } from 'vitest';
import { createFakeClock, type FakeClock } from '../../../e2e/testing/servers/fake-clock';
import { EndedRelay, MAX_NOTE, MAX_NOTES } from '../rights/ended-relay';
import { MAX_SESSION_MS } from '../rights/session';
import { exchangeEndedSessions } from './exchange-ended';

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

interface Hub {
  relay: EndedRelay;
  /** Answers instead of the relay. */
  instead: (() => Response) | null;
  readonly tokens: (string | null)[];
}

function replicaOf(hub: Hub, clock: FakeClock, name: string) {
  const relay = new EndedRelay(name);
  const log: string[] = [];
  stops.push(
    exchangeEndedSessions({
      url: 'http://hub',
      token: 'secret',
      relay,
      clock,
      log: (level, message) => log.push(`${level} ${message}`),
      async fetch(url, { headers, body }) {
        expect(url).toBe('http://hub/api/ended-sessions');
        hub.tokens.push(new Headers(headers).get('authorization'));
        const call = JSON.parse(body as string) as Parameters<EndedRelay['exchange']>[0];
        await Promise.resolve();
        return hub.instead?.() ?? Response.json(hub.relay.exchange(call, clock.now()));
      },
    }),
  );
  return { relay, log, notes: () => [...relay.after(0).notes].sort() };
}

const create = (): Hub => ({ relay: new EndedRelay('first'), instead: null, tokens: [] });
const turn = () => new Promise((resolve) => setImmediate(resolve));
async function pass(clock: FakeClock, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 1_000) {
    for (let i = 0; i < 5; i++) await turn();
    clock.advance(Math.min(1_000, left));
  }
  for (let i = 0; i < 5; i++) await turn();
}

it('a note reaches the other replicas within seconds, by requests with the token', async () => {
  const [clock, hub] = [createFakeClock(), create()];
  const [one, two] = [replicaOf(hub, clock, 'one'), replicaOf(hub, clock, 'two')];
  await pass(clock, 1_000);
  one.relay.add(['a'], clock.now());
  two.relay.add(['b'], clock.now());
  await pass(clock, 5_000);
  expect([one.notes(), two.notes()]).toEqual([
    ['a', 'b'],
    ['a', 'b'],
  ]);
  expect(new Set(hub.tokens)).toEqual(new Set(['Bearer secret']));
  expect([...one.log, ...two.log]).toEqual([]);
});

it('a replica that starts later, or again, receives all notes', async () => {
  const [clock, hub] = [createFakeClock(), create()];
  const one = replicaOf(hub, clock, 'one');
  const many = Array.from({ length: 3 * MAX_NOTES + 1 }, (_, n) => `note ${n}`);
  one.relay.add(many, clock.now());
  await pass(clock, 20_000);
  const two = replicaOf(hub, clock, 'two');
  await pass(clock, 5_000);
  expect(two.relay.after(3 * MAX_NOTES)).toEqual({ notes: [many.at(-1)], next: many.length });
});

it('after the other has restarted, it receives the notes from the replicas', async () => {
  const [clock, hub] = [createFakeClock(), create()];
  const one = replicaOf(hub, clock, 'one');
  one.relay.add(['a'], clock.now());
  await pass(clock, 5_000);
  hub.relay = new EndedRelay('second');
  await pass(clock, 10_000);
  const two = replicaOf(hub, clock, 'two');
  await pass(clock, 5_000);
  expect([hub.relay.after(0).notes, two.notes()]).toEqual([['a'], ['a']]);
});

it('two servers behind one address that answer in turn are not polled without a pause', async () => {
  const [clock, hub] = [createFakeClock(), create()];
  const relays = [new EndedRelay('first'), new EndedRelay('second')] as const;
  hub.instead = () => {
    if (hub.tokens.length > 100) throw new Error('asked without a pause');
    hub.relay = hub.relay === relays[0] ? relays[1] : relays[0];
    return Response.json({ epoch: hub.relay.epoch, next: 0, notes: [] });
  };
  const one = replicaOf(hub, clock, 'one');
  one.relay.add(
    Array.from({ length: 2 * MAX_NOTES }, (_, n) => `note ${n}`),
    clock.now(),
  );
  await pass(clock, 10_000);
  expect(hub.tokens.length).toBeLessThan(10);
});

it.each<[string, () => Response, string]>([
  ['refuses', () => Response.json({ error: 'x' }, { status: 401 }), 'it refuses the token'],
  ['is older', () => new Response('<html>', { status: 404 }), 'it answers 404'],
  ['answers something else', () => new Response('<html>'), 'it does not take part'],
  [
    'answers with an invalid list of notes',
    () => Response.json({ epoch: 'x', next: 1, notes: [1] }),
    'does not take part',
  ],
])('logs once that the other %s, and once that it is over', async (_, instead, why) => {
  const [clock, hub] = [createFakeClock(), create()];
  hub.instead = instead;
  const one = replicaOf(hub, clock, 'one');
  one.relay.add(['a'], clock.now());
  await pass(clock, 10_000);
  expect(one.log).toEqual([expect.stringContaining(why)]);
  hub.instead = null;
  await pass(clock, 5_000);
  expect(one.log.slice(1)).toEqual(['info ended sessions are exchanged with http://hub again']);
  expect(hub.relay.after(0).notes).toEqual(['a']);
});

it('keeps notes for as long as a session may last, limited in number and length', () => {
  const relay = new EndedRelay('x', 3);
  relay.add(['x'.repeat(MAX_NOTE + 1), 'a', 'a', 'b'], 0);
  expect(relay.after(0)).toEqual({ notes: ['a', 'b'], next: 2 });
  relay.add(['c', 'd'], 1);
  expect(relay.after(0)).toEqual({ notes: ['b', 'c', 'd'], next: 4 });
  expect(relay.after(3)).toEqual({ notes: ['d'], next: 4 });
  relay.add(['e'], MAX_SESSION_MS);
  expect(relay.after(4)).toEqual({ notes: ['e'], next: 5 });
  expect(relay.after(0).notes).toEqual(['c', 'd', 'e']);
  expect(relay.after(99)).toEqual({ notes: [], next: 5 });
});
