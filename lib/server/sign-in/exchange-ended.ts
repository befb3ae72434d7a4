/**
 * Exchanges notes about ended sessions with the ifscope that this one follows, so that a session that ends on one replica
 * ends on all of them, and stays ended when a replica starts again.
 */
import { z } from 'zod';
import { ServerError, type Fetch } from '../../follow/requests';
import { MAX_NOTES, type EndedRelay } from '../rights/ended-relay';
import type { Clock } from '../store/clock';
import { fetchWith } from '../upstream/load';

/** Interval between requests, in milliseconds; sessions that ended here are sent at once. */
const EVERY_MS = 2_000;
const ANSWER_MS = 10_000;

const reply = z.object({ epoch: z.string().max(80), next: z.int().min(0), notes: z.array(z.string()).max(MAX_NOTES) });

/** Options of the exchange. */
export interface ExchangeOptions {
  /** Base URL of the other ifscope, without a trailing `/`. */
  readonly url: string;
  readonly token: string | null;
  readonly relay: EndedRelay;
  readonly clock: Clock;
  readonly fetch: Fetch;
  readonly log: (level: 'info' | 'warn', message: string) => void;
}

/** Exchanges notes until the returned function is called. */
export function exchangeEndedSessions({ url, token, relay, clock, fetch, log }: ExchangeOptions): () => void {
  const ended = new AbortController();
  const send = fetchWith(fetch, token);
  /** The other's epoch, and the positions up to which notes were received and sent. */
  let other = { epoch: '', received: 0, sent: 0 };
  let trouble: string | null = null;
  let busy = false;
  let cancel: () => void = () => undefined;

  /** Sends one request; returns whether there is more to send or receive. */
  async function exchange(): Promise<boolean> {
    const { epoch, received, sent } = other;
    const mine = relay.after(sent);
    const response = await send(`${url}/api/ended-sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ epoch, after: received, notes: mine.notes }),
      signal: AbortSignal.any([ended.signal, AbortSignal.timeout(ANSWER_MS)]),
    });
    const said = reply.parse(await response.json());
    // After a restart the other has no notes, and its positions start again.
    other = { epoch: said.epoch, received: said.next, sent: said.epoch === epoch ? mine.next : 0 };
    relay.add(said.notes, clock.now());
    return said.epoch === epoch && (said.notes.length === MAX_NOTES || mine.notes.length === MAX_NOTES);
  }

  async function round(): Promise<void> {
    if (busy) return;
    busy = true;
    cancel();
    try {
      while (await exchange());
      if (trouble !== null) log('info', `ended sessions are exchanged with ${url} again`);
      trouble = null;
    } catch (error) {
      if (ended.signal.aborted) return;
      const why = error instanceof ServerError ? error.message : 'it does not take part';
      if (why !== trouble)
        log('warn', `ended sessions cannot be exchanged with ${url}: ${why}; they end on this replica alone`);
      trouble = why;
    } finally {
      busy = false;
      if (!ended.signal.aborted) cancel = clock.after(EVERY_MS, () => void round());
    }
  }

  const leave = relay.onNotes(() => void round());
  void round();
  return () => {
    leave();
    cancel();
    ended.abort();
  };
}
