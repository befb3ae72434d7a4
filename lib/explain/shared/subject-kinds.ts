/** What a question may be about; an address and a MAC are none of the records. */
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
