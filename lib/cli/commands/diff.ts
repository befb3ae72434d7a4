/** `ifscope diff A B`: prints what appeared, went, moved or changed state between two topologies. */
import type { Command } from 'commander';
import type { Topology } from '../../model/records';
import { resolveFrom, type From } from '../../server/runtime/from';
import { Problem } from '../../server/runtime/problem';
import type { CommandContext } from '../common/command';
import { outputOption, timeoutOption, type OutputFormat } from '../common/options';
import { answerText, type Output } from '../common/output';

interface DiffOptions {
  readonly output: OutputFormat;
  readonly timeout: number;
}

/** As for `--from`, which this command lacks. */
async function resolved(what: string): Promise<From> {
  // An empty text is most likely a variable that is not set; for `resolveFrom` it is the default.
  if (what.trim() === '')
    throw new Problem('usage', `"${what}" cannot be compared: give a snapshot, a capture, a context or demo`);
  try {
    return await resolveFrom(what);
  } catch (error) {
    throw error instanceof Problem ? new Problem(error.kind, error.message.replace(/^--from /, '')) : error;
  }
}

async function read(from: From, timeout: number, output: Output): Promise<Topology> {
  const [{ collect }, { toTopology }] = await Promise.all([
    import('../common/collect'),
    import('../../snapshot/encode'),
  ]);
  return collect(from, timeout, output, ({ store }) =>
    toTopology(store.replica.records, store.replica.cluster, new Date(store.now()).toISOString()),
  );
}

/** Adds `ifscope diff`: prints what changed between two record sets. */
export function addDiff(program: Command, { output }: CommandContext): void {
  program
    .command('diff')
    .description('print what changed from A to B; each accepts the values of --from')
    .argument('<a>', 'the earlier one')
    .argument('<b>', 'the later one')
    .addOption(outputOption())
    .addOption(timeoutOption())
    .addHelpText(
      'after',
      `
--output json: {before, after, changes: [{kind, table, id, fields: [{field, before, after}], sentence}], lines}, where
kind is appeared, went, moved or changed, table and id name the record of the snapshot, and fields are empty for what
appeared or went. Ages and counts that follow from other changes are left out. Exit code 0 with and without changes.`,
    )
    .action(async (a: string, b: string, options: DiffOptions) => {
      const { diffTopologies } = await import('../../snapshot/diff');
      // Both, before either is read.
      const [from, to] = [await resolved(a), await resolved(b)];
      const before = await read(from, options.timeout, output);
      const after = await read(to, options.timeout, output);
      const diff = diffTopologies(before, after);
      await output.out(answerText(options.output, diff, diff.lines));
    });
}
