/**
 * Whether ipamd assigns an ENI's addresses, and the rule that decides (vpc-cni §1.2), according to the current tags. The
 * checks run in ipamd's order: primary, tags, card, EFA-only.
 */
import { INSTANCE_ID_TAG, NO_MANAGE_TAG } from '../../model/eni-tags';
import type { EniManagementRule } from '../../model/vocabulary';
import type { EniRecord } from '../../model/records';
import type { Settings } from './settings';
import type { EniShape } from '../facts/parts';

/** Where an ENI is attached. */
export type PlaceOnInstance = Pick<EniShape, 'instanceId' | 'networkCardIndex' | 'deviceIndex'>;

/** Primary = card 0, device 0; device 0 exists on every card (vpc-cni §3). */
export const isPrimaryEni = (eni: PlaceOnInstance): boolean =>
  eni.instanceId !== null && (eni.networkCardIndex ?? 0) === 0 && eni.deviceIndex === 0;

type Management = EniRecord['management'];
type Verdict = Pick<Management, 'state' | 'rule'>;

const verdict = (state: Verdict['state'], rule: EniManagementRule): Verdict => ({ state, rule });

/** Rules 1–3: the tags and MANAGE_UNTAGGED_ENI. */
function byTags(eni: EniShape, settings: Settings): Verdict {
  if (settings.config.imdsOnly === true) return verdict('managed', 'imds-only');
  const found = byTag(eni, settings);
  // Whether ipamd reads tags at all is not known.
  return settings.config.imdsOnly === null && found.state === 'unmanaged' ? verdict('unknown', 'unknown') : found;
}

function byTag(eni: EniShape, settings: Settings): Verdict {
  if (Object.hasOwn(eni.tags, NO_MANAGE_TAG)) {
    // An exact string comparison: True, 1 and yes do not count.
    return eni.tags[NO_MANAGE_TAG] === 'true'
      ? verdict('unmanaged', 'no-manage-tag')
      : verdict('managed', 'no-manage-tag-false');
  }
  if (eni.instanceId !== null && eni.tags[INSTANCE_ID_TAG] === eni.instanceId) {
    return verdict('managed', 'instance-id-tag');
  }
  if (settings.config.manageUntagged === null) return verdict('unknown', 'unknown');
  return settings.config.manageUntagged
    ? verdict('managed', 'untagged-adopted')
    : verdict('unmanaged', 'untagged-ignored');
}

/** Cards that ipamd uses: card 0; with ENABLE_MULTI_NIC every card except one with an EFA-only ENI and no other managed ENI. */
export function managedCards(
  cards: readonly number[],
  enis: readonly EniShape[],
  settings: Settings,
): ReadonlySet<number> {
  if (settings.config.multiNic !== true) return new Set([0]);
  // The instance metadata do not report that an ENI is EFA-only.
  if (settings.config.imdsOnly === true) return new Set([0, ...cards]);
  const managed = new Set<number>();
  for (const card of cards) {
    const on = enis.filter((eni) => eni.instanceId !== null && (eni.networkCardIndex ?? 0) === card);
    const efaOnly = on.some((eni) => eni.interfaceType === 'efa-only');
    const other = on.some(
      (eni) => eni.interfaceType !== 'efa-only' && (isPrimaryEni(eni) || byTags(eni, settings).state === 'managed'),
    );
    if (card === 0 || !efaOnly || other) managed.add(card);
  }
  return managed;
}

/** The settings of ipamd on the ENI's node; null: no aws-node runs there; `unknown`: they could not be read. */
export type IpamdKnowledge = Settings | null | 'unknown';

/**
 * Whether ipamd manages an ENI, and by which rule. `node`: record id, null if the ENI is on no node; `cards`: the cards
 * that ipamd manages.
 */
export function decideManagement(
  eni: EniShape,
  node: string | null,
  ipamd: IpamdKnowledge,
  cards: ReadonlySet<number>,
): Verdict {
  if (eni.interfaceType === 'branch') return verdict('outside', 'branch');
  if (node === null) return verdict('outside', 'unattached');
  if (ipamd === 'unknown') return verdict('unknown', 'unknown');
  // A Fargate pod's ENI names no instance, but is attached.
  if (ipamd === null) return verdict('outside', 'no-ipamd');
  if (eni.instanceId === null) return verdict('outside', 'unattached');
  // The primary ENI is always managed; the tag is ignored on it (rule 4).
  if (isPrimaryEni(eni)) return verdict('managed', 'primary');
  const tags = byTags(eni, ipamd);
  if (tags.state !== 'managed') return tags;
  if (ipamd.config.multiNic === null && (eni.networkCardIndex ?? 0) > 0) return verdict('unknown', 'unknown');
  if (!cards.has(eni.networkCardIndex ?? 0)) return verdict('outside', 'card-not-managed');
  // The instance metadata do not report the type: ipamd treats all ENIs alike (rule 5).
  if (ipamd.config.imdsOnly === true) return tags;
  if (eni.interfaceType === 'efa-only') return verdict('outside', 'efa-only');
  if (eni.interfaceType === 'trunk') return verdict('managed', 'trunk');
  return tags;
}

/**
 * The verdict with its certainty. `observed`: whether ipamd's own metrics list the ENI. Only they make the verdict
 * observed, because tags show what ipamd would decide, not what it did.
 */
export function managementOf(found: Verdict, observed: boolean | null): Management {
  if (found.state === 'unknown') return { ...found, certainty: 'unknown', observed };
  const confirmed =
    found.rule === 'unattached' ||
    found.rule === 'branch' ||
    (observed !== null && observed === (found.state === 'managed'));
  return { ...found, certainty: confirmed ? 'observed' : 'inferred', observed };
}
