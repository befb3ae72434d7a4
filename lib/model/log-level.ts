/** Levels of the log, worst first; a level includes those before it. */
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Whether a log with level `most` includes messages of level `of`. */
export const isLogged = (of: LogLevel, most: LogLevel): boolean => LOG_LEVELS.indexOf(of) <= LOG_LEVELS.indexOf(most);
