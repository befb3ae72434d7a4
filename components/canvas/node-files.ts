/** The link diagram of a node as a file. Loaded with the first export. */
import { captioned } from '../../lib/layout/caption';
import { focusPicture } from '../../lib/layout/diagram/focus';
import { layoutFocus } from '../../lib/layout/diagram/focus-layout';
import type { Theme } from '../../lib/layout/picture/tokens';
import type { NetworkRanks } from '../../lib/view/network-colours';
import type { ViewSource } from '../../lib/view/view-source';
import { pngOf, svgOf } from './export';

/** Width in layout units, enough for full text in every column. */
const WIDTH = 1200;

/** Throws for an unknown node. */
export async function nodeFile(
  source: ViewSource,
  ranks: NetworkRanks,
  node: string,
  theme: Theme,
  format: 'SVG' | 'PNG',
): Promise<Blob> {
  const layout = layoutFocus(source, ranks, node, WIDTH);
  if (layout === null) throw new Error('The node no longer exists.');
  const picture = captioned(focusPicture(layout), source, `node ${source.records.nodes.get(node)?.name ?? node}`);
  return format === 'PNG' ? pngOf(picture, theme, 2) : new Blob([svgOf(picture, theme, 1)], { type: 'image/svg+xml' });
}
