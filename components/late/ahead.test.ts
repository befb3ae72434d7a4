/** Code that is neither loaded with the first picture nor ahead is missing once the server cannot be reached. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '..', '..');

/** Loaded with the first picture, right after it, or with a page of its own. */
const WITH_THE_PAGE = [
  'components/canvas/later',
  'components/controls/FindAnswers',
  'components/controls/Menus',
  'components/controls/NavigationBody',
  'components/controls/Notices',
  'components/controls/SourceChip',
  'components/late/Announcer',
  'components/opened/DropZone',
  'components/pages/RecordPage',
  'components/panels/DetailsPanel',
  'components/views/Causes',
  'components/views/PictureHead',
  'components/wall/Wall',
  'lib/client/change-recorder',
  'lib/client/set/rest-of-set',
];

const importsOf = (file: string): string[] =>
  [...readFileSync(path.join(ROOT, file), 'utf8').matchAll(/\bimport\('(\.[^']+)'\)/g)].map(([, to = '']) =>
    path.join(path.dirname(file), to),
  );

it('preloads all code that is loaded on demand', () => {
  const files = ['components', 'lib/client'].flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /(?<!\.test)\.tsx?$/.test(file))
      .map((file) => path.join(folder, file)),
  );
  const own = 'components/late/ahead.ts';
  const isWithViews = readFileSync(path.join(ROOT, own), 'utf8').includes('...Object.values(LATER_VIEWS)');
  const ahead = [own, ...(isWithViews ? ['components/views/registry.tsx'] : [])].flatMap(importsOf);
  const used = files.filter((file) => !file.endsWith('late/ahead.ts')).flatMap(importsOf);
  expect([...new Set([...ahead, ...WITH_THE_PAGE])].sort()).toEqual([...new Set(used)].sort());
});
