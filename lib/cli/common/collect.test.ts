/** When a command that prints once has finished reading a cluster. */
import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../../e2e/testing/servers/fake-clock';
import { aSource } from '../../../e2e/testing/records';
import type { SourceRecord } from '../../model/records';
import type { From } from '../../server/runtime/from';
import { settled } from './collect';

const DEADLINE_MS = 60_000;

const REQUIRED: ReadonlySet<string> = new Set(['kubernetes/nodes', 'kubernetes/pods']);
const DEMO: From = { kind: 'demo', because: 'a test' };

/** `end` returns how it ended; null while it has not. */
function start(...first: readonly SourceRecord[]) {
  return startFrom(DEMO, ...first);
}

function startFrom(from: From, ...first: readonly SourceRecord[]) {
  const clock = createFakeClock();
  let sources = first;
  const listeners = new Set<() => void>();
  const runtime = {
    clock,
    required: new Set(first.flatMap(({ id }) => (REQUIRED.has(id) ? id : []))),
    isSynced: () => sources.every(({ state }) => state !== 'starting'),
    store: {
      sources: () => [...sources],
      onCommit(listener: () => void) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
  };
  let end: string | null = null;
  settled(runtime, from, DEADLINE_MS).then(
    () => (end = 'read'),
    (error: unknown) => (end = String(error)),
  );
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    become: async (...next: readonly SourceRecord[]) => {
      sources = next;
      for (const listener of [...listeners]) listener();
      await turn();
      return end;
    },
    after: async (ms: number) => {
      clock.advance(ms);
      await turn();
      return end;
    },
  };
}

const pods = (state: SourceRecord['state']): SourceRecord => aSource('kubernetes/pods', state);
const nodes = (state: SourceRecord['state']): SourceRecord => aSource('kubernetes/nodes', state);
const claims = (state: SourceRecord['state']): SourceRecord => aSource('kubernetes/resourceclaims', state);
const enis = (state: SourceRecord['state']): SourceRecord => aSource('ec2/network-interfaces', state);

describe('a cluster is read', () => {
  it('once every source has answered', async () => {
    const { become } = start(pods('starting'), enis('starting'));
    expect(await become(pods('live'), enis('starting'))).toBeNull();
    expect(await become(pods('live'), enis('denied'))).toBe('read');
  });

  it('once no source is behind', async () => {
    const { become, after } = start(pods('starting'), enis('starting'));
    expect(await become(pods('behind'), enis('live'))).toBeNull();
    expect(await after(10_000)).toBeNull();
    expect(await become(pods('live'), enis('behind'))).toBeNull();
    expect(await after(9_000)).toBeNull();
    expect(await become(pods('live'), enis('live'))).toBe('read');
  });

  it('as far as possible if a source does not catch up', async () => {
    const { become, after } = start(pods('starting'), enis('starting'));
    await become(pods('live'), enis('behind'));
    expect(await after(19_000)).toBeNull();
    expect(await after(5_000)).toBe('read');
  });

  it('immediately from a file, in which no source catches up', async () => {
    const { after } = startFrom({ kind: 'snapshot', file: 'a.json' }, pods('behind'), enis('live'));
    expect(await after(0)).toBe('read');
  });

  it('as far as possible at the deadline', async () => {
    const { become, after } = start(pods('starting'), enis('starting'));
    await become(pods('live'), enis('starting'));
    expect(await after(DEADLINE_MS - 1)).toBeNull();
    expect(await after(1)).toBe('read');
  });

  it('if a failing source does not recover within three seconds', async () => {
    const { become, after } = start(pods('starting'), enis('starting'));
    await become(pods('live'), enis('failing'));
    expect(await after(0)).toBe('read');
    const other = start(pods('starting'), enis('starting'));
    await other.become(pods('failing'), enis('live'));
    expect(await other.after(2_999)).toBeNull();
    expect(await other.after(1)).toMatch(/cannot read demo cluster .*: kubernetes\/pods failing/);
  });

  it('at once if nothing answers, without waiting for pods, which are listed last', async () => {
    const { become, after } = start(nodes('starting'), pods('starting'), enis('starting'));
    await become(nodes('failing'), pods('starting'), enis('starting'));
    expect(await after(2_999)).toBeNull();
    expect(await after(1)).toMatch(/cannot read demo cluster .*: kubernetes\/nodes failing/);
    const other = start(nodes('starting'), pods('starting'), claims('starting'));
    await other.become(nodes('failing'), pods('starting'), claims('live'));
    expect(await other.after(10_000)).toBeNull();
  });

  it('if the server is not an API server', async () => {
    const { become, after } = start(nodes('starting'), pods('starting'), enis('starting'));
    await become(nodes('absent'), pods('absent'), enis('starting'));
    expect(await after(3_000)).toMatch(
      /cannot read demo cluster .*: kubernetes\/nodes, kubernetes\/pods not available/,
    );
  });

  it('with what is missing of the cluster at the deadline, not with other sources', async () => {
    const { after } = start(nodes('starting'), pods('starting'), enis('starting'));
    expect(await after(DEADLINE_MS)).toMatch(/still waiting for kubernetes\/nodes, kubernetes\/pods:/);
  });
});
