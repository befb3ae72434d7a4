/**
 * What versions and other writers make of an entry, none of which changes what is true (multus §0.4, §1.5): the last two
 * take something away, the entry of the last extra interface, or its name.
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
