/** Reads a whole keyframe chunk by chunk; the page reads it in parts. */
import type { ClusterInfo, RecordMaps } from '../../lib/model/records';
import { perTable } from '../../lib/model/schema/tables';
import { rememberingParser } from '../../lib/snapshot/columns/alike';
import { decodeChunk } from '../../lib/snapshot/keyframe/chunk';
import type { ChunkRecords } from '../../lib/snapshot/keyframe/chunk';
import { CHUNK_TABLES, HEAD_TABLES } from '../../lib/snapshot/keyframe/format';
import type { AnyText, ChunkText, KeyframeMeta } from '../../lib/snapshot/keyframe/format';
import { decodeHead } from '../../lib/snapshot/keyframe/head';
import type { Head } from '../../lib/snapshot/keyframe/head';

/** The content of a chunk. */
export type Part =
  | { readonly kind: 'head'; readonly head: Head }
  | { readonly kind: 'words' }
  /** The chunk still encoded, to keep or to decode with `recordsOf`. */
  | { readonly kind: 'records'; readonly chunk: ChunkText };

/** Reads the chunks of one keyframe in wire order. */
export class KeyframeReader {
  readonly #words: string[] = [];
  readonly #parse = rememberingParser();
  #head: Head | null = null;
  #left = 1;

  /** Number of remaining chunks; 1 before the head. */
  get left(): number {
    return this.#left;
  }

  /**
   * Reads the text of the next chunk. Throws on anything else, on a head of another format, and after the last chunk:
   * chunks come from our own server, so these would be bugs.
   */
  read(text: string): Part {
    const chunk = JSON.parse(text) as AnyText;
    if (this.#left === 0 || (chunk.kind === 'head') !== (this.#head === null))
      throw new Error('not the next chunk of a keyframe');
    this.#left--;
    switch (chunk.kind) {
      case 'head': {
        const head = decodeHead(chunk);
        this.#head = head;
        this.#left = head.chunks.words + head.chunks.rest + head.chunks.nodes.length;
        return { kind: 'head', head };
      }
      case 'words':
        for (const one of chunk.texts) this.#words.push(one);
        return { kind: 'words' };
      case 'records':
        return { kind: 'records', chunk };
    }
  }

  /** Decodes the records of a chunk. Each call creates new objects and takes about 10 ms. */
  recordsOf(chunk: ChunkText): ChunkRecords {
    return decodeChunk(chunk, this.#words, this.#parse);
  }
}

/** The decoded content of a keyframe. */
export interface DecodedKeyframe {
  readonly records: RecordMaps;
  readonly cluster: ClusterInfo;
  readonly meta: KeyframeMeta;
}

/** Decodes a whole keyframe from the texts of all its chunks. Throws when any is missing. */
export function decodeKeyframe(texts: Iterable<string>): DecodedKeyframe {
  const reader = new KeyframeReader();
  const maps = perTable(() => new Map<string, unknown>());
  let head: Head | null = null;
  for (const text of texts) {
    const part = reader.read(text);
    if (part.kind === 'head') {
      head = part.head;
      for (const table of HEAD_TABLES) for (const record of head.records[table]) maps[table].set(record.id, record);
    } else if (part.kind === 'records') {
      const records = reader.recordsOf(part.chunk);
      for (const table of CHUNK_TABLES) for (const record of records[table]) maps[table].set(record.id, record);
    }
  }
  if (head === null || reader.left > 0) throw new Error('the keyframe is not whole');
  return { records: maps as unknown as RecordMaps, cluster: head.cluster, meta: head.meta };
}
