/** The page for an unknown path. */
export default function NotFound() {
  return (
    <main className="mx-auto max-w-120 px-6 py-24 text-center">
      <h1 className="text-18 font-bold">Page not found</h1>
      <p className="mt-2 text-text2">
        Records have pages of their own: /pod/NAMESPACE/NAME, /node/NAME, /eni/ID, /network/NAMESPACE/NAME and
        /subnet/ID.
      </p>
      <p className="mt-4">
        <a href={`${process.env.IFSCOPE_BASE_PATH ?? ''}/`} className="underline underline-offset-3">
          Go to the topology
        </a>
      </p>
    </main>
  );
}
