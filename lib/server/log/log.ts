/**
 * The server's log on standard error: text lines or JSON objects (`pino`). Control characters in text from the cluster
 * are escaped.
 */
import pino from 'pino';
import { counted } from '../../model/counted';
import { harmless } from '../../model/harmless';
import { isLogged, type LogLevel } from '../../model/log-level';
import type { LogSettings } from './options';

/** Writes a message. `fields` are for programs; the message is complete without them. */
export type Log = (
  level: LogLevel,
  message: string,
  fields?: Readonly<Record<string, string | null | readonly string[]>>,
) => void;

/** Settings of the log, and where it is written. */
export interface LogOptions extends LogSettings {
  /** Writes whole lines; throws if a line cannot be written. */
  readonly write: (text: string) => void;
}

/**
 * A log that writes to `write`; messages below the level are dropped. Lines that cannot be written (a full disk, a
 * closed pipe) are lost; their number is logged once writing works again. The log never stops the server.
 */
export function createLog(options: LogOptions): Log {
  let lost = 0;
  let why = '';
  const log = formatted({
    ...options,
    write(text) {
      try {
        options.write(text);
      } catch (error) {
        lost++;
        why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      }
    },
  });
  return (...message) => {
    const before = lost;
    log(...message);
    if (before === 0 || lost > before) return;
    lost = 0;
    log('error', `${counted(before, 'line')} of the log could not be written (${why})`);
    // Writing still fails. The line that reports the loss does not count as lost.
    if (lost > 0) lost = before;
  };
}

function formatted({ level, format, write }: LogOptions): Log {
  if (format === 'text') {
    return (of, message) => {
      if (isLogged(of, level)) write(`ifscope: ${of}: ${harmless(message)}\n`);
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
