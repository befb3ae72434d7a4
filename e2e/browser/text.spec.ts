/** The layout measures text with a bundled table of widths: text on the real canvas must be exactly as wide. */
import { readFileSync } from 'node:fs';
import { expect, open, test } from './world';

interface Table {
  readonly unitsPerEm: number;
  readonly characters: string;
  readonly widths: Readonly<Record<string, readonly number[]>>;
}

const SIZE = 14;
const WEIGHT = 650;
const table = JSON.parse(
  readFileSync(new URL('../../lib/layout/picture/font/inter.json', import.meta.url), 'utf8'),
) as Table;
const characters = Array.from(table.characters);

const tableWidth = (text: string): number =>
  Array.from(text).reduce((sum, one) => sum + (table.widths[WEIGHT]?.[characters.indexOf(one)] ?? NaN), 0) *
  (SIZE / table.unitsPerEm);

const TEXTS = ['eu-west-1a', 'ip-10-20-0-43', 'c6i.8xlarge · 12.5 Gbps', 'no_manage  11/29', '…32-79'];

test('text on the canvas is as wide as the table says', async ({ page, world }) => {
  await open(page, world);
  await page.evaluate(() => document.fonts.ready);
  const measured = await page.getByRole('application').evaluate(
    (element, { texts, font }) => {
      const context = (element as HTMLCanvasElement).getContext('2d');
      if (context === null) return [];
      context.save();
      context.font = font;
      const widths = texts.map((text) => context.measureText(text).width);
      context.restore();
      return widths;
    },
    { texts: TEXTS, font: `${WEIGHT} ${SIZE}px 'Inter Variable'` },
  );
  TEXTS.forEach((text, index) => {
    const expected = tableWidth(text);
    const width = measured[index] ?? NaN;
    expect(Math.abs(width - expected), `${text}: ${width} px, by the table ${expected}`).toBeLessThan(expected * 0.025);
  });
});
