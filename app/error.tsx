'use client';

/** Shown after an error in the page itself. The server keeps running; a reload starts over. */
export default function PageError({ error, reset }: { readonly error: Error; readonly reset: () => void }) {
  return (
    <main role="alert" className="mx-auto max-w-140 px-6 py-24">
      <h1 className="text-18 font-bold">This page failed</h1>
      <p className="mt-2 text-text2">
        This is a bug in ifscope, not a problem in your cluster. Nothing was changed: ifscope only reads.
      </p>
      <pre className="mt-3 overflow-auto rounded-md border border-line bg-surface p-3 font-mono text-12 whitespace-pre-wrap">
        {error.message}
      </pre>
      <button
        type="button"
        onClick={reset}
        className="mt-4 h-8 rounded-md border border-line bg-surface px-3 hover:border-edge"
      >
        Try again
      </button>
    </main>
  );
}
