/** The kinds of subjects of a question; an address and a MAC are not records. */
export const SUBJECT_KINDS = [
  'pod',
  'interface',
  'node',
  'eni',
  'subnet',
  'network',
  'address',
  'mac',
  'finding',
] as const;
/** What a question can be about. */
export type SubjectKind = (typeof SUBJECT_KINDS)[number];
