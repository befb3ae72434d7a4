/** Allows flags before the command, as kubectl does: `ifscope --from prod list pod`. */
import type { Command, Option } from 'commander';

/**
 * Returns the arguments with the command first, as Commander requires. They stay unchanged if they contain no command, or
 * if an argument may be the value of an option.
 */
export function commandFirst({ commands }: Command, argv: readonly string[]): readonly string[] {
  const options = new Map<string, Option>();
  for (const option of commands.flatMap((command) => command.options))
    for (const name of [option.short, option.long]) if (name !== undefined) options.set(name, option);
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? '';
    if (!word.startsWith('-')) {
      const isCommand = commands.some((command) => command.name() === word);
      return isCommand ? [word, ...argv.slice(0, at), ...argv.slice(at + 1)] : argv;
    }
    const option = options.get(word);
    if (word === '--' || option === undefined || option.variadic || option.optional) {
      if (!word.includes('=')) return argv;
    } else if (option.required) at++;
  }
  return argv;
}
