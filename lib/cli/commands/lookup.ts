/** `ifscope lookup`: prints the owner of an address, MAC, ENI or pod, with the path up to the node. */
import type { Command } from 'commander';
import { harmless } from '../../model/harmless';
import { Problem } from '../../server/runtime/problem';
import type { LookupAnswer } from '../../view/lookup/answer';
import type { CommandContext } from '../common/command';
import { fromOption, outputOption, timeoutOption, type OutputFormat, type ReadOptions } from '../common/options';
import { answerText } from '../common/output';

interface LookupOptions extends ReadOptions {
  readonly output: OutputFormat;
}

/** The answer as lines for a terminal. */
export function lookupLines(answer: LookupAnswer): string[] {
  const more = answer.total - answer.hits.length;
  return [
    ...(answer.note === null ? [] : [answer.hits.length === 0 ? `${answer.query} · ${answer.note}` : answer.note]),
    ...answer.hits.map((hit) => hit.text),
    ...(more > 0 ? [`… and ${more} more`] : []),
    ...answer.groups.map(({ text, query }) => `${text} · query: ${query}`),
    ...answer.unsure.map((reason) => `not certain: ${reason}`),
  ].map(harmless);
}

/** Adds `ifscope lookup`: prints who owns an address, a MAC or an id. */
export function addLookup(program: Command, { output }: CommandContext): void {
  program
    .command('lookup')
    .description('show who owns an address, a range, a MAC, an ENI, an instance, a node, a pod or a network')
    .argument('<what>', '10.0.1.77, 10.0.1.16/28, 10.0.1., 0a:…, eni-…, i-…, NAMESPACE/POD, NODE, net1, ns:core')
    .addOption(fromOption())
    .addOption(outputOption())
    .addOption(timeoutOption())
    .addHelpText(
      'after',
      `
--output json: {query, asked, hits: [{kind, id, path: [{id, text}], text}], total, groups: [{kind, query, total, text}],
note, unsure}; best hit first, at most 50 of total; groups are counted, and query lists them; note is a remark; unsure
lists the sources that could change the answer. The exit code is 0 even if nothing was
found, and 2 for text that looks like an address, a range, a MAC or a query but is not valid.`,
    )
    .action(async (what: string, options: LookupOptions) => {
      if (what.trim() === '')
        throw new Problem(
          'usage',
          `"${what}" cannot be looked up: give an address, a range, a MAC, an ENI, a pod or a node`,
        );
      const [{ collectFrom }, { lookupOrProblem }] = await Promise.all([
        import('../common/collect'),
        import('../../view/lookup/lookup'),
      ]);
      const answer = await collectFrom(options, output, ({ store }) => lookupOrProblem(store.replica, what));
      if (typeof answer === 'string') throw new Problem('usage', answer);
      await output.out(answerText(options.output, answer, lookupLines(answer)));
    });
}
