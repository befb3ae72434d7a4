/** Histories and differences in words, for the message of a failed test. */
import type { History, Report } from './history';
import type { AnyFact } from './kinds';
import type { Difference } from './play';

const isEmpty = (value: unknown): boolean =>
  value === null || (typeof value === 'object' && Object.keys(value).length === 0);

/** The content of a fact besides its key, without empty fields. */
function factText({ kind, scope, key, fact }: AnyFact): string {
  const said = Object.entries(fact).filter(
    ([name, value]) => !isEmpty(value) && !['namespace', 'name', 'createdAt'].includes(name),
  );
  return `${kind} ${key} (${scope}) ${JSON.stringify(Object.fromEntries(said))}`;
}

function reportText(report: Report): string {
  switch (report.op) {
    case 'put':
      return `put ${factText(report.of)}`;
    case 'remove':
      return `remove ${report.of.kind} ${report.of.key} (${report.of.scope}), uid ${report.uid ?? 'not known'}`;
    case 'list': {
      const [first] = report.of;
      return `list ${first?.kind ?? ''} (${first?.scope ?? ''}): ${report.empty ? 'none' : report.of.map(factText).join('; ')}`;
    }
    case 'source':
      return `source ${report.id} is ${report.state}`;
    case 'ask':
      return `EC2 answers with what was true ${report.ago} ms ago`;
    case 'cluster':
      return `cluster ${JSON.stringify(report.cluster)}`;
  }
}

export const historyText = ({ live, furnished, steps }: History): string =>
  [
    `sources ${live ? 'live' : 'silent'}, there from the start: ${furnished}`,
    ...steps.flatMap(({ after, reports }, step) => [
      `step ${step + 1}, ${after} ms later:`,
      ...reports.map((report) => `    ${reportText(report)}`),
    ]),
  ].join('\n');

const MAX_LENGTH = 400;
const valueText = (value: unknown): string =>
  value === undefined ? 'nothing' : JSON.stringify(value).slice(0, MAX_LENGTH);

export const differenceText = ({ step, what, table, id, field, incremental, scratch }: Difference): string =>
  `after step ${step}, ${what}: ${table} ${id} ${field}\n    step by step: ${valueText(incremental)}\n    from scratch: ${valueText(scratch)}`;
