/**
 * The statements of `docs/facts/*.md` and the tests that verify them. A row is `| § | statement | test |`; its test is
 * `` `file` › part of the title ``, several joined by `<br>`, or `– reason` if no test can verify it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

export interface Proof {
  readonly file: string;
  /** Part of a test's title, or of the row of a table that makes the title. */
  readonly title: string;
}

export interface Statement {
  /** `docs/facts/multus-0-1.md:12`. */
  readonly at: string;
  readonly section: string;
  readonly text: string;
  readonly proofs: readonly Proof[];
  /** Why no test can verify it; null if one does. */
  readonly reason: string | null;
  /** The error in the row itself; null if there is none. */
  readonly problem: string | null;
}

export const ROOT = join(import.meta.dirname, '..');
const FOLDER = join(ROOT, 'docs/facts');

/** Statements by file name, without the README. */
export function readFacts(): ReadonlyMap<string, readonly Statement[]> {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.md') && name !== 'README.md');
  return new Map(
    files.sort().map((name) => [name, readStatements(readFileSync(join(FOLDER, name), 'utf8'), `docs/facts/${name}`)]),
  );
}

export function readStatements(text: string, name: string): readonly Statement[] {
  const statements: Statement[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (!line.startsWith('|') || /^\|[\s:|-]+\|$/.test(line) || /^\|\s*§\s*\|/.test(line)) continue;
    statements.push(readRow(line, `${name}:${index + 1}`));
  }
  return statements;
}

function readRow(line: string, at: string): Statement {
  const cells = line
    .replace(/^\||\|\s*$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
  const [section = '', statement = '', test = ''] = cells;
  const row = { at, section, text: statement, proofs: [], reason: null, problem: null };
  if (cells.length !== 3) return { ...row, problem: `${cells.length} cells, not 3 (write a pipe as \\|)` };
  if (section === '' || statement === '') return { ...row, problem: 'no section or no statement' };
  if (/^[–-]/.test(test)) {
    const reason = test.slice(1).trim();
    return { ...row, reason, problem: reason.length < 10 ? 'neither a test nor a reason' : null };
  }
  const proofs: Proof[] = [];
  for (const part of test.split(/<br\s*\/?>/)) {
    const match = /^`([^`]+)`\s*›\s*(.+)$/.exec(part.trim());
    if (match === null) return { ...row, problem: `"${part.trim()}" is neither \`file\` › title nor – reason` };
    proofs.push({ file: match[1] ?? '', title: plain(match[2] ?? '') });
  }
  return { ...row, proofs };
}

/** Removes Markdown's escapes and code marks: `\_` becomes `_`. */
const plain = (text: string): string =>
  text
    .replace(/\\([^\w\s])/g, '$1')
    .replaceAll('`', '')
    .trim();

/** The error in the reference to a test; null if it is valid. */
export function problemOf({ file, title }: Proof, read: (file: string) => string | null): string | null {
  if (!/\.(test|spec)\.tsx?$/.test(file)) return `${file} is no test file`;
  const source = read(file);
  if (source === null) return `${file} does not exist`;
  if (title.length < 3) return `"${title}" is no title`;
  return titlesOf(source).some((one) => one.replaceAll('`', '').includes(title))
    ? null
    : `${file} has no test "${title}"`;
}

const TESTS = new Set(['it', 'test', 'describe']);
const known = new Map<string, readonly string[]>();

const SHEETS = ['vpc-cni', 'multus', 'claims'] as const;
type Sheet = (typeof SHEETS)[number];

/** A section that a comment cites: `vpc-cni §2.3`. */
export interface Citation {
  /** `lib/x.ts:12`. */
  readonly at: string;
  readonly sheet: Sheet;
  /** `2.3`; for a range, both ends. */
  readonly section: string;
}

const CITATION =
  /\b(vpc-cni|multus|claims)((?:[\s*/]+|, |; | and )§ ?\d+(?:\.\d+)?(?: P\d+)?(?:–(?:\d+(?:\.\d+)?|P\d+))?)+/g;

/** The sections that a source file cites, including `multus §1.7, §2.4` and `vpc-cni §5.2–5.4`. */
export function citationsIn(source: string, file: string): readonly Citation[] {
  return [...source.matchAll(CITATION)].flatMap(({ 0: text, 1: sheet, index }) => {
    const at = `${file}:${source.slice(0, index).split('\n').length}`;
    return [...text.matchAll(/\d+(?:\.\d+)?(?: P\d+)?/g)].map(([section]): Citation => ({
      at,
      sheet: SHEETS.find((one) => one === sheet) ?? 'vpc-cni',
      section,
    }));
  });
}

/** Whether there is a statement under that section, or under a part of it. */
export const isStated = ({ sheet, section }: Citation, facts: ReadonlyMap<string, readonly Statement[]>): boolean =>
  [...facts].some(
    ([file, statements]) =>
      file.replace('findings-', '').startsWith(sheet) &&
      statements.some((one) => one.section.startsWith(section) && /^($|[. ])/.test(one.section.slice(section.length))),
  );

/** Markdown files that a comment names, by their paths as written. */
export const sheetsIn = (source: string): readonly string[] =>
  [...source.matchAll(/(?:^\s*(?:\/?\*|\/\/)|\s\/\/\s).*/gm)].flatMap(([comment]) =>
    [...comment.matchAll(/[\w/-]+\.md\b/g)].map(([name]) => name),
  );

/** Every source file of the repository, by its path. */
export function sourceFiles(): readonly string[] {
  return ['lib', 'app', 'pages', 'components', 'e2e', 'bench'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ts|tsx|mjs|go|css)$/.test(name) && !name.includes('node_modules'))
      .map((name) => `${folder}/${name}`),
  );
}

/** Titles of a file's tests; if a title is made from the rows of a table, the texts in the file's tables as well. */
export function titlesOf(source: string): readonly string[] {
  const before = known.get(source);
  if (before !== undefined) return before;
  const titles: string[] = [];
  const inTables: string[] = [];
  const made = { fromTable: false };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) return;
    if (ts.isCallExpression(node) && TESTS.has(rootOf(node.expression))) {
      const [title, ...rest] = node.arguments;
      visit(node.expression);
      if (title !== undefined && ts.isStringLiteralLike(title)) {
        titles.push(title.text);
        made.fromTable ||= /[%$]/.test(title.text);
      } else if (title !== undefined && rest.length > 0) made.fromTable = true;
      else if (title !== undefined) visit(title);
      // The body of a test contains no titles; that of a describe contains tests and tables.
      if (rootOf(node.expression) === 'describe') rest.forEach(visit);
      return;
    }
    // `cases('rule', [{ name: … }])` of the findings makes a describe for the rule and a test for each case.
    if (ts.isCallExpression(node) && rootOf(node.expression) === 'cases') made.fromTable = true;
    if (ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node)) inTables.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('x.tsx', source, ts.ScriptTarget.Latest));
  const found = made.fromTable ? [...titles, ...inTables] : titles;
  known.set(source, found);
  return found;
}

/** `it` of `it.each([…])`. */
function rootOf(node: ts.Expression): string {
  if (ts.isIdentifier(node)) return node.text;
  if (ts.isCallExpression(node) || ts.isPropertyAccessExpression(node)) return rootOf(node.expression);
  return '';
}
