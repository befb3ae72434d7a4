/** Turns the bytes of a keyframe's chunk into columns, entries and records; used in both threads. */
import type { ParseLike } from '../../snapshot/columns/alike';
import { decodeChunk, locateChunk } from '../../snapshot/keyframe/chunk';
import type { ChunkText, WordsText } from '../../snapshot/keyframe/format';
import { harmlessFrom } from '../wire/harmless-json';
import type { ChunkRecords } from './chunk';
import { entriesOfChunk, NO_NODE, type ChunkEntries } from './chunk-entries';

/** The shared texts that chunks refer to, and the shared parser. */
export interface ChunkContext {
  readonly words: readonly string[];
  readonly parse: ParseLike;
}

const byId = <R extends { readonly id: string }>(records: readonly R[]): ReadonlyMap<string, R> =>
  new Map(records.map((record) => [record.id, record]));

type Decoded = ReturnType<typeof decodeChunk>;

const decodeIn = (chunk: ChunkText, { words, parse }: ChunkContext): Decoded => decodeChunk(chunk, words, parse);

function recordsOf({ pods, interfaces, enis, hostNics, attachments }: Decoded): ChunkRecords {
  return {
    pods: byId(pods),
    interfaces: byId(interfaces),
    enis: byId(enis),
    hostNics: byId(hostNics),
    attachments: byId(attachments),
  };
}

const decoder = new TextDecoder();

/** The shared texts in a `words` chunk, in order. */
export const wordsIn = (text: string): readonly string[] => harmlessFrom(text, (parsed) => (parsed as WordsText).texts);

/** Decodes the records of stored columns. */
export const recordsOfColumns = (columns: Uint8Array, context: ChunkContext): ChunkRecords =>
  recordsOf(harmlessFrom(decoder.decode(columns), (parsed) => decodeIn(parsed as ChunkText, context)));

/** A chunk in the page's form. */
export interface ReadChunk {
  readonly columns: Uint8Array<ArrayBuffer>;
  readonly entries: ChunkEntries;
}

/** `first`: the number of the chunk's first node; the others follow consecutively. */
export function readChunk(text: string, first: number, { words, parse }: ChunkContext): ReadChunk {
  const { nodes, located } = harmlessFrom(text, (parsed) => ({
    nodes: (parsed as ChunkText).nodes,
    located: locateChunk(parsed as ChunkText, words, parse),
  }));
  const places = new Map<string | null, number>(nodes.map((node, place) => [node, first + place]));
  const numberOf = (node: string | null): number => places.get(node) ?? NO_NODE;
  return { columns: new TextEncoder().encode(text), entries: entriesOfChunk(located, numberOf) };
}
