import { jsonFormat } from '../json-format.ts';
import { levelOfTens } from '../levels.ts';

/** bunyan, which writes the version of its format, `v`, into each record. */
export const bunyan = jsonFormat({
  id: 'bunyan',
  writtenBy: 'bunyan, restify',
  test: ({ level, v, name, time }) =>
    typeof level === 'number' &&
    typeof v === 'number' &&
    typeof name === 'string' &&
    typeof time === 'string',
  level: ['level'],
  message: ['msg'],
  time: ['time'],
  numbers: levelOfTens,
  samples: [
    {
      lines:
        '{"name":"agent","hostname":"a","pid":7,"level":40,"msg":"late","time":"2026-03-02T10:00:00.250Z","v":0}',
      level: 'warn',
      message: 'late',
      time: 1_772_445_600_250,
      fields: { name: 'agent', hostname: 'a', pid: 7, v: 0 },
    },
  ],
});
