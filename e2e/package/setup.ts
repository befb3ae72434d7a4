/** Installs the package once for all tests of the gate. */
import type { TestProject } from 'vitest/node';
import { install, remove, type Installed } from '../installed';

declare module 'vitest' {
  interface ProvidedContext {
    readonly installed: Installed;
  }
}

export default function setup({ provide }: TestProject): () => void {
  const installed = install();
  provide('installed', installed);
  return () => remove(installed);
}
