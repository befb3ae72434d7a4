/**
 * The `ifscope` command; one file per subcommand.
 *
 * Results are written to standard output. An error is one line on standard error with the value and the remedy. Exit
 * codes: 0 success, 1 failure (or findings of `check`), 2 usage error.
 */
import { CommanderError, InvalidArgumentError } from 'commander';
import { similarName } from '../model/spelling';
import { Problem, reasonOf } from '../server/runtime/problem';
import { commandFirst } from './command-first';
import { oneLine, processOutput, type Output } from './common/output';
import { createProgram } from './program';

/** Runs one command line; resolves to the exit code. Never rejects. */
export async function main(given: readonly string[], output: Output = processOutput): Promise<number> {
  let code: 0 | 1 = 0;
  let subcommand: readonly string[] = [];
  try {
    const program = createProgram({ output, end: (ended) => (code = ended) });
    const argv = commandFirst(program, given);
    const first = argv[0];
    // Otherwise an unknown command would be treated as an argument of the default command.
    const named = first === 'help' ? argv[1] : first;
    if (named !== undefined && !named.startsWith('-') && named !== 'help') {
      const known = program.commands.map((command) => command.name());
      const similar = similarName(named, known);
      if (!known.includes(named))
        throw new Problem(
          'usage',
          `unknown command "${named}": ${similar === null ? '' : `did you mean ${similar}? `}The commands are ${known.filter((name) => name !== 'build').join(', ')}`,
        );
    }
    if (program.commands.some((command) => command.name() === first)) subcommand = argv.slice(0, 1);
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      output.err(`ifscope: ${oneLine(error.message)} (see ${['ifscope', ...subcommand].join(' ')} --help)`);
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
