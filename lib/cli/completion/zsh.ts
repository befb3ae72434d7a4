import { SOURCE_WORDS, type Flag, type ProgramWords, type Value } from './words';

/** Escapes text inside single quotes. */
const quoted = (text: string): string => text.replaceAll("'", "'\\''");
/** Escapes text in a specification, where `[`, `]` and `:` have a meaning. */
const escapedDescription = (text: string): string => quoted(text.replace(/[\\[\]:]/g, '\\$&'));

function action(value: Value): string {
  switch (value.kind) {
    case 'words':
      return `(${value.words.join(' ')})`;
    case 'source':
      return '_ifscope_sources';
    case 'file':
      return '_files';
    case 'folder':
      return '_directories';
    case 'text':
      return ' ';
  }
}

/** A specification of `_arguments`. */
function specification({ short, long, description, value, isRepeated }: Flag): string {
  const rest = `'[${escapedDescription(description)}]${value === null ? '' : `:${long.slice(2)}:${action(value)}`}'`;
  const equals = value === null ? '' : '=';
  if (short === null) return `'${isRepeated ? '*' : ''}${long}${equals}'${rest}`;
  const both = `{${short}${value === null ? '' : '+'},${long}${equals}}`;
  return isRepeated ? `'*'${both}${rest}` : `'(${short} ${long})'${both}${rest}`;
}

const list = (flags: readonly Flag[], indent: string): string =>
  flags.map((flag) => `${indent}${specification(flag)} \\`).join('\n');

/** The script for zsh. */
export function zshCompletion({ version, commands, byDefault, flags }: ProgramWords): string {
  const described = commands.map(({ name, description }) => `    '${name}:${escapedDescription(description)}'`);
  const cases = commands.map(
    ({ name, flags: own, argument }) =>
      `    ${name})\n      _arguments \\\n${list(own, '        ')}\n        '*:argument:${action(argument)}' ;;`,
  );
  const known = new Set(byDefault.flags.map(({ long }) => long));
  const before = [...byDefault.flags, ...flags.filter(({ long }) => !known.has(long))];
  return `#compdef ifscope kubectl-ifscope
# Completion of ifscope ${version} for zsh: source <(ifscope completion zsh), or as the file _ifscope in a folder of $fpath.
_ifscope_sources() {
  local -a named
  named=(${SOURCE_WORDS.join(' ')} \${(f)"$(kubectl config get-contexts -o name 2>/dev/null)"})
  _alternative 'sources:source:compadd -a named' 'files:capture or snapshot:_files'
}
_ifscope() {
  local curcontext="$curcontext" state line
  local -a commands
  commands=(
${described.join('\n')}
  )
  # After the command its own flags count: several have one of the same name.
  _arguments -C -A '-*' \\
${list(before, '    ')}
    '1:command:{_describe command commands}' \\
    '*::argument:->of' && return
  case $line[1] in
${cases.join('\n')}
  esac
}
if [ "$funcstack[1]" = _ifscope ]; then _ifscope "$@"; else compdef _ifscope ifscope kubectl-ifscope; fi
`;
}
