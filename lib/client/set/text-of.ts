/** Decompresses a chunk of a keyframe; `wire/harmless-json` parses the text. */
export async function textOf(chunk: Uint8Array<ArrayBuffer>): Promise<string> {
  const { readable, writable } = new DecompressionStream('gzip');
  const writer = writable.getWriter();
  // Data that is not gzip also fails in the reader, which reports the error.
  void writer.write(chunk).catch(() => undefined);
  void writer.close().catch(() => undefined);
  return new Response(readable).text();
}
