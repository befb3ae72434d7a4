/**
 * Captures that were written from the domain sheets with their truth beside them, by somebody who had not read the code: what
 * the program makes of each must be what its truth says, record by record, and nothing beside it.
 */
import { describe, expect, it } from 'vitest';
import { CAPTURES } from './captures/index';
import { judge, readFiles } from './captures/kit/read';

describe('a capture with known truth', () => {
  it.each(Object.entries(CAPTURES))('%s', async (_name, make) => {
    const cluster = make();
    expect(judge(await readFiles(cluster.files()), cluster.truth())).toEqual([]);
  });
});
