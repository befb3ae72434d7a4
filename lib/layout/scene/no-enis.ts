/** The message in place of a node's ENIs: the state of the source, in three lines. */
import type { NodeRecord, SourceRecord } from '../../model/records';
import { knownTime } from '../../model/unknown-time';
import { clockTime } from '../../view/labels';
import { CARD, ENI } from '../rack/geometry';
import type { Span } from '../picture/mark';
import { MIN_LINE, BODY, bold, span } from '../picture/mark-writer';
import type { Scope } from './scope';
import type { Rect } from '../picture/rect';

/** Why a node shows no ENIs, in three lines. */
function noEnisWords(ec2: SourceRecord | null): readonly [string, string, string, string] {
  const asOf = knownTime(ec2?.asOf ?? null) === null ? null : (ec2?.asOf ?? null);
  const since = asOf === null ? '' : ` · since ${clockTime(asOf)}`;
  switch (ec2?.state) {
    case 'denied':
      return [
        'not permitted',
        ' · EC2 answers AccessDenied',
        `ec2:DescribeNetworkInterfaces${since}`,
        'Allow ec2:Describe* to see ENIs and pools.',
      ];
    case 'failing':
      return [
        'not readable',
        ' · EC2 does not answer',
        ec2.reason ?? `ec2:DescribeNetworkInterfaces${since}`,
        'ENIs and pools return when it does.',
      ];
    case 'starting':
      return [
        'not read yet',
        ' · waiting for EC2',
        'ec2:DescribeNetworkInterfaces',
        'The first answer fills this node.',
      ];
    case 'stale':
    case 'behind':
    case 'live':
      return [
        'none known',
        ' · EC2 lists no ENI of this node',
        asOf === null ? '' : `as of ${clockTime(asOf)}`,
        'It may have been started just now.',
      ];
    case 'absent':
    case 'off':
    case undefined:
      return [
        'not read',
        ' · EC2 is not among the sources',
        ec2?.reason ?? '',
        'Pods and their addresses come from Kubernetes.',
      ];
  }
}

/** Draws the message in place of a node's ENIs. */
export function drawNoEnis(scope: Scope, node: NodeRecord, rect: Rect): void {
  const { draw, facts } = scope;
  if (CARD.height * draw.scale >= MIN_LINE)
    draw.text('card-heading', node.id, draw.px(rect.x), draw.py(rect.y + CARD.baseline), BODY, [bold('ENIs', 'text2')]);
  const frame = draw.place({ ...rect, y: rect.y + CARD.height, h: rect.h - CARD.height });
  draw.rect('no-enis', node.id, frame, { r: ENI.r, fill: 'sunk', stroke: { tone: 'edge', width: 1, dash: [2, 3] } });
  const [head, ...lines] = noEnisWords(facts.ec2);
  const words: (readonly Span[])[] = [[bold(head), span(lines[0])], [span(lines[1])], [span(lines[2])]];
  const step = 17 * Math.max(0.8, Math.min(1, draw.scale));
  words.forEach((spans, index) => {
    const y = frame.y + 16 + index * step;
    if (y > frame.y + frame.h - 2) return;
    draw.fit(
      'no-enis-words',
      node.id,
      frame.x + 8,
      y,
      BODY,
      frame.w - 34,
      [spans, index === 0 ? [bold(head)] : []].filter((s) => s.length > 0),
    );
  });
  if (facts.ec2?.state === 'denied' && frame.w > 60)
    draw.icon('denied', node.id, 'lock', frame.x + frame.w - 22, frame.y + 7, 14, 'text2');
}
