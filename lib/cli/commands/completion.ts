/** `ifscope completion SHELL`: prints a completion script for a shell. */
import { Argument, type Command } from 'commander';
import { bashCompletion } from '../completion/bash';
import { fishCompletion } from '../completion/fish';
import { wordsOf } from '../completion/words';
import { zshCompletion } from '../completion/zsh';
import type { CommandContext } from '../common/command';

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

const isShell = (text: string): text is keyof typeof SHELLS => text in SHELLS;

/** Adds `ifscope completion`: prints a script for a shell. */
export function addCompletion(program: Command, { output }: CommandContext): void {
  program
    .command('completion')
    .description('print a script that completes commands, flags and their values in your shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(SHELLS)))
    .addHelpText(
      'after',
      `
  bash: source <(ifscope completion bash)      in ~/.bashrc
  zsh:  source <(ifscope completion zsh)       in ~/.zshrc, after compinit
  fish: ifscope completion fish | source       in ~/.config/fish/config.fish`,
    )
    .action(async (shell: string) => {
      if (isShell(shell)) await output.out(SHELLS[shell](wordsOf(program)));
    });
}
