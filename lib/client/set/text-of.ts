/** Decompresses a chunk of a keyframe; `wire/harmless-json` parses the text. */
export async function textOf(chunk: Uint8Array<ArrayBuffer>): Promise<string> {
  const unpacked = new Blob([chunk]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(unpacked).text();
}
