/**
 * Pictures of small clusters against files in `__golden__`, byte for byte. A difference writes `NAME.changed.svg` beside:
 * look at both, and when the new one is right, `UPDATE_GOLDEN=1 npx vitest run lib/layout/golden` keeps it.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { applyFilter, NO_FILTER } from '../view/filter';
import { rankNetworks } from '../view/network-colours';
import { focusLit, focusPicture } from './diagram/focus';
import { layoutFocus } from './diagram/focus-layout';
import { wiringPicture } from './diagram/wiring';
import { GOLDEN_CLUSTERS } from '../../e2e/testing/golden-clusters';
import type { Picture } from './mark';
import { toSvg } from './svg';
import type { Theme } from './tokens';
import { wholePicture } from './whole';

const FOLDER = new URL('./__golden__/', import.meta.url);

function expectGolden(name: string, svg: string): void {
  const file = new URL(`${name}.svg`, FOLDER);
  const changed = new URL(`${name}.changed.svg`, FOLDER);
  if (process.env.UPDATE_GOLDEN !== undefined) {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(file, svg);
  }
  let golden = '';
  try {
    golden = readFileSync(file, 'utf8');
  } catch {
    // No golden yet: the comparison below says so.
  }
  if (golden === svg) rmSync(changed, { force: true });
  else writeFileSync(changed, svg);
  expect(svg === golden, `${name}.svg differs; see ${changed.pathname}`).toBe(true);
}

const telco = GOLDEN_CLUSTERS.telco().build();
const ranks = rankNetworks(telco);
const node = 'node:ip-10-0-1-17.internal';

const PICTURES: readonly (readonly [string, Theme, () => Picture])[] = [
  ['telco-slots', 'light', () => wholePicture(telco)],
  ['telco-selected', 'dark', () => wholePicture(telco, { selection: 'pod:core/upf-0' })],
  ['telco-slots-small', 'light', () => wholePicture(telco, { scale: 0.55 })],
  ['matrix', 'light', () => wholePicture(GOLDEN_CLUSTERS.matrix().build())],
  ['telco-tile', 'light', () => wholePicture(telco, { level: 'tile', scale: 0.1 })],
  ['telco-bars', 'light', () => wholePicture(telco, { level: 'bars', scale: 0.4 })],
  ['telco-labelled', 'light', () => wholePicture(telco, { level: 'labelled', scale: 5 })],
  [
    'telco-filtered-stale',
    'light',
    () =>
      wholePicture(telco, {
        filter: applyFilter(telco, { ...NO_FILTER, namespaces: ['core'] }),
        stale: { asOf: 'as of 06:04', badge: 'EC2 7 min old' },
      }),
  ],
  ['modes', 'light', () => wholePicture(GOLDEN_CLUSTERS.modes().build())],
  ['missing', 'dark', () => wholePicture(GOLDEN_CLUSTERS.missing().build())],
  [
    'wiring',
    'light',
    () => wiringPicture(telco, ranks, 'pod:core/upf-0', { width: 344, chosen: 'if:core/upf-0/net1' }),
  ],
  [
    'focus',
    'light',
    () => {
      const layout = layoutFocus(telco, ranks, node, 1200);
      if (layout === null) throw new Error('the node is in the cluster');
      const picture = focusPicture(layout);
      return { ...picture, marks: [...picture.marks, ...focusLit(layout, 'if:core/upf-0/net1')] };
    },
  ],
];

describe('golden pictures', () => {
  test.each(PICTURES)('%s', (name, theme, picture) => expectGolden(name, toSvg(picture(), { theme })));
});

test('the same cluster from records in another order is the same file', () => {
  const reversed = GOLDEN_CLUSTERS.telco().build((entries) => [...entries].reverse());
  expect(toSvg(wholePicture(reversed), { theme: 'light' })).toBe(toSvg(wholePicture(telco), { theme: 'light' }));
});

test('names from the cluster cannot leave their text', () => {
  const svg = toSvg(wholePicture(telco), { theme: 'light' });
  expect(svg).toContain('shop / cart-&lt;0&gt;');
  expect(svg).not.toContain('cart-<0>');
});
