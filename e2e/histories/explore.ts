import fc from 'fast-check';
import { batchesOf, historiesOf, type History, type Report } from './history';
import { differenceText, historyText } from './describe';
import { playOn, type Difference } from './play';
import { writeFileSync } from 'node:fs';

const runs = Number(process.env['RUNS'] ?? 200),
  seed = Number(process.env['SEED'] ?? 1),
  steps = Number(process.env['STEPS'] ?? 12);
const only = process.env['ONLY'];
const classOf = (x: Difference): string =>
  `${x.what}:${x.table}.${x.table === 'findings' ? x.id.slice(2, x.id.indexOf('/')) + ' ' + x.field : x.field}`;
function classes(h: History): Map<string, Difference> {
  const found = new Map<string, Difference>();
  const seen = new Set<string>();
  try {
    for (const diffs of playOn(batchesOf(h))) {
      for (const d of diffs) {
        const k = `${d.what} ${d.table} ${d.id} ${d.field}`;
        if (seen.has(k)) continue;
        seen.add(k);
        if (!found.has(classOf(d))) found.set(classOf(d), d);
      }
    }
  } catch (e) {
    found.set('throws ' + String((e as Error).stack).slice(0, 200), {} as Difference);
  }
  return found;
}
const drops = (h: History): History[] => {
  const out: History[] = [];
  if (h.furnished !== 'nothing') out.push({ ...h, furnished: 'nothing' }, { ...h, furnished: 'nodes' });
  if (!h.live) out.push({ ...h, live: true });
  h.steps.forEach((s, i) => {
    out.push({ ...h, steps: h.steps.filter((_, j) => j !== i) });
    s.reports.forEach((_, r) =>
      out.push({
        ...h,
        steps: h.steps.map((t, j) => (j === i ? { ...t, reports: t.reports.filter((_, q) => q !== r) } : t)),
      }),
    );
    s.reports.forEach((rep, r) => {
      if (rep.op === 'list' && rep.of.length > 1)
        rep.of.forEach((_, q) =>
          out.push({
            ...h,
            steps: h.steps.map((t, j) =>
              j === i
                ? {
                    ...t,
                    reports: t.reports.map((u, w) =>
                      w === r ? ({ ...rep, of: rep.of.filter((_, z) => z !== q) } as Report) : u,
                    ),
                  }
                : t,
            ),
          }),
        );
    });
    if (s.after > 1000) out.push({ ...h, steps: h.steps.map((t, j) => (j === i ? { ...t, after: 1000 } : t)) });
  });
  return out;
};
function greedy(h: History, c: string): History {
  for (;;) {
    const smaller = drops(h).find((x) => classes(x).has(c));
    if (smaller === undefined) return h;
    h = smaller;
  }
}
const t0 = performance.now();
const all = new Map<string, number>();
let bad = 0;
const first = new Map<string, History>();
const hs = fc.sample(historiesOf(steps), { seed, numRuns: runs });
for (const h of hs) {
  const cs = classes(h);
  if (cs.size > 0) bad++;
  for (const c of cs.keys()) {
    all.set(c, (all.get(c) ?? 0) + 1);
    const before = first.get(c);
    if (before === undefined || JSON.stringify(before).length > JSON.stringify(h).length) first.set(c, h);
  }
}
console.log(`${runs} histories, ${bad} bad, ${((performance.now() - t0) / 1000).toFixed(1)} s`);
for (const [c, n] of [...all].sort((a, b) => b[1] - a[1])) console.log(String(n).padStart(5), c);
const out: string[] = [];
const seen = new Set<string>();
for (const [c, n] of [...all].sort((a, b) => b[1] - a[1])) {
  if (only !== undefined && !c.includes(only)) continue;
  const r = fc.check(
    fc.property(historiesOf(steps), (h) => !classes(h).has(c)),
    { seed, numRuns: runs },
  );
  if (r.counterexample === null) {
    out.push('not reproduced ' + c);
    continue;
  }
  const h = greedy(r.counterexample[0] as History, c);
  const text = JSON.stringify(h);
  if (seen.has(text)) {
    out.push(`\n### ${c} ×${n}: as before`);
    continue;
  }
  seen.add(text);
  const d = classes(h).get(c);
  out.push(`\n### ${c} ×${n} seed ${seed} live=${h.live} furnished=${h.furnished}`);
  out.push(historyText(h));
  if (d)
    out.push(
      `  step ${d.step} ${d.table} ${d.id} ${d.field}\n     inc ${JSON.stringify(d.incremental)?.slice(0, 500)}\n     new ${JSON.stringify(d.scratch)?.slice(0, 500)}`,
    );
  writeFileSync(process.env['OUT'] ?? '/tmp/histories-out.txt', out.join('\n'));
}
console.log(`done ${((performance.now() - t0) / 1000).toFixed(1)} s`);
