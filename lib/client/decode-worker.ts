/** Reads a record set in columns off the main thread and posts it in slices, so that each message is a short task. */
import { TABLES, type ClusterInfo, type RecordByTable, type Table } from '../model/records';
import { decodeColumns, type ColumnsMeta } from '../snapshot/columns';
import { harmlessJson } from './harmless-json';

export type FromDecoder =
  | { readonly kind: 'rows'; readonly table: Table; readonly rows: readonly RecordByTable[Table][] }
  | { readonly kind: 'done'; readonly cluster: ClusterInfo; readonly meta: ColumnsMeta }
  | { readonly kind: 'error'; readonly error: string };

const SLICE = 4_000;

const post = (message: FromDecoder): void => postMessage(message);

function handOver(text: string): void {
  const { records, cluster, meta } = decodeColumns(harmlessJson(text));
  for (const table of TABLES) {
    const rows: readonly RecordByTable[Table][] = [...records[table].values()];
    for (let from = 0; from < rows.length; from += SLICE)
      post({ kind: 'rows', table, rows: rows.slice(from, from + SLICE) });
  }
  post({ kind: 'done', cluster, meta });
}

addEventListener('message', ({ data }: MessageEvent<string>) => {
  try {
    handOver(data);
  } catch (error) {
    post({ kind: 'error', error: error instanceof Error ? error.message : String(error) });
  }
});
