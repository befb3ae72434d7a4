/** `ifscope list`: prints the records that a query selects, as a table. */
import { Option, type Command } from 'commander';
import { harmless } from '../../model/harmless';
import { Problem } from '../../server/runtime/problem';
import type { TableAnswer } from '../../view/tables/answer';
import type { CommandContext } from '../common/command';
import { fromOption, timeoutOption, type ReadOptions } from '../common/options';

interface ListOptions extends ReadOptions {
  readonly output: 'text' | 'json' | 'csv';
}

const GAP = '  ';
const NOT_KNOWN = '?';

/** The main columns, aligned; numbers are right-aligned. */
export function listLines({ columns, rows, total, unknown }: TableAnswer, what: string): string[] {
  const shown = columns.flatMap(({ main }, index) => (main ? [index] : []));
  const cells = rows.map(({ values }) =>
    shown.map((index) => {
      const value = values[index] ?? null;
      return { text: value === null ? NOT_KNOWN : harmless(String(value)), isNumber: typeof value === 'number' };
    }),
  );
  const heads = shown.map((index, at) => ({
    text: (columns[index]?.title ?? '').toUpperCase(),
    isNumber: cells.some((row) => row[at]?.isNumber === true),
  }));
  const widths = heads.map(({ text }, at) => Math.max(text.length, ...cells.map((row) => row[at]?.text.length ?? 0)));
  const line = (row: typeof heads): string =>
    row
      .map(({ text, isNumber }, at) => (isNumber ? text.padStart(widths[at] ?? 0) : text.padEnd(widths[at] ?? 0)))
      .join(GAP)
      .trimEnd();
  return [
    ...(rows.length === 0 ? [] : [line(heads), ...cells.map(line), '']),
    unknown === null ? `${rows.length} of ${total} ${what}` : `${what} are ${harmless(unknown)}`,
  ];
}

const asJson = ({ kind, total, unknown, columns, rows }: TableAnswer): string => {
  const records = rows.map(({ id, values }) =>
    Object.fromEntries([
      ['id', id],
      ...columns.map((column, at): [string, unknown] => [column.id, values[at] ?? null]),
    ]),
  );
  return `${JSON.stringify({ kind, total, unknown, records }, null, 2)}\n`;
};

const KEYS_SHOWN_FROM = 14;

async function keyLines(): Promise<string> {
  const [{ KEYS, KINDS, nounsOf, specOf }, { kindsWith }] = await Promise.all([
    import('../../view/query/facts/keys'),
    import('../../view/query/facts/index'),
  ]);
  return (Object.keys(KEYS) as (keyof typeof KEYS)[])
    .map((key) => {
      const kinds = kindsWith(key);
      const of = kinds.length === KINDS.length ? 'all' : kinds.map((kind) => nounsOf(kind).many).join(', ');
      return `  ${`${key}:`.padEnd(KEYS_SHOWN_FROM)}${specOf(key).about} (${of}), as in ${key}:${specOf(key).example}`;
    })
    .join('\n');
}

/** Adds `ifscope list`: prints the records that match a query. */
export function addList(program: Command, { output }: CommandContext): void {
  program
    .command('list')
    .description('print the records that match a query: nodes, ENIs, interfaces, pods, subnets, networks or findings')
    .argument(
      '[query]',
      '"eni managed:no", "node room:0", "subnet free<5%", "ns:core state:requested"; "keys" lists the keys',
    )
    .addOption(fromOption())
    .addOption(
      new Option('--output <format>', 'text for people, json and csv for programs')
        .choices(['text', 'json', 'csv'])
        .default('text'),
    )
    .addOption(timeoutOption())
    .addHelpText(
      'after',
      `
A query is written as in the page’s filter: a kind (eni, node, pod, subnet, network, finding, interface), then terms that must
all match. A term is key:value, a key compared with a number (<, <=, >, >=, with % for a share), or a word to search for in
names and addresses. A comma separates alternative values, a leading - negates a term, * matches any characters, and quotes
match a text exactly. An unknown value matches only key:unknown. "ifscope list keys" lists the keys.
--output json: {kind, total, unknown, records: [{id, …}]}: unknown says why records of the kind are not known; the columns are
those of csv, null where not known. Exit code 0 with and without records.`,
    )
    .action(async (text: string | undefined, options: ListOptions) => {
      if (text?.trim() === 'keys') {
        await output.out(`${await keyLines()}\n`);
        return;
      }
      const { parseQuery } = await import('../../view/query/parse');
      const { query, problem } = parseQuery(text ?? '');
      if (query === null) throw new Problem('usage', problem);
      const [{ collectFrom }, { answerTable }, { nounsOf }, { tableCsv }] = await Promise.all([
        import('../common/collect'),
        import('../../view/tables/answer'),
        import('../../view/query/facts/keys'),
        import('../../view/tables/table-csv'),
      ]);
      const { table, cluster } = await collectFrom(options, output, ({ store }) => ({
        table: answerTable(store.replica, query),
        cluster: store.replica.cluster,
      }));
      const what = nounsOf(table.kind).many;
      if (table.unknown !== null) output.err(`ifscope: incomplete: ${what} are ${harmless(table.unknown)}`);
      switch (options.output) {
        case 'json':
          return output.out(asJson(table));
        case 'csv':
          return output.out(tableCsv(table, cluster));
        case 'text':
          return output.out(`${listLines(table, what).join('\n')}\n`);
      }
    });
}
