/**
 * Variations of a network-status entry by version and writer, none of which changes the truth (multus §0.4, §1.5). The last
 * two omit something: the last extra interface's entry, or its name.
 */
export const STATUS_QUIRKS = [
  'upper-case-mac',
  'prefix-lengths',
  'nil-gateway',
  'several-defaults',
  'no-default',
  'entry-missing',
  'entry-without-name',
] as const;
export type StatusQuirk = (typeof STATUS_QUIRKS)[number];
