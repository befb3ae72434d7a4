import { describe, expect, test } from 'vitest';
import { createCluster } from '../../../e2e/testing/layout';
import type { Grouping } from '../../view/node-groups';
import { spansWidth } from '../picture/text';
import { wholePicture } from '../whole';

interface Heading {
  readonly text: string;
  readonly left: number;
  readonly right: number;
}

/** Three zones of many nodes, a node without a zone, nodes of rare types with findings, and an unattached ENI. */
const source = (() => {
  const made = createCluster();
  const sizes = { 'eu-west-1a': 120, 'eu-west-1b': 110, 'eu-west-1c': 40 };
  for (const [zone, count] of Object.entries(sizes))
    for (let i = 0; i < count; i++)
      made.node(`${zone}-${i}`, {
        zone,
        instanceType: i === 0 ? `r${zone.length}i.${zone.slice(-1)}metal` : 'm5.xlarge',
      });
  made.node('lost', { zone: null, instanceType: null });
  made.finding('error', 'multus-down', ['node:eu-west-1a-0']).finding('warning', 'snat', ['node:eu-west-1b-0']);
  return made.eni(null, { id: 'eni-9' }).build();
})();

const headingsAt = (scale: number, grouping: Grouping): readonly Heading[] =>
  wholePicture(source, { level: 'tile', scale, grouping }).marks.flatMap((mark): Heading[] => {
    if (mark.part !== 'group-label') return [];
    if (mark.kind === 'icon') return [{ text: mark.icon, left: mark.x, right: mark.x + mark.size }];
    if (mark.kind !== 'text') return [];
    return [
      {
        text: mark.spans.map(({ text }) => text).join(''),
        left: mark.x,
        right: mark.x + spansWidth(mark.spans, mark.size),
      },
    ];
  });

const GROUPINGS: readonly Grouping[] = ['zone', 'instance-type', 'worst-finding'];

describe.each([0.14, 0.1, 0.07, 0.05, 0.035])('at scale %d', (scale) => {
  test.each(GROUPINGS)('by %s: no heading overlaps the next', (grouping) => {
    const headings = headingsAt(scale, grouping);
    headings.slice(1).forEach(({ text, left }, index) => {
      const before = headings[index];
      expect(left, `${before?.text} | ${text}`).toBeGreaterThanOrEqual((before?.right ?? 0) + 4);
    });
  });
  test('by zone: every group has a heading', () => {
    const headings = headingsAt(scale, 'zone');
    expect(headings.map(({ text }) => text)).toEqual([
      expect.stringMatching(/1a/),
      expect.stringMatching(/1b/),
      expect.stringMatching(/1c/),
      expect.stringMatching(/not known|^\?$/),
      expect.stringMatching(/ENIs|^Unattached$/),
    ]);
  });
});
