import type { NodeRecord } from '../model/records';

/** What limits the number of pods on a node, in words. */
export const LIMIT_WORDS: Readonly<Record<NodeRecord['headroom']['limitedBy'], string>> = {
  'max-pods': 'max pods',
  slots: 'address slots',
  subnet: 'subnet addresses',
  cards: 'ENIs per card',
  targets: 'warm targets',
  unknown: 'not known',
};
