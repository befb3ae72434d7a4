/** What would happen if these settings were changed, or this advice were followed? Warm targets: by the arithmetic of the pools themselves. */
import { thousands } from '../../model/counted';
import type { EniRecord, FindingRecord, NodeRecord, Pool } from '../../model/records';
import { sum } from '../../model/sums';
import type { Replica } from '../../records/replica';
import { recordsOf } from '../../view/view-source';
import {
  decidingTargets,
  poolState,
  type GivenTargets,
  type PoolNumbers,
  type PoolState,
} from '../../topology/pools/state';
import { givenBy, isTargetName, TARGETS, type TargetName } from '../../topology/pools/given';
import { targetInWords } from '../../topology/pools/next';
import { fact, inferred, unknown, type Evidence, type Reply } from '../shared/answer';
import { counted, nameOf } from '../shared/words';
import { isShapeChange, whatIfShaped } from './what-if-shaped';

/** Warm targets with their new values. */
type Targets = Readonly<Partial<Record<TargetName, number>>>;

/** `WARM_IP_TARGET=5`; null for any other text. */
function readTarget(text: string): Targets | null {
  const [name = '', value = '', ...more] = text.split('=');
  return isTargetName(name) && /^\d{1,6}$/.test(value) && more.length === 0 ? { [name]: Number(value) } : null;
}

/** Whether the effect of this `NAME=VALUE` on a node can be calculated. */
export const isChange = (text: string): boolean => readTarget(text) !== null || isShapeChange(text);

interface Now {
  readonly pool: Pool;
  readonly numbers: PoolNumbers;
  readonly enis: readonly EniRecord[];
}

/** ENIs of card 0 whose addresses are in the pool. */
function poolEnis({ records, indexes }: Replica, node: NodeRecord): readonly EniRecord[] {
  return recordsOf(indexes.enisByNode, node.id, records.enis).filter(
    ({ card, role, management }) =>
      card === 0 &&
      management.state === 'managed' &&
      role !== 'trunk' &&
      !(role === 'primary' && node.cni?.customNetworking === true),
  );
}

/** The pool of card 0 as numbers; a text if it cannot be computed. */
function numbersOf(replica: Replica, node: NodeRecord): Now | string {
  const { cni, limits } = node;
  const pool = node.pools.find(({ card }) => card === 0);
  if (cni?.mode === 'ipv6') return 'in IPv6 mode there is no warm pool';
  if (cni?.mode == null || pool?.total == null || pool.available === null) return 'its pool is not known';
  const enis = poolEnis(replica, node);
  const prefixes = enis.flatMap((eni) => eni.prefixes).filter(({ size }) => size !== null);
  const numbers: PoolNumbers = {
    total: pool.total,
    available: pool.available,
    slots: limits === null ? null : limits.ipv4PerEni - 1,
    prefixes: prefixes.length,
    freePrefixes: prefixes.filter(({ assigned }) => assigned === 0).length,
    maxPods: node.maxPods,
    mode: cni.mode,
    card: 0,
  };
  return { pool, numbers, enis };
}

const given = (targets: GivenTargets, changes: Targets): GivenTargets => ({
  ...targets,
  ...Object.fromEntries(Object.entries(changes).map(([name, value]) => [TARGETS[name as TargetName], value])),
});

interface Outcome {
  readonly state: PoolState;
  readonly words: string;
}

function outcomeOf(targets: GivenTargets, numbers: PoolNumbers): Outcome | null {
  const deciding = decidingTargets(targets, numbers);
  if (deciding === null) return null;
  const state = poolState(numbers, deciding);
  return { state, words: targetInWords(state.regime, 0, deciding) };
}

/** What ipamd would do: in addresses, or in prefixes in prefix mode. */
function action({ state }: Outcome, numbers: PoolNumbers): string {
  const unit = (n: number): string =>
    numbers.mode === 'prefix' ? counted(n, '/28 prefix', '/28 prefixes') : counted(n, 'address', 'addresses');
  if (state.low === null) return 'what ipamd would do is not known: the instance type is not';
  if (state.low)
    return state.regime === 'enis'
      ? `ipamd would ask for ${counted((state.target ?? 0) - numbers.available, 'address', 'addresses')} more, by filling its ENIs or attaching another`
      : `ipamd would ask EC2 for ${unit(state.short)}`;
  if (state.high)
    return `ipamd would give back ${unit(numbers.mode === 'prefix' ? Math.min(state.over, numbers.freePrefixes) : state.over)}`;
  return 'ipamd would change nothing now';
}

