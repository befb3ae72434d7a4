import { describe, expect, it } from 'vitest';
import { circlesBetweenFolders } from './folder-circles';

type Imports = readonly (readonly [from: string, to: string])[];

const modules = (...imports: Imports) =>
  imports.map(([source, resolved]) => ({ source, dependencies: [{ resolved }] }));

const foldersOf = (...imports: Imports) => circlesBetweenFolders(modules(...imports)).map(({ folders }) => folders);

describe('circular dependencies between folders', () => {
  it.each<readonly [name: string, imports: Imports, circles: readonly (readonly string[])[]]>([
    ['in one direction', [['lib/a/x.ts', 'lib/b/y.ts']], []],
    [
      'within a folder',
      [
        ['lib/a/x.ts', 'lib/a/y.ts'],
        ['lib/a/y.ts', 'lib/a/x.ts'],
      ],
      [],
    ],
    [
      'through other files',
      [
        ['lib/a/x.ts', 'lib/b/y.ts'],
        ['lib/b/z.ts', 'lib/a/w.ts'],
      ],
      [['lib/a', 'lib/b']],
    ],
    [
      'with a subfolder',
      [
        ['lib/a/x.ts', 'lib/a/b/y.ts'],
        ['lib/a/b/y.ts', 'lib/a/z.ts'],
      ],
      [['lib/a', 'lib/a/b']],
    ],
    [
      'across three folders',
      [
        ['lib/a/x.ts', 'lib/b/x.ts'],
        ['lib/b/x.ts', 'lib/c/x.ts'],
        ['lib/c/x.ts', 'lib/a/x.ts'],
      ],
      [['lib/a', 'lib/b', 'lib/c']],
    ],
    [
      'through a test',
      [
        ['lib/a/x.ts', 'lib/b/y.ts'],
        ['lib/b/y.test.ts', 'lib/a/x.ts'],
      ],
      [],
    ],
    [
      'with a package',
      [
        ['lib/a/x.ts', 'node_modules/b/y.js'],
        ['node_modules/b/y.js', 'lib/a/x.ts'],
      ],
      [],
    ],
  ])('%s', (_name, imports, circles) => {
    expect(foldersOf(...imports)).toEqual(circles);
  });

  it('names an import for each pair', () => {
    expect(circlesBetweenFolders(modules(['lib/a/x.ts', 'lib/b/y.ts'], ['lib/b/y.ts', 'lib/a/x.ts']))).toEqual([
      {
        folders: ['lib/a', 'lib/b'],
        imports: ['lib/a/x.ts imports lib/b/y.ts', 'lib/b/y.ts imports lib/a/x.ts'],
      },
    ]);
  });
});
