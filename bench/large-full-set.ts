/** Loads the full set like a viewer: time to the first and to the last byte, on loopback. */
import { get } from 'node:http';
import { row, type Row } from './rows';
import { greatest, median } from './statistics';

const FETCHES = 5;

interface Fetched {
  readonly first: number;
  readonly complete: number;
  readonly bytes: number;
}

const fetchOnce = (url: string): Promise<Fetched> =>
  new Promise((resolve, reject) => {
    const started = performance.now();
    let first = NaN;
    let bytes = 0;
    get(url, { agent: false }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`GET ${url}: ${response.statusCode ?? 0}`));
      response.on('data', (chunk: Buffer) => {
        if (bytes === 0) first = performance.now() - started;
        bytes += chunk.byteLength;
      });
      response.on('end', () => resolve({ first, complete: performance.now() - started, bytes }));
    }).on('error', reject);
  });

/**
 * `paths`: the requests of the page until its picture is complete, in order. `when`: the activity during the
 * measurement.
 */
export async function fullSetRows(url: string, paths: readonly string[], when: string): Promise<readonly Row[]> {
  const firsts: number[] = [];
  const completes: number[] = [];
  let bytes = 0;
  for (let fetches = 0; fetches < FETCHES; fetches++) {
    const parts: Fetched[] = [];
    for (const path of paths) parts.push(await fetchOnce(url + path));
    firsts.push(parts[0]?.first ?? NaN);
    // A page that failed to load has no paths; without a request the value is not measured, instead of 0 ms.
    completes.push(parts.length === 0 ? NaN : parts.reduce((sum, part) => sum + part.complete, 0));
    bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  }
  const worst = (times: readonly number[]): string => `worst ${greatest(times).toFixed(0)}`;
  return [
    row(`full set, ${when}: first byte`, median(firsts), 'ms', { most: 50, note: worst(firsts) }),
    row(`full set, ${when}: complete`, median(completes), 'ms', {
      most: 500,
      note: `${worst(completes)}; ${(bytes / 1e6).toFixed(2)} MB`,
    }),
  ];
}
