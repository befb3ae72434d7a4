/**
 * Frames as server-sent events (WHATWG HTML): `event`, `id` = `EPOCH.VERSION`, and one line of `data`, because JSON has
 * no line breaks.
 */
import type { Frame } from '../../model/delta';
import { lean } from '../../records/wire';
import { formatPosition } from '../store/position';
import { Piece } from './piece';

const encoder = new TextEncoder();

/** A comment line: keeps the connection alive through proxies without being an event. */
export const COMMENT = new Piece(encoder.encode(':\n\n'));

/** The start of a stream: flushes the headers and sets the browser's reconnection time. */
export const GREETING = new Piece(encoder.encode('retry: 1000\n: ifscope\n\n'));

/** A frame as one event. Its `id` is the position after it. */
export function encodeFrame(frame: Frame): Piece {
  const [epoch, version] = frame.kind === 'delta' ? [frame.delta.epoch, frame.delta.to] : [frame.epoch, frame.version];
  return new Piece(
    encoder.encode(
      `event: ${frame.kind}\nid: ${formatPosition({ epoch, version })}\ndata: ${JSON.stringify(lean(frame))}\n\n`,
    ),
  );
}
