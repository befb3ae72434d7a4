/** The context of every command: where to write, and how to set the exit code. */
import type { Output } from './output';

/** The environment of a command. */
export interface CommandContext {
  readonly output: Output;
  readonly end: (code: 0 | 1) => void;
}
