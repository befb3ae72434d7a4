/**
 * `npm run facts`: per file of `docs/facts/`, the number of statements, of those with a test, and of those that cannot
 * be tested.
 */
import { readFacts } from './facts';

const rows = [...readFacts()].map(([file, statements]) => ({
  file,
  statements: statements.length,
  tested: statements.filter(({ proofs }) => proofs.length > 0).length,
  'not decidable': statements.filter(({ reason }) => reason !== null).length,
}));
const sum = (key: 'statements' | 'tested' | 'not decidable'): number => rows.reduce((all, row) => all + row[key], 0);
const total = {
  file: 'all',
  statements: sum('statements'),
  tested: sum('tested'),
  'not decidable': sum('not decidable'),
};
for (const row of [...rows, total]) {
  console.log(
    `${row.file}: ${row.statements} statements, ${row.tested} tested, ${row['not decidable']} not decidable by a test`,
  );
}