/** Whether the subnets of the pool's ENIs could provide what ipamd would request. */
function supplies({ records }: Replica, { numbers, enis }: Now, { state }: Outcome): readonly Evidence[] {
  if (state.low !== true) return [];
  const ids = [...new Set(enis.flatMap(({ subnet }) => subnet ?? []))].sort();
  return ids.flatMap((id) => {
    const subnet = records.subnets.get(id);
    if (subnet === undefined) return [];
    const left = numbers.mode === 'prefix' ? subnet.freePrefixes : subnet.availableAddresses;
    const what = numbers.mode === 'prefix' ? 'free /28 blocks' : 'free addresses';
    return [fact(id, `${id} has ${left === null ? `an unknown number of ${what}` : `${thousands(left)} ${what}`}`)];
  });
}

/** What other settings would change on a node. `texts`: `NAME=VALUE`. */
export function whatIf(replica: Replica, id: string, texts: readonly string[]): Reply {
  const node = replica.records.nodes.get(id);
  if (node === undefined) return unknown(`${nameOf(id)} is not known.`);
  if (texts.some(isShapeChange)) return whatIfShaped(replica, node, texts);
  const changes = Object.assign({}, ...texts.map(readTarget)) as Targets;
  const { cni } = node;
  const now = numbersOf(replica, node);
  const asked = texts.join(' and ');
  if (cni === null || typeof now === 'string')
    return unknown(
      `What ${asked} would change on ${node.name} cannot be calculated: ${typeof now === 'string' ? now : 'the VPC CNI’s settings are not known'}.`,
    );
  const before = outcomeOf(givenBy(cni), now.numbers);
  const after = outcomeOf(given(givenBy(cni), changes), now.numbers);
  if (after === null)
    return unknown(
      `What ${asked} would change on ${node.name} cannot be calculated: another target that matters is not known.`,
    );
  const idle = cni.networkResourceProvisioning === false ? ' (but this ipamd may change nothing in EC2)' : '';
  const { total, available } = now.numbers;
  const alike = before !== null && before.words === after.words;
  return inferred(
    alike
      ? `${asked} would change nothing on ${node.name}: ${after.words} decides all the same.`
      : `With ${asked}, ${node.name} must have ${after.state.target === null ? 'an unknown number of free addresses' : counted(after.state.target, 'free address', 'free addresses')} instead of ${before?.state.target ?? 'an unknown number'}, and has ${thousands(available)}: ${action(after, now.numbers)}${idle}.`,
    [
      fact(
        id,
        `pool of card 0 now: ${thousands(total)} addresses, ${thousands(total - available)} assigned, ${thousands(available)} available (${now.pool.certainty})`,
      ),
      fact(id, `then ${after.words} decides`),
      ...(before === null
        ? []
        : [
            fact(
              id,
              `now ${before.words} asks for ${before.state.target ?? 'an unknown number of'} free; ${action(before, now.numbers).replace('would ask', 'asks').replace('would give', 'gives').replace('would change', 'changes')}`,
            ),
          ]),
      ...supplies(replica, now, after),
      ...(node.maxPods === null ? [] : [fact(id, `max pods is ${node.maxPods}: a pool of that size is never low`)]),
    ],
  );
}

/** The place of a branch ENI on its node's trunk. */
function placeFreed({ nodes }: Replica['records'], { role, status, node: id }: EniRecord): string {
  const node = role === 'branch' && status !== 'available' ? nodes.get(id ?? '') : undefined;
  if (node?.branch?.used == null || node.branch.limit === null) return '';
  return ` ${node.name} then has ${node.branch.used - 1} of its ${node.branch.limit} branch ENIs.`;
}

/** The addresses freed by deleting an ENI that no pod uses, and the branch ENI that its node may then have instead. */
function deletion({ records }: Replica, eni: EniRecord): Reply {
  const count = eni.addresses.length + eni.prefixes.reduce((sum, { size }) => sum + (size ?? 0), 0);
  const subnet = records.subnets.get(eni.subnet ?? '');
  const free = subnet?.availableAddresses ?? null;
  return inferred(
    `Deleting ${eni.id} would give ${counted(count, 'address', 'addresses')} back to ${eni.subnet ?? 'its subnet'}${free === null ? '' : `, which has ${thousands(free)} free now`}; no pod loses an address, as ${eni.status === 'available' ? 'it is attached to nothing' : 'no pod names it'}.${placeFreed(records, eni)}`,
    [fact(eni.id, `EC2: status ${eni.status ?? 'not known'}`)],
  );
}

