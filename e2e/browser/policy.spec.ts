/** The page under its own Content-Security-Policy: nothing inline but what carries the request's nonce, and no way in for other styles. */
import type { Page } from '@playwright/test';
import { details, expect, find, open, test } from './world';

/** Everything that the policy forbade, as the browser tells it. */
async function violations(page: Page): Promise<string[]> {
  const seen: string[] = [];
  await page.exposeFunction('tellViolation', (text: string) => {
    seen.push(text);
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) => {
      (globalThis as unknown as { tellViolation(text: string): void }).tellViolation(
        `${effectiveDirective} ${blockedURI} ${sample}`,
      );
    });
  });
  return seen;
}

test('the page does nothing that the policy forbids', async ({ page, world }) => {
  const seen = await violations(page);
  const response = await page.goto(`${world.served.url}/`);
  const policy = response?.headers()['content-security-policy'] ?? '';
  expect(policy).not.toContain('unsafe');
  expect(policy).toMatch(/style-src 'self' 'nonce-[\w+/=]+'/);
  await page.getByRole('application').waitFor();
  for (const name of ['Nodes', 'ENIs', 'Interfaces', 'Networks', 'Subnets', 'Findings', 'Topology'])
    await page
      .getByRole('navigation', { name: 'Views' })
      .getByRole('link', { name: new RegExp(`^${name}`) })
      .click();
  await page.getByRole('application').waitFor();
  await find(page, 'coredns');
  // The diagram of a pod's wiring is markup; its text is set by the style sheet.
  const diagram = details(page).locator('svg[role=img]').first();
  await diagram.waitFor();
  expect(await diagram.evaluate((svg) => getComputedStyle(svg).whiteSpace)).toBe('pre');
  expect(await diagram.evaluate((svg) => getComputedStyle(svg).fontVariantLigatures)).toBe('none');
  // Node focus, which is markup as well.
  await page.keyboard.press('Escape');
  await page.getByRole('application').focus();
  await page.keyboard.press('g');
  await page.mouse.move(500, 300);
  // The colours came with the nonce.
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--c-ink'))).not.toBe(
    '',
  );
  expect(seen).toEqual([]);
});

test('an injected style has no effect', async ({ page, world }) => {
  const seen = await violations(page);
  await open(page, world);
  const outlines = await page.evaluate(() => {
    const style = document.createElement('style');
    style.textContent = 'body { outline: 7px solid red }';
    document.head.append(style);
    const box = document.createElement('div');
    box.innerHTML = '<i style="outline: 7px solid red">x</i>';
    document.body.append(box);
    return [document.body, box.firstElementChild].map((element) => element && getComputedStyle(element).outlineStyle);
  });
  expect(outlines).toEqual(['none', 'none']);
  await expect.poll(() => seen.map((text) => text.split(' ')[0]).sort()).toEqual(['style-src-attr', 'style-src-elem']);
});
