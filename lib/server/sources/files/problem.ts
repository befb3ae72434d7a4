/** A capture folder or snapshot file that cannot be read: one line with the path, the reason and the remedy. */
export class FileProblem extends Error {
  override readonly name = 'FileProblem';
  constructor(
    readonly path: string,
    what: string,
    remedy: string,
  ) {
    super(`${path}: ${what}; ${remedy}`);
  }
}

/** The operating system's reason in words, without the error code and system call. */
export function systemReason(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? (error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'cannot be read');
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'is a folder',
  ENOTDIR: 'is not a folder',
  EMFILE: 'too many open files',
  ERR_STRING_TOO_LONG: 'is too large to be read at once',
  ERR_FS_FILE_TOO_LARGE: 'is too large to be read at once',
};