/** The settings that a finding's advice recommends, as `NAME=VALUE`, if their effect can be calculated. */
function settingsOf({ rule, advice }: FindingRecord, node: NodeRecord): readonly string[] | null {
  const maxPods =
    rule === 'max-pods-too-high' ? /\b(?:max-pods ?= ?|maxPods to (?:at most )?)(\d+)/.exec(advice)?.[1] : undefined;
  if (maxPods !== undefined) return [`max-pods=${maxPods}`];
  if (/^Raise MAX_ENI\b/.test(advice) && node.limits !== null) return [`MAX_ENI=${node.limits.enisPerCard}`];
  if (/\bturn on prefix mode\b/i.test(advice)) return ['prefix-mode=on'];
  if (!/\bSet WARM_IP_TARGET\b/.test(advice)) return null;
  const pool = node.pools.find(({ card }) => card === 0);
  // The minimum that the advice requires; next to MINIMUM_IP_TARGET, as many as pods hold now.
  return /\bWARM_IP_TARGET and MINIMUM_IP_TARGET\b/.test(advice)
    ? ['WARM_IP_TARGET=1', `MINIMUM_IP_TARGET=${Math.max(1, pool?.assigned ?? 1)}`]
    : ['WARM_IP_TARGET=1'];
}

/** The addresses that a restart of aws-node frees: it then reads the running sandboxes again. Null if ipamd does not name them. */
function restart({ records, indexes }: Replica, node: NodeRecord): Reply | null {
  const held = recordsOf(indexes.enisByNode, node.id, records.enis).flatMap((eni) =>
    (eni.ipamd?.unheld ?? []).map((ip) => ({ eni: eni.id, ip })),
  );
  if (held.length === 0) return null;
  const available = sum(node.pools.map((pool) => pool.available));
  return inferred(
    `Restarting aws-node on ${node.name} would free ${counted(held.length, 'address', 'addresses')} that ipamd holds for pods that are gone${available === null ? '' : `, where ${thousands(available)} ${available === 1 ? 'is' : 'are'} available now`}; running pods keep theirs, and no pod can start or end there until aws-node is ready again.`,
    held.map(({ eni, ip }) => fact(eni, `${ip} of ${eni}: assigned in ipamd, and no live pod has it`)),
  );
}

/** The finding on the same node that the advice names: “Fix what pool-low reports.” */
function namedBy({ records, indexes }: Replica, { advice, subjects }: FindingRecord): FindingRecord | undefined {
  const rule = /\b[Ff]ix what ([a-z-]+) reports/.exec(advice)?.[1];
  const places = subjects.flatMap((subject) => records.pods.get(subject)?.node ?? subject);
  return places
    .flatMap((place) => recordsOf(indexes.findingsBySubject, place, records.findings))
    .find((other) => other.rule === rule && !/\b[Ff]ix what /.test(other.advice));
}

const LEAKED = new Set(['eni-leaked', 'branch-eni-leaked']);

/** What following the advice of a finding would change. */
export function whatIfAdvised(replica: Replica, id: string): Reply {
  const finding = replica.records.findings.get(id);
  if (finding === undefined) return unknown(`${id} is not a finding (any more).`);
  const { records } = replica;
  const named = namedBy(replica, finding);
  if (named !== undefined) return whatIfAdvised(replica, named.id);
  const eni = records.enis.get(finding.subjects[0] ?? '');
  if (LEAKED.has(finding.rule) && eni !== undefined) return deletion(replica, eni);
  const node = finding.subjects.flatMap((subject) => records.nodes.get(subject) ?? [])[0];
  const changes = node === undefined ? null : settingsOf(finding, node);
  if (node !== undefined && changes !== null) return whatIf(replica, node.id, changes);
  const restarted = node !== undefined && /^Restart aws-node\b/.test(finding.advice) ? restart(replica, node) : null;
  if (restarted !== null) return restarted;
  return unknown(
    `What following the advice would change is not calculated; ifscope does that for warm targets, max pods, MAX_ENI, prefix mode, restarts of aws-node and leaked ENIs. The advice: ${finding.advice}`,
    [fact(finding.id, `${finding.severity} ${finding.rule}: ${finding.detail}`)],
  );
}
