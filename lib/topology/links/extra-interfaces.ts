/**
 * Links interfaces of a NetworkAttachmentDefinition to a host link and an ENI, best evidence first (multus §3.5). Stored
 * per network and node: `master` is a name that each node resolves by itself.
 *
 * Invariants: certain evidence takes precedence over a rule; if one rule yields two candidates, neither is chosen;
 * contradictions are reported.
 */
import type { NetworkConfig } from '../../cni/config';
import type { PodFact } from '../../model/facts';
import { objectKey } from '../../model/facts';
import { familyOf } from '../../model/ip';
import { NADS } from '../../model/source-ids';
import { isSettled, type NodeContext } from '../context/context';
import type { InterfaceDraft } from './interface-drafts';
import { cardOf, judge, share, whyNot, type Expectation, type Judgement, type Linked } from './link';
import { deviceClues } from './device-clues';
import { clues, isReadable, parentOf, unresolved, type Clue, type PlacementHints } from './clues';

/** How the plugin alone relates the interface's addresses to ENIs. */
function expectationOf(context: NodeContext, config: NetworkConfig | null): Expectation {
  if (context.instanceId === null) return 'never';
  if (!isReadable(config)) return 'possible';
  if (config.semantics.leavesNodeOnEni) return 'required';
  return config.parent.kind === 'unknown' && config.semantics.macPolicy === 'unknown' && !config.semantics.perNode
    ? 'possible'
    : 'never';
}

const NO_LINK = { eni: null, card: null, hostNic: null } as const;

function wouldBe(context: NodeContext, linked: Omit<Linked, 'addresses'> | null): Linked['link'] {
  const evidence = 'Requested, not reported';
  if (linked === null || linked.link.rule === 'none')
    return share(context, 'none', 'unknown', `${evidence}.`, linked?.link.candidates);
  const candidates = linked.eni === null ? linked.link.candidates : [linked.eni];
  return share(context, 'none', 'unknown', `${evidence}. Where it would be: ${linked.link.evidence}`, candidates);
}

/** A bridge may use addresses that coincide with an ENI's: conclude nothing until the network's config has been read. */
function notYet(context: NodeContext, draft: InterfaceDraft): Linked {
  const link = share(context, 'none', 'unknown', 'The definition of the network has not been read yet.');
  const addresses = draft.ips.map((ip) => ({ ip, family: familyOf(ip), backed: 'unknown', eni: null }) as const);
  return { ...NO_LINK, link, addresses };
}

/** Links an interface of another network to its ENI or host NIC. */
export function linkExtra(
  context: NodeContext,
  pod: PodFact,
  draft: InterfaceDraft,
  known: NetworkConfig | 'former' | null,
): Linked {
  const config = known === 'former' ? null : known;
  if (known === null && context.facts.isAwaited(NADS)) return notYet(context, draft);
  const settled = (): boolean => isSettled(context, objectKey(pod));
  const expectation = expectationOf(context, config);
  const judgements = draft.ips.map((ip) => judge(context, ip, expectation, settled));
  const addresses = judgements.map(({ address }) => address);
  const found = [
    ...clues(context, draft, config, judgements),
    ...(draft.claimed === null ? [] : deviceClues(context, draft.claimed)),
  ];
  const linked = decide(context, found);
  // A requested interface is not reported yet, so it is on no ENI: report only where it would be.
  if (draft.state === 'requested') return { ...NO_LINK, link: wouldBe(context, linked), addresses };
  // The address is on an ENI of another node, so evidence of this node from its subnet or a name alone is no link.
  const moved = judgements.length > 0 && judgements.every(({ address }) => address.backed === 'other-node');
  if (linked !== null && !(moved && linked.link.certainty === 'inferred'))
    return { ...linked, link: against(context, linked, judgements), addresses };
  const claimed = judgements.some(({ elsewhere }) => elsewhere.length > 0);
  const link =
    claimed || (expectation === 'required' && draft.ips.length > 0 && !context.ec2Answers)
      ? whyNot(context, judgements, settled)
      : share(context, 'none', 'unknown', unresolved(context, parentOf(draft, config), known));
  return { eni: null, card: null, hostNic: null, link, addresses };
}

/** The link, with the ENIs of other nodes that have the interface's addresses according to EC2. */
function against(
  context: NodeContext,
  { eni, link }: Omit<Linked, 'addresses'>,
  judgements: readonly Judgement[],
): Linked['link'] {
  const holders = judgements.flatMap(({ address, elsewhere }) => (address.backed === 'other-node' ? elsewhere : []));
  if (holders.length === 0) return link;
  const candidates = [...(eni === null ? [] : [eni]), ...link.candidates, ...holders.map(({ id }) => id)];
  return share(context, link.rule, link.certainty, link.evidence, [...new Set(candidates)]);
}

/**
 * The first clue that points to one ENI decides, and the first that points to several leaves it open; certain clues come
 * before inferred ones. A clue with a host link but no ENI counts if no later clue has an ENI.
 */
export function decide(context: NodeContext, found: readonly Clue[]): Omit<Linked, 'addresses'> | null {
  const ordered = [
    ...found.filter(({ certainty }) => certainty === 'observed'),
    ...found.filter(({ certainty }) => certainty === 'inferred'),
  ];
  const best = ordered.find(({ enis }) => enis.length > 0) ?? ordered[0];
  if (best === undefined) return null;
  const [eni] = best.enis;
  // A clue with several candidates, including the best clue's ENI, is weaker but no contradiction.
  const rivals = ordered.filter(
    (clue) => clue !== best && clue.enis.length > 0 && !clue.enis.some((other) => best.enis.includes(other)),
  );
  const others = [...new Set(rivals.flatMap(({ enis }) => enis))];
  const text = rivals.length === 0 ? best.text : `${best.text} Against it: ${rivals.map((r) => r.text).join(' ')}`;
  if (best.enis.length > 1 || best.isWeak === true) {
    const candidates = [...new Set([...best.enis, ...others])].map(({ id }) => id);
    return { eni: null, card: null, hostNic: null, link: share(context, 'none', 'unknown', text, candidates) };
  }
  const hostNic =
    best.hostNic ?? ordered.find((clue) => clue.hostNic !== null && clue.enis[0] === eni)?.hostNic ?? null;
  const candidates = eni === undefined || others.length === 0 ? [] : [eni, ...others].map(({ id }) => id);
  return {
    eni: eni?.id ?? null,
    card: eni === undefined ? null : cardOf(eni),
    hostNic: hostNic ?? null,
    link: share(context, best.rule, best.certainty, text, candidates),
  };
}

/** The place of the network on this node by its config alone, for attachments without an informative interface. */
export function linkNetwork(
  context: NodeContext,
  draft: PlacementHints,
  config: NetworkConfig | null,
): Omit<Linked, 'addresses'> {
  return (
    decide(context, clues(context, draft, config, [])) ?? {
      eni: null,
      card: null,
      hostNic: null,
      link: share(context, 'none', 'unknown', unresolved(context, parentOf(draft, config), config)),
    }
  );
}
