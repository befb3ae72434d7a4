/** The words to complete, derived from the commands themselves: there is no second list of commands and flags. */
import type { Argument, Command, Option } from 'commander';

/** The value of a flag or argument. */
export type Value =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  /** The values of `--from`: contexts, files, and words. */
  | { readonly kind: 'source' }
  | { readonly kind: 'file' }
  | { readonly kind: 'folder' }
  /** A value that cannot be listed. */
  | { readonly kind: 'text' };

/** A flag of a command. */
export interface Flag {
  readonly short: string | null;
  readonly long: string;
  readonly description: string;
  /** Null for a flag without a value. */
  readonly value: Value | null;
  readonly isRepeated: boolean;
}

/** The words to complete after a command. */
export interface CommandWords {
  readonly name: string;
  readonly description: string;
  readonly flags: readonly Flag[];
  readonly argument: Value;
}

/** Everything that can be completed. */
export interface ProgramWords {
  readonly version: string;
  readonly commands: readonly CommandWords[];
  /** The command that runs if none is named. */
  readonly byDefault: CommandWords;
  /** Flags before any command. */
  readonly flags: readonly Flag[];
}

/** Words that `--from` accepts besides contexts and files. */
export const SOURCE_WORDS = ['demo', 'in-cluster'] as const;

function valueOf(placeholder: string, choices: readonly string[] | undefined): Value {
  if (choices !== undefined) return { kind: 'words', words: choices };
  switch (placeholder) {
    case 'where':
      return { kind: 'source' };
    case 'file':
      return { kind: 'file' };
    case 'folder':
      return { kind: 'folder' };
    default:
      return { kind: 'text' };
  }
}

const flagOf = ({ short, long, flags, description, argChoices, variadic, required }: Option): Flag => ({
  short: short ?? null,
  long: long ?? flags,
  description,
  value: required ? valueOf(/<([a-z-]+)/.exec(flags)?.[1] ?? '', argChoices) : null,
  isRepeated: variadic || /may be repeated/.test(description),
});

const argumentOf = (argument: Argument | undefined): Value =>
  argument === undefined ? { kind: 'text' } : valueOf(argument.name(), argument.argChoices);

/** Collects the words of a program. Hidden commands are left out. */
export function wordsOf(program: Command): ProgramWords {
  const help = program.createHelp();
  const commands = help.visibleCommands(program).map((command) => ({
    name: command.name(),
    description: command.description(),
    flags: help.visibleOptions(command).map(flagOf),
    argument: argumentOf(command.registeredArguments[0]),
  }));
  const [byDefault] = commands;
  if (byDefault === undefined) throw new Error('there are no commands');
  return { version: program.version() ?? '', commands, byDefault, flags: help.visibleOptions(program).map(flagOf) };
}

/** All spellings of a flag. */
export const spellings = ({ short, long }: Flag): readonly string[] => (short === null ? [long] : [short, long]);
