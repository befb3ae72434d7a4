/** The page for a path without one; `proxy.ts` directs such paths here. */
import type { GetServerSideProps } from 'next';
import Head from 'next/head';

interface Props {
  /** The path below which ifscope is served. */
  readonly base: string;
}

export const getServerSideProps: GetServerSideProps<Props> = ({ res }) => {
  res.statusCode = 404;
  return Promise.resolve({ props: { base: process.env.IFSCOPE_BASE_PATH ?? '' } });
};

export default function NotFound({ base }: Props) {
  return (
    <main className="mx-auto max-w-120 px-6 py-24 text-center">
      <Head>
        <title>ifscope</title>
      </Head>
      <h1 className="text-18 font-bold">Page not found</h1>
      <p className="mt-2 text-text2">
        Records have pages of their own: /pod/NAMESPACE/NAME, /node/NAME, /eni/ID, /network/NAMESPACE/NAME and
        /subnet/ID.
      </p>
      <p className="mt-4">
        <a href={`${base}/`} className="underline underline-offset-3">
          Go to the topology
        </a>
      </p>
    </main>
  );
}
