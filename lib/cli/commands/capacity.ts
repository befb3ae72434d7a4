/**
 * `ifscope capacity`: the effects of a change of the VPC CNI's settings, a lost zone or a roll on addresses and pods.
 */
import type { Command } from 'commander';
import { harmless } from '../../model/harmless';
import { Problem } from '../../server/runtime/problem';
import type { CommandContext } from '../common/command';
import { fromOption, outputOption, timeoutOption, type OutputFormat, type ReadOptions } from '../common/options';

interface CapacityOptions extends ReadOptions {
  readonly set: readonly string[];
  readonly maxPods?: string;
  readonly loseZone?: string;
  readonly roll?: string;
  readonly surge?: string;
  readonly churn?: string;
  readonly output: OutputFormat;
}

const oneMore = (text: string, earlier: readonly string[]): readonly string[] => [...earlier, text];

/** The changes in the form of the URL. */
const textsOf = ({ set, maxPods, loseZone, roll, surge, churn }: CapacityOptions): readonly string[] => [
  ...set,
  ...(maxPods === undefined ? [] : [`max-pods=${maxPods}`]),
  ...(loseZone === undefined ? [] : [`lose-zone=${loseZone}`]),
  ...(roll === undefined ? [] : [`roll=${roll}`]),
  ...(surge === undefined ? [] : [`surge=${surge}`]),
  ...(churn === undefined ? [] : [`churn=${churn}`]),
];

/** Adds `ifscope capacity`: calculates the effects of other settings, a lost zone or a roll. */
export function addCapacity(program: Command, { output }: CommandContext): void {
  program
    .command('capacity')
    .description(
      'calculate what other CNI settings, a lost zone or a roll would do to addresses, pods that fit, ENIs and EC2 calls',
    )
    .addOption(fromOption())
    .option('--set <key=value>', 'a setting and its new value; may be repeated', oneMore, [])
    .option('--max-pods <n>', 'max pods on every node')
    .option('--lose-zone <zone>', 'lose all nodes of a zone')
    .option('--roll <group>', 'replace the nodes of a node group; the result is the peak of the roll')
    .option('--surge <k>', 'number of nodes that a roll adds at a time (default: 1)')
    .option('--churn <n>', 'how many times an hour each pod is replaced, to estimate EC2 calls (default: 1)')
    .addOption(outputOption())
    .addOption(timeoutOption())
    .addHelpText(
      'after',
      `
--set takes WARM_ENI_TARGET, WARM_IP_TARGET, MINIMUM_IP_TARGET, WARM_PREFIX_TARGET (0: not set), MAX_ENI,
prefix-mode=on|off, custom-networking=on|off|SUBNET,SUBNET (each node takes the one in its zone),
tag-subnets=SUBNET,SUBNET (that get kubernetes.io/role/cni=1) and exclude-subnets=SUBNET,SUBNET (that get
kubernetes.io/role/cni=0: pods get no more addresses from them).
Without a change, the current state is printed. "12 → 8" is before → after. The figures follow ipamd’s rules for warm
pools; the assumptions are printed below them.
--output json: {cluster, changes, all, types, zones, subnets, displaced, homeless, unreckoned, closed, reasons,
remarks, assumptions}; a node figure is {value, unknown}: the sum, and the number of nodes missing from it; null: not known.`,
    )
    .action(async (options: CapacityOptions) => {
      const [{ readChanges }, { answerCapacity }, { collectFrom }] = await Promise.all([
        import('../../capacity/changes'),
        import('../../capacity/answer'),
        import('../common/collect'),
      ]);
      const texts = textsOf(options);
      // Checked before any request to the cluster.
      const mistake = readChanges(texts);
      if (typeof mistake === 'string') throw new Problem('usage', mistake);
      const { answer, cluster } = await collectFrom(options, output, ({ store: { replica } }) => ({
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
