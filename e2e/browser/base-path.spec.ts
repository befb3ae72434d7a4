/** The page below a path, behind a proxy that leaves the path or takes it away, and answers nothing outside of it. */
import { expect, test as base } from '@playwright/test';
import { serve, type Served } from '../server';
import { startPathProxy, type PathProxy } from '../testing/servers/path-proxy';
import { details, find } from './world';

const PATH = '/tools/map';

const test = base.extend<{ strips: boolean; proxied: PathProxy }, { served: Served }>({
  strips: [false, { option: true }],
  served: [
    async ({}, use) => {
      const served = await serve(['--from', 'demo', '--base-path', PATH, '--token', 'let-me-in']);
      await use(served);
      await served.stop();
    },
    { scope: 'worker' },
  ],
  proxied: async ({ served, strips }, use) => {
    const proxied = await startPathProxy(PATH, strips, () => new URL(served.url).port);
    await use(proxied);
    proxied.stop();
  },
});

for (const strips of [false, true])
  test.describe(strips ? 'stripped by the proxy' : 'passed on by the proxy', () => {
    test.use({ strips });

    test('serves everything below the base path, scopes cookies and storage to it, and requests nothing outside', async ({
      page,
      proxied,
    }) => {
      const failed: string[] = [];
      page.on('response', (response) => {
        if (response.status() >= 400) failed.push(`${response.status()} ${response.url()}`);
      });
      page.on('pageerror', (error) => failed.push(error.message));
      await page.goto(`${proxied.url}?token=let-me-in`);
      await page.getByRole('application').waitFor();
      expect(new URL(page.url()).pathname.replace(/\/$/, '')).toBe(PATH);
      for (const name of ['Interfaces', 'Networks', 'Subnets', 'Findings', 'Topology'])
        await page
          .getByRole('navigation', { name: 'Views' })
          .getByRole('link', { name: new RegExp(`^${name}`) })
          .click();
      await page.getByRole('application').waitFor();
      await find(page, 'coredns');
      const hrefs = await page
        .locator('link[href^="/"]')
        .evaluateAll((all) => all.map((link) => link.getAttribute('href')));
      expect(hrefs.length).toBeGreaterThan(3);
      expect(hrefs.filter((href) => href?.startsWith(`${PATH}/`) !== true)).toEqual([]);
      const cookies = await page.context().cookies();
      expect(cookies.map(({ name, path }) => `${name} ${path}`).sort()).toEqual([
        `ifscope-theme ${PATH}`,
        `ifscope_token ${PATH}`,
      ]);
      expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([`ifscope-searches${PATH}`]);
      // The stream runs: the page says that it is live, not that it waits for the server.
      await expect(page.getByText(/reconnect|cannot reach/i)).toHaveCount(0);
      expect(failed).toEqual([]);
      expect(proxied.outside).toEqual([]);
    });

    test('serves a record’s page below the base path, with links there and back', async ({ page, proxied }) => {
      const failed: string[] = [];
      page.on('response', (response) => {
        if (response.status() >= 400) failed.push(`${response.status()} ${response.url()}`);
      });
      await page.goto(`${proxied.url}?token=let-me-in`);
      await page.getByRole('application').waitFor();
      await find(page, 'coredns');
      await details(page).getByRole('link', { name: 'Open as a page' }).click();
      await expect(page).toHaveURL(new RegExp(`${PATH}/pod/kube-system/coredns-`));
      await expect(page.getByRole('heading', { level: 2, name: 'How we know' })).toBeVisible();
      const hrefs = await page.locator('a[href]').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
      expect(hrefs.length).toBeGreaterThan(2);
      expect(hrefs.filter((href) => href?.startsWith(`${PATH}/`) !== true)).toEqual([]);
      const pod = page.url();
      await page.reload();
      await expect(page.getByRole('heading', { level: 2, name: 'How we know' })).toBeVisible();
      await page
        .getByRole('heading', { level: 2, name: 'Pod', exact: true })
        .locator('..')
        .getByRole('link')
        .first()
        .click();
      await expect(page).toHaveURL(new RegExp(`${PATH}/node/`));
      await expect(page.getByRole('heading', { level: 2, name: 'Wiring' })).toBeVisible();
      await page.goBack();
      await expect(page).toHaveURL(pod);
      await page.getByRole('link', { name: 'Show in the map' }).click();
      await expect(page).toHaveURL(new RegExp(`${PATH}/\\?sel=`));
      await expect(details(page)).toContainText('coredns');
      expect(failed).toEqual([]);
      await page.goto(`${proxied.url}/subnet/nothing`);
      await page.getByRole('link', { name: 'Go to the topology' }).click();
      await expect(page).toHaveURL(new RegExp(`${PATH}/?$`));
      expect(proxied.outside).toEqual([]);
    });
  });
