/** Each statement of `docs/facts/` has an existing test, or a reason for having none. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  citationsIn,
  isStated,
  problemOf,
  readFacts,
  readStatements,
  ROOT,
  sheetsIn,
  sourceFiles,
  titlesOf,
} from './facts';

const read = (file: string): string | null => {
  try {
    return readFileSync(join(ROOT, file), 'utf8');
  } catch {
    return null;
  }
};

describe('docs/facts', () => {
  it.each([...readFacts()])('%s: every statement has an existing test, or a reason', (_name, statements) => {
    const wrong = statements.flatMap(({ at, problem, proofs }) =>
      [problem, ...proofs.map((proof) => problemOf(proof, read))].flatMap((one) =>
        one === null ? [] : [`${at} ${one}`],
      ),
    );
    expect(wrong).toEqual([]);
    expect(statements.length).toBeGreaterThan(0);
  });
});

describe('citations in comments', () => {
  const sources = sourceFiles().map((file) => ({ file, text: read(file) ?? '' }));

  it('every section has a statement in docs/facts', () => {
    const facts = readFacts();
    const citations = sources.flatMap(({ file, text }) => citationsIn(text, file));
    expect(citations.length).toBeGreaterThan(400);
    expect(
      citations
        .filter((citation) => !isStated(citation, facts))
        .map(({ at, sheet, section }) => `${at} ${sheet} §${section}`),
    ).toEqual([]);
  });

  it('every document is in the repository', () => {
    const named = sources.flatMap(({ file, text }) => sheetsIn(text).map((sheet) => ({ file, sheet })));
    expect(named.filter(({ sheet }) => read(sheet) === null)).toEqual([]);
  });

  it.each([
    ['// multus §2.2', ['1 multus 2.2']],
    ['/** a\n * (multus\n * §1.7, §2.4; vpc-cni §10): b */', ['2 multus 1.7', '2 multus 2.4', '3 vpc-cni 10']],
    ['// vpc-cni §5.2–5.4 and §6', ['1 vpc-cni 5.2', '1 vpc-cni 5.4', '1 vpc-cni 6']],
    ['// multus §6 P12', ['1 multus 6 P12']],
    ['// §2.2', []],
  ])('sections cited in %j', (source, wanted) => {
    expect(citationsIn(source, 'x').map(({ at, sheet, section }) => `${at.slice(2)} ${sheet} ${section}`)).toEqual(
      wanted,
    );
  });

  it.each([
    ['/** See README.md. */', ['README.md']],
    ['const x = 1; // docs/performance.md', ['docs/performance.md']],
    ["const file = 'notes.md';", []],
  ])('documents named in %j', (source, wanted) => {
    expect(sheetsIn(source)).toEqual(wanted);
  });
});

describe('parsing a statement', () => {
  it.each([
    ['| 2.3 | a | `x.test.ts` › one |', { proofs: [{ file: 'x.test.ts', title: 'one' }], reason: null, problem: null }],
    [
      '| 2.3 | a | `x.test.ts` › one \\| two<br>`y.spec.ts` › `max_eni` \\* 2 |',
      {
        proofs: [
          { file: 'x.test.ts', title: 'one | two' },
          { file: 'y.spec.ts', title: 'max_eni * 2' },
        ],
        problem: null,
      },
    ],
    ['| 2.3 | a | – AWS decides this, not we |', { proofs: [], reason: 'AWS decides this, not we', problem: null }],
    ['| 2.3 | a | – |', { problem: 'neither a test nor a reason' }],
    ['| 2.3 | a | x.test.ts › one |', { problem: '"x.test.ts › one" is neither `file` › title nor – reason' }],
    ['| 2.3 | a |', { problem: '2 cells, not 3 (write a pipe as \\|)' }],
    ['| | a | – a good reason |', { problem: 'no section or no statement' }],
  ])('%s', (line, expected) => {
    expect(readStatements(line, 'f.md')).toEqual([expect.objectContaining({ at: 'f.md:1', ...expected })]);
  });

  it('the header and its separator are not statements', () => {
    expect(readStatements('# T\n\n| § | statement | test |\n| --- | --- | --- |\n', 'f.md')).toEqual([]);
  });
});

describe('finding a test', () => {
  const source = `
    import { it } from 'somewhere';
    const ROWS = [['a row of a table', 1]];
    describe('a group', () => {
      it('does one thing', () => { expect('not a title').toBe(1); });
      it.each(ROWS)('%s', () => {});
    });`;
  const files: Readonly<Record<string, string>> = { 'x.test.ts': source, 'x.ts': source };

  it('titles are those of tests, groups and table rows', () => {
    expect([...titlesOf(source)].sort()).toEqual(['%s', 'a group', 'a row of a table', 'does one thing']);
    expect(titlesOf(`const A = ['in a table']; it('fixed', () => {});`)).toEqual(['fixed']);
    expect(titlesOf(`cases('rule', [{ name: 'a case' }]);`)).toContain('a case');
    expect(titlesOf(`for (const c of [{ name: 'made' }]) it(c.name, () => {});`)).toEqual(['made']);
    expect(titlesOf(`cases('a-rule', [{ name: 'fires' }]);`)).toEqual(['a-rule', 'fires']);
    expect(titlesOf('for (const c of [`of ${1} parts`]) it(c, () => {});')).toEqual(['of ', ' parts']);
  });

  it.each([
    ['x.test.ts', 'does one', null],
    ['x.test.ts', 'row of a table', null],
    ['x.test.ts', 'not a title', 'x.test.ts has no test "not a title"'],
    ['y.test.ts', 'does one', 'y.test.ts does not exist'],
    ['x.ts', 'does one', 'x.ts is no test file'],
  ])('%s › %s', (file, title, expected) => {
    expect(problemOf({ file, title }, (name) => files[name] ?? null)).toBe(expected);
  });
});
