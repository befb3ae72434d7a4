/** The text of a chunk of a keyframe, as it came: `wire/harmless-json` reads it. */
export async function textOf(chunk: Uint8Array<ArrayBuffer>): Promise<string> {
  const unpacked = new Blob([chunk]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(unpacked).text();
}
