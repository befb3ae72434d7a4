/** Settings of the log, apart from the library that writes it, which the collecting thread does not load. */
import { isLogged, LOG_LEVELS, type LogLevel } from '../../model/log-level';

/** The values of `--log-format`. */
export const LOG_FORMATS = ['text', 'json'] as const;

/** Settings of the log. */
export interface LogSettings {
  readonly level: LogLevel;
  readonly format: (typeof LOG_FORMATS)[number];
}

const oneOf = <T extends string>(choices: readonly T[], text: string | undefined, otherwise: T): T =>
  choices.find((choice) => choice === text) ?? otherwise;

/** Reads the settings that `ifscope serve` passes to its server in the environment. */
export const logOptionsFrom = (env: Readonly<Record<string, string | undefined>>): LogSettings => ({
  level: oneOf(LOG_LEVELS, env.IFSCOPE_LOG_LEVEL, 'warn'),
  format: oneOf(LOG_FORMATS, env.IFSCOPE_LOG_FORMAT, 'text'),
});

/** A log that passes on only messages at `level` and worse ones. */
export const atLevel =
  (level: LogLevel, log: (of: LogLevel, message: string) => void): typeof log =>
  (of, message) => {
    if (isLogged(of, level)) log(of, message);
  };
