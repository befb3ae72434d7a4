/**
 * One browser tab on the large cluster: time from navigation to the picture, from a change to its pixel, and memory.
 */
import type { Browser, Page } from '@playwright/test';
import { completed, newPage, painted, readMarks, readSeen, type Marks } from './page';
import { row, type Row } from './rows';
import { greatest, median, quantile } from './statistics';
import type { Lags } from './large-change-watch';

const LOADS = 3;
/** A page that shows nothing for this long has failed. */
const LONGEST_SECONDS = 90;

/** A visit of the page. */
export interface Visit {
  readonly page: Page;
  readonly rows: readonly Row[];
  /** The requests of the page for the full set, in order. */
  readonly paths: readonly string[];
}

const fullSetPaths = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter(({ name }) => new URL(name).pathname === '/api/topology')
      .sort((a, b) => a.startTime - b.startTime)
      .map(({ name }) => new URL(name).pathname + new URL(name).search),
  );

/**
 * Visits the page a few times, each in a tab without a cache; the last one stays open. `when`: the activity during the
 * measurement.
 */
export async function visit(browser: Browser, url: string, when: string, errors: string[]): Promise<Visit> {
  const marks: Marks[] = [];
  let page: Page | null = null;
  for (let load = 0; load < LOADS; load++) {
    await page?.close();
    page = await newPage(browser, errors);
    await page.goto(url);
    await painted(page, LONGEST_SECONDS);
    await completed(page, LONGEST_SECONDS);
    marks.push(await readMarks(page));
  }
  if (page === null) throw new Error('there was no visit');
  const times = (of: (mark: Marks) => number): readonly number[] => marks.map(of);
  const timeRow = (what: string, values: readonly number[], most: number): Row =>
    row(`${what}, ${when}`, median(values) / 1000, 's', {
      most: most / 1000,
      note: `worst of ${LOADS}: ${(greatest(values) / 1000).toFixed(2)}`,
    });
  return {
    page,
    paths: await fullSetPaths(page),
    rows: [
      timeRow(
        'navigation → first picture',
        times(({ painted: shown }) => shown),
        1_500,
      ),
      timeRow(
        'navigation → complete',
        times(({ complete }) => complete),
        4_000,
      ),
      timeRow(
        'data in hand → picture',
        times(({ data, painted: shown }) => shown - data),
        500,
      ),
    ],
  };
}

/** Time from each change in the cluster to the frame that shows it, since the tab was opened. */
export async function pixelRows(page: Page, { seen }: Lags): Promise<readonly Row[]> {
  const { held, shown } = await readSeen(page);
  // Changes before the first picture are part of it.
  const opened = shown[0]?.[2] ?? Infinity;
  const times: number[] = [];
  for (const { at, version } of seen) {
    if (at < opened) continue;
    const revision = held.find(([, has]) => has >= version)?.[0];
    const frame = revision === undefined ? undefined : shown.find(([drawn]) => drawn >= revision);
    if (frame !== undefined) times.push(frame[2] - at);
  }
  return [
    row('change → pixel, p50', median(times), 'ms', { most: 250, note: `${times.length} changes` }),
    row('change → pixel, p99', quantile(times, 0.99), 'ms', { most: 500, note: `worst ${greatest(times).toFixed(0)}` }),
  ];
}
