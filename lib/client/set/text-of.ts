/** The text of a chunk of a keyframe. */
import { harmlessJson } from '../wire/harmless-json';

/** The text of a chunk, made harmless. */
export async function textOf(chunk: Uint8Array<ArrayBuffer>): Promise<string> {
  const unpacked = new Blob([chunk]).stream().pipeThrough(new DecompressionStream('gzip'));
  return harmlessJson(await new Response(unpacked).text());
}
