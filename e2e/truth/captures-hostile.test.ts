/**
 * Captures in which any value may have any type, since everything from a cluster is untrusted. Whatever the files hold, the
 * program keeps reading, every record has a unique id, and every count is plausible.
 */
import { describe, expect, it } from 'vitest';
import { TABLES } from '../../lib/model/records';
import { readCapture } from '../../lib/snapshot/capture/read';
import { undeclared } from '../testing/declared-facts';
import { CAPTURES } from './captures/index';
import type { CaptureFile } from './captures/kit/cluster';
import { filesOf } from './captures/kit/files';
import { Random } from './captures/kit/random';
import { readFiles, type Read } from './captures/kit/read';
import type { Json } from './captures/kit/types';

const SCRIPT = '"><img src=x onerror=alert(1)>\u202e\u0000';
const JUNK: readonly Json[] = [
  null,
  true,
  -1,
  0.1,
  1e308,
  '',
  SCRIPT,
  '9'.repeat(400),
  'constructor',
  [],
  [null],
  [[[]]],
  {},
  { a: { b: [1] } },
  JSON.parse('{"__proto__":{"x":1}}') as Json,
];

function spoil(value: Json, share: number, random: Random, depth = 0): Json {
  if (depth > 2 && random.chance(share)) return random.pick(JUNK);
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => spoil(item, share, random, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, spoil(item ?? null, share, random, depth + 1)]),
  );
}

const spoilt = (files: readonly CaptureFile[], share: number, random: Random): CaptureFile[] =>
  files.map((file) =>
    file.path.endsWith('.json') && file.path !== 'capture.json'
      ? { ...file, text: JSON.stringify(spoil(JSON.parse(file.text) as Json, share, random)) }
      : file,
  );

/** What no cluster can contain. */
function impossible({ topology }: Read): string[] {
  const wrong: string[] = [];
  for (const table of TABLES) {
    const ids = topology[table].map(({ id }) => id);
    if (new Set(ids).size !== ids.length) wrong.push(`${table}: an id twice`);
  }
  for (const { id, pools, eniSlots, headroom } of topology.nodes) {
    const { limit, used, unmanaged, reserved, free } = eniSlots;
    const ofPools = pools.flatMap((pool) => [pool.total, pool.assigned, pool.short, pool.over]);
    const counts = [...ofPools, limit, used, unmanaged, reserved, free, headroom.pods];
    for (const count of counts) {
      if (count !== null && (!Number.isInteger(count) || count < 0)) wrong.push(`${id}: ${String(count)}`);
    }
  }
  for (const { id, mac, link, eni } of topology.interfaces) {
    if (mac !== null && !/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(mac)) wrong.push(`${id}: MAC ${mac}`);
    if (link.certainty === 'unknown' && eni !== null) wrong.push(`${id}: on ${eni}, and unknown`);
  }
  return wrong;
}

describe.each(Object.entries(CAPTURES))('%s, corrupted', (name, make) => {
  it.each([0.01, 0.05, 0.3])('in %d of its values', async (share) => {
    const random = new Random(name.length * 1000 + share * 100);
    const files = spoilt(filesOf(make()), share, random);
    const read = await readFiles(files);
    expect(impossible(read)).toEqual([]);
    expect(JSON.parse(JSON.stringify(read.topology))).toEqual(read.topology);
    expect(readCapture(files).batches.flatMap(({ observations }) => undeclared(observations))).toEqual([]);
  });
});

describe('a capture', () => {
  it('with one invalid file loses only that file', async () => {
    const cluster = CAPTURES['telco']?.();
    if (cluster === undefined) throw new Error('no such capture');
    const whole = await readFiles(filesOf(cluster));
    const files = filesOf(cluster).map((file) =>
      file.path === 'ec2/enis.json' ? { ...file, text: `{"${SCRIPT}` } : file,
    );
    const read = await readFiles(files);
    expect(read.problems).toEqual([expect.stringMatching(/^(capture: )?ec2\/enis\.json/)]);
    expect(read.topology.pods.map(({ id }) => id)).toEqual(whole.topology.pods.map(({ id }) => id));
    expect(read.topology.subnets.map(({ id }) => id)).toEqual(whole.topology.subnets.map(({ id }) => id));
    expect(read.topology.enis).toEqual([]);
  });

  it('with everything duplicated is the same capture', async () => {
    for (const make of Object.values(CAPTURES)) {
      const files = filesOf(make());
      const again = files
        .filter(({ path }) => /^(kubernetes|ec2)\//.test(path))
        .map((file) => ({ ...file, path: file.path.replace('.json', '-again.json') }));
      expect((await readFiles([...files, ...again])).topology).toEqual((await readFiles(files)).topology);
    }
  });
});
