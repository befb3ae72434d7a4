/** Keys in a pod's or pod template's metadata that were probably meant as an annotation for interfaces. */
import { INTERFACE_KEYS, mayBeMistyped, meantKey } from '../../cni/mistyped';
import { NETWORKS_KEY, unreadKeys } from '../../cni/multus/networks';
import type { PodFact } from '../../model/facts';
import { byCodeUnit } from '../../model/order';
import type { Fields } from '../read/guards';

type Mistyped = PodFact['mistyped'];

const NONE: Mistyped = [];
const IN_USE: ReadonlySet<string> = new Set(INTERFACE_KEYS);

/** Keys whose annotation is missing, and keys in the networks annotation that have no effect. Most pods have none. */
export function mistypedIn(annotations: Fields, labels: Fields): Mistyped {
  const found: Mistyped[number][] = [];
  for (const [isLabel, of] of [
    [false, annotations],
    [true, labels],
  ] as const)
    for (const key in of) {
      if (!mayBeMistyped(key)) continue;
      const meant = isLabel && IN_USE.has(key) ? key : meantKey(key);
      // Values of other keys are not read, because captures contain everything that is read.
      if (meant === null || of[key] === '' || typeof annotations[meant] === 'string') continue;
      found.push({ key, isLabel, meant });
    }
  const networks = annotations[NETWORKS_KEY];
  // Their `meant` has no slash, unlike that of annotations.
  if (typeof networks === 'string' && networks.includes('{'))
    for (const { key, meant } of unreadKeys(networks)) found.push({ key, isLabel: false, meant });
  return found.length === 0 ? NONE : found.sort((a, b) => byCodeUnit(a.key, b.key));
}
