/**
 * The questions that users ask, and the kinds of subjects that each applies to. The command, the page and the help read
 * this table.
 */
import type { SubjectKind } from './shared/subject-kinds';
import type { SourceId } from '../model/source-id';
import { ENIS, EVENTS, IPAMD_ENIS, METRICS, NADS, NODES, PODS, SERVICE_CIDRS, SUBNETS } from '../model/source-ids';

export type { SubjectKind };

/** A question that can be explained. */
export interface Question {
  /** The question about the subject with that name, as a sentence. Empty: the whole cluster. */
  readonly asked: (name: string) => string;
  readonly about: readonly (SubjectKind | 'cluster')[];
  /** Sources that the answer depends on. */
  readonly sources: readonly SourceId[];
}

const of = (name: string): string => (name === '' ? 'this cluster' : name);

/** By the word on the command line. */
export const QUESTIONS = {
  address: {
    asked: (name) => `Why does ${name} have no address?`,
    about: ['pod'],
    sources: [PODS, EVENTS, NODES, ENIS],
  },
  room: {
    asked: (name) => `What holds the addresses of ${name}?`,
    about: ['subnet'],
    sources: [SUBNETS, ENIS, PODS, NODES],
  },
  settings: {
    asked: (name) => `Which settings of the VPC CNI take effect on ${name}, and which are ignored?`,
    about: ['node'],
    sources: [NODES, PODS],
  },
  ipamd: {
    asked: (name) => `Where does ipamd’s view of ${of(name)} differ from EC2’s?`,
    about: ['eni', 'node', 'cluster'],
    sources: [ENIS, PODS, METRICS, IPAMD_ENIS],
  },
  leaked: {
    asked: (name) =>
      name === ''
        ? 'Which ENIs are leaked, since when, and whose are they?'
        : `Is ${name} leaked, since when, and whose is it?`,
    about: ['eni', 'cluster'],
    sources: [ENIS, NODES, PODS],
  },
  where: {
    asked: (name) => `Which ENI is ${name} really on?`,
    about: ['pod', 'interface', 'address'],
    sources: [PODS, ENIS],
  },
  who: {
    asked: (name) =>
      /^(?:this )?(?:pod|interface)\b/.test(name)
        ? `Does anyone else have an address or MAC of ${name}?`
        : `Who has ${name}, and does anyone else have it?`,
    about: ['pod', 'interface', 'address', 'mac'],
    sources: [PODS, ENIS, SUBNETS, NODES],
  },
  differs: {
    asked: (name) => (name === '' ? 'Which nodes differ from their peers?' : `How does ${name} differ from its peers?`),
    about: ['node', 'cluster'],
    sources: [NODES, PODS],
  },
  trunk: {
    asked: (name) =>
      /^(?:this ENI|eni-)/.test(name)
        ? `Which pods use the trunk ENI that ${name} is, or is a branch of?`
        : `Which pods use a trunk ENI${name === '' ? '' : ` of ${name}`}?`,
    about: ['eni', 'node', 'cluster'],
    sources: [ENIS, PODS],
  },
  clashes: {
    asked: (name) => (name === '' ? 'Which networks’ ranges clash?' : `What does the range of ${name} clash with?`),
    about: ['network', 'cluster'],
    sources: [NADS, SUBNETS, NODES, SERVICE_CIDRS],
  },
  groups: {
    asked: (name) => `How do the security groups of ${name} differ from the configured ones?`,
    about: ['eni', 'node'],
    sources: [ENIS, PODS, NODES],
  },
  advice: {
    asked: () => 'What would happen if this advice were followed?',
    about: ['finding'],
    sources: [NODES, PODS, ENIS, SUBNETS],
  },
} as const satisfies Readonly<Record<string, Question>>;
export type QuestionId = keyof typeof QUESTIONS;

/** Ids of all questions, in the order of the catalogue. */
export const QUESTION_IDS = Object.keys(QUESTIONS) as readonly QuestionId[];

/** The questions that can be asked about a kind of subject. */
export const questionsAbout = (kind: SubjectKind | 'cluster'): readonly QuestionId[] =>
  QUESTION_IDS.filter((id) => (QUESTIONS[id].about as readonly string[]).includes(kind));
