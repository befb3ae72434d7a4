/**
 * Behaviour of an API server that no protocol message reports to its client, over real sockets and in real time. The
 * server is the simulator or a real one.
 */
import { expect } from 'vitest';
import { NODES, PODS } from '../../lib/model/source-ids';
import { KINDS } from '../../lib/normalise/kubernetes/kinds';
import { createKubernetesSource } from '../../lib/server/sources/kubernetes/kubernetes';
import type { Policy } from '../../lib/server/sources/kubernetes/policy';
import type { Answer, Transport } from '../../lib/server/sources/kubernetes/transport';
import { createRecorder, type Recorder } from './servers/recorder';

export interface RestorableServer {
  readonly connect: () => Transport;
  /** The server's pods as `NAMESPACE/NAME`, sorted. */
  readonly pods: () => Promise<readonly string[]>;
  /** Adds a pod of this name. */
  readonly add: (name: string) => Promise<void>;
  readonly remove: (name: string) => Promise<void>;
  /** Backs up etcd; the returned function restores it. */
  readonly backUp: () => Promise<() => Promise<void>>;
  /** Runs `end` after the test. */
  readonly atEnd: (end: () => void | Promise<void>) => void;
}

interface Followed {
  readonly seen: Recorder;
  /** Resolves when the pods equal those of the server and the source is live. */
  readonly agrees: (seconds?: number) => Promise<void>;
}

/** Drops what watches deliver while `isLossy`. */
class Losses {
  isLossy = false;
  /** Everything that was dropped, as text. */
  lost = '';

  through(transport: Transport): Transport {
    return {
      ...transport,
      request: async (path, query, options) => {
        const answer = await transport.request(path, query, options);
        return path.endsWith('/pods') && query['watch'] === true
          ? { ...answer, body: this.#part(answer.body) }
          : answer;
      },
    };
  }

  async *#part(body: Answer['body']): AsyncGenerator<Uint8Array> {
    for await (const chunk of body) {
      if (this.isLossy) this.lost += Buffer.from(chunk).toString('latin1');
      else yield chunk;
    }
  }
}

async function follow(
  server: RestorableServer,
  policy: Partial<Policy> = {},
  through: (transport: Transport) => Transport = (transport) => transport,
): Promise<Followed> {
  const seen = createRecorder();
  const source = createKubernetesSource(seen.context(Date.now, Math.random), {
    transport: through(server.connect()),
    kinds: KINDS.filter((row) => row.source === PODS || row.source === NODES),
    policy,
  });
  server.atEnd(() => source.stop());
  source.start(seen.emit);
  const podsSeen = (): string[] =>
    [...seen.facts.keys()]
      .filter((key) => key.startsWith(`${PODS} `))
      .map((key) => key.slice(PODS.length + 1))
      .sort();
  const agrees = async (seconds = 30): Promise<void> => {
    const deadline = Date.now() + seconds * 1_000;
    for (;;) {
      const pods = await server.pods();
      const isLive = seen.status(PODS)?.state === 'live';
      if (isLive && podsSeen().join() === pods.join()) return;
      if (Date.now() > deadline) expect([seen.status(PODS), podsSeen()]).toEqual(['live', pods]);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  await agrees();
  return { seen, agrees };
}

export const RESTORE_CASES: readonly (readonly [name: string, run: (server: RestorableServer) => Promise<void>])[] = [
  [
    'etcd is restored from a backup: the pods equal the backup within seconds',
    async (server) => {
      await server.add('kept');
      await server.add('removed-later');
      const restore = await server.backUp();
      const { seen, agrees } = await follow(server);
      await server.remove('removed-later');
      // More revisions than a server writes while it starts.
      for (let n = 0; n < 300; n++) await server.add(`phantom-${n}`);
      await agrees();
      await restore();
      await agrees(30);
      const names = await server.pods();
      expect(names.filter((name) => /phantom/.test(name))).toEqual([]);
      expect(names.filter((name) => /kept|removed-later/.test(name))).toHaveLength(2);
      expect(seen.log.join('\n')).toMatch(/kubernetes\/pods: the API server has returned from version \d+ to \d+/);
      // The watch continues.
      await server.add('new');
      await agrees();
    },
  ],
  [
    'lost events: a comparison finds missing, deleted and outdated objects, and reports them',
    async (server) => {
      await server.add('goes');
      const losses = new Losses();
      const { seen, agrees } = await follow(server, { compareMs: 4_000 }, (transport) => losses.through(transport));
      losses.isLossy = true;
      await server.add('comes');
      await server.remove('goes');
      await expect.poll(() => /comes[^]*DELETED[^]*goes/.test(losses.lost), { timeout: 10_000 }).toBe(true);
      losses.isLossy = false;
      // An event after that must not count as a sign of loss.
      await server.add('seen');
      await agrees(60);
      expect(seen.status(PODS)?.reason).toMatch(
        /^[\d:TZ-]+: compared with the \d+ objects of the API server: 1 missing, 1 deleted, 0 outdated; corrected$/,
      );
      expect(seen.log.join('\n')).toMatch(/^warn kubernetes\/pods: compared with the \d+ objects/);
    },
  ],
  [
    'no lost events: comparisons find nothing while pods are created and deleted',
    async (server) => {
      const { seen, agrees } = await follow(server, { compareMs: 300, comparePageSize: 2, comparePauseMs: 20 });
      const until = Date.now() + 8_000;
      for (let n = 0; Date.now() < until; n++) {
        await server.add(`passing-${n}`);
        if (n > 3) await server.remove(`passing-${n - 3}`);
      }
      await agrees();
      expect(seen.log).toEqual([]);
      expect(seen.statuses(PODS).every(({ reason }) => reason === null)).toBe(true);
    },
  ],
];
