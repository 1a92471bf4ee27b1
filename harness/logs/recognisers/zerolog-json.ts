import { jsonFormat } from '../json-format.ts';

/** zerolog, and logrus with its JSONFormatter: a word in lower case, and the time by the second. */
export const zerologJson = jsonFormat({
  id: 'zerolog-json',
  writtenBy: 'zerolog, logrus (`JSONFormatter`)',
  test: ({ level, time, message, msg }) =>
    typeof level === 'string' &&
    /^[a-z]+$/.test(level) &&
    (typeof time === 'string' || (typeof time === 'number' && time < 1e11)) &&
    (typeof message === 'string' || typeof msg === 'string'),
  level: ['level'],
  message: ['message', 'msg'],
  time: ['time'],
  samples: [
    {
      lines: '{"level":"warn","attempt":2,"time":"2026-03-02T10:00:00Z","message":"again"}',
      level: 'warn',
      message: 'again',
      time: 1_772_445_600_000,
      fields: { attempt: 2 },
    },
    {
      lines: '{"level":"warning","msg":"again","time":"2026-03-02T10:00:00Z"}',
      level: 'warn',
      message: 'again',
    },
  ],
});
