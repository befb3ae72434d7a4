/** Signing in and out in a browser, with a real identity provider. */
import { test, expect } from '@playwright/test';
import { freePort } from '../free-port';
import { serve } from '../server';
import { startIdentityProvider } from '../testing/servers/identity-provider';

test('a visitor signs in at the provider, and out of both', async ({ page }) => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const provider = await startIdentityProvider(url);
  const served = await serve(
    Object.entries({
      '--from': 'demo',
      '--port': String(port),
      '--auth': 'oidc',
      '--rights': 'all',
      '--url': url,
      '--oidc-issuer': provider.issuer,
      '--oidc-client-id': 'ifscope',
    }).flat(),
    { IFSCOPE_OIDC_CLIENT_SECRET: 'hush' },
  );
  try {
    await page.goto(`${url}/?view=nodes`);
    await expect(page).toHaveURL(`${url}/?view=nodes`);
    const session = async (): Promise<number> =>
      (await page.context().cookies(url)).filter(({ name }) => name === 'ifscope_session').length;
    expect(await session()).toBe(1);
    await page.getByRole('button', { name: /sources live/ }).click();
    await page.getByRole('link', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign out of ifscope' }).click();
    // The provider asks whether to end its session as well.
    await page.waitForURL(`${provider.issuer}/session/end?client_id=ifscope`);
    expect(await session()).toBe(0);
  } finally {
    await served.stop();
    provider.stop();
  }
});
