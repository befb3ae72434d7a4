import fc from 'fast-check';
import { batchesOf, historiesOf, type History } from './history';
import { play, type Difference } from './play';
import { writeFileSync } from 'node:fs';

const runs = Number(process.env['RUNS'] ?? 200),
  first = Number(process.env['SEED'] ?? 1),
  steps = Number(process.env['STEPS'] ?? 12);
const most = Number(process.env['MOST'] ?? 40);
const found = new Map<
  string,
  { seed: number; history: History; diffs: readonly Difference[]; times: number; size: number }
>();
const sig = (d: readonly Difference[]): string =>
  [
    ...new Set(
      d.map(
        (x) => x.what + ':' + x.table + '.' + (x.table === 'findings' ? x.id.slice(2, x.id.indexOf('/')) : x.field),
      ),
    ),
  ]
    .sort()
    .slice(0, 4)
    .join(' ');
const t0 = performance.now();
let fails = 0,
  total = 0;
for (let s = 0; s < most; s++) {
  const seed = first + s;
  const r = fc.check(
    fc.property(historiesOf(steps), (h) => {
      total++;
      return play(batchesOf(h)).length === 0;
    }),
    { seed, numRuns: runs, endOnFailure: false },
  );
  if (!r.failed || r.counterexample === null) {
    continue;
  }
  fails++;
  const h = r.counterexample[0] as History;
  let diffs: readonly Difference[] = [];
  let key: string;
  try {
    diffs = play(batchesOf(h));
    key = sig(diffs);
  } catch (e) {
    key = 'throws ' + String(e).slice(0, 100);
  }
  const kinds = [
    ...new Set(
      h.steps.flatMap((x) =>
        x.reports.map((p) =>
          p.op === 'put' || p.op === 'remove'
            ? p.of.kind
            : p.op === 'source'
              ? p.id
              : p.op === 'list'
                ? 'list ' + p.of[0]?.kind
                : p.op,
        ),
      ),
    ),
  ]
    .sort()
    .join(',');
  const k = key + ' <= ' + kinds;
  const before = found.get(k);
  const size = JSON.stringify(h).length;
  if (!before || before.size > size) found.set(k, { seed, history: h, diffs, times: (before?.times ?? 0) + 1, size });
  else before.times++;
}
console.log(
  `${total} plays, ${fails} failing seeds of ${most}, ${found.size} signatures, ${((performance.now() - t0) / 1000).toFixed(1)} s`,
);
const out: string[] = [];
for (const [k, f] of [...found].sort((a, b) => b[1].times - a[1].times)) {
  out.push(`\n### ${k}  ×${f.times} seed ${f.seed} live=${f.history.live} furnished=${f.history.furnished}`);
  for (const b of f.history.steps)
    out.push(`  +${b.after} ` + b.reports.map((r) => JSON.stringify(r)).join('\n      '));
  for (const d of f.diffs.slice(0, 4))
    out.push(
      `  ${d.what} step ${d.step} ${d.table} ${d.id} ${d.field}\n     inc ${JSON.stringify(d.incremental)?.slice(0, 300)}\n     new ${JSON.stringify(d.scratch)?.slice(0, 300)}`,
    );
}
writeFileSync(process.env['OUT'] ?? '/tmp/histories-out.txt', out.join('\n'));
