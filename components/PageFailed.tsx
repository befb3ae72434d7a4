/** Shown after an error in the page itself, or if its code could not be loaded; a reload starts over. */
export function PageFailed({ message }: { readonly message: string }) {
  return (
    <main role="alert" className="mx-auto max-w-140 px-6 py-24">
      <h1 className="text-18 font-bold">This page failed</h1>
      <p className="mt-2 text-text2">
        This is a bug in ifscope, or its server cannot be reached. Your cluster is not affected.
      </p>
      <pre className="mt-3 overflow-auto rounded-md border border-line bg-surface p-3 font-mono text-12 whitespace-pre-wrap">
        {message}
      </pre>
      <button
        type="button"
        onClick={() => location.reload()}
        className="mt-4 h-8 rounded-md border border-line bg-surface px-3 hover:border-edge"
      >
        Reload
      </button>
    </main>
  );
}
