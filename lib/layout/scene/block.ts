/** Draws the blocks inside a node's box, one function per kind; ENIs have a file of their own. */
import type { NodeRecord } from '../../model/records';
import { currentEni } from '../../view/partial-set';
import { CARD } from '../rack/geometry';
import { slotsAreDrawn } from '../rack/level';
import { blockKind, blockRect, type BlockKind } from '../rack/rack';
import { drawEni } from './eni';
import { drawMiniEni } from './mini-eni';
import { MIN_LINE, BODY, span } from '../picture/mark-writer';
import type { Scope } from './scope';
import { drawWaiting } from './waiting';
import { drawCardHeading, isLeftAlone, foldWords, drawCell, drawRegionWords } from './card-blocks';
import { drawNoEnis } from './no-enis';
import { drawAddresses, drawBeside, drawGhostRef, drawFargateTile, drawVacant, vacantRun } from './loose-blocks';
import { drawNicHeading, drawVfs } from './host-nics';
import { drawShelfEni } from './shelf-eni';

/** Draws all blocks of a box. */
export function drawBlocks(scope: Scope, box: number, node: NodeRecord): void {
  const { rack } = scope;
  for (let block = rack.boxes.firstBlock[box] ?? 0; block < (rack.boxes.firstBlock[box + 1] ?? 0); block++)
    drawBlock(scope, block, blockKind(rack, block), node);
}

/** Draws a block at the levels that show the contents of nodes. */
export function drawBlock(scope: Scope, block: number, kind: BlockKind, node: NodeRecord): void {
  const { draw, rack, facts } = scope;
  const rect = blockRect(rack, block);
  const ref = rack.blocks.ref[block] ?? '';
  const scale = rack.blocks.scale[block] ?? 1;
  switch (kind) {
    case 'card-heading':
      drawCardHeading(scope, ref, rect);
      return;
    case 'eni': {
      const eni = currentEni(facts.source, ref);
      if (eni === undefined) return;
      if (slotsAreDrawn(draw.scale * scale)) drawEni(scope, eni, node, rect, scale);
      else drawMiniEni(scope, eni, node, draw.place(rect));
      return;
    }
    case 'vacant':
      drawVacant(scope, ref, rect, rack.blocks.rows[block] === 1 ? 'trunk' : 'ENI', vacantRun(scope, block));
      return;
    case 'fold': {
      if (CARD.height * draw.scale < MIN_LINE) return;
      const head = foldWords(scope, node, ref, rack.blocks.rows[block] ?? 0);
      const wordings = [...(isLeftAlone(scope, ref) ? [[span(`${head} · not managed`)]] : []), [span(head)]];
      draw.fit('fold', ref, draw.px(rect.x), draw.py(rect.y + CARD.baseline + 2), BODY, rect.w * draw.scale, wordings);
      return;
    }
    case 'cell':
      drawCell(scope, node, ref, rect);
      return;
    case 'region': {
      const frame = draw.place(rect);
      draw.hatch('region', ref, frame, Math.min(3, 3 * draw.scale));
      draw.rect('region-frame', ref, frame, {
        r: Math.min(3, 3 * draw.scale),
        stroke: { tone: 'edge', width: 1, dash: [5, 3] },
      });
      drawRegionWords(scope, node, ref, frame);
      return;
    }
    case 'waiting':
      drawWaiting(scope, node, rect);
      return;
    case 'no-enis':
      drawNoEnis(scope, node, rect);
      return;
    case 'addresses':
      drawAddresses(scope, node, rect);
      return;
    case 'beside':
      drawBeside(scope, node, rect);
      return;
    case 'ghost-ref':
      drawGhostRef(scope, ref, rect);
      return;
    case 'nic-heading':
      drawNicHeading(scope, ref, rect);
      return;
    case 'vfs':
      drawVfs(scope, node, ref, rect);
      return;
    case 'tile':
      drawFargateTile(scope, ref, rect);
      return;
    case 'shelf-eni':
      drawShelfEni(scope, ref, rect);
      return;
  }
}
