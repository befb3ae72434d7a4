/**
 * An error that the user can fix, in one line: the wrong value and the remedy. `usage`: a wrong command line or
 * configuration (exit code 2); `runtime`: a failure while running (exit code 1).
 */
export class Problem extends Error {
  override readonly name = 'Problem';
  constructor(
    readonly kind: 'usage' | 'runtime',
    message: string,
  ) {
    super(message);
  }
}

/** The first line of an error's message, without Node's code (`ENOENT: `). */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split('\n')[0] ?? '').replace(/^E[A-Z]+: /, '').trim();
}
