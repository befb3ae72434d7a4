/**
 * Every question about everything in every capture is answered in whole words: from the project's own captures and, where they are found,
 * from the situations that somebody reported. A pod without an address that a rule knows of is explained by that rule.
 */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { explain } from '../../lib/explain/explain';
import { questionsAbout, type SubjectKind } from '../../lib/explain/catalogue';
import { readWords } from '../../lib/explain/words-of-question';
import { explainLines } from '../../lib/cli/commands/explain';
import type { Replica } from '../../lib/records/replica';
import { CAPTURES } from './captures/index';
import { filesOf } from './captures/kit/files';
import { readFiles, readFolder } from './captures/kit/read';

const CASES = process.env['IFSCOPE_CASES'] ?? path.resolve(import.meta.dirname, '../../..', 'shared', 'cases');
const cases = existsSync(CASES)
  ? readdirSync(CASES)
      .filter((name) => existsSync(path.join(CASES, name, 'capture')))
      .sort()
  : [];

/** Everything that a question can be about, by the words that name it. */
function subjectsOf({ records }: Replica): readonly (readonly [SubjectKind, string])[] {
  const ids = (kind: SubjectKind, table: ReadonlyMap<string, unknown>): (readonly [SubjectKind, string])[] =>
    [...table.keys()].map((id) => [kind, id] as const);
  return [
    ...ids('pod', records.pods),
    ...ids('interface', records.interfaces),
    ...ids('node', records.nodes),
    ...ids('eni', records.enis),
    ...ids('subnet', records.subnets),
    ...ids('network', records.networks),
    ...ids('finding', records.findings),
    ...[...records.interfaces.values()].flatMap(({ ips }) => ips.map((ip) => ['address', ip] as const)),
    ...[...records.enis.values()].flatMap(({ mac }) => (mac === null ? [] : [['mac', mac] as const])),
  ];
}

/** What no sentence has: a value that was left out, or two full stops. */
const BROKEN = /undefined|\bNaN\b|\[object |\.\.(?!\.)| {2,}\S* is | {2}(?:of|on|has) /;

function wrongIn(replica: Replica): readonly string[] {
  const all = [
    ...subjectsOf(replica).map(([kind, name]) => [kind, name]),
    ...questionsAbout('cluster').map((question) => [question]),
    ...[...replica.records.nodes.values()].map(({ name }) => ['node', name, 'if', 'WARM_IP_TARGET=3']),
  ];
  return all.flatMap((words) => {
    const asked = readWords(words);
    if (typeof asked === 'string') return [asked];
    const said = explain(replica, asked);
    if (typeof said === 'string') return [`${words.join(' ')}: ${said}`];
    return said.answers
      .filter(({ sentence }) => sentence === '' || BROKEN.test(sentence))
      .map(({ sentence }) => `${words.join(' ')}: ${sentence}`)
      .concat(explainLines(said).filter((line) => /undefined|\[object /.test(line)));
  });
}

/** The first answer's sentence, or why there is none. */
function sentenceOf(replica: Replica, words: readonly string[]): string {
  const asked = readWords(words);
  const said = typeof asked === 'string' ? asked : explain(replica, asked);
  return typeof said === 'string' ? said : (said.answers[0]?.sentence ?? '');
}

/** Pods that a rule of theirs explains, and whose answer does not say what the rule says. */
function unexplained(replica: Replica): readonly string[] {
  return [...replica.records.pods.values()].flatMap((pod) => {
    if (pod.ips.length > 0 || pod.hostNetwork || pod.phase !== 'Pending' || pod.deleting) return [];
    const known = [...(replica.indexes.findingsBySubject.get(pod.id) ?? [])]
      .flatMap((id) => replica.records.findings.get(id) ?? [])
      .filter(({ severity }) => severity === 'error');
    const sentence = sentenceOf(replica, ['pod', pod.id, 'address']);
    return known.length === 0 || known.some(({ detail }) => detail === sentence) ? [] : [`${pod.id}: ${sentence}`];
  });
}

describe('every question is answered', () => {
  it.each(Object.entries(CAPTURES))('about %s', async (_name, make) => {
    const { replica } = await readFiles(filesOf(make()));
    expect([...wrongIn(replica), ...unexplained(replica)]).toEqual([]);
  });

  it.each(cases)('about the reported situation %s', async (name) => {
    const { replica } = await readFolder(path.join(CASES, name, 'capture'));
    expect([...wrongIn(replica), ...unexplained(replica)]).toEqual([]);
  });
});

/** What each reported situation must be told as: the command's words, and what its first sentence says. */
const TOLD: readonly (readonly [situation: string, words: string, says: RegExp])[] = [
  [
    '01-minimum-ip-target-alone',
    'pod shop/worker-0',
    /MINIMUM_IP_TARGET=22 is reached and WARM_IP_TARGET is 0.*WARM_PREFIX_TARGET=1 has no effect/,
  ],
  [
    '01-minimum-ip-target-alone',
    'node ip-10-30-1-15.ec2.internal settings',
    /follows WARM_IP_TARGET=0, MINIMUM_IP_TARGET=22; .*WARM_PREFIX_TARGET=1 have no effect/,
  ],
  ['01-minimum-ip-target-alone', 'finding pod-ip-failed/pod:shop/worker-0', /ipamd would ask EC2 for 1 \/28 prefix/],
  ['05-leaked-in-ipamd', 'ipamd', /5 addresses that it holds for pods that are gone/],
  ['12-branch-limit-of-a-small-type', 'trunk', /^4 pods use the trunk/],
  ['13-one-address-two-pods-one-node', 'address 10.27.82.196 who', /at once, all of them live: a conflict/],
  [
    '21-two-enis-in-one-subnet',
    'pod core/amf-0 where',
    /is on eni-420db52a0d5528326 .*, but EC2 delivers 172\.16\.1\.40 to eni-52bea01a19590730b/,
  ],
];

describe.runIf(cases.length > 0)('the expected answer', () => {
  it.each(TOLD)('%s: %s', async (name, words, says) => {
    const { replica } = await readFolder(path.join(CASES, name, 'capture'));
    expect(sentenceOf(replica, words.split(' '))).toMatch(says);
  });
});
