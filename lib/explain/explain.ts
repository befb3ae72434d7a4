/**
 * Answers the questions that users ask in bug reports and support threads, from the records alone: each in one sentence
 * with its evidence. Pure: the command, the HTTP API and the page's panels give the same answers.
 */
import { ENIS, NODES, PODS, SUBNETS } from '../model/source-ids';
import type { Replica } from '../records/replica';
import { lookup } from '../view/lookup/lookup';
import { unsureOf } from '../view/lookup/unsure';
import { MAX_EVIDENCE, type Answer, type Explanation, type Reply } from './shared/answer';
import { QUESTIONS, questionsAbout, type QuestionId } from './catalogue';
import { whatIf } from './questions/what-if';
import { READERS } from './readers';
import { subjectNamed } from './shared/by-name';
import { notThere } from './shared/not-there';
import { found, type Subject } from './shared/subject';
import type { Asked, AskedByName } from './words-of-question';
import { nameOf } from './shared/words';

/** The subject's name in a question: `pod core/p1`, `eni-…`; empty for the cluster. */
const called = ({ kind, id }: Subject): string => {
  switch (kind) {
    case 'cluster':
      return '';
    case 'eni':
    case 'subnet':
    case 'address':
    case 'mac':
      return id;
    default:
      return `${kind} ${nameOf(id)}`;
  }
};

const answer = (question: string, asked: string, reply: Reply, unsure: readonly string[]): Answer => ({
  question,
  asked,
  sentence: reply.sentence,
  certainty: reply.certainty,
  evidence: reply.evidence.slice(0, MAX_EVIDENCE),
  more: Math.max(0, reply.evidence.length - MAX_EVIDENCE),
  advice: reply.advice ?? null,
  command: reply.command ?? null,
  unsure,
});

function ask(replica: Replica, id: QuestionId, subject: Subject): readonly Answer[] {
  const { asked, sources } = QUESTIONS[id];
  const reply = READERS[id][subject.kind]?.(replica, subject.id);
  if (reply === undefined) return [];
  return [answer(id, asked(called(subject)), reply, unsureOf(replica.records.sources, sources))];
}

/** The question with its subject, once the records have resolved the name. */
function placed(replica: Replica, asked: Asked | AskedByName): Asked | string {
  if ('subject' in asked) return asked;
  const subject = subjectNamed(replica, asked.kinds, asked.names);
  return typeof subject === 'string' ? subject : asked.of(subject);
}

/** No record has that id; a lookup may still find it: an ENI of a service, or an instance that is not a node. */
function nowhere(replica: Replica, { kind, id }: Subject): string {
  const name = nameOf(id);
  const [hit] = kind === 'eni' || kind === 'node' ? lookup(replica, name).hits : [];
  const isKnown = hit !== undefined && hit.kind !== 'node';
  if (isKnown) return `no such ${kind}: ${name}; it is known as: ${hit.text}`;
  return notThere(replica, [kind], [name], `no such ${kind}: ${name}`);
}

/** Answers from the current records; a text if there is no such record, or if several have the name. */
export function explain(replica: Replica, asked: Asked | AskedByName): Explanation | string {
  const meant = placed(replica, asked);
  if (typeof meant === 'string') return meant;
  const { subject: named, question, changes } = meant;
  const subject = found(named, replica);
  if (subject === null) return nowhere(replica, named);
  if (changes !== null) {
    const asked = `What would ${changes.join(' and ')} change on ${nameOf(subject.id)}?`;
    const unsure = unsureOf(replica.records.sources, [NODES, PODS, ENIS, SUBNETS]);
    return { subject, answers: [answer('if', asked, whatIf(replica, subject.id, changes), unsure)] };
  }
  const questions = question === null ? questionsAbout(subject.kind) : [question];
  return { subject, answers: questions.flatMap((id) => ask(replica, id, subject)) };
}
