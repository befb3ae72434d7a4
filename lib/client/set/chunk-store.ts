/** The chunks of a record set. A limited number of them, the most recently used, is held as records. */
import {
  Chunk,
  type ChunkDelta,
  type ChunkIndex,
  type ChunkIndexName,
  type ChunkListener,
  type ChunkRecords,
  type DecodeChunk,
} from './chunk';
import { NO_NODE } from './chunk-entries';

/** Maximum chunks of 16 nodes held as records: about 40 MB. A cluster of 500 nodes is held whole. */
const MAX_LIVE = 32;
/** Nodes per chunk for new nodes, whose chunks the page creates. */
const NODES_A_CHUNK = 16;

/** The chunks of one record set. */
export class ChunkStore {
  readonly #decode: DecodeChunk;
  readonly #chunks: Chunk[] = [];
  /** Node ids by number; null at 0 represents no node. */
  readonly #nodes: (string | null)[] = [null];
  readonly #numbers = new Map<string, number>();
  /** Chunk by node number. */
  readonly #chunkOf: number[] = [];
  readonly #listener: ChunkListener;
  readonly #mostLive: number;
  /** Least recently used first. */
  readonly #live = new Set<Chunk>();
  #newNodes = NODES_A_CHUNK;
  /** Numbers of nodes that no record refers to any more, for the next new nodes. */
  readonly #free: number[] = [];
  #missing: number;
  #rest: number;

  /**
   * `parts`: the nodes of each chunk. `rest`: the number of messages with the records without a node, which are one
   * chunk here, the first.
   */
  constructor(
    parts: readonly (readonly string[])[],
    rest: number,
    decode: DecodeChunk,
    listener: ChunkListener,
    mostLive: number = MAX_LIVE,
  ) {
    this.#mostLive = mostLive;
    this.#decode = decode;
    this.#listener = listener;
    this.#chunks.push(new Chunk());
    this.#chunkOf[NO_NODE] = 0;
    for (const part of parts) {
      const chunk = this.#chunks.push(new Chunk()) - 1;
      for (const node of part) this.#register(node, chunk);
    }
    this.#missing = parts.length + rest;
    this.#rest = rest;
    if (rest === 0) this.rest.arrive(null);
  }

  /** Number of chunks that have not arrived. */
  get missing(): number {
    return this.#missing;
  }

  get chunks(): readonly Chunk[] {
    return this.#chunks;
  }

  /** The number of a node; a new node gets a number and a place in a chunk created by this page. */
  numberOf(node: string | null): number {
    if (node === null) return NO_NODE;
    return this.#numbers.get(node) ?? this.#addNode(node);
  }

  /** The number of a node; undefined for a node that no record refers to. */
  knownNumber(node: string): number | undefined {
    return this.#numbers.get(node);
  }

  /** No record refers to the node any more: its number and its place in a chunk are free. */
  release(number: number): void {
    const node = this.nodeAt(number);
    if (node === null) return;
    this.#numbers.delete(node);
    this.#nodes[number] = null;
    this.#free.push(number);
  }

  nodeAt(number: number): string | null {
    return this.#nodes[number] ?? null;
  }

  chunkAt(number: number): Chunk {
    const chunk = this.#chunks[this.#chunkOf[number] ?? -1];
    if (chunk === undefined) throw new Error(`node number ${number} has no chunk`);
    return chunk;
  }

  /** Number of nodes whose chunk has arrived. */
  get nodesHere(): number {
    let count = 0;
    for (let number = 1; number < this.#nodes.length; number++) if (this.chunkAt(number).here) count++;
    return count;
  }

  /** The chunk of records without a node. */
  get rest(): Chunk {
    return this.chunkAt(NO_NODE);
  }

  restCame(): void {
    this.#missing--;
    if (--this.#rest === 0) this.rest.here = true;
  }

  /** A chunk has arrived; `part` is its position among the chunks of nodes. */
  arrive(part: number, columns: Uint8Array): Chunk {
    const chunk = this.#chunks[part + 1];
    if (chunk === undefined || chunk.here) throw new Error(`chunk ${part} came twice, or was not announced`);
    chunk.arrive(columns);
    this.#live.delete(chunk);
    this.#missing--;
    return chunk;
  }

  apply(chunk: Chunk, delta: ChunkDelta): void {
    chunk.apply(delta, this.#decode, this.#listener);
  }

  records(chunk: Chunk): ChunkRecords {
    this.#touch(chunk);
    return chunk.records(this.#decode);
  }

  index(chunk: Chunk, name: ChunkIndexName): ChunkIndex {
    this.#touch(chunk);
    return chunk.index(name, this.#decode);
  }

  /** Iterates over all chunks; those not in use are not kept as records. */
  *all(): Generator<ChunkRecords> {
    for (const chunk of [...this.#chunks]) {
      const wasLive = chunk.isLive;
      yield chunk.records(this.#decode);
      if (!wasLive) this.#settle(chunk);
    }
  }

  /** Reads a chunk as part of a pass over all chunks. */
  pass<R>(chunk: Chunk, read: (records: ChunkRecords) => R): R {
    const wasLive = chunk.isLive;
    const result = read(chunk.records(this.#decode));
    if (!wasLive) this.#settle(chunk);
    return result;
  }

  /** Keeps a chunk read by a pass only if there is room. */
  #settle(chunk: Chunk): void {
    if (this.#live.size >= this.#mostLive && !this.#live.has(chunk)) chunk.forget();
    else this.#touch(chunk);
  }

  #touch(chunk: Chunk): void {
    this.#live.delete(chunk);
    this.#live.add(chunk);
    if (this.#live.size <= this.#mostLive) return;
    const [oldest] = this.#live;
    if (oldest === undefined) return;
    this.#live.delete(oldest);
    oldest.forget();
  }

  #register(node: string, chunk: number): number {
    const number = this.#nodes.push(node) - 1;
    this.#numbers.set(node, number);
    this.#chunkOf[number] = chunk;
    return number;
  }

  #addNode(node: string): number {
    const free = this.#free.pop();
    if (free !== undefined) {
      this.#numbers.set(node, free);
      this.#nodes[free] = node;
      return free;
    }
    if (this.#newNodes >= NODES_A_CHUNK) {
      const chunk = new Chunk();
      chunk.arrive(null);
      this.#chunks.push(chunk);
      this.#newNodes = 0;
    }
    this.#newNodes++;
    return this.#register(node, this.#chunks.length - 1);
  }
}
