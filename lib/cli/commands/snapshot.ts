/** `ifscope snapshot`: prints the record set as one JSON file. */
import type { Command } from 'commander';
import { resolveFrom } from '../../server/runtime/from';
import type { CommandContext } from '../common/command';
import { fromOption, outputOption, timeoutOption } from '../common/options';
import { deliver } from '../common/output';

interface SnapshotOptions {
  readonly from?: string;
  readonly out?: string;
  readonly timeout: number;
}

export function addSnapshot(program: Command, { output }: CommandContext): void {
  program
    .command('snapshot')
    .description('print the topology as one JSON file that --from and the page can open')
    .addOption(fromOption())
    .option('-o, --out <file>', 'write it there instead of to standard output')
    .addOption(outputOption('json'))
    .addOption(timeoutOption())
    .action(async (options: SnapshotOptions) => {
      const [{ collect }, { snapshotText }] = await Promise.all([
        import('../common/collect'),
        import('../../server/store/snapshot-text'),
      ]);
      const from = await resolveFrom(options.from);
      const text = await collect(from, options.timeout, output, ({ store }) => snapshotText(store));
      await deliver(output, options.out, text);
    });
}
