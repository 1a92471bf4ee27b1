import { jsonFormat } from '../json-format.ts';

/** winston's `format.json()` with the levels of npm. `http` and `verbose` lie between info and debug there. */
export const winston = jsonFormat({
  id: 'winston',
  writtenBy: 'winston (`format.json()`)',
  test: (record) =>
    typeof record.level === 'string' &&
    npmLevels.has(record.level) &&
    typeof record.message === 'string' &&
    record.time === undefined &&
    record.msg === undefined,
  level: ['level'],
  message: ['message'],
  time: ['timestamp'],
  levels: { http: 'debug', verbose: 'debug' },
  samples: [
    {
      lines: '{"attempt":3,"level":"verbose","message":"again"}',
      level: 'debug',
      message: 'again',
      fields: { attempt: 3 },
    },
    {
      lines: '{"level":"error","message":"gave up","timestamp":"2026-03-02T10:00:00.250Z"}',
      level: 'error',
      message: 'gave up',
      time: 1_772_445_600_250,
    },
  ],
});

const npmLevels: ReadonlySet<string> = new Set([
  'error',
  'warn',
  'info',
  'http',
  'verbose',
  'debug',
  'silly',
]);
