import { describe, expect, it } from 'vitest';
import { aSource, recordMaps } from '../../e2e/testing/records';
import { createReplica } from '../records/replica';
import { aroundSnapshot, MARKS } from './html';

const PAGE = `<title>${MARKS.title}</title><p>${MARKS.about}</p><script>${MARKS.snapshot}</script>`;
const TAKEN_AT = '2026-09-01T12:00:00.000Z';

function sourceOf(name: string | null, demo = false) {
  const replica = createReplica();
  const asOf = '2026-09-01T11:59:58Z';
  const sources = [
    aSource('kubernetes/pods', 'live', { asOf }),
    aSource('ec2/subnets', 'denied', { asOf: '2026-09-01T11:59:28Z' }),
  ];
  replica.reset(recordMaps({ sources }), { ...replica.cluster, name, demo });
  return replica;
}

describe('the single-file page', () => {
  it('shows cluster, time and the state of the sources in its title and before its script has run', () => {
    const [before, after] = aroundSnapshot(PAGE, sourceOf('prod-eu', true), TAKEN_AT);
    const words = '1 of 2 sources live · ec2/subnets denied · the oldest answer is 30 s older (ec2/subnets)';
    expect(before).toContain(
      `<title>prod-eu (demo) · snapshot of 2026-09-01 12:00:00 UTC · ${words} · ifscope</title>`,
    );
    expect(before).toContain(`<p>A snapshot of prod-eu, taken 2026-09-01 12:00:00 UTC. At that moment: ${words}.</p>`);
    expect(before.endsWith('<script>')).toBe(true);
    expect(after).toBe('</script>');
  });

  it.each([
    ['a tag', '</title><script>alert(1)</script>'],
    ['a comment', '<!-- --><img src=x onerror=alert(1)>'],
    ['its own placeholders', `${MARKS.about}${MARKS.snapshot}`],
    ['quotes', `"'><b>`],
    ['characters that reorder and hide', 'a\u202eb\u200bc\u0000'],
    ['replacement patterns', "$& $` $' $1"],
  ])('never inserts a name from the cluster as markup: %s', (_, name) => {
    const [before, after] = aroundSnapshot(PAGE, sourceOf(name), TAKEN_AT);
    const plain = aroundSnapshot(PAGE, sourceOf('plain'), TAKEN_AT);
    const tags = (text: string): readonly string[] => text.match(/<[^>]*>/g) ?? [];
    expect(tags(before)).toEqual(tags(plain[0]));
    expect(before).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(after).toBe(plain[1]);
  });

  it('states that the cluster has no name', () => {
    const [before] = aroundSnapshot(PAGE, sourceOf(null), TAKEN_AT);
    expect(before).toContain('<title>cluster without a name · snapshot of');
  });

  it.each(Object.values(MARKS))('rejects a page of another build: without %s', (mark) => {
    expect(() => aroundSnapshot(PAGE.replace(mark, ''), sourceOf('a'), TAKEN_AT)).toThrow(mark);
  });
});
