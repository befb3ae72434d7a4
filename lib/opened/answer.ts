import { harmless } from '../model/harmless';
import { Unreadable } from './collect';
import { Desk, type Item } from './desk';
import type { DeskResults, GivenItem, RequestKind, Reply, DeskRequest } from './messages';

/** Limit for all dropped files together, in bytes: they are kept in memory both packed and unpacked. */
const MAX_BYTES = 100 * 2 ** 20;

async function read(items: readonly GivenItem[]): Promise<readonly Item[]> {
  const size = items.reduce((sum, { files }) => sum + files.reduce((part, { file }) => part + file.size, 0), 0);
  if (size > MAX_BYTES)
    throw new Unreadable(`It is larger than ${MAX_BYTES / 2 ** 20} MiB: open it with \`ifscope serve --from FILE\``);
  return Promise.all(
    items.map(async ({ name, files }) => ({
      name,
      files: await Promise.all(
        files.map(async ({ path, file }) => ({ path, bytes: new Uint8Array(await file.arrayBuffer()) })),
      ),
    })),
  );
}

async function textAt(url: string): Promise<string> {
  const response = await fetch(url);
  if (!response.ok) throw new Unreadable(`The server answered ${response.status}`);
  return response.text();
}

async function answerAt(desk: Desk, message: DeskRequest): Promise<DeskResults[RequestKind]> {
  switch (message.ask) {
    case 'open':
      return desk.open(await read(message.items));
    case 'embedded':
      return desk.openEmbedded(new Uint8Array(await message.packed.arrayBuffer()));
    case 'live':
      return desk.openLive(await textAt(message.url));
    case 'keyframe':
      return desk.keyframe(message.set);
    case 'answer': {
      const page = new URL(message.path, 'http://desk').searchParams.get('page');
      return page === null ? desk.answer(message.set, message.path) : desk.page(message.set, await textAt(page));
    }
    case 'compare':
      return desk.compare(message.before, message.after);
    case 'close':
      desk.close(message.set);
      return null;
  }
}

/** The error in one line. An unexpected one is reported as a bug of ifscope. */
const lineOf = (error: unknown): string =>
  harmless(
    error instanceof Unreadable
      ? error.message
      : `It could not be read: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unknown reason'}`,
  );

/** Creates the message handler; an error becomes a reply. */
export function createDesk(): (message: DeskRequest) => Promise<Reply> {
  const desk = new Desk();
  return (message) =>
    answerAt(desk, message).then(
      (result): Reply => ({ result }),
      (error: unknown): Reply => ({ error: lineOf(error) }),
    );
}
