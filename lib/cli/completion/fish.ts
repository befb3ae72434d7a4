import { SOURCE_WORDS, type Flag, type ProgramWords, type Value } from './words';

const quoted = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`;

/** `-x`: a value that is not a file; `-r`: a value, possibly a file. */
function taking(value: Value): string {
  switch (value.kind) {
    case 'words':
      return `-x -a ${quoted(value.words.join(' '))}`;
    case 'source':
      return `-r -F -a ${quoted(`${SOURCE_WORDS.join(' ')} (kubectl config get-contexts -o name 2>/dev/null)`)}`;
    case 'file':
      return '-r -F';
    case 'folder':
      return `-x -a '(__fish_complete_directories)'`;
    case 'text':
      return '-x';
  }
}

const flagLine = (program: string, condition: string, { short, long, description, value }: Flag): string =>
  [
    `complete -c ${program} -n ${quoted(condition)}`,
    ...(short === null ? [] : [`-s ${short.slice(1)}`]),
    `-l ${long.slice(2)}`,
    ...(value === null ? [] : [taking(value)]),
    `-d ${quoted(description)}`,
  ].join(' ');

/** The script for fish. */
export function fishCompletion({ version, commands, byDefault, flags }: ProgramWords): string {
  const of = (name: string): string => {
    const named = `__fish_seen_subcommand_from ${name}`;
    return name === byDefault.name ? `__fish_use_subcommand; or ${named}` : named;
  };
  const lines = ['ifscope', 'kubectl-ifscope'].flatMap((program) => [
    `complete -c ${program} -f`,
    ...flags.map((flag) => flagLine(program, '__fish_use_subcommand', flag)),
    ...commands.flatMap(({ name, description, flags: own, argument }) => [
      `complete -c ${program} -n __fish_use_subcommand -a ${name} -d ${quoted(description)}`,
      ...own.map((flag) => flagLine(program, of(name), flag)),
      ...(argument.kind === 'text'
        ? []
        : [
            `complete -c ${program} -n ${quoted(`__fish_seen_subcommand_from ${name}`)} ${taking(argument).replace(/^-[xr] /, '')}`,
          ]),
    ]),
  ]);
  return `# Completion of ifscope ${version} for fish: ifscope completion fish | source\n${lines.join('\n')}\n`;
}
