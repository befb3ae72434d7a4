/** Situations that people posted, rebuilt as captures with the right answer, by somebody who had not read the rules that judge them. */
import { describe, expect, it } from 'vitest';
import { explainLines } from '../../lib/cli/commands/explain';
import { lookupLines } from '../../lib/cli/commands/lookup';
import { explain } from '../../lib/explain/explain';
import { readWords } from '../../lib/explain/words-of-question';
import type { Replica } from '../../lib/records/replica';
import { lookup } from '../../lib/view/lookup/lookup';
import { filesOf } from './captures/kit/files';
import { readFiles } from './captures/kit/read';
import { SITUATIONS } from './captures/situations/index';
import type { Saying } from './captures/situations/situation';
import { judgeCheck } from './case-checks';

function answer(replica: Replica, { command, words }: Saying): string {
  if (command === 'lookup') return lookupLines(lookup(replica, words)).join('\n');
  const asked = readWords(words.split(' '));
  if (typeof asked === 'string') return asked;
  const said = explain(replica, asked);
  return typeof said === 'string' ? said : explainLines(said).join('\n');
}

function judgeSaying(replica: Replica, saying: Saying): readonly string[] {
  const text = answer(replica, saying);
  const { command, words, says, silentOn } = saying;
  return [
    ...(says === undefined || says.test(text) ? [] : [`${command} ${words} does not say ${String(says)}: ${text}`]),
    ...(silentOn?.test(text) === true ? [`${command} ${words} says ${String(silentOn)}: ${text}`] : []),
  ];
}

describe('a reported situation', () => {
  it.each(Object.entries(SITUATIONS))('%s', async (_name, make) => {
    const { cluster, checks, sayings = [] } = make();
    const { topology, replica } = await readFiles(filesOf(cluster));
    const wrong = [
      ...checks.flatMap((check) => judgeCheck(topology, check, () => '') ?? []),
      ...sayings.flatMap((saying) => judgeSaying(replica, saying)),
    ];
    expect(wrong).toEqual([]);
  });
});
