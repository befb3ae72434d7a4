import { notFound } from 'next/navigation';
import { App } from '../../../components/App';
import { getRuntime } from '../../../lib/server/runtime/runtime';
import { decodedParts, recordOfPath } from '../../../lib/view/record-path';

interface Props {
  readonly params: Promise<{ readonly kind: string; readonly parts: readonly string[] }>;
}

/** The page of a record: `/pod/NAMESPACE/NAME`, `/node/NAME` … */
export default async function RecordPage({ params }: Props) {
  const { kind, parts } = await params;
  const record = recordOfPath(kind, decodedParts(parts));
  if (record === null) notFound();
  return <App file={getRuntime().file} record={record} />;
}
