/**
 * Compares pictures of small clusters with `__golden__`. To accept new pictures: `UPDATE_GOLDEN=1 npx vitest run
 * lib/layout/golden`.
 */
import { applyFilter } from '../../e2e/testing/queries';
import { describe, expect, test } from 'vitest';
import { NO_FILTER } from '../view/filter';
import { rankNetworks } from '../view/network-colours';
import { focusLit, focusPicture } from './diagram/focus';
import { layoutFocus } from './diagram/focus-layout';
import { wiringPicture } from './diagram/wiring';
import { GOLDEN_CLUSTERS } from '../../e2e/testing/golden-clusters';
import { expectGolden } from '../../e2e/testing/golden-file';
import type { Picture } from './picture/mark';
import { toSvg } from './picture/svg';
import type { Theme } from './picture/tokens';
import { wholePicture } from './whole';

const FOLDER = new URL('./__golden__/', import.meta.url);

const telco = GOLDEN_CLUSTERS.telco().build();
const ranks = rankNetworks(telco);
const node = 'node:ip-10-0-1-17.internal';

const PICTURES: readonly (readonly [string, Theme, () => Picture])[] = [
  ['telco-slots', 'light', () => wholePicture(telco)],
  ['telco-selected', 'dark', () => wholePicture(telco, { selection: 'pod:core/upf-0' })],
  ['telco-slots-small', 'light', () => wholePicture(telco, { scale: 0.55 })],
  ['claims', 'light', () => wholePicture(GOLDEN_CLUSTERS.claims().build())],
  ['claims-bars', 'dark', () => wholePicture(GOLDEN_CLUSTERS.claims().build(), { level: 'bars', scale: 0.4 })],
  ['claims-labelled', 'dark', () => wholePicture(GOLDEN_CLUSTERS.claims().build(), { level: 'labelled', scale: 5 })],
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
    'claims-focus',
    'dark',
    () => {
      const source = GOLDEN_CLUSTERS.claims().build();
      const layout = layoutFocus(source, rankNetworks(source), 'node:train-0', 1200);
      if (layout === null) throw new Error('the node is in the cluster');
      return focusPicture(layout);
    },
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
  test.each(PICTURES)('%s', (name, theme, picture) => expectGolden(FOLDER, name, 'svg', toSvg(picture(), { theme })));
});

test('the same cluster produces the same file whatever the order of its records', () => {
  const reversed = GOLDEN_CLUSTERS.telco().build((entries) => [...entries].reverse());
  expect(toSvg(wholePicture(reversed), { theme: 'light' })).toBe(toSvg(wholePicture(telco), { theme: 'light' }));
});

test('names from the cluster cannot break out of their text', () => {
  const svg = toSvg(wholePicture(telco), { theme: 'light' });
  expect(svg).toContain('shop/cart-&lt;0&gt;');
  expect(svg).not.toContain('cart-<0>');
});
