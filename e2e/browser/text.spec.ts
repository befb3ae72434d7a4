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

test('canvas text is as wide as the width table says', async ({ page, world }) => {
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

/** Where a letter has ink: over the width of its top, middle and foot, and in its centre. */
interface Shape {
  readonly top: number;
  readonly middle: number;
  readonly foot: number;
  readonly centre: boolean;
}

for (const font of ['Inter Variable', 'JetBrains Mono Variable'])
  test(`${font} distinguishes 0 from O, and 1, l and I from each other`, async ({ page, world }) => {
    await open(page, world);
    const shapes = await page.evaluate(async (family) => {
      await document.fonts.load(`100px '${family}'`, 'lI0O');
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [200, 200];
      const context = canvas.getContext('2d', { willReadFrequently: true });
      if (context === null) return {};
      context.font = `100px '${family}'`;
      const shapeOf = (letter: string): Shape => {
        context.clearRect(0, 0, 200, 200);
        context.fillText(letter, 50, 150);
        const { data } = context.getImageData(0, 0, 200, 200);
        const ink: (readonly [number, number])[] = [];
        for (let y = 0; y < 200; y++)
          for (let x = 0; x < 200; x++) if ((data[(y * 200 + x) * 4 + 3] ?? 0) > 128) ink.push([x, y]);
        const [xs, ys] = [ink.map(([x]) => x), ink.map(([, y]) => y)];
        const [left, right, top, foot] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
        const [x, y] = [Math.round((left + right) / 2), Math.round((top + foot) / 2)];
        const inRow = (row: number): number => ink.filter(([, at]) => at === row).length;
        return {
          top: inRow(top + 3),
          middle: inRow(y),
          foot: inRow(foot - 3),
          centre: ink.some(([atX, atY]) => atX === x && atY === y),
        };
      };
      return Object.fromEntries(['l', 'I', '0', 'O'].map((letter) => [letter, shapeOf(letter)]));
    }, font);
    const { l, I, 0: zero, O } = shapes;
    expect(l?.foot, 'l has a foot').toBeGreaterThan((l?.middle ?? 0) * 1.4);
    expect(I?.top, 'I has serifs').toBeGreaterThan((I?.middle ?? 0) * 1.6);
    expect(I?.foot, 'I has serifs').toBeGreaterThan((I?.middle ?? 0) * 1.6);
    expect([zero?.centre, O?.centre], 'only 0 has a mark inside').toEqual([true, false]);
  });
