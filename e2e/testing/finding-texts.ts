/** Faults in the text of a finding: holes, wrong numbers, incomplete sentences, a command that cannot be pasted. */
import type { FindingRecord } from '../../lib/model/records';

/** Foreign texts may contain anything, so evidence is checked only for holes. */
const HOLES = /\bundefined\b|\bNaN\b|\[object|\bnull\b/;
const WRONG: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a hole', HOLES],
  ['two blanks', / {2}/],
  ['a blank before a stop', / [.,;](\s|$)/],
  ['two stops', /\.\.(\s|$)/],
  ['one of many', /(?<![\d.,=/–-])\b1 (addresses|pods|nodes|ENIs|prefixes|networks|calls|unmanaged ENIs)\b/],
  [
    'many of one',
    /(?<![\d.])\b(0|[2-9]|[1-9]\d+) (address\b(?!es)|prefix\b(?!es)|(pod|node|ENI|network|call)(?=[.,;]|$))/,
  ],
];

/** The faults, in words; empty if there are none. */
export function problemsOfText({ title, detail, evidence, advice, command }: FindingRecord): readonly string[] {
  const problems: string[] = [];
  for (const [name, text] of Object.entries({ title, detail, advice })) {
    for (const [what, pattern] of WRONG) if (pattern.test(text)) problems.push(`${name}: ${what}: ${text}`);
    if (text.trim() === '') problems.push(`${name} is empty`);
  }
  if (/[.:]$/.test(title)) problems.push(`title: a heading ends without a stop: ${title}`);
  if (!/[.?!”]$/.test(advice)) problems.push(`advice: no sentence: ${advice}`);
  if (evidence.length === 0) problems.push('no evidence');
  for (const line of evidence) if (HOLES.test(line) || line.trim() === '') problems.push(`evidence: ${line}`);
  if (command !== null && /<[A-Z]/.test(command)) problems.push(`command: a placeholder: ${command}`);
  return problems;
}
