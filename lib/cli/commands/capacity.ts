/** `ifscope capacity`: what a change of the VPC CNI's settings, a lost zone or a roll would do to addresses and pods. */
import type { Command } from 'commander';
import { harmless } from '../../model/harmless';
import { resolveFrom } from '../../server/runtime/from';
import { Problem } from '../../server/runtime/problem';
import type { CommandContext } from '../common/command';
import { fromOption, outputOption, timeoutOption, type OutputFormat } from '../common/options';

interface CapacityOptions {
  readonly from?: string;
  readonly set: readonly string[];
  readonly maxPods?: string;
  readonly loseZone?: string;
  readonly roll?: string;
  readonly surge?: string;
  readonly churn?: string;
  readonly output: OutputFormat;
  readonly timeout: number;
}

const oneMore = (text: string, earlier: readonly string[]): readonly string[] => [...earlier, text];

/** The changes as an address has them. */
const textsOf = ({ set, maxPods, loseZone, roll, surge, churn }: CapacityOptions): readonly string[] => [
  ...set,
  ...(maxPods === undefined ? [] : [`max-pods=${maxPods}`]),
  ...(loseZone === undefined ? [] : [`lose-zone=${loseZone}`]),
  ...(roll === undefined ? [] : [`roll=${roll}`]),
  ...(surge === undefined ? [] : [`surge=${surge}`]),
  ...(churn === undefined ? [] : [`churn=${churn}`]),
];

export function addCapacity(program: Command, { output }: CommandContext): void {
  program
    .command('capacity')
    .description('what changed CNI settings, a lost zone or a roll would do: addresses, pods that fit, ENIs, EC2 calls')
    .addOption(fromOption())
    .option('--set <key=value>', 'a setting with its new value; may be repeated', oneMore, [])
    .option('--max-pods <n>', 'max pods of every node')
    .option('--lose-zone <zone>', 'all nodes of a zone are gone')
    .option('--roll <group>', 'the nodes of a node group are replaced, at the peak of it')
    .option('--surge <k>', 'how many new nodes a roll makes at a time (default: 1)')
    .option('--churn <n>', 'how often each pod is replaced in an hour, for the EC2 calls (default: 1)')
    .addOption(outputOption())
    .addOption(timeoutOption())
    .addHelpText(
      'after',
      `
--set takes WARM_ENI_TARGET, WARM_IP_TARGET, MINIMUM_IP_TARGET, WARM_PREFIX_TARGET (0: not set), MAX_ENI,
prefix-mode=on|off and custom-networking=on|off|SUBNET,SUBNET (of which a node takes the one in its zone).
Without a change, what the cluster has now. "12 → 8" is before → after. It is reckoned by the rules of ipamd that the warm
pools are judged by; what the figures rest on is printed below them.
--output json: {cluster, changes, all, types, zones, subnets, displaced, homeless, unreckoned, reasons, remarks,
assumptions}; a figure of nodes is {value, unknown}: the sum, and how many nodes are not in it; null is not known.`,
    )
    .action(async (options: CapacityOptions) => {
      const [{ readChanges }, { answerCapacity }, { collect }] = await Promise.all([
        import('../../capacity/changes'),
        import('../../capacity/answer'),
        import('../common/collect'),
      ]);
      const texts = textsOf(options);
      // Before a cluster is asked anything.
      const mistake = readChanges(texts);
      if (typeof mistake === 'string') throw new Problem('usage', mistake);
      const from = await resolveFrom(options.from);
      const { answer, cluster } = await collect(from, options.timeout, output, ({ store: { replica } }) => ({
        answer: answerCapacity(replica, texts),
        cluster: replica.cluster,
      }));
      if (typeof answer === 'string') throw new Problem('usage', answer);
      const { changes, report, ...words } = answer;
      if (options.output === 'json')
        return output.out(`${JSON.stringify({ cluster, changes, ...report, ...words }, null, 2)}\n`);
      const { reportLines } = await import('../capacity/report-lines');
      const title = `${cluster.name ?? 'cluster'}${cluster.demo ? ' (demo)' : ''}: ${texts.join(', ') || 'as it is'}`;
      return output.out(`${[harmless(title), '', ...reportLines(report, changes)].join('\n')}\n`);
    });
}
