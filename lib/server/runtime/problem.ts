/**
 * Something that the user must know and can mend, in one line: the value that was wrong and the remedy.
 * `usage` is a wrong command line or configuration (exit code 2), `runtime` what failed while doing it (exit code 1).
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

/** The first line of an error's text, without its stack; what Node puts before it (`ENOENT: `) stays out of the way. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split('\n')[0] ?? '').replace(/^(ENOENT|EACCES|EISDIR|ENOTDIR|EPERM): /, '').trim();
}
