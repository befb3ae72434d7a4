export default function NotFound() {
  return (
    <main className="mx-auto max-w-120 px-6 py-24 text-center">
      <h1 className="text-18 font-bold">There is no page here</h1>
      <p className="mt-2 text-text2">
        ifscope is one page; what it shows stands behind the question mark of its address.
      </p>
      <p className="mt-4">
        <a href="/" className="underline underline-offset-3">
          To the topology
        </a>
      </p>
    </main>
  );
}
