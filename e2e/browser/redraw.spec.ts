/** With many nodes, new data draw only the boxes that differ: the picture must be the one that drawing all boxes makes. */
import type { Page } from '@playwright/test';
import { expect, open, test, type World } from './world';

test.use({ scene: 'size', nodes: 300 });

const picture = (page: Page) => page.locator('[aria-roledescription="map"]');

/** The picture as a text that differs where a pixel does. */
const pixels = (page: Page): Promise<string> =>
  picture(page).evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());

/** Of the middle of the picture, 0 to 255. */
const brightness = (page: Page): Promise<number> =>
  picture(page).evaluate((element) => {
    const canvas = element as HTMLCanvasElement;
    const { width, height } = canvas;
    const { data } =
      canvas.getContext('2d')?.getImageData(width / 4, height / 4, width / 2, height / 2) ?? new ImageData(1, 1);
    return data.reduce((sum, value) => sum + value, 0) / data.length;
  });

const revisions = (page: Page): Promise<readonly [page: string, picture: string]> =>
  page.evaluate(() => [
    document.documentElement.dataset['revision'] ?? 'none',
    document.querySelector<HTMLElement>('[aria-roledescription="map"]')?.dataset['revision'] ?? '',
  ]);

/** Waits until the picture shows what the page has. */
const shown = (page: Page): Promise<void> =>
  expect
    .poll(async () => {
      const [held, drawn] = await revisions(page);
      return held === drawn;
    })
    .toBe(true);

/** The edges of a clipped shape are smoothed another way; an old slot or bar differs by more. */
const SMOOTHING = 48;

/** Of any colour of any pixel, 0 to 255. */
const greatestDifference = (page: Page, a: string, b: string): Promise<number> =>
  page.evaluate(
    async (urls) => {
      const read: Uint8ClampedArray[] = [];
      for (const url of urls) {
        // The page's policy lets nobody fetch a data URL.
        const bytes = Uint8Array.from(atob(url.slice(url.indexOf(',') + 1)), (char) => char.charCodeAt(0));
        const image = await createImageBitmap(new Blob([bytes]));
        const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
        context?.drawImage(image, 0, 0);
        read.push(context?.getImageData(0, 0, image.width, image.height).data ?? new Uint8ClampedArray());
      }
      const [first = new Uint8ClampedArray(), second = first] = read;
      return first.reduce((most, value, at) => Math.max(most, Math.abs(value - (second[at] ?? 0))), 0);
    },
    [a, b],
  );

/** The picture once nothing flashes in it any more. */
async function settled(page: Page): Promise<string> {
  let last = '';
  await expect
    .poll(
      async () => {
        const before = last;
        last = await pixels(page);
        return last === before;
      },
      { intervals: [400] },
    )
    .toBe(true);
  return last;
}

/** The picture after new data, and after all its boxes were drawn again for another theme and this one. */
async function pictures(page: Page): Promise<readonly [kept: string, drawn: string]> {
  await shown(page);
  const kept = await settled(page);
  const light = await brightness(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(() => brightness(page)).toBeLessThan(0.8 * light);
  await page.emulateMedia({ colorScheme: 'light' });
  await expect.poll(() => brightness(page)).toBeGreaterThan(0.95 * light);
  await shown(page);
  return [kept, await settled(page)];
}

function change({ sim }: World, round: number): void {
  const nodes = [...sim.state.nodes.keys()];
  for (let index = 0; index < 12; index++) {
    const node = nodes[(round * 37 + index * 23) % nodes.length] ?? '';
    sim.ops.createPod({ namespace: 'default', app: 'e2e', name: `new-${round}-${index}`, node });
    const pod = [...sim.state.pods.values()].find(
      (one) => one.node === nodes[(round * 41 + index * 19) % nodes.length],
    );
    if (pod !== undefined) sim.ops.deletePod(`${pod.namespace}/${pod.name}`);
  }
}

for (const level of ['Nodes', 'ENIs'])
  test(`at the level ${level}, the updated picture equals a fresh drawing`, async ({ page, world }) => {
    test.setTimeout(180_000);
    await page.emulateMedia({ colorScheme: 'light' });
    await open(page, world);
    await page.waitForFunction(() => performance.getEntriesByName('ifscope:complete').length > 0);
    const button = page.getByRole('button', { name: level, exact: true });
    // So many nodes fit as ENIs.
    if (level === 'Nodes') await button.click();
    await expect(button).toHaveAttribute('aria-pressed', 'true');
    await picture(page).focus();
    for (let round = 0; round < 3; round++) {
      const before = await pixels(page);
      change(world, round);
      await expect.poll(() => pixels(page)).not.toBe(before);
      // Nothing new comes meanwhile.
      await page.keyboard.press('p');
      const [kept, drawn] = await pictures(page);
      expect(await greatestDifference(page, kept, drawn)).toBeLessThanOrEqual(SMOOTHING);
      await page.keyboard.press('p');
    }
  });
