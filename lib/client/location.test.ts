import { describe, expect, test } from 'vitest';
import { createPageLocation, type Address } from './location';

/** A browser's history as used by the page, with a timer that the test controls. */
function createBrowser(first = '') {
  const entries = [first];
  let at = 0;
  const timers: (() => void)[] = [];
  const pops = new Set<() => void>();
  const address: Address = {
    search: () => entries[at] ?? '',
    push: (query) => {
      entries.splice(at + 1, Infinity, query);
      at++;
    },
    replace: (query) => {
      entries[at] = query;
    },
    onPop: (listener) => {
      pops.add(listener);
    },
    setTimer: (run) => {
      timers.push(run);
      return () => timers.splice(timers.indexOf(run) >>> 0, 1);
    },
  };
  const move = (by: number): void => {
    at = Math.max(0, Math.min(entries.length - 1, at + by));
    for (const pop of [...pops]) pop();
  };
  const runTimers = (): void => {
    for (const run of timers.splice(0)) run();
  };
  return { address, entries, runTimers, back: () => move(-1), forward: () => move(1) };
}

describe('page location', () => {
  test('a selection is an entry in the history', () => {
    const browser = createBrowser();
    const location = createPageLocation(browser.address);
    location.go({ selection: ['eni-1'] });
    location.go({ view: 'findings' });
    expect(browser.entries).toEqual(['', '?sel=eni-1', '?view=findings&sel=eni-1']);
    browser.back();
    expect(location.getState()).toMatchObject({ view: 'topology', selection: ['eni-1'] });
    browser.back();
    expect(location.getState().selection).toEqual([]);
    browser.forward();
    expect(location.getState().selection).toEqual(['eni-1']);
  });

  test('a moving camera rewrites one entry, once per interval', () => {
    const browser = createBrowser();
    const location = createPageLocation(browser.address);
    for (let x = 0; x <= 100; x++) location.go({ camera: { x, y: 0, k: 1 } });
    expect(browser.entries).toEqual(['']);
    browser.runTimers();
    expect(browser.entries).toEqual(['?at=100,0,1']);
  });

  test('a pending camera is written before the next entry, so that back returns to it', () => {
    const browser = createBrowser();
    const location = createPageLocation(browser.address);
    location.go({ camera: { x: 5, y: 6, k: 2 } });
    location.go({ selection: ['eni-1'] });
    expect(browser.entries).toEqual(['?at=5,6,2', '?sel=eni-1&at=5,6,2']);
    browser.runTimers();
    expect(browser.entries).toHaveLength(2);
  });

  test('going back cancels a rewrite, so that the older entry stays as it was', () => {
    const browser = createBrowser();
    const location = createPageLocation(browser.address);
    location.go({ selection: ['eni-1'] });
    location.go({ camera: { x: 5, y: 6, k: 2 } });
    browser.back();
    browser.runTimers();
    expect(browser.entries[0]).toBe('');
  });

  test('an address that cannot be fully parsed is corrected, without a history entry of its own', () => {
    const browser = createBrowser('?view=nonsense&at=1,x,3&sel=eni-1&utm=2');
    const location = createPageLocation(browser.address);
    location.settle();
    browser.runTimers();
    expect(browser.entries).toEqual(['?sel=eni-1']);
  });

  test('an older entry that cannot be fully parsed is corrected when the user goes back to it', () => {
    const browser = createBrowser('?group=colour&theme=dark');
    const location = createPageLocation(browser.address);
    location.go({ theme: 'light' });
    location.go({ view: 'subnets' });
    browser.entries[0] = '?group=colour';
    browser.back();
    expect([browser.entries[0], location.getState().group]).toEqual(['?theme=light', 'zone']);
  });

  test('the same state is not a change', () => {
    const browser = createBrowser('?sel=eni-1');
    const location = createPageLocation(browser.address);
    let told = 0;
    location.subscribe(() => told++);
    location.go({ selection: ['eni-1'] });
    expect([told, browser.entries]).toEqual([0, ['?sel=eni-1']]);
  });

  test('going back keeps the theme', () => {
    const browser = createBrowser();
    const location = createPageLocation(browser.address);
    location.go({ selection: ['eni-1'] });
    location.go({ theme: 'dark' });
    browser.back();
    expect(location.getState()).toMatchObject({ theme: 'dark', selection: [] });
  });
});
