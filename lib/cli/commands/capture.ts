/** `ifscope capture`: writes the raw answers, reduced to the parts that ifscope reads, as a folder for --from. */
import type { Command } from 'commander';
import { resolveFrom } from '../../server/runtime/from';
import type { CommandContext } from '../common/command';
import { fromOption, outputOption, timeoutOption, type OutputFormat, type ReadOptions } from '../common/options';

interface CaptureOptions extends ReadOptions {
  readonly out: string;
  readonly redact?: boolean;
  readonly output: OutputFormat;
}

/** Adds `ifscope capture`: writes a capture folder. */
export function addCapture(program: Command, { output }: CommandContext): void {
  program
    .command('capture')
    .description('save the answers of the cluster and of EC2, reduced to what ifscope reads, as a folder for --from')
    .addOption(fromOption())
    .requiredOption('-o, --out <folder>', 'folder to write; it must be new or empty')
    .option('--redact', 'replace names, ids and addresses consistently')
    .addOption(outputOption())
    .addOption(timeoutOption())
    .addHelpText('after', '\n--output json: {folder, files, objects}.')
    .action(async (options: CaptureOptions) => {
      const { capture } = await import('../capture/record');
      const written = await capture(await resolveFrom(options.from), {
        folder: options.out,
        redact: options.redact === true,
        seconds: options.timeout,
        output,
      });
      await output.out(
        options.output === 'json'
          ? `${JSON.stringify(written)}\n`
          : `${written.folder}: ${written.files.length} files, ${written.objects} objects${options.redact === true ? ', redacted' : ''}\n`,
      );
    });
}
