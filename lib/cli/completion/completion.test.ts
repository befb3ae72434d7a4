/**
 * Loads the scripts in the shells themselves and checks what is offered at the end of a command line. Missing shells
 * are skipped.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { main } from '../main';
import { createProgram } from '../program';
import { spellings, wordsOf } from './words';
import { skipped } from '../../../e2e/testing/skipped';

const folder = mkdtempSync(path.join(tmpdir(), 'ifscope-completion-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
mkdirSync(path.join(folder, 'work', 'captures'), { recursive: true });
writeFileSync(path.join(folder, 'work', 'snapshot.json'), '{}');
// Context names as EKS tools create them.
const CONTEXT = 'arn:aws:eks:eu-west-1:111122223333:cluster/prod';
mkdirSync(path.join(folder, 'bin'));
writeFileSync(path.join(folder, 'bin', 'kubectl'), `#!/bin/sh\nprintf '%s\\n' ${CONTEXT} staging\n`);
chmodSync(path.join(folder, 'bin', 'kubectl'), 0o755);

const program = wordsOf(
  createProgram({ output: { out: () => Promise.resolve(), err: () => undefined }, end: () => undefined }),
);

async function scriptOf(shell: string): Promise<string> {
  let text = '';
  await main(['completion', shell], { out: (part) => Promise.resolve(void (text += part)), err: () => undefined });
  const file = path.join(folder, `script.${shell}`);
  writeFileSync(file, text);
  return file;
}

function run(shell: string, args: readonly string[], input = ''): string {
  const { status, stdout, stderr } = spawnSync(shell, args, {
    cwd: path.join(folder, 'work'),
    input,
    encoding: 'utf8',
    timeout: 20_000,
    env: {
      NODE_ENV: 'test',
      PATH: `${path.join(folder, 'bin')}:${process.env.PATH ?? ''}`,
      HOME: folder,
      TERM: 'dumb',
      LC_ALL: 'C.UTF-8',
    },
  });
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
}

const lines = (text: string): string[] => text.split(/\r?\n/).filter((line) => line !== '');
const quoted = (text: string): string => `'${text}'`;

/** What each shell offers at the end of a line. */
const OFFERS: Readonly<Record<string, (line: string) => Promise<string[]>>> = {
  bash: async (line) =>
    lines(
      run('bash', [
        '--norc',
        '-c',
        `source ${await scriptOf('bash')}; COMP_LINE=${quoted(line)}; COMP_POINT=\${#COMP_LINE}; _ifscope; printf '%s\\n' "\${COMPREPLY[@]}"`,
      ]),
    ),
  fish: async (line) =>
    lines(run('fish', ['--no-config', '-c', `source ${await scriptOf('fish')}; complete -C ${quoted(line)}`])).map(
      (offer) => offer.split('\t')[0] ?? '',
    ),
  // Our own `compadd` prints the offers, in a terminal, which zsh requires.
  zsh: async (line) => {
    const inner = path.join(folder, 'inner.zsh');
    writeFileSync(
      inner,
      `PROMPT= RPROMPT=; unsetopt zle_bracketed_paste prompt_sp; stty -echo
autoload -Uz compinit; compinit -u -d ${path.join(folder, 'zcompdump')}
source ${await scriptOf('zsh')}
compadd () {
  if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]]; then builtin compadd "$@"; return $?; fi
  local -a hits; local hit
  builtin compadd -A hits "$@"
  for hit in $hits; do print -r -- "HIT:$hit"; done
  builtin compadd "$@"
}
null-line () { print -r -- END:; }
zle -N null-line; bindkey '^M' null-line; bindkey '^J' null-line; bindkey '^I' complete-word
print -r -- READY:
`,
    );
    const outer = `zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell 'source ${inner}'
zpty -r -m shell line '*READY:*'
zpty -w -n shell ${quoted(line)}$'\\t\\n'
while zpty -r shell line; do print -r -- "$line"; [[ $line == *END:* ]] && break; done
zpty -d shell`;
    return lines(run('zsh', ['-f', '-c', outer])).flatMap((said) => /HIT:(.*)$/.exec(said)?.[1] ?? []);
  },
};

const COMMANDS = program.commands.map(({ name }) => name);
const flagsOf = (name: string): string[] =>
  (program.commands.find((each) => each.name === name)?.flags ?? []).flatMap(spellings);

/** A command line, what must be offered, and what must not. */
const CASES: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['ifscope ', COMMANDS, ['build', 'snapshot.json']],
  ['ifscope ch', ['check'], ['diff']],
  ['ifscope check --fail-on ', ['error', 'warning', 'info', 'never'], ['check']],
  ['ifscope check --output s', ['sarif'], ['text']],
  ['ifscope check --o', ['--output'], ['--host']],
  ['ifscope --ho', ['--host'], []],
  ['ifscope serve --auth', ['--auth'], []],
  ['ifscope serve --log-level ', ['error', 'warn', 'info'], []],
  ['ifscope completion ', ['bash', 'zsh', 'fish'], ['check']],
  ['ifscope serve --from ', ['demo', 'in-cluster', 'staging'], ['check']],
  ['ifscope check --from sn', ['snapshot.json'], ['staging']],
  ['ifscope capture --out ca', ['captures/'], ['snapshot.json']],
];

for (const [shell, offers] of Object.entries(OFFERS)) {
  const lacking = spawnSync(shell, ['--version']).status === 0 ? null : `there is no ${shell}`;
  describe.skipIf(skipped(`completion in ${shell}`, lacking, shell === 'bash' && process.platform !== 'win32'))(
    shell,
    () => {
      it.each(CASES)('%s', async (line, wanted, unwanted) => {
        const all = (await offers(line)).map((offer) => offer.replace(/ $/, ''));
        const bare = new Set(all.flatMap((offer) => [offer, `${offer}/`]));
        for (const word of wanted) expect(bare, word).toContain(word);
        for (const word of unwanted) expect(all, word).not.toContain(word);
      });

      it.each(program.commands.filter(({ flags }) => flags.length > 1).map(({ name }) => name))(
        'offers every flag of %s',
        async (name) => {
          const all = await offers(`ifscope ${name} --`);
          expect(
            all
              .filter((offer) => offer.startsWith('--'))
              .map((offer) => offer.replace(/=$/, ''))
              .sort(),
          ).toEqual([...new Set(flagsOf(name).filter((flag) => flag.startsWith('--')))].sort());
        },
      );
    },
  );
}

it('continues after a colon, where bash splits words', async () => {
  expect(await OFFERS['bash']?.(`ifscope --from arn:aws:eks:eu-west-1:111122223333:cl`)).toEqual(['cluster/prod']);
  expect(await OFFERS['bash']?.(`ifscope --from=stag`)).toEqual(['staging']);
});
