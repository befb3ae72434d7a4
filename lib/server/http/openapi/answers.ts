/** The schemas of small JSON responses. The compiler checks each against the type that its handler returns. */
import { z } from 'zod';
import { QUESTION_IDS } from '../../../explain/catalogue';
import type { Explanation } from '../../../explain/shared/answer';
import { SUBJECT_KINDS } from '../../../explain/shared/subject-kinds';
import { CERTAINTIES } from '../../../model/vocabulary';
import { MAX_NOTE, MAX_NOTES, type EndedRelay } from '../../rights/ended-relay';
import { KINDS } from '../../../view/query/facts/keys';
import { ASKED, HIT_KINDS, MAX_HITS, type LookupAnswer } from '../../../view/lookup/answer';

interface Positioned {
  readonly position: string;
}

const position = z
  .string()
  .describe('The version that the answer describes, EPOCH.VERSION; GET /api/stream takes it as `since`.');
const unsure = z
  .array(z.string())
  .describe('Sources that are not live and could change the answer, with their state and reason.');

/** The body of every error response. */
export const error = z
  .object({ error: z.string().describe('One line: the value, what is wrong with it, and what to do.') })
  .describe('Why there is no answer.');

const step = z.object({
  id: z.string().nullable().describe('The record; null for a step of text only.'),
  text: z.string(),
});

/** The response of `GET /api/lookup`. */
export const lookup = z.object({
  position,
  query: z.string(),
  asked: z.enum(ASKED).describe('How the query was understood.'),
  hits: z
    .array(
      z.object({
        kind: z.enum(HIT_KINDS),
        id: z.string().describe('The record that was found.'),
        path: z.array(step).describe('The path from the match up to its node.'),
        text: z.string().describe('The path as one line.'),
      }),
    )
    .max(MAX_HITS)
    .describe('Best first; empty if nothing known matches.'),
  total: z.int().min(0).describe('Number of matches before the list was cut.'),
  groups: z
    .array(
      z.object({
        kind: z.enum(KINDS),
        query: z.string().describe('The query that lists them: `filter` of GET /api/export.'),
        total: z.int().min(1),
        text: z.string().describe('How many, and what they share.'),
      }),
    )
    .describe('Counts of records that share the requested value; empty if there are only hits.'),
  note: z.string().nullable().describe('A remark on the hits; null when there is none.'),
  unsure,
}) satisfies z.ZodType<LookupAnswer & Positioned>;

/** The response of `GET /api/explain`. */
export const explanation = z.object({
  position,
  subject: z.object({
    kind: z.enum([...SUBJECT_KINDS, 'cluster']),
    id: z.string().describe('Record id, canonical address or MAC; empty for the cluster.'),
  }),
  answers: z.array(
    z.object({
      question: z.enum([...QUESTION_IDS, 'if']),
      asked: z.string().describe('The question as a sentence.'),
      sentence: z.string().describe('The answer.'),
      certainty: z
        .enum(CERTAINTIES)
        .describe('inferred: concluded from several facts, reported by no API. unknown: the records do not show it.'),
      evidence: z.array(
        z.object({
          id: z.string().nullable().describe('The record; null for anything that is not a record.'),
          text: z.string(),
        }),
      ),
      more: z.int().min(0).describe('Facts that were left out of the evidence.'),
      advice: z.string().nullable(),
      command: z.string().nullable().describe('A command to copy.'),
      unsure,
    }),
  ),
}) satisfies z.ZodType<Explanation & Positioned>;

/** The response of `GET /readyz`. */
export const readiness = z.object({
  ready: z.boolean(),
  waiting: z.array(z.string()).describe('Required sources that have neither answered nor given a reason.'),
  behind: z
    .array(z.string())
    .describe('Sources that are behind their API, and by how much. Being behind does not make the server unready.'),
  troubled: z
    .array(z.string())
    .describe('Sources that are stale, failing or denied. The page, the log and GET /api/topology give the reason.'),
});

/** JSON-RPC 2.0. */
export const mcpCall = z.looseObject({
  jsonrpc: z.literal('2.0'),
  method: z.string(),
  id: z.union([z.string(), z.number()]).optional(),
});
/** The response of `POST /mcp`. */
export const mcpReply = z.looseObject({
  jsonrpc: z.literal('2.0'),
  id: z.union([z.string(), z.number(), z.null()]),
});

const note = z.string().max(MAX_NOTE).describe('Opaque to everybody except the replicas.');

/** The body of `POST /api/ended-sessions`. */
export const endedSessionsCall = z.object({
  epoch: z.string().max(80).describe('The epoch of the last answer; empty before the first.'),
  after: z.int().min(0).describe('`next` of the last answer.'),
  notes: z.array(note).max(MAX_NOTES).describe('Notes of the caller that have not been sent yet.'),
});

/** The response of `POST /api/ended-sessions`. */
export const endedSessionsReply = z.object({
  epoch: z.string().describe('Changes when this ifscope restarts; all notes must then be sent again.'),
  next: z.int().min(0),
  notes: z.array(note).max(MAX_NOTES).readonly().describe('Notes of others, oldest first.'),
}) satisfies z.ZodType<ReturnType<EndedRelay['exchange']>>;
