/** Decompresses a chunk of a keyframe; `wire/harmless-json` parses the text. */
export async function textOf(chunk: Uint8Array<ArrayBuffer>): Promise<string> {
  const { readable, writable } = new DecompressionStream('gzip');
  const writer = writable.getWriter();
  // What is no gzip fails in the reader as well, which reports it.
  void writer.write(chunk).catch(() => undefined);
  void writer.close().catch(() => undefined);
  return new Response(readable).text();
}
