/** `docs/views.md` shows every view, and every picture that it shows exists. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import prettier from 'prettier';
import { expect, test } from 'vitest';
import { VIEWS } from '../lib/view/views';
import { GALLERY, galleryPictures, viewsPage } from './screenshots/docs';
import { PAGE_STATES } from './testing/page-states';

const DOCS = path.resolve(import.meta.dirname, '../docs');

test('docs/views.md is what the screenshots’ list says', async () => {
  const filepath = path.join(DOCS, 'views.md');
  const options = { ...(await prettier.resolveConfig(filepath)), filepath };
  expect(readFileSync(filepath, 'utf8'), 'npm run screenshots -- --docs writes it').toBe(
    await prettier.format(viewsPage(), options),
  );
});

test('every view is shown, by a state that exists', () => {
  expect([...new Set(GALLERY.map(({ view }) => view))].sort()).toEqual(VIEWS.map(({ id }) => id).sort());
  const states = new Set(PAGE_STATES.map(({ name }) => name));
  expect(GALLERY.filter(({ state }) => !states.has(state))).toEqual([]);
});

test('the pictures are exactly those of the list', () => {
  expect(readdirSync(path.join(DOCS, 'images/views')).sort()).toEqual(
    galleryPictures()
      .map(({ file }) => `${file}.webp`)
      .sort(),
  );
});
