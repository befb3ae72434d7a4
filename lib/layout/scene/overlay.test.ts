import { expect, test } from 'vitest';
import { createCluster } from '../../../e2e/testing/layout';
import { wholePicture } from '../whole';
import type { RectMark } from '../picture/mark';

/** A selected pod whose interfaces lie in neighbouring slots. */
function selected(names: readonly string[]) {
  const made = createCluster()
    .node('n-1')
    .eni('n-1', { id: 'eni-1', states: `p${'a'.repeat(names.length)}` })
    .pod('n-1', 'core', 'upf', { ips: ['10.0.1.11'] });
  for (const [index, name] of names.entries())
    made.iface('core', 'upf', name, { ip: `10.0.1.${11 + index}`, eni: 'eni-1', card: 0 });
  const { marks } = wholePicture(made.build(), { level: 'slots', selection: 'pod:core/upf' });
  const rects = (part: string): readonly RectMark[] =>
    marks.flatMap((mark) => (mark.kind === 'rect' && mark.part === part ? [mark] : []));
  return { tags: rects('tag'), rings: rects('slot-ring') };
}

test('draws the names of two neighbours on opposite sides', () => {
  expect(selected(['eth0', 'net1']).tags.map(({ id }) => id)).toEqual(['if:core/upf/eth0', 'if:core/upf/net1']);
});

test('with many neighbours, covers no slot or name with a name', () => {
  const { tags, rings } = selected(Array.from({ length: 8 }, (_, index) => `x${index}`));
  expect(rings.length).toBe(8);
  expect(tags.length).toBeGreaterThan(0);
  // A ring is 3 px outside its slot.
  const slots = rings.map(({ x, y, w, h }) => ({ x: x + 3, y: y + 3, w: w - 6, h: h - 6 }));
  for (const [index, a] of tags.entries())
    for (const b of [...tags.slice(index + 1), ...slots])
      expect(a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h).toBe(false);
});
