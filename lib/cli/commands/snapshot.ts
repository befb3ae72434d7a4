/** `ifscope snapshot`: prints the record set as one file. */
import { Option, type Command } from 'commander';
import { resolveFrom } from '../../server/runtime/from';
import type { CommandContext } from '../common/command';
import { fromOption, outputOption, timeoutOption, type ReadOptions } from '../common/options';
import { deliver, prepareFile } from '../common/files';
import type { Output } from '../common/output';

interface SnapshotOptions extends ReadOptions {
  readonly out?: string;
  readonly format: 'json' | 'html';
}

/** Builds the page first if needed, in a checkout. */
async function builtPage(output: Output): Promise<string> {
  const [{ ensureBuilt, ROOT }, { offlinePage }] = await Promise.all([
    import('../page/build'),
    import('../page/offline'),
  ]);
  await ensureBuilt(ROOT, (line) => output.err(line));
  return offlinePage(ROOT);
}

async function wholeText(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const piece of pieces) parts.push(piece);
  return Buffer.concat(parts).toString();
}

/** Adds `ifscope snapshot`: prints the record set as one file. */
export function addSnapshot(program: Command, { output }: CommandContext): void {
  program
    .command('snapshot')
    .description('print the topology as one file')
    .addOption(fromOption())
    .option('-o, --out <file>', 'file to write instead of standard output')
    .addOption(
      new Option(
        '--format <format>',
        'json, which --from and the page can open, or html, the page with the snapshot in it',
      )
        .choices(['json', 'html'])
        .default('json'),
    )
    .addOption(outputOption('json'))
    .addOption(timeoutOption())
    .addHelpText(
      'after',
      `
--format html: the page with the snapshot in it, in one file. It opens in a browser without ifscope and without a network, and does not update.`,
    )
    .action(async (options: SnapshotOptions) => {
      const [{ collect }, { snapshotText }, { pageFile }] = await Promise.all([
        import('../common/collect'),
        import('../../server/store/snapshot-text'),
        import('../../server/http/page-file'),
      ]);
      const from = await resolveFrom(options.from);
      await prepareFile(options.out);
      const file = options.format === 'html' ? await builtPage(output) : null;
      const text = await collect(from, options.timeout, output, async ({ store }) =>
        file === null ? snapshotText(store) : wholeText(await pageFile(file, store)),
      );
      await deliver(output, options.out, text);
    });
}
