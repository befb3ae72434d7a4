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
export type SubjectKind = (typeof SUBJECT_KINDS)[number];
