/** `ifscope diff A B`: prints what appeared, went, moved or changed state between two topologies. */
import type { Command } from 'commander';
import type { Topology } from '../../model/records';
import type { CommandContext } from '../common/command';
import { outputOption, timeoutOption, type OutputFormat } from '../common/options';
import { answerText, type Output } from '../common/output';

interface DiffOptions {
  readonly output: OutputFormat;
  readonly timeout: number;
}

async function read(from: string, timeout: number, output: Output): Promise<Topology> {
  const [{ collectFrom }, { toTopology }] = await Promise.all([
    import('../common/collect'),
    import('../../snapshot/encode'),
  ]);
  return collectFrom({ from, timeout }, output, ({ store }) =>
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
      const before = await read(a, options.timeout, output);
      const after = await read(b, options.timeout, output);
      const diff = diffTopologies(before, after);
      await output.out(answerText(options.output, diff, diff.lines));
    });
}
