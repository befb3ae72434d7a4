/** The map, and the pages of records; `proxy.ts` directs their paths here. */
import type { GetServerSideProps } from 'next';
import Head from 'next/head';
import { App } from '../components/App';
import { kindOfId } from '../lib/model/ids';
import { RECORD_HEADER } from '../lib/server/http/page-path';
import { getRuntime } from '../lib/server/runtime/runtime';
import { kindWord, labelOf } from '../lib/view/record-label';
import type { ShownFile } from '../lib/view/shown-file';

interface Props {
  readonly file: ShownFile | null;
  /** Record id; null: the map. */
  readonly record: string | null;
  readonly title: string;
}

export const getServerSideProps: GetServerSideProps<Props> = ({ req }) => {
  const header = req.headers[RECORD_HEADER];
  const record = typeof header === 'string' ? decodeURIComponent(header) : null;
  const kind = record === null ? null : kindOfId(record);
  const title = record === null || kind === null ? 'ifscope' : `${kindWord(kind)} ${labelOf(record)} · ifscope`;
  return Promise.resolve({ props: { file: getRuntime().file, record, title } });
};

export default function Page({ file, record, title }: Props) {
  return (
    <>
      <Head>
        <title>{title}</title>
      </Head>
      <App file={file} record={record} />
    </>
  );
}
