import { describe, expect, it } from 'vitest';
import { createLog, type LogOptions } from './log';
import { atLevel, logOptionsFrom } from './options';

function written(options: Partial<LogOptions>): string[] {
  const lines: string[] = [];
  const log = createLog({ level: 'warn', format: 'text', write: (text) => lines.push(text), ...options });
  log('error', 'it broke');
  log('warn', 'pods \u001b[31mare denied\nifscope: error: faked', { source: 'kubernetes/pods' });
  log('info', 'it is well');
  log('debug', 'it lists');
  return lines;
}

describe('text', () => {
  it('is one line per message, with the level', () =>
    expect(written({})).toEqual([
      'ifscope: error: it broke\n',
      'ifscope: warn: pods \\u001b[31mare denied\\u000aifscope: error: faked\n',
    ]));
  it.each([
    ['error', 1],
    ['warn', 2],
    ['info', 3],
    ['debug', 4],
  ] as const)('at level %s logs %i of four messages', (level, count) => expect(written({ level })).toHaveLength(count));
});

describe('json', () => {
  const parsed = (level: LogOptions['level']): Record<string, unknown>[] =>
    written({ format: 'json', level }).map((line) => JSON.parse(line) as Record<string, unknown>);
  it('is one object per line, with level, time, message and fields', () => {
    const [first, second] = parsed('warn');
    expect(first).toEqual({
      level: 'error',
      time: expect.stringMatching(/^\d{4}-.*Z$/) as unknown,
      message: 'it broke',
    });
    expect(second).toMatchObject({ level: 'warn', source: 'kubernetes/pods' });
  });
  it.each([
    ['error', 1],
    ['warn', 2],
    ['info', 3],
    ['debug', 4],
  ] as const)('at level %s logs %i of four messages', (level, count) => expect(parsed(level)).toHaveLength(count));
});

describe.each(['text', 'json'] as const)('a log in %s that cannot be written', (format) => {
  it('never throws, and later reports how many lines were lost', () => {
    const lines: string[] = [];
    let isFull = false;
    const log = createLog({
      level: 'info',
      format,
      write(text) {
        if (isFull) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
        lines.push(text);
      },
    });
    log('info', 'before');
    isFull = true;
    for (let n = 0; n < 3; n++) log('warn', 'lost');
    isFull = false;
    log('info', 'after');
    log('info', 'on');
    const said = lines.map((line) =>
      format === 'json'
        ? (JSON.parse(line) as { message: string }).message
        : line.replace(/^ifscope: \w+: /, '').trimEnd(),
    );
    expect(said).toEqual(['before', 'after', '3 lines of the log could not be written (ENOSPC)', 'on']);
  });
});

it('counts only lost lines, not the attempts to report them', () => {
  const lines: string[] = [];
  let isFull = true;
  const log = createLog({
    level: 'warn',
    format: 'text',
    write(text) {
      if (isFull) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      lines.push(text);
    },
  });
  log('warn', 'lost');
  for (let n = 0; n < 3; n++) log('info', 'below the level');
  isFull = false;
  log('warn', 'after');
  expect(lines.at(-1)).toBe('ifscope: error: 1 line of the log could not be written (ENOSPC)\n');
});

it.each([
  [{}, { level: 'warn', format: 'text' }],
  [
    { IFSCOPE_LOG_LEVEL: 'debug', IFSCOPE_LOG_FORMAT: 'json' },
    { level: 'debug', format: 'json' },
  ],
  [
    { IFSCOPE_LOG_LEVEL: '', IFSCOPE_LOG_FORMAT: 'xml' },
    { level: 'warn', format: 'text' },
  ],
])('logs %j', (env, options) => expect(logOptionsFrom(env)).toEqual(options));

it('the thread that collects sends only what is logged', () => {
  const sent: string[] = [];
  const log = atLevel('info', (of) => sent.push(of));
  for (const of of ['debug', 'info', 'error', 'debug', 'warn'] as const) log(of, 'said');
  expect(sent).toEqual(['info', 'error', 'warn']);
});
