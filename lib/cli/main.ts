/**
 * The `ifscope` command; one file per subcommand.
 *
 * Results go to standard output. An error is one line on standard error with the value and the remedy. Exit codes: 0
 * done, 1 failed (or `check` found something), 2 wrong usage.
 */
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { harmless } from '../model/harmless';
import { Problem, reasonOf } from '../server/runtime/problem';
import type { CommandContext } from './common/command';
import { addBuild } from './commands/build';
import { addCapacity } from './commands/capacity';
import { addCapture } from './commands/capture';
import { addCheck } from './commands/check';
import { addDiff } from './commands/diff';
import { addExplain } from './commands/explain';
import { addList } from './commands/list';
import { addLookup } from './commands/lookup';
import { addMcp } from './commands/mcp';
import { addServe } from './commands/serve';
import { addSnapshot } from './commands/snapshot';
import { processOutput, type Output } from './common/output';

function createProgram(context: CommandContext): Command {
  const program = new Command('ifscope')
    .description('The live map of every pod network interface in a Kubernetes cluster.')
    .version(packageJson.version)
    .configureOutput({
      writeOut: (text) =>
        void context.output.out(text).catch((error: unknown) => {
          context.output.err(`ifscope: ${oneLine(reasonOf(error))}`);
        }),
      writeErr: () => undefined,
    })
    .exitOverride()
    .showSuggestionAfterError(true)
    .addHelpText(
      'after',
      `
--from names the source: a kubeconfig context, in-cluster, demo, the address of another ifscope, a capture (a folder, an
archive or a file) or a snapshot file.
Without it: the cluster it runs in, else the current kubeconfig context, else (no kubeconfig at all) the demo cluster.

Exit codes: 0 done · 1 failed, or check found something · 2 wrong usage`,
    );
  for (const add of [
    addServe,
    addSnapshot,
    addCapture,
    addCheck,
    addDiff,
    addLookup,
    addMcp,
    addExplain,
    addList,
    addCapacity,
    addBuild,
  ]) {
    add(program, context);
  }
  for (const command of program.commands) {
    command.copyInheritedSettings(program).allowExcessArguments(false);
  }
  return program;
}

/** A message on one line, without Commander's `error: ` and without control characters. */
const oneLine = (message: string): string =>
  harmless(
    message
      .replace(/^error: /, '')
      .replace(/\s*\n\s*/g, ' ')
      .trim(),
  );

/** Runs one command line; resolves to the exit code. Never rejects. */
export async function main(argv: readonly string[], output: Output = processOutput): Promise<number> {
  let code: 0 | 1 = 0;
  try {
    const program = createProgram({ output, end: (ended) => (code = ended) });
    const first = argv[0];
    // Otherwise an unknown command would be taken as an argument of the default command.
    const named = first === 'help' ? argv[1] : first;
    if (named !== undefined && !named.startsWith('-') && named !== 'help') {
      const known = program.commands.map((command) => command.name());
      if (!known.includes(named))
        throw new Problem(
          'usage',
          `unknown command "${named}": the commands are ${known.filter((name) => name !== 'build').join(', ')}`,
        );
    }
    // `--from "$CONTEXT"` with the variable unset must not show the default cluster.
    if (argv.some((word, index) => word === '--from=' || (word === '--from' && argv[index + 1] === '')))
      throw new Problem(
        'usage',
        '--from "": names nothing; give a context, in-cluster, demo, a folder or a file, or leave it out',
      );
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      output.err(`ifscope: ${oneLine(error.message)} (see ifscope --help)`);
      return 2;
    }
    if (error instanceof InvalidArgumentError || (error instanceof Problem && error.kind === 'usage')) {
      output.err(`ifscope: ${oneLine(error.message)}`);
      return 2;
    }
    if (error instanceof Problem) output.err(`ifscope: ${oneLine(error.message)}`);
    else if (process.env.IFSCOPE_DEBUG !== undefined && error instanceof Error)
      output.err(error.stack ?? error.message);
    else output.err(`ifscope: unexpected failure: ${oneLine(reasonOf(error))} (IFSCOPE_DEBUG=1 shows where)`);
    return 1;
  }
}
