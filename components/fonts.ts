/**
 * The two bundled fonts (SIL OFL), served by ifscope itself. They keep their names, because canvas and exports refer to
 * them by name.
 */
import localFont from 'next/font/local';

/** The font of text: Inter with the glyphs that tell 0 from O and 1, l and I from each other (inter/make.py). */
export const sans = localFont({
  src: './inter/inter.woff2',
  variable: '--font-fallback',
  weight: '100 900',
  display: 'swap',
  adjustFontFallback: 'Arial',
  declarations: [{ prop: 'font-family', value: "'Inter Variable'" }],
});

/** The font of addresses, ids and commands. */
export const mono = localFont({
  src: '../node_modules/@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2',
  variable: '--font-mono-fallback',
  weight: '100 800',
  display: 'swap',
  adjustFontFallback: false,
  declarations: [{ prop: 'font-family', value: "'JetBrains Mono Variable'" }],
});
