/** `ifscope explain`: answers a question as one sentence with its evidence. */
import type { Command } from 'commander';
import { harmless } from '../../model/harmless';
import { Problem } from '../../server/runtime/problem';
import type { Answer, Explanation } from '../../explain/shared/answer';
import type { CommandContext } from '../common/command';
import { fromOption, outputOption, timeoutOption, type OutputFormat, type ReadOptions } from '../common/options';
import { answerText } from '../common/output';

interface ExplainOptions extends ReadOptions {
  readonly output: OutputFormat;
  readonly namespace?: string;
}

const certaintyWords: Readonly<Record<Answer['certainty'], string>> = {
  observed: '',
  inferred: ' (inferred)',
  unknown: ' (not certain)',
};

function answerLines(answer: Answer): readonly string[] {
  const { asked, sentence, certainty, evidence, more, advice, command, unsure } = answer;
  return [
    asked,
    `  ${sentence}${certaintyWords[certainty]}`,
    ...evidence.map(({ text }) => `  - ${text}`),
    ...(more > 0 ? [`  … and ${more} more`] : []),
    ...(advice === null ? [] : [`  → ${advice}`]),
    ...(command === null ? [] : [`    ${command}`]),
    ...unsure.map((reason) => `  not certain: ${reason}`),
  ];
}

/** The answers as lines for a terminal. */
export const explainLines = ({ answers }: Explanation): string[] => answers.flatMap(answerLines).map(harmless);

/** Adds `ifscope explain`: answers a question with its evidence. */
export function addExplain(program: Command, { output }: CommandContext): void {
  program
    .command('explain')
    .description('answer a question in one sentence with its evidence: why a pod has no address, and eleven others')
    .argument('<words...>', 'the subject, then the question: pod NAMESPACE/NAME, node NAME settings, leaked …')
    .option('-n, --namespace <name>', 'namespace of a pod or network given without one')
    .addOption(fromOption())
    .addOption(outputOption())
    .addOption(timeoutOption())
    .addHelpText(
      'after',
      `
  pod NAMESPACE/NAME [address|where|who]   why it has no address; which ENI its interfaces are really on; who else has
                                           an address or MAC of it
  interface NAMESPACE/POD/NAME [where|who] the same for one interface
  address IP [where|who]                   which ENI it is on; who else has it
  mac MAC [who]                            who else has it
  subnet ID [room]                         what holds its addresses: pods, warm, primary, others’, free, free /28 blocks
  node NAME [settings|ipamd|differs|trunk|groups]
                                           which settings apply and which are ignored; where ipamd’s view differs from
                                           EC2’s; how it differs from its peers; pods on its trunk; security groups
  node NAME if WARM_IP_TARGET=5 …          the effect of other warm targets, max-pods=N, MAX_ENI=N, prefix-mode=on
  eni ID [ipamd|leaked|trunk|groups]       the same for one ENI
  network NAMESPACE/NAME [clashes]         what its range overlaps
  finding RULE/SUBJECT [advice]            the effect of following its advice
  leaked | differs | clashes | ipamd | trunk
                                           for the whole cluster

An address, a MAC, eni-…, subnet-… and i-… need no kind before them; pod/NAMESPACE/NAME is accepted as one word. A name
without a namespace is sufficient if only one pod, node or network has it. Questions in your own words also work:
"why does shop/web-1 have no address?".
Without a question, all questions about the subject are answered.
--output json: {subject: {kind, id}, answers: [{question, asked, sentence, certainty, evidence: [{id, text}], more, advice,
command, unsure}]}; unsure lists the sources that could change the answer. Exit code 1: no such record.`,
    )
    .action(async (words: readonly string[], options: ExplainOptions) => {
      const [{ collectFrom }, { explain }, { readWords }] = await Promise.all([
        import('../common/collect'),
        import('../../explain/explain'),
        import('../../explain/words-of-question'),
      ]);
      const asked = readWords(words, options.namespace ?? null);
      if (typeof asked === 'string') throw new Problem('usage', asked);
      const said = await collectFrom(options, output, ({ store }) => explain(store.replica, asked));
      if (typeof said === 'string') throw new Problem('runtime', said);
      await output.out(answerText(options.output, said, explainLines(said)));
    });
}
