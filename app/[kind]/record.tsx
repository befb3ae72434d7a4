/**
 * The page of a record, for the two routes with one and two path parts. (Not `[...parts]`: Krew refuses file names with
 * two consecutive dots.)
 */
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { App } from '../../components/App';
import { kindOfId } from '../../lib/model/ids';
import { getRuntime } from '../../lib/server/runtime/runtime';
import { decodedParts, recordOfPath } from '../../lib/view/record-path';
import { kindWord, labelOf } from '../../lib/view/record-label';

interface Props {
  readonly params: Promise<{ readonly kind: string; readonly first: string; readonly second?: string }>;
}

async function recordOf({ params }: Props): Promise<string | null> {
  const { kind, first, second } = await params;
  return recordOfPath(kind, decodedParts(second === undefined ? [first] : [first, second]));
}

/** The page title: kind and name of the record. */
export async function generateMetadata(props: Props): Promise<Metadata> {
  const record = await recordOf(props);
  const kind = record === null ? null : kindOfId(record);
  return record === null || kind === null ? {} : { title: `${kindWord(kind)} ${labelOf(record)} · ifscope` };
}

/** The page of a record: `/pod/NAMESPACE/NAME`, `/node/NAME` … */
export default async function RecordPage(props: Props) {
  const record = await recordOf(props);
  if (record === null) notFound();
  return <App file={getRuntime().file} record={record} />;
}
