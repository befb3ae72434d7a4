/** Completion for bash 3.2 (macOS) and later. */
import { SOURCE_WORDS, spellings, type Flag, type ProgramWords, type Value } from './words';

const CONTEXTS = 'kubectl config get-contexts -o name 2>/dev/null';

/** Sets `words`, and whether files or folders are offered. */
function listing(value: Value): string {
  switch (value.kind) {
    case 'words':
      return `words='${value.words.join(' ')}'`;
    case 'source':
      return `words="${SOURCE_WORDS.join(' ')} $(${CONTEXTS})" files=-f`;
    case 'file':
      return 'files=-f';
    case 'folder':
      return 'files=-d';
    case 'text':
      return ':';
  }
}

const names = (flags: readonly Flag[]): string => flags.flatMap(spellings).join(' ');

/** The script for bash. */
export function bashCompletion({ version, commands, byDefault, flags }: ProgramWords): string {
  const values = commands.flatMap(({ name, flags: own }) =>
    own.flatMap((flag) =>
      flag.value === null
        ? []
        : `    ${spellings(flag)
            .map((spelling) => `'${name} ${spelling}'`)
            .join(' | ')}) isValue=1; ${listing(flag.value)} ;;`,
    ),
  );
  const options = commands.map(({ name, flags: own }) => `      ${name}) words='${names(own)}' ;;`);
  const positionals = commands.flatMap(({ name, argument }) =>
    argument.kind === 'text' ? [] : `      ${name}) ${listing(argument)} ;;`,
  );
  return `# Completion of ifscope ${version} for bash: source <(ifscope completion bash)
_ifscope() {
  # Typed words are read from the line, because bash splits words at : and =, which occur in context names.
  local line=\${COMP_LINE:0:COMP_POINT} cur prev= command= word words= files= isValue= typed
  cur=\${line##*[[:space:]]}
  read -ra typed <<<"\${line%"$cur"}"
  for word in "\${typed[@]:1}"; do
    case $word in
      ${commands.map(({ name }) => name).join(' | ')}) command=\${command:-$word} ;;
    esac
    prev=$word
  done
  case $cur in -*=*) prev=\${cur%%=*} cur=\${cur#*=} ;; esac
  case "\${command:-${byDefault.name}} $prev" in
${values.join('\n')}
  esac
  if [ -z "$isValue" ]; then
    case $cur in
    -*)
      case \${command:-${byDefault.name}} in
${options.join('\n')}
      esac
      [ -n "$command" ] || words="$words ${names(flags)}"
      ;;
    *)
      case $command in
      '') words='${commands.map(({ name }) => name).join(' ')}' ;;
${positionals.join('\n')}
      esac
      ;;
    esac
  fi
  local broken=\${cur%"\${cur##*:}"} IFS=$'\\n'
  COMPREPLY=($(compgen -W "$(printf '%s\\n' \${words// /$'\\n'})" -- "$cur"; [ -z "$files" ] || compgen "$files" -- "$cur"))
  case $COMP_WORDBREAKS in *:*) COMPREPLY=("\${COMPREPLY[@]#"$broken"}") ;; esac
}
complete -o filenames -F _ifscope ifscope kubectl-ifscope
`;
}
