import { idParts, kindOfId, type RecordKind } from '../../../model/ids';
import type { FindingRecord } from '../../../model/records';
import { nodesOfFinding } from '../../troubles';
import type { KindFacts } from './fact';
import { bareId, namesOf, networkNames, nodeNames } from './names';

const subjectsOf = ({ subjects }: FindingRecord, kind: RecordKind): readonly string[] =>
  subjects.filter((id) => kindOfId(id) === kind);

/** Kinds whose ids begin with a namespace. */
const NAMESPACED: ReadonlySet<RecordKind | null> = new Set<RecordKind>(['pod', 'interface', 'network', 'ipPool']);

/** The keys of findings. */
export const findingFacts: KindFacts<FindingRecord> = {
  keys: {
    finding: ({ severity, rule }) => ['any', severity, rule],
    severity: ({ severity }) => [severity],
    rule: ({ rule }) => [rule],
    ns: ({ subjects }) =>
      subjects.flatMap((id) => {
        const parts = idParts(id);
        return (NAMESPACED.has(kindOfId(id)) || id.startsWith('work:')) && parts.length > 1 ? (parts[0] ?? []) : [];
      }),
    pod: (finding) => [
      ...subjectsOf(finding, 'pod').flatMap(namesOf),
      ...subjectsOf(finding, 'interface').flatMap((id) => [idParts(id).slice(0, 2).join('/'), idParts(id)[1] ?? '']),
    ],
    node: (finding, { source }) => [...nodesOfFinding(source, finding)].flatMap(nodeNames),
    net: (finding) => subjectsOf(finding, 'network').flatMap(networkNames),
    eni: (finding) => subjectsOf(finding, 'eni'),
    subnet: (finding) => subjectsOf(finding, 'subnet'),
  },
  texts: ({ rule, title, subjects }) => [rule, title, ...subjects.map(bareId)],
};
