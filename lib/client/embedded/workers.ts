/**
 * Workers from the page's own file. Their scripts are unpacked before the page is shown, because workers start without
 * waiting.
 */
import { packedBytes } from './packed';

const addresses = new Map<string, string>();

/** Unpacks the scripts of both workers; they start from memory afterwards. */
export async function unpackWorkers(): Promise<void> {
  for (const id of ['reader', 'desk']) {
    const stream = new Blob([packedBytes(id)]).stream().pipeThrough(new DecompressionStream('gzip'));
    const script = await new Response(stream).arrayBuffer();
    addresses.set(id, URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
  }
}

/** Throws before `unpackWorkers`. */
export function workerOf(id: 'reader' | 'desk'): Worker {
  const address = addresses.get(id);
  if (address === undefined) throw new Error(`the script of the ${id} is not unpacked`);
  // Not a module worker: browsers load none for a page that is a file, not even from memory.
  return new Worker(address);
}
