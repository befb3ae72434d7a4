// Measures the advance widths of the shipped Inter in a browser and prints lib/layout/picture/font/inter.json. Run once, after
// a change of components/inter:  node e2e/measure-font.mjs > lib/layout/picture/font/inter.json
import { readFileSync } from 'node:fs';
import { chromium } from '@playwright/test';

const font = readFileSync(new URL('../components/inter/inter.woff2', import.meta.url)).toString('base64');
const characters = [
  ...Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)),
  ...'…·×–—’‘“”→←✓±≤≥§°äöüÄÖÜßéèàç',
];

const browser = await chromium.launch({
  executablePath: process.env.IFSCOPE_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
const page = await browser.newPage();
await page.setContent(
  `<style>@font-face{font-family:Inter;src:url(data:font/woff2;base64,${font});font-weight:100 900}</style>`,
);
const widths = await page.evaluate(async (text) => {
  const context = document.createElement('canvas').getContext('2d');
  context.fontKerning = 'none';
  const table = {};
  for (const weight of [400, 600, 650, 700]) {
    await document.fonts.load(`${weight} 100px Inter`, text.join(''));
    context.font = `${weight} 1000px Inter`;
    table[weight] = text.map((character) => Math.round(context.measureText(character).width));
  }
  return table;
}, characters);
await browser.close();
process.stdout.write(`${JSON.stringify({ unitsPerEm: 1000, characters: characters.join(''), widths })}\n`);
