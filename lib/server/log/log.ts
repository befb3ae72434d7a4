/**
 * The server's log, on standard error: a line for people, or an object a line (`pino`) for what collects logs. Text of the
 * cluster that stands in a message is made harmless.
 */
import pino from 'pino';
import { harmless } from '../../model/harmless';

/** Worst first; a level includes those before it. */
export const LOG_LEVELS = ['error', 'warn', 'info'] as const;
export const LOG_FORMATS = ['text', 'json'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
type LogFormat = (typeof LOG_FORMATS)[number];

/** `fields`: what a program looks for, beside the message, which says it all. */
export type Log = (level: LogLevel, message: string, fields?: Readonly<Record<string, string | null>>) => void;

export interface LogOptions {
  readonly level: LogLevel;
  readonly format: LogFormat;
  /** Takes whole lines. */
  readonly write: (text: string) => void;
}

const oneOf = <T extends string>(choices: readonly T[], text: string | undefined, otherwise: T): T =>
  choices.find((choice) => choice === text) ?? otherwise;

/** As `ifscope serve` sets them for its server. */
export const logOptionsFrom = (env: Readonly<Record<string, string | undefined>>): Omit<LogOptions, 'write'> => ({
  level: oneOf(LOG_LEVELS, env.IFSCOPE_LOG_LEVEL, 'warn'),
  format: oneOf(LOG_FORMATS, env.IFSCOPE_LOG_FORMAT, 'text'),
});

export function createLog({ level, format, write }: LogOptions): Log {
  if (format === 'text') {
    const most = LOG_LEVELS.indexOf(level);
    return (of, message) => {
      if (LOG_LEVELS.indexOf(of) <= most) write(`ifscope: ${of}: ${harmless(message)}\n`);
    };
  }
  const logger = pino(
    {
      level,
      base: null,
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write },
  );
  return (of, message, fields = {}) => logger[of](fields, harmless(message));
}
