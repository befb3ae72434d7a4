/**
 * The complete command line: every command with its options, from which help, completion, settings and documentation
 * are generated.
 */
import { Command } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { processWorld } from '../server/runtime/from';
import { reasonOf } from '../server/runtime/problem';
import type { CommandContext } from './common/command';
import { oneLine } from './common/output';
import { refuseEmpty, refuseTwice, settingsOf } from './common/settings';
import { checkVariables } from './common/variables';
import { addBuild } from './commands/build';
import { addCapacity } from './commands/capacity';
import { addCapture } from './commands/capture';
import { addCheck } from './commands/check';
import { addCompletion } from './commands/completion';
import { addDiff } from './commands/diff';
import { addExplain } from './commands/explain';
import { addList } from './commands/list';
import { addLookup } from './commands/lookup';
import { addMcp } from './commands/mcp';
import { addServe } from './commands/serve';
import { addSnapshot } from './commands/snapshot';

/** Throws Commander's own errors (`exitOverride`). */
export function createProgram(context: CommandContext): Command {
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
--from selects the source: a kubeconfig context, in-cluster, demo, the URL of another ifscope, a capture (a folder, an
archive or a file) or a snapshot file.
Default: the cluster it runs in, otherwise the current kubeconfig context, otherwise (no kubeconfig at all) the demo cluster.

Exit codes: 0 success · 1 failure, or findings of check · 2 usage error`,
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
    addCompletion,
    addBuild,
  ]) {
    add(program, context);
  }
  for (const command of program.commands) {
    command.copyInheritedSettings(program).allowExcessArguments(false);
    refuseTwice(command);
  }
  program.hook('preAction', (_program, command) => {
    if (settingsOf(command).some(({ envVar }) => envVar !== undefined))
      checkVariables(program, processWorld().env, (line) => context.output.err(line));
    refuseEmpty(command);
  });
  return program;
}
