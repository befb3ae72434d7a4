/** An ENI without a node. */
import { NO_MANAGE_TAG } from '../../model/eni-tags';
import { eniWord } from '../../view/labels';
import { currentEni } from '../../view/partial-set';
import { shortId } from '../../view/selection';
import { ENI } from '../rack/geometry';
import { MIN_LINE, BODY, bold, centred, clippedSpan, span } from '../picture/mark-writer';
import { isTroubleLeft, type Scope } from './scope';
import type { Rect } from '../picture/rect';

/** Draws an ENI on the shelf. */
export function drawShelfEni(scope: Scope, ref: string, rect: Rect): void {
  const { draw, facts } = scope;
  const eni = currentEni(facts.source, ref);
  if (eni === undefined) return;
  const frame = draw.place(rect);
  const trouble = facts.troubleOf(ref);
  const isLeft = isTroubleLeft(scope, eni.id);
  const worst = isLeft ? trouble?.worst : undefined;
  const tone = worst === 'error' ? 'err' : worst === 'warning' ? 'warnFill' : 'edge';
  const noManage = eni.management.rule === 'no-manage-tag' || ('tags' in eni && eni.tags[NO_MANAGE_TAG] === 'true');
  draw.rect('eni-ground', ref, frame, { r: ENI.r, fill: 'surface' });
  if (noManage) draw.hatch('eni-unmanaged', ref, frame, ENI.r);
  draw.rect('eni-frame', ref, frame, {
    r: ENI.r,
    stroke: { tone, width: tone === 'edge' ? 1 : 1.2, ...(noManage ? { dash: [5, 3] } : {}) },
  });
  if (frame.h < MIN_LINE + 4) {
    const size = Math.min(14, frame.h);
    if (trouble !== null && size >= 6)
      draw.icon(
        'eni-finding',
        ref,
        trouble.worst,
        frame.x + frame.w / 2 - size / 2,
        frame.y + (frame.h - size) / 2,
        size,
        tone === 'edge' ? 'text2' : tone,
      );
    return;
  }
  const y = frame.h < 36 ? centred(frame.y + frame.h / 2, BODY) : frame.y + 17;
  let x = frame.x + 8;
  if (trouble !== null) {
    draw.icon('eni-finding', ref, trouble.worst, x, y - 11, 14, tone === 'edge' ? 'text2' : tone);
    x += 20;
  }
  const leaked = trouble !== null && trouble.worst !== 'info';
  const head = leaked
    ? bold('leaked', !isLeft ? 'text2' : trouble.worst === 'error' ? 'err' : 'warn')
    : bold(eni.role === 'branch' ? 'branch' : eni.instanceId === null ? 'spare' : 'not ours');
  draw.fit('eni-title', ref, x, y, BODY, frame.x + frame.w - x - 8, [[head, span(` · ${shortId(ref)}`)], [head]]);
  if (frame.h < 36) return;
  const creator =
    eni.creator === 'ipamd'
      ? 'VPC CNI'
      : eni.creator === 'vpc-resource-controller'
        ? 'VPC resource controller'
        : 'other';
  const parts = [
    eni.status,
    noManage ? 'no_manage' : eni.role === 'branch' ? eniWord(eni) : null,
    `created by ${creator}`,
  ];
  const line = parts.filter((word) => word !== null).join(' · ');
  const words = clippedSpan(line, BODY, frame.w - 16, { tone: 'text2' });
  if (words.length > 0) draw.text('eni-words', ref, frame.x + 8, frame.y + 35, BODY, words);
}
