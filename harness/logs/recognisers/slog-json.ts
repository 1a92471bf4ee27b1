import { jsonFormat } from '../json-format.ts';

/** Go's slog.JSONHandler: `time`, `level` and `msg`, the level in capitals and perhaps with a distance. */
export const slogJson = jsonFormat({
  id: 'slog-json',
  writtenBy: 'Go log/slog (`JSONHandler`)',
  test: ({ level, time, msg }) =>
    typeof level === 'string' &&
    /^(?:DEBUG|INFO|WARN|ERROR)(?:[+-]\d+)?$/.test(level) &&
    typeof time === 'string' &&
    typeof msg === 'string',
  level: ['level'],
  message: ['msg'],
  time: ['time'],
  samples: [
    {
      lines: '{"time":"2026-03-02T10:00:00.25Z","level":"DEBUG-4","msg":"poll","attempt":1}',
      level: 'trace',
      message: 'poll',
      time: 1_772_445_600_250,
      fields: { attempt: 1 },
    },
    {
      lines: '{"time":"2026-03-02T10:00:00.25Z","level":"ERROR","msg":"no answer"}',
      level: 'error',
      message: 'no answer',
    },
  ],
});
