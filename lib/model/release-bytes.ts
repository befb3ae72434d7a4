/**
 * Frees the memory of bytes that nobody reads any more, unless it is a part of a larger buffer. V8 counts such memory
 * only roughly: left to the garbage collector, some tens of megabytes make it collect the whole heap.
 */
export function releaseBytes({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
