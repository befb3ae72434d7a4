// The parts of gates that were skipped (`e2e/testing/skipped.ts` writes them), for the summary of `npm test`.

/** Marks a part that this machine can run. */
export const DUE = '! ';

/** Lines for the summary, without duplicates. In CI, a part that the machine can run has failed. */
export function skippedParts(text, isCi) {
  const parts = [...new Set(text.split('\n'))].filter((line) => line !== '');
  return parts.map((part) => {
    if (!part.startsWith(DUE)) return { line: `· within a gate, skipped: ${part}`, failed: false };
    const what = part.slice(DUE.length);
    return isCi
      ? { line: `✗ within a gate, skipped although this machine can run it: ${what}`, failed: true }
      : { line: `· within a gate, skipped: ${what}`, failed: false };
  });
}
