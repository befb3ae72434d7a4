/** Reads chunks outside the main thread: columns and entries are transferred back without copying; records are discarded here. */
import { rememberingParser } from '../../snapshot/columns/alike';
import { readChunk, wordsIn, type ReadChunk } from './read-chunk';
import { textOf } from './text-of';

/** Messages to the worker. */
export type ToReader =
  | { readonly kind: 'words'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'chunk'; readonly part: number; readonly first: number; readonly bytes: Uint8Array<ArrayBuffer> };

/** Messages from the worker. */
export type FromReader =
  | { readonly kind: 'chunk'; readonly part: number; readonly chunk: ReadChunk }
  | { readonly kind: 'error'; readonly error: string };

const words: string[] = [];
const context = { words, parse: rememberingParser() };

function take(message: ToReader, text: string): void {
  if (message.kind === 'words') {
    for (const word of wordsIn(text)) words.push(word);
    return;
  }
  const chunk = readChunk(text, message.first, context);
  const { high, low, node, network } = chunk.entries;
  const answer: FromReader = { kind: 'chunk', part: message.part, chunk };
  postMessage(answer, { transfer: [chunk.columns, high, low, node, network].map(({ buffer }) => buffer) });
}

/** Messages are decompressed at once and processed in order: words come before the chunks that use them. */
let last = Promise.resolve();

addEventListener('message', ({ data }: MessageEvent<ToReader>) => {
  const text = textOf(data.bytes);
  last = Promise.all([text, last])
    .then(([unpacked]) => take(data, unpacked))
    .catch((error: unknown) => {
      const answer: FromReader = { kind: 'error', error: error instanceof Error ? error.message : String(error) };
      postMessage(answer);
    });
});
