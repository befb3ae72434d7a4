/** The picture measures text by a shipped table: what the browser draws on the real canvas has to be as wide. */
import { textWidth } from '../../lib/layout/text';
import { expect, open, test } from './world';

const TEXTS = ['eu-west-1a', 'ip-10-20-0-43', 'c6i.8xlarge · 12.5 Gbps', 'no_manage  11/29', '…32-79'];

test('text on the canvas is as wide as the table says', async ({ page, world }) => {
  await open(page, world);
  await page.evaluate(() => document.fonts.ready);
  const measured = await page.getByRole('application').evaluate((element, texts) => {
    const context = (element as HTMLCanvasElement).getContext('2d');
    if (context === null) return [];
    context.save();
    context.font = "650 14px 'Inter Variable'";
    const widths = texts.map((text) => context.measureText(text).width);
    context.restore();
    return widths;
  }, TEXTS);
  TEXTS.forEach((text, index) => {
    const table = textWidth(text, 14, 650);
    expect(Math.abs((measured[index] ?? 0) - table), `${text}: ${measured[index]} px, table ${table}`).toBeLessThan(
      table * 0.025,
    );
  });
});
