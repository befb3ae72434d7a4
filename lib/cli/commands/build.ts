/** `ifscope build`: builds the page without starting it, for images and CI. Not in the help, because `serve` builds when needed. */
import type { Command } from 'commander';
import { ensureBuilt, ROOT } from '../page/build';
import type { CommandContext } from '../common/command';

/** Adds `ifscope build`, which builds the page. Hidden, because an installed package contains the page. */
export function addBuild(program: Command, { output }: CommandContext): void {
  program
    .command('build', { hidden: true })
    .description('build the page, if its sources changed since the last build')
    .action(async () => ensureBuilt(ROOT, (line) => output.err(line)));
}
